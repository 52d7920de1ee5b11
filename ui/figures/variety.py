"""How much of all listening the most played artists make up."""

import altair as alt

from ui.figures.base import ROWS, Drawing, figure, pick


@figure
def concentration(what: str) -> Drawing:
    """Return the rising line of ``together`` (0..1) by ``rank`` (1, 2, 5, 10, …: each step ten times as many).

    ``what``: ``artists``, ``albums`` or ``tracks``. Rows: ``rank``, ``name``, ``plays``, ``together``, ``told`` (a
    label at 1, 10, 100, … and nothing elsewhere), ``pick_artist``.
    """
    base = alt.Chart(ROWS).encode(
        x=alt.X(
            "rank:Q",
            title=f"Number of {what}, the most played first",
            scale=alt.Scale(type="log", nice=False),
            axis=alt.Axis(values=[1, 10, 100, 1_000, 10_000, 100_000], format=",d", grid=False),
        ),
        y=alt.Y(
            "together:Q",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(title="Share of plays", format=".0%", tickCount=5),
        ),
    )
    tooltip = [
        alt.Tooltip("rank:Q", title="Place", format=",d"),
        alt.Tooltip("name:N", title="Name"),
        alt.Tooltip("plays:Q", title="Plays", format=",d"),
        alt.Tooltip("together:Q", title="Up to here", format=".1%"),
    ]
    points = base.mark_point(opacity=0, size=90).encode(tooltip=tooltip).add_params(pick("pick_artist"))
    named = alt.datum.told != ""
    words = base.transform_filter(named).mark_text(align="right", dx=-7, dy=-8, fontSize=12, color="#8A857B")
    return alt.layer(
        base.mark_line(strokeWidth=1.6),
        base.transform_filter(named).mark_point(filled=True, size=50),
        words.encode(text="told:N"),
        points,
    ).properties(height=250)
