"""What the panels of one artist, album or track share: which one it is, over which steps, and how both are said."""

from datetime import date, timedelta

from core.analytics.buckets import Step
from core.analytics.library import By
from core.domain.period import Period
from core.domain.selection import Selection
from ui import formats

PLURALS: dict[By, str] = {"artist": "artists", "album": "albums", "track": "tracks"}
BY_STEP = {"day": "day by day", "week": "by week", "month": "by month", "quarter": "by quarter", "year": "by year"}


def thing(selection: Selection) -> tuple[By, int]:
    """Return which artist, album or track a selection is about; an artist of id 0, who is nobody, without one."""
    filters = selection.filters
    if filters.tracks:
        return "track", filters.tracks[0]
    if filters.albums:
        return "album", filters.albums[0]
    return "artist", filters.artists[0] if filters.artists else 0


def among_all(selection: Selection) -> Selection:
    """Return the selection with everything else in it too."""
    return selection.without("artist", "album", "track")


def step_for(period: Period, *, few: bool = False) -> Step:
    """Return the step the course of one thing over a range is read best in; with ``few`` at most about twenty steps."""
    days = period.days or 10_000
    if days <= 100:
        return "week"
    if days <= 800:
        return "month"
    return "quarter" if days <= (1500 if few else 5000) else "year"


def bucket_words(start: date, step: Step) -> str:
    """Return which week, month, quarter or year begins on a day, as in "highest in ..."."""
    if step == "year":
        return str(start.year)
    if step == "quarter":
        last = date(start.year, start.month // 3 * 3 + 3, 1)
        return f"{start:%B} to {last:%B %Y}"
    return f"{start:%B %Y}" if step == "month" else f"the week of {formats.day(start)}"


def span_words(length: timedelta) -> str:
    """Return a stretch of time in one unit that fits it: minutes, hours, days, months, years."""
    hours = length.total_seconds() / 3600
    for unit, size, until in (("minute", 1 / 60, 2), ("hour", 1, 48), ("day", 24, 62 * 24), ("month", 730.5, 17532)):
        if hours < until:
            return formats.plural(max(1, round(hours / size)), unit)
    return f"{formats.number(hours / 8766, decimals=1)} years"
