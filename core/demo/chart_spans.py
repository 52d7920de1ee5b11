"""Stretches of time an invented chart covers: whole weeks from Monday, months, years, and how much of each is over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.trends import Window

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Span:
    """The days ``first <= day < until`` of a chart."""

    window: Window
    first: date
    until: date

    def over(self, today: date) -> float:
        """Return the share of this that has passed by noon of a day: 1 once it is complete."""
        if self.until <= today:
            return 1.0
        return ((today - self.first).days + 0.5) / (self.until - self.first).days

    def weeks(self, today: date) -> Iterator[tuple[date, float]]:
        """Yield the Monday of each week in this with the share of the week that is in it and over by a day's noon."""
        start = week_of(self.first)
        while start < self.until and start <= today:
            inside = (min(start + WEEK, self.until) - max(start, self.first)).days
            passed = inside if start + WEEK <= today else (today - max(start, self.first)).days + 0.5
            if passed > 0:
                yield start, min(inside, passed) / 7
            start += WEEK


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def weeks(since: date, today: date) -> Iterator[Span]:
    """Yield the weeks from the one of a day to the running one."""
    start = week_of(since)
    while start <= today:
        yield Span("week", start, start + WEEK)
        start += WEEK


def months_and_years(begin: date, since: date, today: date) -> Iterator[Span]:
    """Yield the months and years that lie in the charts' time since ``begin`` and were not over by ``since``."""
    first = date(begin.year, begin.month, 1)
    while first <= today:
        until = _next_month(first)
        if first >= begin and until > since:
            yield Span("month", first, until)
        first = until
    for year in range(begin.year, today.year + 1):
        if date(year, 1, 1) >= begin and date(year + 1, 1, 1) > since:
            yield Span("year", date(year, 1, 1), date(year + 1, 1, 1))


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
