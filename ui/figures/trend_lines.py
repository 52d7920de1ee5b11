"""Lines of ranks along time, the first place on top, each called by its name at its end."""

import math
from typing import Any

import altair as alt
import polars as pl

from ui import formats
from ui.figures.base import ROWS, Drawing, figure
from ui.figures.bump import FORMATS, NAMED
from ui.figures.panel import Picture
from ui.figures.trend_words import plain

QUIET = "#8A857B"  # reads on paper and on dark
MOST = 7  # lines in colour
TICKS = [1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000]
EVERY = {"day": "1d", "week": "1w", "month": "1mo"}
DAYS = "utchours(datum.value) === 0 ? ({}) : ''"  # a short time has ticks within its days
LONG = 400  # days an axis of weeks can name one by one


@figure
def ranks_along(step: str, *, log: bool, height: int = 360) -> Drawing:
    """Return the ``rank`` of each ``line`` by ``first``, the first three in colour where there are more than seven.

    Rows: ``first``, ``line``, ``label``, ``end`` (the label in a line's last row, else blank), ``lead`` (bool: in
    colour), ``rank`` (null leaves a hole), ``note``. ``log``: far places lie closer together.
    """
    scale = (
        alt.Scale(type="log", reverse=True, nice=False, domainMin=1)
        if log
        else alt.Scale(reverse=True, nice=False, domainMin=1, padding=8)
    )
    base = alt.Chart(ROWS).encode(
        x=alt.X(
            "first:T",
            title=None,
            scale=alt.Scale(type="utc", nice=False),
            axis=alt.Axis(
                labelExpr=DAYS.format(NAMED[step]), grid=False, labelOverlap=True, labelFlush=False, tickCount=6
            ),
        ),
        y=alt.Y("rank:Q", title="Place", scale=scale, axis=alt.Axis(values=TICKS, format="d", labelOverlap=True)),
        detail="line:N",
    )
    tooltip = [
        alt.Tooltip("label:N", title=" "),
        alt.Tooltip("first:T", title="From", format=FORMATS[step]),
        alt.Tooltip("rank:Q", title="Place", format=",d"),
        alt.Tooltip("note:N", title="Count"),
    ]
    colour = alt.Color("label:N", legend=None)
    others, first = base.transform_filter("!datum.lead"), base.transform_filter("datum.lead")
    words: dict[str, Any] = {"align": "left", "baseline": "middle", "dx": 7, "fontSize": 12, "limit": 170}
    return alt.layer(
        others.mark_line(strokeWidth=1.2, interpolate="monotone", color=QUIET, opacity=0.55),
        others.mark_circle(size=14, color=QUIET, opacity=0.7),
        first.mark_line(strokeWidth=2.2, interpolate="monotone").encode(color=colour),
        first.mark_circle(size=26, opacity=1).encode(color=colour),
        others.mark_text(**words, color=QUIET).encode(text="end:N"),
        first.mark_text(**words, fontWeight=600).encode(text="end:N", color=colour),
        base.mark_point(opacity=0, size=160, filled=True).encode(tooltip=tooltip),
    ).properties(height=height)


def lines(
    frame: pl.DataFrame,
    *,
    title: str,
    about: str,
    explained: str,
    definition: str,
    credit: str,
    window: str,
    empty: str = "",
    lowest: int = 0,
) -> Picture:
    """Return a picture of ranks along time.

    Columns of ``frame``: first (date), line, label, rank, value, in the order lines shall be called. ``lowest``: places
    below are not drawn. Where labels would lie upon each other only the better ones stand.
    """
    label = pl.col("label").map_elements(plain, return_dtype=pl.String)
    shown = frame.filter(pl.col("rank").is_not_null()).with_columns(label)
    shown = shown.filter(pl.col("rank") <= lowest) if lowest else shown
    worst = int(shown["rank"].max() or 1)  # type: ignore[arg-type]
    log = worst > 60
    ends = _ends(shown, log=log, worst=worst)
    leads = set(
        shown["line"].unique(maintain_order=True).to_list()[:3]
        if shown["line"].n_unique() > MOST
        else shown["line"].to_list()
    )
    count = pl.col("value").map_elements(formats.number, return_dtype=pl.String).fill_null("–")
    rows = _holes(shown, EVERY.get(window, "")).select(
        "first",
        "line",
        "label",
        "rank",
        pl.struct("line", "first")
        .map_elements(lambda at: ends.get((at["line"], at["first"]), ""), return_dtype=pl.String)
        .alias("end"),
        lead=pl.col("line").is_in(list(leads)),
        note=count,
    )
    names = ", ".join(shown["label"].unique(maintain_order=True).to_list()[:6])
    table = shown.select("first", pl.col("label").alias("name"), "rank", "value")
    step = step_of(window, shown)
    return Picture(
        title, about, shown.drop("line", "label"), table, rows.to_arrow(), ranks_along(step, log=log),
        f"{about}. {title}. {names}.", explained, definition, "", credit, empty,
    )  # fmt: skip


def _ends(shown: pl.DataFrame, *, log: bool, worst: int) -> dict[tuple[object, object], str]:
    """Return the label at each line's last place, only where the whole picture ends and no better one is too near."""
    if shown.is_empty():
        return {}
    last = shown.filter(pl.col("first") == shown["first"].max()).sort("rank")
    height = (
        (lambda rank: math.log(rank) / math.log(max(worst, 2)))
        if log
        else (lambda rank: (rank - 1) / max(worst - 1, 1))
    )
    found: dict[tuple[object, object], str] = {}
    before = -1.0
    for line, first, label, rank in last.select("line", "first", "label", "rank").iter_rows():
        at = height(rank)
        if at - before >= 0.042:
            found[line, first] = label if len(label) <= 24 else f"{label[:23].rstrip()}…"
            before = at
    return found


def step_of(window: str, shown: pl.DataFrame) -> str:
    """Return in which steps the axis of time goes."""
    days = (shown["first"].max() - shown["first"].min()).days if shown.height else 0  # type: ignore[operator, union-attr]
    if window in ("day", "week") and days <= LONG:
        return "week"
    return "year" if window in ("year", "all") else "month"


def _holes(shown: pl.DataFrame, every: str) -> pl.DataFrame:
    """Return every line at every moment, with no rank where it was not on the chart: a line is not drawn across."""
    if shown.is_empty():
        return shown
    moments = pl.DataFrame({"first": shown["first"].unique()})
    if every:
        between = pl.date_range(shown["first"].min(), shown["first"].max(), every, eager=True)  # type: ignore[arg-type]
        moments = pl.concat([moments, pl.DataFrame({"first": between})]).unique()
    whole = shown.select("line", "label").unique("line", maintain_order=True).join(moments, how="cross")
    return whole.join(shown.drop("label"), on=["line", "first"], how="left").sort("first", maintain_order=True)
