"""The eras of a taste as bands along time."""

import altair as alt

from ui.figures.base import ROWS, Drawing, figure, pick
from ui.figures.timeline import MONTHS

ROW, FOOT = 46, 40


@figure
def eras(count: int) -> Drawing:
    """Return one band an era from ``start`` to ``until``, its name above it; a click narrows the page to it.

    ``count``: how many eras. Rows: ``era`` (1, 2, …), ``name``, ``start``, ``until``, ``plays``, ``about``,
    ``genres`` (words), ``pick_brush``.
    """
    words = alt.Axis(  # names stand above the bands, in the colour of an axis: they can be read in both themes
        labelAlign="left", labelPadding=0, labelOffset=-14, labelLimit=0, labelFontSize=12, domain=False, ticks=False
    )
    time = alt.Axis(labelExpr=MONTHS, grid=True, labelOverlap=True, labelFlush=False, tickCount=8)
    return (
        alt.Chart(ROWS)
        .mark_bar(height=14, cornerRadius=3, yOffset=7)
        .encode(
            x=alt.X("start:T", title=None, scale=alt.Scale(type="utc", nice=False), axis=time),
            x2=alt.X2("until:T"),
            y=alt.Y("name:N", sort=alt.SortField("era"), title=None, scale=alt.Scale(padding=0), axis=words),
            tooltip=[
                alt.Tooltip("name:N", title="Era"),
                alt.Tooltip("plays:Q", title="Plays", format=",d"),
                alt.Tooltip("about:N", title="Set apart by"),
                alt.Tooltip("genres:N", title="Genres"),
            ],
        )
        .add_params(pick("pick_brush"))
        .properties(height=max(1, count) * ROW + FOOT)
    )
