"""Panels of what a playlist is made of: artists, genres, years, growth, versions; beside one's own taste."""

from typing import TYPE_CHECKING, Any

import polars as pl

from core.analytics import playlist_makeup as metrics
from core.analytics.genres import UNKNOWN
from core.analytics.playlist_versions import changes
from core.domain.lens import Lens
from core.domain.playlists import ListAsk
from ui import formats
from ui.figures.course import course
from ui.figures.genres import decades
from ui.figures.list_drawings import beside
from ui.figures.list_songs import EMPTY, NOTHING, asked
from ui.figures.panel import Listing, Number, Picture, Shown, Strip
from ui.figures.panels_genres import CREDIT
from ui.figures.spans import marked

if TYPE_CHECKING:
    from core.services.playlists import Playlists

FAMILIES = 12  # that are drawn; the rest is in the table
POINT = 0.005  # what is less apart is not told
LIKENESS = ((0.9, "much the same as"), (0.7, "close to"), (0.45, "partly like"), (0.0, "far from"))


def artists(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Listing:
    """Return the artists of the list."""
    frame = lists.ask(user_id, metrics.artists, ask.key, **asked(lens, ask))
    title = EMPTY
    if frame.height:
        first = frame.row(0, named=True)
        title = f"{formats.plural(frame.height, 'artist')}, most songs by {first['name']}: {first['songs']}"
    columns = (
        Shown("Artist", "name", "name", of="artist"),
        Shown("Songs", "songs", "bar"),
        Shown("Plays", "plays", "number", hint="Of everything by the artist in this range"),
    )
    return Listing(
        title, "Artists by their entries on the list", frame, columns, NOTHING,
        "Plays are of everything by the artist, on this list or not.", "playlist_makeup.artists",
        formats.plural(int(frame["songs"].sum()), "song"),
    )  # fmt: skip


def genres(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Picture:
    """Return the families of genres on the list beside those of one's plays."""
    frame = lists.ask(user_id, metrics.families, ask.key, **asked(lens, ask))
    here = frame.filter(pl.col("share") > 0)
    rows = pl.concat([here.filter(pl.col("name") != UNKNOWN).head(FAMILIES), here.filter(pl.col("name") == UNKNOWN)])
    rows = rows.select("name", pl.col("share").alias("value"), pl.col("own").alias("usual"))
    known = frame.filter((pl.col("name") != UNKNOWN) & (pl.col("share") > 0))
    title = "The genres of this list are not known"
    if known.height:
        name, here_of, own = known.row(0)
        title = f"{formats.share(here_of)} {name}; of your plays it is {formats.share(own)}"
    about = "Share of its songs by genre; the tick is your plays in this range"
    return Picture(
        title, about, frame, frame, rows.to_arrow(),
        beside("Share of songs", rows=rows.height, one="On this list", other="Of your plays"), f"{about}. {title}.",
        "Each song counts to its artist's genres.", "playlist_makeup.families",
        formats.plural(int(rows.height), "genre"), CREDIT, "" if here.height else NOTHING,
    )  # fmt: skip


def place_in_taste(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Strip:
    """Return how close the list is to one's taste, and what is more and less on it than in one's plays."""
    frame = lists.ask(user_id, metrics.families, ask.key, **asked(lens, ask)).filter(pl.col("name") != UNKNOWN)
    frame = frame.with_columns(pl.col("share", "own") / pl.col("share", "own").sum())
    near = lists.ask(user_id, metrics.closeness, ask.key, **asked(lens, ask))
    apart = frame.with_columns(more=pl.col("share") - pl.col("own")).sort("more", descending=True)
    numbers = [
        Number(
            "Closeness",
            "–" if near is None else formats.share(near),
            "100 %: the same mix of genres; 0: none in common",
        )
    ]
    title = "Too few genres are known to say where it stands in your taste"
    if near is not None and apart.height:
        most, least = apart.row(0, named=True), apart.row(apart.height - 1, named=True)
        words = next(said for least_near, said in LIKENESS if near >= least_near)
        title = f"Its genres are {words} what you play"
        numbers += [_apart(each) for each in (most, least) if abs(each["more"]) >= POINT]
    return Strip(
        title, "Its genres beside those of your plays in this range", tuple(numbers),
        apart, "Shares of families of genres, without what nobody knows.", "playlist_makeup.closeness", "", CREDIT,
    )  # fmt: skip


def _apart(row: dict[str, Any]) -> Number:
    """Return how much more or less of a family is on the list than in one's plays."""
    points = f"{row['more'] * 100:+.0f}".replace("-", "−")
    return Number(
        f"{'More' if row['more'] > 0 else 'Less'} {row['name']}", points, "percentage points, beside your plays"
    )


def years(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Picture:
    """Return when the albums of the list came out."""
    frame = lists.ask(user_id, metrics.years, ask.key, **asked(lens, ask))
    whole = max(int(frame["songs"].sum()), 1)
    known = frame.filter(pl.col("decade").is_not_null())
    rows = frame.with_row_index("place").select(
        name=pl.when(pl.col("decade").is_null()).then(pl.lit("Unknown")).otherwise(pl.format("{}s", "decade")),
        value="songs",
        place=pl.col("place").cast(pl.Int64),
        words=(pl.col("songs") / whole).map_elements(formats.share, return_dtype=pl.String),
        quiet=pl.col("decade").is_null(),
    )
    title, empty = "The years of its albums are not known yet", ""
    if known.height:
        best = known.sort("songs", descending=True).row(0, named=True)
        title = f"More from the {best['decade']}s than from any other decade: {formats.share(best['songs'] / whole)}"
    elif frame.height:
        empty = "Years come with what open sources know of albums; nothing is known of these yet."
    about = "Songs by the decade their album came out in; songs you never played have no album here"
    return Picture(
        title, about, frame, rows.select("name", "value", "words"), rows.to_arrow(), decades("Songs", ",d"),
        f"{about}. {title}.", "An album's first release counts where it is known.", "playlist_makeup.years",
        formats.plural(int(known["songs"].sum()), "song"), empty=empty if frame.height else NOTHING,
    )  # fmt: skip


def growth(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Picture:
    """Return how the list grew."""
    frame = metrics.growth(lists.listed(user_id, ask.key))
    rows = marked(frame, "month", ask.selection.period).select(
        "start", "label", pl.col("total").alias("value"), "added", "pick_brush"
    )
    title, added = "Nobody knows when its songs were added", int(frame["added"].sum())
    if frame.height:
        best = rows.sort("added", descending=True).row(0, named=True)
        title = f"Most songs came in {best['label']}: {best['added']}"
        if best["added"] == 1:
            title = "Songs came one at a time"
    about = "Entries of today's list by the month they were added, running total"
    spec = course("Entries", ",d", tips=(("added", "Added", ",d"),))
    table = rows.select(pl.col("label").alias("month"), "added", pl.col("value").alias("total"))
    return Picture(
        title, about, frame, table, rows.to_arrow(), spec, f"{about}. {title}.",
        "What was taken off since is in earlier versions alone.", "playlist_makeup.growth",
        f"{formats.number(added)} with a day" if added else "",
        empty="" if added else "Newer exports say on which day a song was added; this list's do not.",
    )  # fmt: skip


def versions(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Listing:
    """Return the versions of the list with what came and went in each."""
    told = lists.versions(user_id, ask.key)
    kept = [lists.listed(user_id, ask.key, version=place) for place in range(len(told))]
    days = [each.modified_on or each.seen_at.date() for each in told]
    frame = changes(kept).with_columns(
        day=pl.Series(days, dtype=pl.Date),
        told_by=pl.Series(["export" if each.origin == "export" else "Spotify" for each in told], dtype=pl.String),
    )
    title = f"{formats.plural(frame.height, 'version')} known"
    if frame.height > 1:
        title = f"Since the version before: {frame['came'][0]} came, {frame['went'][0]} went"
    columns = (
        Shown("Changed", "day", "day"),
        Shown("Told by", "told_by", "text", phone=False),
        Shown("Entries", "entries", "number"),
        Shown("Came", "came", "number"),
        Shown("Went", "went", "number"),
    )
    return Listing(
        title, "Each export that holds the list is a version, and each change the sync saw", frame, columns,
        "No version is known.", "Songs are compared as recordings.", "playlist_versions.changes",
        formats.plural(frame.height, "version"),
    )  # fmt: skip
