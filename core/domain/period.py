"""Periods: half-open stretches of local days, and the one before each."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Self

Unit = Literal["day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Period:
    """Local days ``start <= day < end``; ``None`` on a side means open."""

    start: date | None = None
    end: date | None = None

    @classmethod
    def year(cls, year: int) -> Self:
        """Return one calendar year."""
        return cls(date(year, 1, 1), date(year + 1, 1, 1))

    @classmethod
    def month(cls, year: int, month: int) -> Self:
        """Return one calendar month."""
        return cls(date(year, month, 1), _add_months(date(year, month, 1), 1))

    @property
    def days(self) -> int | None:
        """Return the number of days, ``None`` when a side is open."""
        return (self.end - self.start).days if self.start and self.end else None

    def before(self) -> "Period | None":
        """Return the period to compare with: whole months against as many months before, else as many days before."""
        if not self.start or not self.end:
            return None
        if self.start.day == 1 and self.end.day == 1:
            months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
            return Period(_add_months(self.start, -months), self.start)
        return Period(self.start - (self.end - self.start), self.start)

    def after(self) -> "Period | None":
        """Return the period of the same length that follows."""
        if not self.start or not self.end:
            return None
        if self.start.day == 1 and self.end.day == 1:
            months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
            return Period(self.end, _add_months(self.end, months))
        return Period(self.end, self.end + (self.end - self.start))

    def clip(self, first: date, last: date) -> "Period":
        """Return the closed period of this one inside the days ``first`` to ``last`` (both included)."""
        start = max(self.start or first, first)
        end = min(self.end or last + timedelta(days=1), last + timedelta(days=1))
        return Period(start, max(start, end))


def _add_months(day: date, months: int) -> date:
    """Return the first of the month ``months`` away from ``day``'s month."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
