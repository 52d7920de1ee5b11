"""How long sessions last."""

import altair as alt

from ui.figures.base import ROWS, Drawing, figure

CLASSES = ["under 5 min", "5–15 min", "15–30 min", "30–60 min", "1–2 h", "2–3 h", "3–4 h", "4–6 h", "6 h and more"]


@figure
def lengths() -> Drawing:
    """Return the bars of ``sessions`` by ``length`` (one of ``CLASSES``), each labelled with its number."""
    base = alt.Chart(ROWS).encode(
        x=alt.X("sessions:Q", axis=alt.Axis(title="Sessions", tickCount=4, tickMinStep=1, format="~r")),
        y=alt.Y(
            "length:O",
            sort=CLASSES,
            title=None,
            scale=alt.Scale(paddingInner=0.25, domain=CLASSES),
            axis=alt.Axis(domain=False, ticks=False, labelOverlap=False, grid=False),
        ),
        tooltip=[alt.Tooltip("length:N", title="Length"), alt.Tooltip("sessions:Q", title="Sessions", format=",.0f")],
    )
    bars = base.mark_bar(cornerRadiusTopRight=2, cornerRadiusBottomRight=2)
    labels = base.mark_text(align="left", dx=4, color="#6B665E").encode(text=alt.Text("sessions:Q", format=",.0f"))
    return alt.layer(bars, labels).properties(height=270)
