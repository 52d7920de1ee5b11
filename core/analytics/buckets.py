"""Buckets of time: the days, weeks, months, quarters or years a period is cut into."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Floats, Ints
from core.analytics.localtime import day_number, day_of
from core.analytics.view import View
from core.domain.period import Period

Step = Literal["day", "week", "month", "quarter", "year"]


@dataclass(frozen=True, eq=False)
class Buckets:
    """``starts``: the first day of each bucket (pl.Date; weeks begin on Monday); ``of_day``: the bucket of each day."""

    first_day: int
    starts: pl.Series
    of_day: Ints

    def __len__(self) -> int:
        return len(self.starts)

    def place(self, days: Ints) -> Ints:
        """Return the bucket of each day number; all days lie in the period the buckets cut."""
        return self.of_day[days - self.first_day]

    def count(self, days: Ints, weights: Bools | Floats | None = None) -> Ints:
        """Return how many of the days lie in each bucket, or the sum of their weights."""
        per_day = np.bincount(days - self.first_day, weights=weights, minlength=len(self.of_day))
        return np.bincount(self.of_day, weights=per_day, minlength=len(self)).astype(np.int64)


def span(view: View) -> tuple[date, date] | None:
    """Return the first and the last local day with a listen in the library; ``None`` when it is empty."""
    days = view.local.span
    return (day_of(days[0]), day_of(days[1])) if days else None


def closed(view: View) -> Period | None:
    """Return the view's period with open sides closed at the first and last listen of the library."""
    if view.period.start and view.period.end:
        return view.period
    days = span(view)
    if days is None:
        return None
    whole = Period().clip(*days)
    start, end = view.period.start or whole.start, view.period.end or whole.end
    return Period(start, end) if start and end and start < end else None


def cut(period: Period | None, unit: Step) -> Buckets:
    """Return the buckets of a closed period, the first and last possibly cut by its edges; none for ``None``."""
    if period is None or period.start is None or period.end is None or period.start >= period.end:
        return Buckets(0, pl.Series("start", [], dtype=pl.Date), np.empty(0, np.int64))
    first = day_number(period.start)
    days = np.arange(first, day_number(period.end))
    starts = _starts(days, unit)
    place = np.cumsum(np.diff(starts, prepend=starts[0]) != 0)
    return Buckets(first, pl.Series("start", starts[np.diff(starts, prepend=starts[0] - 1) != 0]).cast(pl.Date), place)


def _starts(days: Ints, unit: Step) -> Ints:
    """Return the day number on which the bucket of each day number begins."""
    if unit == "day":
        return days.astype(np.int32)
    if unit == "week":
        return ((days + 3) // 7 * 7 - 3).astype(np.int32)  # 1970-01-01 was a Thursday
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    every = {"month": 1, "quarter": 3, "year": 12}[unit]
    return (months // every * every).astype("datetime64[M]").astype("datetime64[D]").astype(np.int32)
