"""Buckets of time: the days, weeks, months, quarters or years a period is cut into."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Floats, Ints, array
from core.analytics.localtime import day_number, day_of
from core.analytics.view import View
from core.domain.period import Period

Step = Literal["day", "week", "month", "quarter", "year"]
_EVERY = {"day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}


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
    day = view.local.day
    return (day_of(int(day.min())), day_of(int(day.max()))) if len(day) else None


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
    days = pl.date_range(period.start, period.end, "1d", closed="left", eager=True)
    starts, place = np.unique(array(days.dt.truncate(_EVERY[unit]).to_physical()), return_inverse=True)
    return Buckets(day_number(period.start), pl.Series("start", starts).cast(pl.Int32).cast(pl.Date), place)
