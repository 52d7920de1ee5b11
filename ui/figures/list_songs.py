"""Panels of one playlist's songs: in figures, as a list, along time, by hour, and after they were added."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from core.analytics import playlist_songs as metrics
from core.analytics.playlist_makeup import facts
from core.domain.lens import Lens
from core.domain.period import Period
from core.domain.playlists import ListAsk
from ui import formats
from ui.figures.course import bars
from ui.figures.list_drawings import after_adding, hours_beside
from ui.figures.panel import Listing, Number, Picture, Shown, Strip
from ui.figures.spans import end_of, marked, step_for
from ui.figures.times import o_clock

if TYPE_CHECKING:
    from core.services.playlists import Playlists

STATES = {
    "played": "played",
    "skipped": "mostly skipped",
    "never": "never played",
    "local": "own file",
    "spoken": "no music",
}
NOTABLE = 0.02  # a share of plays that is worth a word
NOTHING = "This list is empty."
EMPTY = NOTHING.rstrip(".")  # as a title


def asked(lens: Lens, ask: ListAsk) -> dict[str, Any]:
    """Return lens, period and filters of what is asked, as the service takes them."""
    return {"lens": lens, "period": ask.selection.shown, "filters": ask.selection.filters}


def ever(lens: Lens, ask: ListAsk) -> dict[str, Any]:
    """Return the same for the whole history up to today."""
    return {"lens": lens, "period": Period(None, ask.selection.today + timedelta(days=1))}


def until(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> date:
    """Return the day up to which the history tells of anything: after an old export nobody knows what was played."""
    return lists.until(user_id, lens=lens, today=ask.selection.today)


def in_figures(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Strip:
    """Return size, length, how much of it is known and played."""
    found = lists.ask(user_id, facts, ask.key, **asked(lens, ask))
    whole = found.known_ms / max(found.lengths, 1) * found.songs
    share = found.heard / found.songs if found.songs else 0.0
    numbers = (
        Number("Songs", formats.number(found.songs), f"in {entries(found.entries)}"),
        Number(
            "Artists",
            formats.number(found.artists),
            f"as mixed as {formats.number(found.effective)} with equally many songs",
        ),
        Number("Length", formats.duration(whole) if found.lengths else "–", _lengths(found.lengths, found.songs)),
        Number(
            "Ever started",
            formats.share(share),
            f"{formats.number(found.heard)} of {formats.plural(found.songs, 'song')}",
        ),
        Number("Plays", formats.number(found.plays), "of its songs in this range"),
        Number("Of your listening", formats.share(found.share), "of all plays in this range"),
    )
    frame = pl.DataFrame([{name: getattr(found, name) for name in found.__dataclass_fields__}])
    title = f"{formats.plural(found.songs, 'song')} by {formats.plural(found.artists, 'artist')}"
    return Strip(
        title, "The list in figures", numbers, frame, "Plays count wherever a song was played from.",
        "playlist_makeup.facts",
    )  # fmt: skip


def entries(count: int) -> str:
    """Return ``1 entry`` or ``2 entries``."""
    return f"{formats.number(count)} {'entry' if count == 1 else 'entries'}"


def _lengths(known: int, songs: int) -> str:
    """Return of how many songs the length is known; the others are taken to be as long as these."""
    return "all lengths known" if known == songs else f"about; {formats.number(known)} lengths known"


COLUMNS = (
    Shown("#", "position", "rank"),
    Shown("Song", "name", "name", of="track", under="artist", under_id="artist_id"),
    Shown("Added", "added", "day", phone=False),
    Shown("Plays", "plays", "bar"),
    Shown("Last", "last", "day", phone=False),
    Shown("", "state", "text"),
)


def every_song(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Listing:
    """Return all entries with what was made of them in the range."""
    frame = lists.ask(user_id, metrics.songs, ask.key, **asked(lens, ask))
    whole = worded(lists.ask(user_id, metrics.songs, ask.key, **ever(lens, ask)))
    quiet = pl.when((whole["state"] == STATES["played"]) & (frame["plays"] == 0)).then(pl.lit("not in this range"))
    frame = frame.with_columns(state=quiet.otherwise(whole["state"].replace(STATES["played"], "")))
    played = int((frame["plays"] > 0).sum())
    title = f"{formats.number(played)} of {entries(frame.height)} played in this range" if frame.height else EMPTY
    return Listing(
        title, "Everything on the list, in its order, with your plays in this range", frame, COLUMNS, NOTHING,
        "A song counts wherever it was played from; the same recording on other releases counts too.",
        "playlist_songs.songs", entries(frame.height), limit=30,
    )  # fmt: skip


def worded(frame: pl.DataFrame) -> pl.DataFrame:
    """Return songs with their state in words; what was never heard has no page."""
    return frame.with_columns(state=pl.col("state").replace_strict(STATES))


def along(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Picture:
    """Return how much of the listening goes to the list's songs along time."""
    step = step_for(ask.selection.shown)
    frame = lists.ask(user_id, metrics.listening, ask.key, unit=step, **asked(lens, ask))
    until = pl.Series([end_of(start, step) for start in frame["start"]], dtype=pl.Date)
    rows = marked(frame, step, ask.selection.shown).select(
        "start", until.alias("until"), "label", pl.col("share").fill_null(0).alias("value"), "plays", "pick_brush"
    )
    plays, every = int(frame["plays"].sum()), int(frame["all"].sum())
    title = "None of its songs was played in this range"
    if plays:
        best = rows.sort("value", descending=True).row(0, named=True)
        title = f"{formats.share(plays / max(every, 1))} of plays are of its songs, most in {best['label']}"
    about = f"Share of all plays that went to songs of this list, by {step}"
    spec = bars("Share of plays", ".0%", tips=(("plays", "Plays of its songs", ",d"),))
    table = rows.select(pl.col("label").alias("time"), pl.col("value").alias("share"), "plays")
    return Picture(
        title, about, frame, table, rows.to_arrow(), spec, f"{about}. {title}.",
        "Songs count wherever they were played from, also before they were put on the list.",
        "playlist_songs.listening", formats.plural(plays, "play"), empty="" if plays else title + ".",
    )  # fmt: skip


