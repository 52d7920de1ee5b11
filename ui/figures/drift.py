"""How different each quarter was from the one before, above what chance alone shows."""

import altair as alt

from ui.figures.base import ROWS, Drawing, figure, pick
from ui.figures.course import by_start


@figure
def drift(what: str) -> Drawing:
    """Return the line of ``divergence`` (0..1) by ``start`` over the grey band from 0 to ``chance_high``.

    ``what``: ``quarter`` or ``month``. Rows: ``start``, ``label``, ``before`` (the two buckets in words),
    ``divergence``, ``chance``, ``chance_high`` (null: too few plays), ``zone`` (words at one row for the band),
    ``pick_brush``.
    """
    base = alt.Chart(ROWS).encode(x=by_start())
    axis = alt.Axis(title=f"Different from the {what} before", format=".0%", tickCount=4)
    line = base.encode(y=alt.Y("divergence:Q", scale=alt.Scale(domainMin=0), axis=axis))
    tooltip = [
        alt.Tooltip("label:N", title=""),
        alt.Tooltip("before:N", title="Against"),
        alt.Tooltip("divergence:Q", title="Different by", format=".1%"),
        alt.Tooltip("chance:Q", title="By chance alone", format=".1%"),
    ]
    band = base.mark_area(opacity=0.16, color="#8A857B").encode(y=alt.Y("chance_high:Q"))
    words = base.mark_text(align="left", baseline="bottom", dx=4, dy=-6, fontSize=11, color="#8A857B").encode(
        y=alt.datum(0), text="zone:N"
    )
    points = line.mark_point(filled=True, size=46).encode(tooltip=tooltip).add_params(pick("pick_brush"))
    return alt.layer(band, words, line.mark_line(strokeWidth=1.6), points).properties(height=240)
