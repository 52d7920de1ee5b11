"""Shares along time, a line for each source."""

import altair as alt
import polars as pl

from core.domain.trends import SOURCES, WORLD
from ui.figures.base import ROWS, Drawing, figure
from ui.figures.course import by_start
from ui.figures.panel import Picture
from ui.figures.trend_words import place


@figure
def share_lines(*, height: int = 280) -> Drawing:
    """Return the ``share`` (0..1) of each ``line`` by ``start``; ``end``: its name in its last row, else blank."""
    base = alt.Chart(ROWS).encode(
        x=by_start(),
        y=alt.Y("share:Q", scale=alt.Scale(domainMin=0), axis=alt.Axis(title="Share", format="~p", tickCount=4)),
        color=alt.Color("line:N", legend=None),
        tooltip=[
            alt.Tooltip("line:N", title=" "),
            alt.Tooltip("start:T", title="From", format="%-d %b %Y"),
            alt.Tooltip("share:Q", title="Share", format=".1%"),
        ],
    )
    line = base.mark_line(strokeWidth=1.8, interpolate="monotone")
    words = base.mark_text(align="right", baseline="bottom", dy=-8, fontWeight=600).encode(text="end:N")
    return alt.layer(line, base.mark_circle(size=22, opacity=1), words).properties(height=height)


def shares(frame: pl.DataFrame, *, title: str, credit: str, definition: str, explained: str) -> Picture:
    """Return the picture of shares; columns of ``frame``: source, window, region, first (date), share."""
    named = pl.struct("source", "region").map_elements(_named, return_dtype=pl.String)
    rows = frame.select(pl.col("first").alias("start"), "share", line=named).sort("line", "start")
    last = (pl.col("start") == pl.col("start").max().over("line")) & (pl.col("line").n_unique() > 1)
    rows = rows.with_columns(end=pl.when(last).then("line").otherwise(pl.lit("")))  # one alone needs no name
    about = "Share of the chart of artists, by source"
    return Picture(
        title, about, frame, frame.select("source", "region", "first", "share"), rows.to_arrow(), share_lines(),
        f"{about}. {title}.", explained, definition, "", credit,
    )  # fmt: skip


def _named(row: dict[str, str]) -> str:
    where = "" if row["region"] == WORLD else f", {place(row['region'])}"
    return f"{SOURCES[row['source']].title}{where}"
