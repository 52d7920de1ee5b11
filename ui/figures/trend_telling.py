"""What the panels of public charts say in the same words: units, places, times, things, and nothing at all."""

from typing import TYPE_CHECKING, Any

import polars as pl

from core.domain.trends import Kind, TrendAsk, ValueKind
from ui.figures.panel import Listing, Picture, Shown, Strip
from ui.figures.trend_lines import ranks_along
from ui.figures.trend_words import genre_title, place, plain, time

if TYPE_CHECKING:
    from core.services.trends import Settled

UNITS: dict[ValueKind, str] = {
    "listens": "Listens",
    "listeners": "Listeners",
    "streams": "Streams",
    "count": "Count",
    "rank": "Places",
}
KINDS = {"artist": "Artists", "track": "Songs", "album": "Albums", "genre": "Genres"}
NOTHING = "No charts here yet"
COME_BACK = "Charts come from open sources by themselves; whoever runs this instance can put in chart files, too."


def named(row: dict[str, Any]) -> str:
    """Return a thing in a sentence: its name, in quotes with whose it is where it is a song or an album."""
    name = plain(str(row["name"] or "Unknown"), most=48)
    artist = plain(str(row.get("artist") or ""), most=40)
    if artist:
        return f"“{name}” by {artist}"
    return genre_title(name) if row.get("id") == 0 else name  # genres taken from artists are written small


def about(settled: "Settled", *, short: bool = False, everywhere: bool = False, kind: Kind | None = None) -> str:
    """Return what is counted, where and when: ``Songs by streams in Germany, week of 5–11 January 2026``.

    ``short``: without what is counted, as part of a sentence. ``everywhere``: of all countries, so none is named.
    ``kind``: of what, where it is not what the page ranks.
    """
    counted = UNITS[settled.info.value_kind].lower()
    by = "" if short or settled.info.value_kind in ("rank", "count") else f" by {counted}"
    what = KINDS[kind or settled.key.kind]
    what = what.lower() if short else what
    when = time(settled.key.window, settled.at, settled.until, complete=settled.complete)
    where = "" if everywhere else f" {place(settled.key.region)}"
    return f"{what}{by}{where}, {when}"


def weight(settled: "Settled") -> str:
    """Return what shares of a chart are of: ``streams``, ``places``."""
    return {"rank": "places", "count": "counts"}.get(kind := settled.info.value_kind, UNITS[kind].lower())


def behind(settled: "Settled") -> Kind:
    """Return whose chart genres and countries are taken from: that of artists where there is one."""
    return "artist" if "artist" in settled.kinds else settled.series.key.kind


def thing_column(kind: str) -> Shown:
    """Return the column of names, each with the way to its own page."""
    label = KINDS[kind].removesuffix("s")
    if kind == "genre":
        return Shown(label, "name", "name", of="trend-genre")
    return Shown(label, "name", "name", of="trend", id="id", under="" if kind == "artist" else "artist")


def sparks(frame: pl.DataFrame) -> pl.Series:
    """Return the column ``curve``: the last places of each row from its worst to its best; 0 where it was absent."""
    return pl.Series("curve", [_curve(ranks or []) for ranks in frame["ranks"].to_list()], dtype=pl.List(pl.Float64))


def _curve(ranks: list[int | None]) -> list[float]:
    there = [rank for rank in ranks if rank]
    best, worst = min(there, default=1), max(there, default=1)
    if best == worst:
        level = [0.6 if rank else 0.0 for rank in ranks]
        return level if len(level) > 1 else level * 2  # one place alone is level, too
    return [0.0 if not rank else 0.15 + 0.85 * (worst - rank) / (worst - best) for rank in ranks]


def empty_listing(ask: TrendAsk, definition: str, *, why: str = COME_BACK, title: str = NOTHING) -> Listing:
    """Return a list of nothing that says why."""
    columns = (Shown("", "name", "text"),)
    return Listing(title, KINDS[ask.kind], pl.DataFrame(schema={"name": pl.String}), columns, why, "", definition)


def empty_strip(ask: TrendAsk, definition: str) -> Strip:
    """Return figures of nothing."""
    return Strip(NOTHING, KINDS[ask.kind], (), pl.DataFrame(), COME_BACK, definition)


def empty_picture(ask: TrendAsk, definition: str, *, why: str = COME_BACK, title: str = NOTHING) -> Picture:
    """Return a picture of nothing that says why."""
    texts = dict.fromkeys(("line", "label", "end", "note"), pl.String)
    none = pl.DataFrame(schema={"first": pl.Date, **texts, "lead": pl.Boolean, "rank": pl.Int64})
    return Picture(
        title, KINDS[ask.kind], none, none, none.to_arrow(), ranks_along("week", log=False), f"{title}. {why}", "",
        definition, "", "", why,
    )  # fmt: skip
