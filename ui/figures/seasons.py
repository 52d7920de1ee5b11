"""The year's round: each month against the usual one."""

import altair as alt

from ui.figures.base import ROWS, Drawing, figure

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@figure
def seasons() -> Drawing:
    """Return the bars of ``index`` (1: as much a day as in the mean month) by ``month`` (Jan…Dec), and a line at 1."""
    base = alt.Chart(ROWS)
    bars = base.mark_bar(cornerRadiusTopLeft=2, cornerRadiusTopRight=2).encode(
        x=alt.X(
            "month:O",
            sort=MONTHS,
            title=None,
            scale=alt.Scale(paddingInner=0.18, domain=MONTHS),
            axis=alt.Axis(labelAngle=0, domain=False, ticks=False, labelOverlap=True),
        ),
        y=alt.Y("index:Q", axis=alt.Axis(title="Times the usual month", tickCount=4, format=".2~f")),
        tooltip=[
            alt.Tooltip("month:N", title="Month"),
            alt.Tooltip("index:Q", title="Times the usual month", format=".2f"),
            alt.Tooltip("plays:Q", title="Plays", format=",.0f"),
            alt.Tooltip("years:Q", title="Years", format=",.0f"),
        ],
    )
    usual = base.mark_rule(strokeDash=[3, 3], color="#8A857B").encode(y=alt.datum(1))
    return alt.layer(bars, usual).properties(height=250)
