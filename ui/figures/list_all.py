"""Panels of all playlists beside each other."""

from typing import TYPE_CHECKING

import polars as pl

from core.analytics import playlist_overlap as metrics
from core.domain.lens import Lens
from core.domain.playlists import ListAsk
from ui import formats
from ui.figures.list_drawings import matrix
from ui.figures.list_songs import asked, ever
from ui.figures.panel import Listing, Picture, Shown

if TYPE_CHECKING:
    from core.services.playlists import Playlists

MOST = 60  # lists in a matrix; the list of pairs has them all
NONE = "There is no playlist with songs."


def compared(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Listing:
    """Return all playlists in figures."""
    frame = lists.ask_every(user_id, metrics.compared, **asked(lens, ask))
    frame = frame.with_columns(pl.when(pl.col("name") == "").then(pl.lit("Untitled")).otherwise("name").alias("name"))
    title = NONE.rstrip(".")
    if frame.height:
        first = frame.row(0, named=True)
        most = f"most played: {first['name']}" if first["plays"] else "none played in this range"
        title = f"{formats.plural(frame.height, 'playlist')}, {most}"
    columns = (
        Shown("Playlist", "name", "name", of="playlist", id="key"),
        Shown("Songs", "songs", "number"),
        Shown("Ever started", "heard", "share", phone=False),
        Shown("Plays", "plays", "bar", hint="Of its songs in this range, wherever they were played from"),
        Shown("Each song", "each", "decimal", phone=False, hint="Plays for each of its songs"),
        Shown("Last play", "last", "day", phone=False),
        Shown("Newest song", "newest", "day", phone=False),
    )
    return Listing(
        title, "By the plays of their songs in this range", frame, columns, NONE,
        "A song on several lists counts to each of them.", "playlist_overlap.compared",
        formats.plural(frame.height, "list"), limit=60,
    )  # fmt: skip


def overlap(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Picture:
    """Return which lists share songs, as a matrix."""
    frame = lists.ask_every(user_id, metrics.overlap, **ever(lens, ask))
    order = _order(frame)[:MOST]
    place, names = {key: at for at, (key, _) in enumerate(order)}, _told_apart(order)
    both = [
        {"one": names[a], "other": names[b], "row": place[a], "column": place[b], "value": likeness, "shared": shared}
        for key, _, other_key, _, shared, likeness in frame.iter_rows()
        if key in place and other_key in place
        for a, b in ((key, other_key), (other_key, key))
    ]
    schema = {"one": pl.String, "other": pl.String, "row": pl.Int64, "column": pl.Int64, "value": pl.Float64,
              "shared": pl.Int64}  # fmt: skip
    rows = pl.DataFrame(both, schema=schema)
    title = "No two lists share a song"
    if frame.height:
        first = frame.row(0, named=True)
        songs = formats.plural(first["shared"], "song")
        title = f"Most alike: {first['name']} and {first['other_name']}, {songs} on both"
    about = "Songs on both lists as a share of the songs of the two together"
    return Picture(
        title, about, frame, frame.select("name", "other_name", "shared", "likeness"), rows.to_arrow(),
        matrix(len(order)), f"{about}. {title}.", "Lists that share nothing with any other are left out.",
        "playlist_overlap.overlap", formats.plural(frame.height, "pair"), empty="" if frame.height else title + ".",
    )  # fmt: skip


def _order(frame: pl.DataFrame) -> list[tuple[str, str]]:
    """Return the lists in the order they are drawn: each next to one it is most like, as pairs come."""
    seen: dict[str, str] = {}
    for key, name, other, other_name, *_ in frame.iter_rows():
        seen.setdefault(key, name)
        seen.setdefault(other, other_name)
    return list(seen.items())


def _told_apart(order: list[tuple[str, str]]) -> dict[str, str]:
    """Return the name of each list by its key, lists of one name with a number: a drawing knows them by name alone."""
    seen: dict[str, int] = {}
    names = {}
    for key, name in order:
        seen[name] = seen.get(name, 0) + 1
        names[key] = (name or "Untitled") + (f" ({seen[name]})" if seen[name] > 1 else "")
    return names


def pairs(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Listing:
    """Return the pairs of lists that share songs."""
    frame = lists.ask_every(user_id, metrics.overlap, **ever(lens, ask))
    title = "No two lists share a song"
    if frame.height:
        title = f"{formats.plural(frame.height, 'pair')} of lists with songs in common"
    columns = (
        Shown("Playlist", "name", "name", of="playlist", id="key"),
        Shown("And", "other_name", "name", of="playlist", id="other"),
        Shown("Songs on both", "shared", "bar"),
        Shown("Alike", "likeness", "share"),
    )
    return Listing(
        title, "Songs on both lists, and their share of all songs of the two", frame, columns,
        "No two lists share a song.", "Songs are compared as recordings.",
        "playlist_overlap.overlap", formats.plural(frame.height, "pair"),
    )  # fmt: skip


def subsets(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Listing:
    """Return lists that lie inside others."""
    frame = lists.ask_every(user_id, metrics.subsets, **ever(lens, ask))
    title = "No list lies inside another"
    if frame.height:
        first = frame.row(0, named=True)
        title = f"{first['name']} lies inside {first['other_name']}"
        title += f", and {formats.plural(frame.height - 1, 'more list')}" if frame.height > 1 else ""
    columns = (
        Shown("Playlist", "name", "name", of="playlist", id="key"),
        Shown("Inside", "other_name", "name", of="playlist", id="other"),
        Shown("Songs on both", "shared", "number"),
        Shown("Of its songs", "share", "share"),
    )
    return Listing(
        title, "Lists with nine tenths of their songs on another one", frame, columns,
        "No list has nine tenths of its songs on another one.", "Lists of fewer than three songs are left out.",
        "playlist_overlap.subsets",
        formats.plural(frame.height, "list"),
    )  # fmt: skip


def in_none(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Listing:
    """Return the songs played most that are on no list."""
    frame = lists.ask_every(user_id, metrics.in_none, **asked(lens, ask))
    title = "Every song you played is on a list"
    if frame.height:
        first = frame.row(0, named=True)
        title = f"Played most and on no list: {first['name']} by {first['artist']}"
    columns = (
        Shown("Song", "name", "name", of="track", under="artist", under_id="artist_id"),
        Shown("Plays", "plays", "bar"),
        Shown("Time", "ms_played", "hours", phone=False),
    )
    return Listing(
        title, "Songs of this range that are on none of your playlists, by plays", frame, columns,
        "Every song you played in this range is on a list.",
        "The same recording on another release counts as on the list.", "playlist_overlap.in_none",
        formats.plural(frame.height, "song"), limit=50,
    )  # fmt: skip
