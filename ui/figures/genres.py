"""What genres and decades the music comes from: bars of shares, and how the shares change."""

import altair as alt

from ui.figures.base import ROWS, Drawing, figure, pick
from ui.figures.bump import NAMED
from ui.figures.timeline import FULL, MONTHS

ROW = 26  # pixels of a bar with its label
QUIET = "#8A857B"  # what is unknown or put together, on paper and on dark


@figure
def bars(label: str, *, rows: int, filters: bool) -> Drawing:
    """Return bars of ``share`` by ``name`` in the order of ``place``, each with its share in words at its end.

    Rows: ``name``, ``share`` (0..1), ``place`` (0, 1 …), ``words``, ``note`` (for the tooltip), ``quiet`` (drawn in
    grey), and ``pick_genre`` where ``filters``. ``rows``: how many bars there are room for.
    """
    y = alt.Y(
        "name:N",
        title=None,
        sort=alt.EncodingSortField("place", order="ascending"),
        axis=alt.Axis(domain=False, ticks=False, labelLimit=190, labelPadding=8),
    )
    axis = alt.Axis(format=".0%", tickCount=4, title=label)
    base = alt.Chart(ROWS).encode(y=y, x=alt.X("share:Q", axis=axis, scale=alt.Scale(domainMin=0)))
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("words:N", title=label),
        alt.Tooltip("note:N", title="From"),
    ]
    bar = base.mark_bar(cornerRadiusEnd=2, height=14).encode(
        opacity=alt.condition("datum.quiet", alt.value(0.35), alt.value(1.0)), tooltip=tooltip
    )
    text = base.mark_text(align="left", dx=5, color=QUIET, fontSize=12).encode(text="words:N")
    layers = alt.layer(bar.add_params(pick("pick_genre")) if filters else bar, text)
    return layers.properties(height=ROW * max(1, rows) + 40)


@figure
def stream(label: str, step: str, *, names: tuple[str, ...], near: bool = False) -> Drawing:
    """Return shares piled up along time; ``names`` from the bottom.

    Rows: ``start``, ``name``, ``share`` (0..1, of each ``start`` 1 in sum), ``place`` (of the name among ``names``),
    ``quiet`` (what is no genre, drawn paler), ``pick_genre``. ``step`` is ``smooth`` (weeks) or ``month``.
    ``near``: so little time that weeks are named, not months.
    """
    return (
        alt.Chart(ROWS)
        .mark_area(interpolate="monotone")
        .encode(
            x=alt.X(
                "start:T",
                title=None,
                scale=alt.Scale(type="utc", nice=False),
                axis=alt.Axis(
                    labelExpr=NAMED["week"] if near else MONTHS,
                    grid=False,
                    labelOverlap=True,
                    labelFlush=False,
                    tickCount=8,
                ),
            ),
            y=alt.Y(
                "share:Q",
                stack="zero",
                axis=alt.Axis(format=".0%", tickCount=4, title=label),
                scale=alt.Scale(domain=[0, 1]),
            ),
            color=alt.Color(
                "name:N",
                scale=alt.Scale(domain=list(names)),
                legend=alt.Legend(title=None, orient="top", columns=3, symbolType="square", labelLimit=150),
            ),
            opacity=alt.condition("datum.quiet", alt.value(0.3), alt.value(0.85)),
            order=alt.Order("place:Q"),
            tooltip=[
                alt.Tooltip("name:N", title=" "),
                alt.Tooltip("start:T", title="", format=FULL[step]),
                alt.Tooltip("share:Q", title=label, format=".1%"),
            ],
        )
        .add_params(pick("pick_genre"))
        .properties(height=320)
    )


@figure
def decades(label: str, form: str) -> Drawing:
    """Return columns of ``value`` by ``name`` (``1990s``, in the order of ``place``).

    Rows: ``name``, ``value``, ``place`` (0, 1 …), ``words`` (the share, above the column), ``quiet`` (unknown).
    """
    x = alt.X(
        "name:N",
        title="Decade the album came out in",
        sort=alt.EncodingSortField("place", order="ascending"),
        axis=alt.Axis(labelAngle=-40, domain=False, ticks=False, labelOverlap=False),
    )
    base = alt.Chart(ROWS).encode(x=x, y=alt.Y("value:Q", axis=alt.Axis(tickCount=4, title=label)))
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("value:Q", title=label, format=form),
        alt.Tooltip("words:N", title="Share"),
    ]
    column = base.mark_bar(cornerRadiusEnd=2).encode(
        opacity=alt.condition("datum.quiet", alt.value(0.35), alt.value(1.0)), tooltip=tooltip
    )
    text = base.mark_text(baseline="bottom", dy=-4, color=QUIET, fontSize=11).encode(text="words:N")
    return alt.layer(column, text).properties(height=250)
