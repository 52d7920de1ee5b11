"""How the first ten of a list changed places."""

from typing import Any

import altair as alt

from ui.figures.base import ROWS, Drawing, figure, pick

LOWEST = 20  # ranks further down are not drawn: a line ends and begins again
QUIET = "#8A857B"  # reads on paper and on dark
FORMATS = {"week": "%-d %b %Y", "month": "%B %Y", "quarter": "%B %Y", "year": "%Y"}
# Named once a tick; a month is called by its year in January.
NAMED = {
    "week": "utcFormat(datum.value, '%-d %b')",
    "month": "utcFormat(datum.value, utcmonth(datum.value) == 0 ? '%Y' : '%b')",
    "quarter": "utcFormat(datum.value, '%Y')",
    "year": "utcFormat(datum.value, '%Y')",
}


@figure
def bump(unit: str, picked: str, *, height: int = 380) -> Drawing:
    """Return the ``rank`` (1 on top, null: none) of ten things by ``start``, the first three in colour.

    Rows: ``start``, ``id``, ``name``, ``label`` (the name at the end of a line, only in its last row), ``lead`` (bool:
    one of the first three), ``rank``, ``plays``, ``hours``, and the column ``picked`` a click filters by.
    """
    base = alt.Chart(ROWS).encode(
        x=alt.X(
            "start:T",
            title=None,
            scale=alt.Scale(type="utc", nice=False),
            axis=alt.Axis(labelExpr=NAMED[unit], grid=False, labelOverlap=True, labelFlush=False, tickCount=8),
        ),
        y=alt.Y(
            "rank:Q",
            title="Place",
            scale=alt.Scale(domain=[1, LOWEST], reverse=True, nice=False, padding=8),
            axis=alt.Axis(values=[1, 5, 10, 15, 20], format="d"),
        ),
        detail="id:N",
    )
    colour = alt.Color("name:N", legend=None)
    others = base.transform_filter("!datum.lead")
    first = base.transform_filter("datum.lead")
    tooltip = [
        alt.Tooltip("name:N", title="Name"),
        alt.Tooltip("start:T", title="From", format=FORMATS[unit]),
        alt.Tooltip("rank:Q", title="Place"),
        alt.Tooltip("plays:Q", title="Plays", format=",d"),
        alt.Tooltip("hours:Q", title="Hours", format=",.1f"),
    ]
    points = alt.Chart(ROWS).encode(**{c: base.encoding[c] for c in ("x", "y", "detail")}, tooltip=tooltip)
    words: dict[str, Any] = {"align": "left", "baseline": "middle", "dx": 7, "fontSize": 12}
    return alt.layer(
        others.mark_line(strokeWidth=1.2, interpolate="monotone", color=QUIET, opacity=0.55),
        others.mark_circle(size=14, color=QUIET, opacity=0.7),
        first.mark_line(strokeWidth=2.4, interpolate="monotone").encode(color=colour),
        first.mark_circle(size=30, opacity=1).encode(color=colour),
        others.mark_text(**words, color=QUIET).encode(text="label:N"),
        first.mark_text(**words, fontWeight=600).encode(text="label:N", color=colour),
        points.mark_point(opacity=0, size=160, filled=True).add_params(pick(picked)),
    ).properties(height=height)
