"""The course of one figure by month or quarter, as a line or as bars."""

import altair as alt

from ui.figures.base import ROWS, Drawing, figure, pick
from ui.figures.timeline import MONTHS


def by_start(**axis: object) -> alt.X:
    """Return the axis of months: January carries the year instead of its name."""
    return alt.X(
        "start:T",
        title=None,
        scale=alt.Scale(type="utc", nice=False),
        axis=alt.Axis(labelExpr=MONTHS, grid=False, labelOverlap=True, labelFlush=False, tickCount=8, **axis),  # type: ignore[arg-type]
    )


@figure
def course(title: str, form: str, *, tips: tuple[tuple[str, str, str], ...] = (), height: int = 230) -> Drawing:
    """Return the line of ``value`` by ``start``; a click on a point narrows the page to its ``pick_brush``.

    ``title`` names the unit of the axis, ``form`` how a value is written. Rows: ``start``, ``label`` (the bucket in
    words), ``value`` (null leaves a hole), ``pick_brush``; ``tips``: (field, label, format) also told.
    """
    base = alt.Chart(ROWS).encode(
        x=by_start(),
        y=alt.Y("value:Q", scale=alt.Scale(domainMin=0), axis=alt.Axis(title=title, format=form, tickCount=4)),
    )
    points = base.mark_point(filled=True, size=36).encode(tooltip=_told(title, form, tips))
    layers = [base.mark_line(strokeWidth=1.6, interpolate="monotone"), points.add_params(pick("pick_brush"))]
    return alt.layer(*layers).properties(height=height)


@figure
def bars(title: str, form: str, *, tips: tuple[tuple[str, str, str], ...] = (), height: int = 230) -> Drawing:
    """Return one bar of ``value`` a month, quarter or year; rows as those of ``course``, with ``until`` (its end)."""
    return (
        alt.Chart(ROWS)
        .mark_rect(cornerRadius=1, x2Offset=-1)
        .encode(
            x=by_start(),
            x2=alt.X2("until:T"),
            y=alt.Y("value:Q", axis=alt.Axis(title=title, format=form, tickCount=4)),
            y2=alt.Y2Datum(0),
            tooltip=_told(title, form, tips),
        )
        .add_params(pick("pick_brush"))
        .properties(height=height)
    )


def _told(title: str, form: str, tips: tuple[tuple[str, str, str], ...]) -> list[alt.Tooltip]:
    more = [alt.Tooltip(f"{field}:Q", title=label, format=form) for field, label, form in tips]
    return [alt.Tooltip("label:N", title=""), alt.Tooltip("value:Q", title=title, format=form), *more]