def fading(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Picture:
    """Return how often songs are played in the months after they were added."""
    frame = lists.ask(user_id, metrics.fading, ask.key, as_of=until(lists, user_id, lens, ask), **ever(lens, ask))
    rows = frame.select(
        pl.col("month") + 1,
        pl.col("each").alias("value"),
        "songs",
        pl.format("Month {} after it was added", pl.col("month") + 1).alias("words"),
    )
    plays = int(frame["plays"].sum())
    title, empty = "Nobody knows when its songs were added", ""
    if not frame.height:
        empty = "Newer exports say on which day a song was added; this list's do not, or it is too young."
    else:
        title = _faded(frame)
    about = "Plays a song in each month after it was added, whole history"
    table = rows.select("month", pl.col("value").alias("plays_a_song"), "songs")
    return Picture(
        title, about, frame, table, rows.to_arrow(), after_adding(), f"{about}. {title}.",
        "Months of 30 days, each over the songs that are on the list that long.", "playlist_songs.fading",
        formats.plural(plays, "play"), empty=empty if not plays or empty else "",
    )  # fmt: skip


def _faded(frame: pl.DataFrame) -> str:
    """Return how plays fade in a sentence."""
    first = float(frame["each"][0])
    half = frame.filter((pl.col("month") > 0) & (pl.col("each") <= first / 2))
    if not first:
        return "Its songs are not played in the month they are added"
    said = f"A song is played {formats.number(first, decimals=1)} times in its first month"
    return f"{said}, half as often by month {half['month'][0] + 1}" if half.height else f"{said} and does not fade"


def by_hour(lists: "Playlists", user_id: int, lens: Lens, ask: ListAsk) -> Picture:
    """Return at which hours the list's songs are played, beside everything."""
    frame = lists.ask(user_id, metrics.hours, ask.key, **asked(lens, ask))
    rows = frame.select("hour", pl.col("share").alias("value"), "usual")
    plays = int(frame["plays"].sum())
    title = "None of its songs was played in this range"
    if plays:
        far = (
            frame.with_columns(more=pl.col("share") - pl.col("usual")).sort("more", descending=True).row(0, named=True)
        )
        title = (
            f"More than usual at {o_clock(far['hour'])}" if far["more"] >= NOTABLE else "Played when you usually play"
        )
    about = "Share of the plays of its songs by hour; the tick is that of everything"
    return Picture(
        title, about, frame, frame, rows.to_arrow(), hours_beside(), f"{about}. {title}.",
        "The hour a listen ended, in your timezone.", "playlist_songs.hours", formats.plural(plays, "play"),
        empty="" if plays else title + ".",
    )  # fmt: skip
