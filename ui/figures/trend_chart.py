"""The chart itself: its figures, its list, and how its first ten changed places."""

from typing import TYPE_CHECKING, Any

import polars as pl

from core.domain.trends import TrendAsk, Window
from ui import formats
from ui.figures.panel import Listing, Number, Picture, Shown, Strip
from ui.figures.trend_lines import lines
from ui.figures.trend_telling import (
    UNITS,
    about,
    empty_listing,
    empty_picture,
    empty_strip,
    named,
    sparks,
    thing_column,
)
from ui.figures.trend_words import genre_title, plain

if TYPE_CHECKING:
    from core.services.trends import Trends

LENGTH = 20  # rows of the chart on a page
FIRST, SNAPSHOTS = 10, 12
DEFINITION = "chart_standing.standing"
TIMES: dict[Window, str] = {"day": "Days", "week": "Weeks", "month": "Months", "year": "Years", "all": "Times"}


def facts(trends: "Trends", ask: TrendAsk) -> Strip:
    """Return who leads and since when, who rose most, who is new and who stayed."""
    chart = trends.chart(ask)
    if chart is None or chart.frame.is_empty():
        return empty_strip(ask, DEFINITION)
    frame = chart.frame
    first = frame.row(0, named=True)
    fresh = frame.filter(pl.col("entry") == "new").height
    back = frame.filter(pl.col("entry") == "re-entry").height
    risen = frame.filter(pl.col("change") > 0).sort("change", descending=True)
    stayed = frame.filter(pl.col("previous_rank").is_not_null()).height
    before = f"{formats.number(stayed)} were there before" if chart.before else "no chart before it to compare with"
    numbers = [
        Number("On top", *with_note(first, leading(first, chart.settled.key.window))),
        _rose(risen),
        Number("New", formats.number(fresh) if chart.before else "–",
               f"and {formats.number(back)} back" if back else "on this chart for the first time"),
        Number("On the chart", formats.number(chart.size), before),
    ]  # fmt: skip
    if chart.total and chart.settled.info.value_kind != "rank":
        unit = UNITS[chart.settled.info.value_kind].lower()
        numbers.append(Number("In all", formats.amount(chart.total), f"{unit}, on the chart and below"))
    title = f"{named(first)} leads"
    return Strip(
        title,
        about(chart.settled),
        tuple(numbers),
        frame.select("rank", "name", "artist", "change", "entry", "peak_rank", "weeks_on_chart").head(1),
        "A chart is compared with the one right before it.",
        DEFINITION,
        "",
        chart.settled.info.credit,
    )


def _rose(risen: pl.DataFrame) -> Number:
    """Return what rose most; ``risen`` are those that rose, the most first."""
    if risen.is_empty():
        return Number("Rose most", "–", "nothing rose")
    return Number(
        "Rose most", *with_note(risen.row(0, named=True), f"up {formats.plural(risen['change'][0], 'place')}")
    )


def with_note(row: dict[str, Any], more: str) -> tuple[str, str]:
    """Return a thing as a figure of a strip: its name, and below whose it is and ``more``."""
    artist = plain(str(row["artist"] or ""), most=40)
    name = plain(str(row["name"] or "Unknown"), most=48)
    return (genre_title(name) if row["id"] == 0 else name), f"by {artist}, {more}" if artist else more


def leading(first: dict[str, object], window: str) -> str:
    """Return since when the first one leads, in words."""
    ranks = first["ranks"]
    times = 0
    for rank in reversed(ranks if isinstance(ranks, list) else []):
        if rank != 1:
            break
        times += 1
    if times <= 1 and first["entry"] == "new":
        return "straight to the top"
    if times <= 1:
        return "new on top" if first["previous_rank"] not in (None, 1) else "on top"
    unit = {"all": "time"}.get(window, window)
    return f"for {'at least ' if times == SNAPSHOTS else ''}{formats.plural(times, unit)}"


def chart_list(trends: "Trends", ask: TrendAsk) -> Listing:
    """Return the ranked list with what moved."""
    chart = trends.chart(ask)
    if chart is None:
        return empty_listing(ask, DEFINITION)
    settled, frame = chart.settled, chart.frame
    shown = frame.with_columns(sparks(frame))
    counted = frame["value"].is_not_null().any() and settled.info.value_kind != "rank"
    unit = UNITS[settled.info.value_kind]
    columns = (
        Shown("", "rank", "rank"),
        Shown("", "change", "change", id="entry"),
        thing_column(settled.key.kind),
        *((Shown(unit, "value", "bar"),) if counted else ()),
        Shown("Best", "peak_rank", "number", phone=False, hint="Its best place ever on this chart"),
        Shown(TIMES[settled.key.window], "weeks_on_chart", "number", phone=False,
              hint="How often it stood on this chart"),
        Shown("Trend", "momentum", "momentum", phone=False, hint="Where its last six places point"),
        Shown("Places", "curve", "spark", phone=False, hint="Its last twelve places, higher is better"),
    )  # fmt: skip
    return Listing(
        _title(frame, chart.before is not None),
        about(settled),
        shown,
        columns,
        "This chart is empty; choose another day, place or source.",
        "Arrows beside a place are against the chart before; those under Trend look at the last six.",
        DEFINITION,
        f"{formats.number(chart.size)} places",
        settled.info.credit,
        LENGTH,
    )


def _title(frame: pl.DataFrame, compared: bool) -> str:
    """Return how much moved; without a chart before, what is on top."""
    if frame.is_empty():
        return "Nothing stands on this chart"
    if not compared:
        return f"{named(frame.row(0, named=True))} leads"
    moved = frame.filter((pl.col("change") != 0) | (pl.col("entry") != "")).height
    return f"{formats.number(moved)} of {formats.number(frame.height)} moved or came"


def bump(trends: "Trends", ask: TrendAsk) -> Picture:
    """Return how the first ten changed places."""
    settled = trends.settle(ask)
    if settled is None:
        return empty_picture(ask, DEFINITION)
    frame = trends.courses(ask, n=FIRST, snapshots=SNAPSHOTS).with_columns(line=pl.format("{} {}", "id", "name"))
    several = frame["first"].n_unique() > 1
    title = _places(frame) if several else "This is the first chart here: nothing can have moved"
    latest = frame.filter(pl.col("first") == pl.col("first").max()).select("line", last="rank")
    frame = frame.join(latest, on="line", how="left").sort("last", "first", nulls_last=True)
    return lines(
        frame.with_columns(label=pl.col("name")),
        title=title,
        about=f"Places of the first ten of {about(settled, short=True)}",
        explained="Each line is one of this chart's first ten; higher is better.",
        definition="chart_courses.courses",
        credit=settled.info.credit,
        window=settled.key.window,
        empty="" if several else "Places change from chart to chart; look at a later one.",
        lowest=20,
    )


def _places(frame: pl.DataFrame) -> str:
    """Return how many of the first ten were there all the time."""
    first = frame["first"].min()
    then = set(frame.filter((pl.col("first") == first) & (pl.col("rank") <= FIRST))["line"].to_list())
    now = frame.filter(pl.col("first") == frame["first"].max()).filter(pl.col("rank") <= FIRST)
    stayed = sum(line in then for line in now["line"].to_list())
    few = "All" if stayed == now.height else "None" if not stayed else formats.number(stayed)
    these = "the first ten" if now.height == FIRST else "them"
    return f"{few} of {these} stood there on {formats.day(first)}"  # type: ignore[arg-type]
