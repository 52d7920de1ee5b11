"""Hours of the day: of the whole range, and of each season."""

import altair as alt

from ui.figures.base import ROWS, Drawing, figure, pick

SEASONS = ["Dec–Feb", "Mar–May", "Jun–Aug", "Sep–Nov"]
TICKS = [0, 3, 6, 9, 12, 15, 18, 21]


@figure
def hours(metric: str) -> Drawing:
    """Return the bars of ``value`` (plays or hours) by local ``hour`` (0..23); ``part``: its share of all."""
    label, form = ("Plays", ",.0f") if metric == "plays" else ("Hours", ",.1f")
    return (
        alt.Chart(ROWS)
        .mark_bar(cornerRadiusTopLeft=2, cornerRadiusTopRight=2)
        .encode(
            x=alt.X(
                "hour:O",
                title="Hour of the day",
                scale=alt.Scale(paddingInner=0.18),
                axis=alt.Axis(values=TICKS, labelAngle=0, domain=False, ticks=False),
            ),
            y=alt.Y("value:Q", axis=alt.Axis(title=label, tickCount=4, format="~r")),
            tooltip=[
                alt.Tooltip("hour:O", title="Hour"),
                alt.Tooltip("value:Q", title=label, format=form),
                alt.Tooltip("part:Q", title="Share", format=".1%"),
            ],
        )
        .add_params(pick("pick_hour"))
        .properties(height=270)
    )


@figure
def season_hours() -> Drawing:
    """Return the heat rows of ``share`` (0..1 of the season's plays) by ``season`` and local ``hour`` (0..23)."""
    return (
        alt.Chart(ROWS)
        .mark_rect(cornerRadius=1.5)
        .encode(
            x=alt.X(
                "hour:O",
                title="Hour of the day",
                scale=alt.Scale(paddingInner=0.06, domain=list(range(24))),
                axis=alt.Axis(values=TICKS, labelAngle=0, domain=False, ticks=False),
            ),
            y=alt.Y(
                "season:O",
                sort=SEASONS,
                title=None,
                scale=alt.Scale(paddingInner=0.08, domain=SEASONS),
                axis=alt.Axis(domain=False, ticks=False, labelOverlap=False),
            ),
            color=alt.Color(
                "share:Q",
                scale=alt.Scale(domainMin=0),
                legend=alt.Legend(
                    title="Share of the season's plays",
                    format=".0%",
                    orient="bottom",
                    gradientLength=140,
                    gradientThickness=8,
                    tickCount=3,
                ),
            ),
            tooltip=[
                alt.Tooltip("season:N", title="Months"),
                alt.Tooltip("hour:O", title="Hour"),
                alt.Tooltip("plays:Q", title="Plays", format=",.0f"),
                alt.Tooltip("share:Q", title="Share", format=".1%"),
            ],
        )
        .add_params(pick("pick_hour"))
        .properties(height=230)
    )
