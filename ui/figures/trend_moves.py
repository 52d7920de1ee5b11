"""Who rises, falls, comes and stays on a public chart."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import polars as pl

from core.domain.trends import TrendAsk
from ui import formats
from ui.figures.panel import Listing, Shown
from ui.figures.trend_telling import UNITS, about, empty_listing, named, thing_column

if TYPE_CHECKING:
    from core.services.trends import Trends

LENGTH = 10
STANDING, MOMENTUM = "chart_standing.standing", "chart_moves.momentum"
RISING, BURSTING = 0.3, 3.0
FIRST_CHART = "This is the first chart here; what moves shows with the next one."
Pick = Callable[["Trends", TrendAsk], Listing]


def _listing(
    trends: "Trends",
    ask: TrendAsk,
    *,
    pick: Callable[[pl.DataFrame], pl.DataFrame],
    title: Callable[[pl.DataFrame], str],
    columns: tuple[Shown, ...],
    explained: str,
    empty: str,
    definition: str = STANDING,
) -> Listing:
    """Return the rows of a chart that ``pick`` takes, under a title made of them."""
    chart = trends.chart(ask)
    if chart is None:
        return empty_listing(ask, definition)
    rows = pick(chart.frame)
    head = (Shown("Place", "rank", "number"), thing_column(chart.settled.key.kind))
    return Listing(
        title(rows),
        about(chart.settled),
        rows,
        (*head, *columns),
        FIRST_CHART if chart.before is None else empty,
        explained,
        definition,
        f"{formats.number(rows.height)} of {formats.number(chart.size)}",
        chart.settled.info.credit,
        LENGTH,
    )


def _most(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return rows with the largest first, of equals the better placed."""
    return rows.sort([column, "rank"], descending=[True, False])


def _first(rows: pl.DataFrame, words: str, none: str) -> str:
    return f"{named(rows.row(0, named=True))} {words}" if rows.height else none


def risers(trends: "Trends", ask: TrendAsk) -> Listing:
    """Return what rose most since the chart before."""
    return _listing(
        trends,
        ask,
        pick=lambda frame: _most(frame.filter(pl.col("change") > 0), "change"),
        title=lambda rows: _first(rows, "rose most", "Nothing rose"),
        columns=(Shown("Rose", "change", "change", id="entry"), Shown("Before", "previous_rank", "number")),
        explained="Places gained since the chart before; what came from outside is under New.",
        empty="Nothing stands better than on the chart before.",
    )


def fallers(trends: "Trends", ask: TrendAsk) -> Listing:
    """Return what fell most since the chart before."""
    return _listing(
        trends,
        ask,
        pick=lambda frame: frame.filter(pl.col("change") < 0).sort("change", "rank"),
        title=lambda rows: _first(rows, "fell most", "Nothing fell"),
        columns=(Shown("Fell", "change", "change", id="entry"), Shown("Before", "previous_rank", "number")),
        explained="Places lost since the chart before; what fell off it is not listed.",
        empty="Nothing stands worse than on the chart before.",
    )


def newcomers(trends: "Trends", ask: TrendAsk) -> Listing:
    """Return what is on the chart for the first time or again."""

    def title(rows: pl.DataFrame) -> str:
        new = rows.filter(pl.col("entry") == "new").height
        if not rows.height:
            return "Nothing new"
        first = named(rows.row(0, named=True))
        words = [(new, "new"), (rows.height - new, "back")]
        return f"{' and '.join(f'{formats.number(n)} {word}' for n, word in words if n)}, {first} first"

    return _listing(
        trends,
        ask,
        pick=lambda frame: frame.filter(pl.col("entry") != "").sort("rank"),
        title=title,
        columns=(Shown("", "change", "change", id="entry"), Shown("Best", "peak_rank", "number")),
        explained="New was never on this chart before; back was there once and is again.",
        empty="Everything on this chart was on the one before.",
    )


def rising(trends: "Trends", ask: TrendAsk) -> Listing:
    """Return what rises most steadily over the last six charts."""
    return _listing(
        trends,
        ask,
        pick=lambda frame: _most(frame.filter(pl.col("momentum") >= RISING), "momentum"),
        title=lambda rows: _first(rows, "rises most steadily", "Nothing rises steadily"),
        columns=(Shown("Trend", "momentum", "momentum"), Shown("Strength", "momentum", "decimal"),
                 Shown("Best", "peak_rank", "number", phone=False)),
        explained="Of all pairs of its last six places: how many go up, less how many go down. 1 is up every time.",
        empty="Nothing rose in most of the last six charts, or there are not three of them yet.",
        definition=MOMENTUM,
    )  # fmt: skip


def stayers(trends: "Trends", ask: TrendAsk) -> Listing:
    """Return what has been on the chart longest."""
    return _listing(
        trends,
        ask,
        pick=lambda frame: _most(frame.filter(pl.col("weeks_on_chart") > 1), "weeks_on_chart"),
        title=lambda rows: _first(rows, "has been here longest", "Nothing has been here long"),
        columns=(Shown("Times", "weeks_on_chart", "number"), Shown("In a row", "streak", "number", phone=False),
                 Shown("Best", "peak_rank", "number", phone=False)),
        explained="How many of the charts stored here it stood on; more where the source itself says so.",
        empty="This is the first chart here; what stays shows with the next ones.",
    )  # fmt: skip


def bursts(trends: "Trends", ask: TrendAsk) -> Listing:
    """Return what counts far more than is usual for it."""
    settled = trends.settle(ask)
    if settled and settled.info.value_kind == "rank":
        why = "This source tells places alone; without counts nobody can say what is more than usual."
        return empty_listing(ask, "chart_moves.burst", why=why, title="Counts are not told here")
    unit = UNITS[settled.info.value_kind] if settled else "Count"
    return _listing(
        trends,
        ask,
        pick=lambda frame: _most(frame.filter(pl.col("burst") > BURSTING), "burst"),
        title=lambda rows: _first(
            rows, "is far above what is usual for it", "Nothing is far above what is usual for it"
        ),
        columns=(Shown(unit, "value", "number"), Shown("Above usual", "burst", "decimal")),
        explained="By how much of its own usual ups and downs it stands above its usual count; from 3 on it is listed.",
        empty="Everything counts about what it usually does, or too little is known of what is usual.",
        definition="chart_moves.burst",
    )


PANELS: dict[str, Pick] = {
    "trend-risers": risers,
    "trend-fallers": fallers,
    "trend-newcomers": newcomers,
    "trend-momentum": rising,
    "trend-stayers": stayers,
    "trend-bursts": bursts,
}
