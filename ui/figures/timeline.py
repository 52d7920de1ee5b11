"""Listening over time, with the period before behind it."""

from typing import Literal

import altair as alt

from ui.figures.base import ROWS, Drawing, figure

AXIS = {"day": "%-d %b", "week": "%b %Y", "month": "%b %Y", "year": "%Y"}
FULL = {"day": "%A, %-d %B %Y", "week": "week of %-d %B %Y", "month": "%B %Y", "year": "%Y"}


@figure
def timeline(unit: str, metric: str, *, compared: bool, brush: bool = True, height: int = 240) -> Drawing:
    """Return the curve of ``value`` by ``start`` (first local day of a ``unit``), ``before`` dashed behind it.

    Rows: ``start`` date, ``value`` and ``before`` plays or hours per unit. Where ``brush``, dragging selects days: the
    event's ``days`` parameter holds ``start`` as two numbers, milliseconds since 1970 in UTC.
    """
    label = "Plays" if metric == "plays" else "Hours"
    form = ",.0f" if metric == "plays" else ",.1f"
    base = alt.Chart(ROWS).encode(
        x=alt.X(
            "start:T",
            title=None,
            scale=alt.Scale(type="utc", nice=False),
            axis=alt.Axis(format=AXIS[unit], grid=False, labelOverlap=True, labelFlush=False, tickCount=8),
        )
    )
    axis = alt.Axis(tickCount=4, format="~s" if metric == "plays" else ",.0f", title=f"{label} a {unit}")
    value = base.encode(y=alt.Y("value:Q", axis=axis))
    tooltip = [
        alt.Tooltip("start:T", title="", format=FULL[unit]),
        alt.Tooltip("value:Q", title=label, format=form),
        *([alt.Tooltip("before:Q", title="Before", format=form)] if compared else []),
    ]
    shape: Literal["step-after", "monotone"] = "step-after" if unit == "day" else "monotone"
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
