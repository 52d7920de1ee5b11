"""How many of the discoveries of each quarter were still played later."""

import altair as alt

from ui.figures.base import ROWS, Drawing, figure, pick

AFTER = {"month_1": "1 month", "month_3": "3 months", "month_6": "6 months", "month_12": "1 year"}


@figure
def retention(what: str) -> Drawing:
    """Return the heat map of ``value`` (share, 0..1) by quarter of discovery (``label``) and time ``after``.

    ``what``: ``artists`` or ``tracks``. Rows: ``start``, ``label``, ``after`` (``1 month`` … ``1 year``), ``value``,
    ``found`` (discoveries counted), ``pick_brush``; a cell without enough discoveries has no row.
    """
    return (
        alt.Chart(ROWS)
        .mark_rect(cornerRadius=1.5)
        .encode(
            x=alt.X(
                "start:O",
                title="Quarter of the first play",
                scale=alt.Scale(paddingInner=0.06),
                axis=alt.Axis(
                    labelExpr="utcFormat(toDate(datum.value), '%b %Y')",
                    labelAngle=0,
                    labelOverlap=True,
                    domain=False,
                    ticks=False,
                ),
            ),
            y=alt.Y(
                "after:O",
                sort=list(AFTER.values()),
                title="Still played after",
                scale=alt.Scale(paddingInner=0.08),
                axis=alt.Axis(domain=False, ticks=False, labelOverlap=False),
            ),
            color=alt.Color(
                "value:Q",
                scale=alt.Scale(domainMin=0),
                legend=alt.Legend(
                    title=f"Share of new {what}",
                    format=".0%",
                    orient="bottom",
                    gradientLength=140,
                    gradientThickness=8,
                    tickCount=3,
                ),
            ),
            tooltip=[
                alt.Tooltip("label:N", title="First played"),
                alt.Tooltip("after:N", title="After"),
                alt.Tooltip("value:Q", title="Still played", format=".0%"),
                alt.Tooltip("found:Q", title=f"New {what}", format=",d"),
            ],
        )
        .add_params(pick("pick_brush"))
        .properties(height=285)
    )
