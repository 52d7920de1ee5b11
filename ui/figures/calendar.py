"""Days as a calendar: weeks beside each other, weekdays below each other."""

import altair as alt

from ui.figures.base import ROWS, Drawing, figure, pick
from ui.figures.clock import WEEKDAYS

# A week is named by its Monday; the first one of a month carries the month's name.
MONTHS = "substring(datum.value, 8) <= '07' ? utcFormat(toDate(datum.value), '%b') : ''"


@figure
def calendar(metric: str) -> Drawing:
    """Return the heat map of ``value`` (plays or hours) by ``week`` (its Monday, ISO text) and ``weekday`` (Mon…Sun).

    Rows also hold ``day`` (text) and ``pick_brush`` (the day as a range).
    """
    label, form = ("Plays", ",.0f") if metric == "plays" else ("Hours", ",.1f")
    return (
        alt.Chart(ROWS)
        .mark_rect(cornerRadius=1.5)
        .encode(
            x=alt.X(
                "week:O",
                title=None,
                scale=alt.Scale(paddingInner=0.12),
                axis=alt.Axis(labelExpr=MONTHS, labelAngle=0, labelOverlap=False, domain=False, ticks=False),
            ),
            y=alt.Y(
                "weekday:O",
                sort=WEEKDAYS,
                title=None,
                scale=alt.Scale(paddingInner=0.12, domain=WEEKDAYS),
                axis=alt.Axis(domain=False, ticks=False, labelOverlap=False),
            ),
            color=alt.Color(
                "value:Q",
                scale=alt.Scale(domainMin=0),
                legend=alt.Legend(title=label, orient="bottom", gradientLength=140, gradientThickness=8, tickCount=3),
            ),
            tooltip=[
                alt.Tooltip("day:N", title="Day"),
                alt.Tooltip("value:Q", title=label, format=form),
            ],
        )
        .add_params(pick("pick_brush"))
        .properties(height=275)
    )
