"""How listening happens: bars of shares, shares over time, and how soon music comes back."""

import altair as alt

from ui.figures.base import ROWS, Drawing, figure, pick
from ui.figures.timeline import FULL, MONTHS

PERCENT = ".0%"
ROW = 30  # pixels of a bar with its label


def months(title: str | None = None) -> alt.X:
    """Return the axis of months."""
    axis = alt.Axis(labelExpr=MONTHS, grid=False, labelOverlap=True, labelFlush=False, tickCount=8)
    return alt.X("start:T", title=title, scale=alt.Scale(type="utc", nice=False), axis=axis)


@figure
def bars(label: str, form: str, *, rows: int, interval: bool = False, filters: str = "") -> Drawing:
    """Return bars of ``value`` by ``name``, in the order of the rows.

    Rows: ``name``, ``value``, ``note`` (words for the tooltip); where ``interval``: ``low``,
    ``high``; where ``filters``: the column of that name. ``rows`` is how many bars there are room for.
    """
    y = alt.Y(
        "name:N",
        title=None,
        sort=None,
        axis=alt.Axis(domain=False, ticks=False, labelLimit=200, labelPadding=8),
    )
    axis = alt.Axis(format=form, tickCount=4, title=label)
    x = alt.X("value:Q", axis=axis, scale=alt.Scale(domainMin=0))
    tooltip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("value:Q", title=label, format=",.1%" if "%" in form else form),
        alt.Tooltip("note:N", title="Of"),
    ]
    base = alt.Chart(ROWS).encode(y=y)
    bar = base.mark_bar(cornerRadiusEnd=2, height=14).encode(x=x, tooltip=tooltip)
    layers = [bar.add_params(pick(filters)) if filters else bar]
    if interval:
        rule = base.mark_rule(strokeWidth=1.5, color="#8A857B").encode(x=alt.X("low:Q", axis=axis), x2="high:Q")
        layers.append(rule)
    return alt.layer(*layers).properties(height=ROW * max(1, rows) + 40)


@figure
def rate_over_time(label: str) -> Drawing:
    """Return the curve of ``share`` by ``start`` (months) in the band ``low`` to ``high``; gaps where it is null.

    Rows: ``start``, ``share``, ``low``, ``high`` (0..1), ``note`` (words for the tooltip).
    """
    axis = alt.Axis(format=PERCENT, tickCount=4, title=label)
    base = alt.Chart(ROWS).encode(x=months())
    y = alt.Y("share:Q", axis=axis, scale=alt.Scale(domainMin=0))
    band = base.mark_area(opacity=0.16).encode(y=alt.Y("low:Q", axis=axis), y2="high:Q")
    line = base.mark_line(strokeWidth=1.8, point=alt.OverlayMarkDef(size=18)).encode(
        y=y,
        tooltip=[
            alt.Tooltip("start:T", title="", format=FULL["month"]),
            alt.Tooltip("share:Q", title=label, format=".1%"),
            alt.Tooltip("note:N", title="Of"),
        ],
    )
    return alt.layer(band, line).properties(height=230)


@figure
def shares_over_time(label: str) -> Drawing:
    """Return a curve of ``share`` by ``start`` (months) for each ``name``.

    Rows: ``start``, ``share`` (0..1, null: a gap), ``name``, ``note`` (words for the tooltip). At most seven names.
    """
    axis = alt.Axis(format=PERCENT, tickCount=4, title=label)
    color = alt.Color(
        "name:N",
        sort=None,
        legend=alt.Legend(title=None, orient="top", symbolType="stroke", symbolStrokeWidth=3, columns=2),
    )
    base = alt.Chart(ROWS).encode(x=months(), color=color)
    return (
        base.mark_line(strokeWidth=1.8, point=alt.OverlayMarkDef(size=14))
        .encode(
            y=alt.Y("share:Q", axis=axis, scale=alt.Scale(domainMin=0)),
            tooltip=[
                alt.Tooltip("start:T", title="", format=FULL["month"]),
                alt.Tooltip("name:N", title=" "),
                alt.Tooltip("share:Q", title=label, format=".1%"),
                alt.Tooltip("note:N", title="Of"),
            ],
        )
        .properties(height=240)
    )


@figure
def stacked(label: str, form: str, *, step: str, filters: str = "") -> Drawing:
    """Return columns of ``value`` by ``start`` (``step``: ``month`` or ``year``), stacked by ``name``.

    Rows: ``start``, ``end`` (first day of the next column), ``value``, ``low`` and ``high`` (where the part of a column
    begins and ends), ``name``; where ``filters``: the column of that name. At most seven names.
    """
    axis = alt.Axis(format=form, tickCount=4, title=label)
    color = alt.Color("name:N", sort=None, legend=alt.Legend(title=None, orient="top", columns=3))
    bar = (
        alt.Chart(ROWS)
        .mark_rect(stroke=None)
        .encode(
            x=months(),
            x2="end:T",
            y=alt.Y("low:Q", axis=axis, scale=alt.Scale(domainMin=0, nice="%" not in form)),
            y2="high:Q",
            color=color,
            tooltip=[
                alt.Tooltip("start:T", title="", format=FULL[step]),
                alt.Tooltip("name:N", title=" "),
                alt.Tooltip("value:Q", title=label, format=",.1%" if "%" in form else ",.1f"),
            ],
        )
    )
    return (bar.add_params(pick(filters)) if filters else bar).properties(height=250)


@figure
def returning() -> Drawing:
    """Return the curve of ``share`` by ``days``: how many plays were followed by another within so many days.

    Rows: ``days`` (0..365), ``share`` (0..1), ``label`` (words at a few days, else null).
    """
    base = alt.Chart(ROWS).encode(
        x=alt.X(
            "days:Q",
            title="Days after a play",
            scale=alt.Scale(type="sqrt", domain=[0, 365], nice=False),
            axis=alt.Axis(values=[1, 7, 30, 90, 180, 365], grid=False),
        ),
        y=alt.Y(
            "share:Q",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(format=PERCENT, tickCount=4, title="Played again by then"),
        ),
    )
    marked = base.transform_filter("isValid(datum.label)")
    line = base.mark_line(strokeWidth=1.8).encode(
        tooltip=[
            alt.Tooltip("days:Q", title="Days"),
            alt.Tooltip("share:Q", title="Played again by then", format=".1%"),
        ]
    )
    words = marked.mark_text(dy=12, dx=8, align="left", color="#8A857B", fontSize=12).encode(text="label:N")
    return alt.layer(
        base.mark_area(opacity=0.14), line, marked.mark_point(size=50, filled=True, opacity=1), words
    ).properties(height=250)
