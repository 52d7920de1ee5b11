"""Listening over time, with the period before behind it."""

from typing import Literal

import altair as alt

from ui.figures.base import ROWS, Drawing, figure

# Months are named once a tick; January carries the year instead.
MONTHS = "utcFormat(datum.value, utcmonth(datum.value) == 0 ? '%Y' : '%b')"
DAYS = "utcFormat(datum.value, '%-d %b')"
FULL = {"day": "%A, %-d %B %Y", "smooth": "%-d %B %Y", "month": "%B %Y", "year": "%Y"}


@figure
def timeline(step: str, metric: str, *, compared: bool, brush: bool = True, height: int = 250) -> Drawing:
    """Return the curve of ``value`` by ``start``, ``before`` dashed behind it.

    ``step`` is ``day``, ``smooth`` (days as means of the seven days around), ``month`` or ``year``. Rows: ``start``,
    the first local day of a step; ``value`` and ``before``, plays or hours a day. Where ``brush``, dragging selects
    days: the event's ``days`` parameter holds ``start`` as two numbers, milliseconds since 1970 in UTC.
    """
    label = "Plays" if metric == "plays" else "Hours"
    base = alt.Chart(ROWS).encode(
        x=alt.X(
            "start:T",
            title=None,
            scale=alt.Scale(type="utc", nice=False),
            axis=alt.Axis(
                labelExpr=DAYS if step == "day" else MONTHS,
                grid=False,
                labelOverlap=True,
                labelFlush=False,
                tickCount=8,
            ),
        )
    )
    axis = alt.Axis(tickCount=4, format="~r", title=f"{label} a day")
    value = base.encode(y=alt.Y("value:Q", axis=axis))
    tooltip = [
        alt.Tooltip("start:T", title="", format=FULL[step]),
        alt.Tooltip("value:Q", title=label, format=",.1f"),
        *([alt.Tooltip("before:Q", title="Before", format=",.1f")] if compared else []),
    ]
    shape: Literal["step-after", "monotone"] = "step-after" if step == "day" else "monotone"
    layers = [
        value.mark_area(opacity=0.14, interpolate=shape),
        value.mark_line(strokeWidth=1.6, interpolate=shape),
    ]
    if compared:
        before = base.encode(y=alt.Y("before:Q"))
        layers.insert(1, before.mark_line(strokeWidth=1, strokeDash=[3, 3], opacity=0.6, color="#8A857B"))
    points = value.mark_point(opacity=0, size=80).encode(tooltip=tooltip)
    if brush:
        points = points.add_params(alt.selection_interval(name="days", encodings=["x"]))
    return alt.layer(*layers, points).properties(height=height)
