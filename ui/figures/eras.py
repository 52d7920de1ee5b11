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
    base = alt.Chart(ROWS).encode(y=alt.Y("era:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0)))
    tooltip = [
        alt.Tooltip("name:N", title="Era"),
        alt.Tooltip("plays:Q", title="Plays", format=",d"),
        alt.Tooltip("about:N", title="Set apart by"),
        alt.Tooltip("genres:N", title="Genres"),
    ]
    band = base.mark_bar(height=14, cornerRadius=3, yOffset=9).encode(
        x=alt.X(
            "start:T",
            title=None,
            scale=alt.Scale(type="utc", nice=False),
            axis=alt.Axis(labelExpr=MONTHS, grid=True, labelOverlap=True, labelFlush=False, tickCount=8),
        ),
        x2=alt.X2("until:T"),
        tooltip=tooltip,
    )
    names = base.mark_text(align="left", fontSize=12, dy=-10).encode(x=alt.value(0), text="name:N")
    return alt.layer(band.add_params(pick("pick_brush")), names).properties(height=max(1, count) * ROW + FOOT)
