"""The panels of the personal pages by name: what each shows, its rows, its specification, its words.

Pages draw them and the download routes hand them out, so both come from one place. No Streamlit.
"""

from datetime import date
from typing import Any

import polars as pl

from core.analytics.counting import Totals
from core.domain.lens import Lens
from core.domain.period import Period, Unit
from core.domain.selection import Selection
from core.services.listening import Compared, Listening
from ui import formats
from ui.figures import clock, panels_genres, panels_habits, panels_items, panels_next, panels_taste, panels_time
from ui.figures.panel import Make, Picture
from ui.figures.rows import MS_PER_HOUR, clock_rows, timeline_rows, value
from ui.figures.timeline import timeline


def unit_for(period: Period) -> Unit:
    """Return the bucket a range is read best in."""
    days = period.days or 10_000
    return "day" if days <= 800 else "month" if days <= 366 * 15 else "year"


def over_time(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return listening a day along the range with the range before behind it."""
    unit, metric, period = unit_for(selection.period), selection.metric, selection.period
    asked: dict[str, Any] = {"lens": lens, "period": period, "filters": selection.filters}
    asked["versus"] = selection.versus
    frame = listening.timeline(user_id, unit=unit, **asked)
    compared = "plays_before" in frame.columns and bool(frame["plays_before"].fill_null(0).sum())
    step = "smooth" if unit == "day" and frame.height > 62 else unit
    rows = timeline_rows(frame, metric, step=step, period=period)
    sums = listening.totals(user_id, **asked)
    title = _pace(sums, metric, max(1, period.days or 1), selection.versus)
    other = formats.days(selection.versus) if selection.versus else "the time before"
    what = {"smooth": "mean of seven days", "month": "by month", "year": "by year"}.get(step, "day by day")
    about = f"{metric.title()} a day, {what}" + (f"; dashed: {other}" if compared else "")
    words = f"{about}. {formats.days(period)}: {title}."
    spec = timeline(step, metric, compared=compared)
    explained = "Drag over days to narrow the page to them."
    return Picture(
        title, about, frame, readable(frame), rows, spec, words, explained, "timeline.timeline", _count(sums.now.plays)
    )


def _pace(sums: Compared, metric: str, days: int, versus: Period | None) -> str:
    """Return how much a day, and how that compares with the time before, or a day of the range to compare with."""
    now = _amount(sums.now, metric)
    title = f"{formats.number(now / days, decimals=1)} {metric} a day"
    if now < days:  # too few for a daily figure to say anything
        title = formats.plural(int(now), "play") if metric == "plays" else f"{formats.number(now, decimals=1)} hours"
    before = _amount(sums.before, metric) if sums.before else 0.0
    if versus is not None:  # of another length, maybe
        before *= days / max(1, versus.days or 1)
    changed = formats.change(now, before)
    if not changed or changed.startswith("±"):
        return title
    fewer = "fewer" if metric == "plays" else "less"
    than = f"in {formats.days(versus)}" if versus is not None else "before"
    return f"{title}, {changed[1:]} {'more' if now > before else fewer} than {than}"


def _amount(totals: Totals, metric: str) -> float:
    return totals.plays if metric == "plays" else totals.ms_played / MS_PER_HOUR


def when(listening: Listening, user_id: int, lens: Lens, selection: Selection) -> Picture:
    """Return weekday by hour."""
    metric = selection.metric
    chosen = selection.without("weekday", "hour")
    frame = listening.weekday_hours(user_id, lens=lens, period=chosen.shown, filters=chosen.filters)
    title, words = "No plays in this range", "No plays."
    if frame["plays"].sum():
        peak = frame.sort(value(metric), descending=True).row(0, named=True)
        day = WEEKDAYS_FULL[peak["weekday"]]
        title = f"Most on {day}s around {peak['hour']}:00"
        words = f"{metric.title()} by weekday and hour. {title}."
    spec = clock.weekday_hours(metric)
    rows = clock_rows(frame, metric)
    table = pl.DataFrame(rows).drop("pick_weekday", "pick_hour").pivot("hour", index="weekday", values="value")
    about = f"{metric.title()} by weekday and hour"
    explained = "A listen lies in the hour it ended, by your own clock; click an hour to see only that one."
    count = _count(int(frame["plays"].sum()))
    return Picture(title, about, frame, table, rows, spec, words, explained, "clock.weekday_hours", count)


def _count(plays: int) -> str:
    return formats.plural(plays, "play")


def readable(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with hours in place of milliseconds."""
    times = [name for name in frame.columns if name.startswith("ms_")]
    hours_of = {name: name.replace("ms_played", "hours").replace("ms_", "hours_") for name in times}
    return frame.with_columns(pl.col(times) / MS_PER_HOUR).rename(hours_of)


WEEKDAYS_FULL = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
# Each theme has its panels in a module of its own; here they meet, by the name in the address of a download.
PANELS: dict[str, Make] = {
    "timeline": over_time,
    "when": when,
    **panels_genres.PANELS,
    **panels_time.PANELS,
    **panels_habits.PANELS,
    **panels_taste.PANELS,
    **panels_items.PANELS,
    **panels_next.PANELS,
}


def source_line(lens: Lens, period: Period, as_of: date) -> str:
    """Return where a picture comes from: the range, the lens and the day it was made."""
    rule = f"plays of {lens.minimum_ms / 1000:g} s and more" if lens.rule == "seconds" else f"rule: {lens.rule}"
    return f"{formats.days(period)} · {rule} · {lens.timezone} · Playprint, {formats.day(as_of)}"
