"""One thing among everything: its place, its share, the time between its plays."""

import altair as alt

from ui.figures.base import ROWS, Drawing, figure
from ui.figures.bump import FORMATS, NAMED

TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]


def _along(unit: str) -> alt.X:
    return alt.X(
        "start:T",
        title=None,
        scale=alt.Scale(type="utc", nice=False),
        axis=alt.Axis(labelExpr=NAMED[unit], grid=False, labelOverlap=True, labelFlush=False, tickCount=8),
    )


@figure
def rank_history(unit: str, *, height: int = 210) -> Drawing:
    """Return the ``rank`` (null: not played) by ``start``, the first place on top.

    The places lie closer together the further down: from 1st to 2nd is as far as from 50th to 100th. Rows: ``start``,
    ``rank``, ``of`` (things played then), ``plays``.
    """
    base = alt.Chart(ROWS).encode(
        x=_along(unit),
        y=alt.Y(
            "rank:Q",
            title="Place",
            scale=alt.Scale(type="log", reverse=True, nice=False, domainMin=1),
            axis=alt.Axis(values=TICKS, format="d", labelOverlap=True),
        ),
        tooltip=[
            alt.Tooltip("start:T", title="From", format=FORMATS[unit]),
            alt.Tooltip("rank:Q", title="Place", format=",d"),
            alt.Tooltip("of:Q", title="Of", format=",d"),
            alt.Tooltip("plays:Q", title="Plays", format=",d"),
        ],
    )
    line = base.mark_line(strokeWidth=1.8, interpolate="monotone")
    return alt.layer(line, base.mark_circle(size=36, opacity=1)).properties(height=height)


@figure
def share_over_time(unit: str, metric: str, *, height: int = 210) -> Drawing:
    """Return the ``share`` (0..1, null: nothing was played) by ``start``. Rows: ``start``, ``share``, ``plays``."""
    base = alt.Chart(ROWS).encode(
        x=_along(unit),
        y=alt.Y(
            "share:Q",
            title=f"Share of all {metric}",
            scale=alt.Scale(domainMin=0),
            axis=alt.Axis(format="~p", tickCount=4),
        ),
        tooltip=[
            alt.Tooltip("start:T", title="From", format=FORMATS[unit]),
            alt.Tooltip("share:Q", title="Share", format=".1%"),
            alt.Tooltip("plays:Q", title="Plays", format=",d"),
        ],
    )
    area = base.mark_area(opacity=0.14, interpolate="monotone")
    line = base.mark_line(strokeWidth=1.8, interpolate="monotone")
    return alt.layer(area, line, base.mark_circle(size=24, opacity=1)).properties(height=height)


@figure
def time_between(*, height: int = 210) -> Drawing:
    """Return how many plays came how long after the one before. Rows: ``pause`` (in words), ``plays``, ``share``."""
    base = alt.Chart(ROWS).encode(
        y=alt.Y(
            "pause:N",
            sort=None,
            title=None,
            axis=alt.Axis(domain=False, ticks=False, labelLimit=200, labelOverlap=False),
        ),
        x=alt.X("plays:Q", title="Plays", axis=alt.Axis(tickCount=4, tickMinStep=1, format=",d")),
        tooltip=[
            alt.Tooltip("pause:N", title="Played again"),
            alt.Tooltip("plays:Q", title="Plays", format=",d"),
            alt.Tooltip("share:Q", title="Share", format=".0%"),
        ],
    )
    return base.mark_bar(cornerRadiusEnd=2).properties(height=height)
