"""What the attachment to an artist is made of."""

import altair as alt

from ui.figures.base import ROWS, Drawing, figure

PARTS = {"amount": "How much", "recency": "How recently", "regularity": "How regularly", "intent": "On purpose"}


@figure
def parts() -> Drawing:
    """Return four bars of ``value`` (0..1): rows ``part`` (its words), ``value``, ``told`` (the value in words)."""
    base = alt.Chart(ROWS).encode(
        y=alt.Y(
            "part:N",
            sort=list(PARTS.values()),
            title=None,
            axis=alt.Axis(domain=False, ticks=False, labelLimit=140),
        ),
        x=alt.X(
            "value:Q",
            scale=alt.Scale(domain=[0, 1.12]),
            axis=alt.Axis(title="Share of the most there could be", format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
        ),
        tooltip=[alt.Tooltip("part:N", title="Part"), alt.Tooltip("told:N", title="Here")],
    )
    bar = base.mark_bar(height=16, cornerRadius=2)
    words = base.mark_text(align="left", dx=5, fontSize=12, color="#8A857B").encode(text="told:N")
    return alt.layer(bar, words).properties(height=170)
