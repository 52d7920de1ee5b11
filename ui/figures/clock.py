"""When listening happens: weekday by hour."""

import altair as alt

from ui.figures.base import ROWS, Drawing, figure, pick

WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def _words(metric: str) -> tuple[str, str]:
    return ("Plays", ",.0f") if metric == "plays" else ("Hours", ",.1f")


@figure
def weekday_hours(metric: str) -> Drawing:
    """Return the heat map of ``value`` (plays or hours) by ``weekday`` (Mon…Sun) and local ``hour`` (0..23)."""
    label, form = _words(metric)
    return (
        alt.Chart(ROWS)
        .mark_rect(cornerRadius=1.5)
        .encode(
            x=alt.X(
                "hour:O",
                title=None,
                scale=alt.Scale(paddingInner=0.06),
                axis=alt.Axis(values=[0, 6, 12, 18, 23], labelAngle=0, domain=False, ticks=False),
            ),
            y=alt.Y(
                "weekday:O",
                sort=WEEKDAYS,
                title=None,
                scale=alt.Scale(paddingInner=0.08),
                axis=alt.Axis(domain=False, ticks=False, labelOverlap=False),
            ),
            color=alt.Color(
                "value:Q",
                scale=alt.Scale(domainMin=0),
                legend=alt.Legend(title=label, orient="bottom", gradientLength=140, gradientThickness=8, tickCount=3),
            ),
            tooltip=[
                alt.Tooltip("weekday:N", title="Day"),
                alt.Tooltip("hour:O", title="Hour"),
                alt.Tooltip("value:Q", title=label, format=form),
            ],
        )
        .add_params(pick("pick_weekday", "pick_hour"))
        .properties(height=270)
    )
