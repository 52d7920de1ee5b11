"""Drawings of playlists: shares beside usual ones, plays after adding, and which lists share songs."""

import altair as alt

from ui.figures.base import ROWS, Drawing, figure

ROW = 22
QUIET = "#8A857B"
NAMES = alt.Axis(domain=False, ticks=False, labelLimit=200, labelPadding=8, labelOverlap=False)


@figure
def beside(label: str, *, rows: int, one: str, other: str) -> Drawing:
    """Return bars of ``value`` by ``name`` with a tick at ``usual`` (both 0..1), in the order of the rows.

    ``one`` and ``other`` are the words of the two in the tooltip.
    """
    y = alt.Y("name:N", title=None, sort=None, axis=NAMES)
    axis = alt.Axis(format="%", tickCount=4, title=label)
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("value:Q", title=one, format=".1%"),
        alt.Tooltip("usual:Q", title=other, format=".1%"),
    ]
    base = alt.Chart(ROWS).encode(y=y, tooltip=tooltip)
    bar = base.mark_bar(cornerRadiusEnd=2, height=13).encode(x=alt.X("value:Q", axis=axis))
    tick = base.mark_tick(thickness=2.5, size=17, color=QUIET).encode(x=alt.X("usual:Q", axis=axis))
    return alt.layer(bar, tick).properties(height=ROW * max(1, rows) + 60)


@figure
def hours_beside() -> Drawing:
    """Return columns of ``value`` by ``hour`` (0..23) with a tick at ``usual``, both shares of a whole."""
    x = alt.X(
        "hour:O",
        title="Hour of the day",
        scale=alt.Scale(paddingInner=0.18),
        axis=alt.Axis(values=[0, 6, 12, 18], labelAngle=0, domain=False, ticks=False),
    )
    axis = alt.Axis(format="%", tickCount=4, title="Share of plays")
    tooltip = [
        alt.Tooltip("hour:O", title="Hour"),
        alt.Tooltip("value:Q", title="This list", format=".1%"),
        alt.Tooltip("usual:Q", title="Everything", format=".1%"),
    ]
    base = alt.Chart(ROWS).encode(x=x, tooltip=tooltip)
    column = base.mark_bar(cornerRadiusTopLeft=2, cornerRadiusTopRight=2).encode(y=alt.Y("value:Q", axis=axis))
    tick = base.mark_tick(thickness=2.5, color=QUIET).encode(y=alt.Y("usual:Q", axis=axis))
    return alt.layer(column, tick).properties(height=240)


@figure
def after_adding() -> Drawing:
    """Return the curve of ``value`` (plays a song) by ``month`` (1, 2 …) since a song was added."""
    x = alt.X("month:Q", title="Months since a song was added", axis=alt.Axis(tickMinStep=1, grid=False, format="d"))
    base = alt.Chart(ROWS).encode(
        x=x, y=alt.Y("value:Q", scale=alt.Scale(domainMin=0), axis=alt.Axis(title="Plays a song", tickCount=4))
    )
    points = base.mark_point(filled=True, size=36).encode(
        tooltip=[
            alt.Tooltip("words:N", title=" "),
            alt.Tooltip("value:Q", title="Plays a song", format=",.2f"),
            alt.Tooltip("songs:Q", title="Songs", format=",d"),
        ]
    )
    return alt.layer(base.mark_line(strokeWidth=1.8, interpolate="monotone"), points).properties(height=240)


@figure
def matrix(size: int) -> Drawing:
    """Return which lists share songs: a cell for each ``one`` and ``other`` (names), deeper the more alike they are.

    Rows: ``one``, ``other`` (in the order of their places ``row`` and ``column``), ``value`` (0..1), ``shared``.
    """
    step = max(9, min(34, 900 // max(1, size)))
    names = {"labelLimit": 150, "domain": False, "ticks": False, "labelOverlap": False}
    x = alt.X(
        "other:N",
        title=None,
        sort=alt.EncodingSortField("column"),
        axis=alt.Axis(labelAngle=-90, orient="top", **names) if size <= 30 else None,  # type: ignore[arg-type]
    )
    y = alt.Y(
        "one:N",
        title=None,
        sort=alt.EncodingSortField("row"),
        axis=alt.Axis(**names) if size <= 40 else None,  # type: ignore[arg-type]
    )
    return (
        alt.Chart(ROWS)
        .mark_rect(cornerRadius=2)
        .encode(
            x=x,
            y=y,
            color=alt.Color("value:Q", legend=alt.Legend(title="Songs in common", format=".0%", orient="bottom")),
            tooltip=[
                alt.Tooltip("one:N", title="List"),
                alt.Tooltip("other:N", title="Other list"),
                alt.Tooltip("shared:Q", title="Songs on both", format=",d"),
                alt.Tooltip("value:Q", title="Of all songs of the two", format=".0%"),
            ],
        )
        .properties(height=step * max(2, size) + (190 if size <= 30 else 70))
    )
