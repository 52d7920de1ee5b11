"""New music over time."""

from typing import Any

import altair as alt

from ui.figures.base import ROWS, Drawing, figure


@figure
def discoveries(unit: str, noun: str) -> Drawing:
    """Return bars of ``value`` (first plays ever of ``noun``) by ``start`` (first local day of a ``unit``)."""
    return (
        alt.Chart(ROWS)
        .mark_bar(opacity=0.85)
        .encode(
            x=alt.X("start:T", title=None, timeUnit=_time_unit(unit), axis=alt.Axis(grid=False, tickCount=8)),
            y=alt.Y("value:Q", title=f"New {noun} a {unit}", axis=alt.Axis(tickCount=4)),
            tooltip=[alt.Tooltip("start:T", title=unit.title()), alt.Tooltip("value:Q", title=f"New {noun}")],
        )
        .properties(height=180)
    )


def _time_unit(unit: str) -> Any:
    """Return Vega-Lite's name of a unit of local days (kept as UTC)."""
    return {"day": "utcyearmonthdate", "week": "utcyearweek", "month": "utcyearmonth", "year": "utcyear"}[unit]
