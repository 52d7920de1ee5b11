"""Local days, hours and weekdays of moments in UTC."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Ints, array
from core.domain.errors import InvalidInput

EPOCH = date(1970, 1, 1)
HOUR_US = 3_600_000_000


@dataclass(frozen=True, eq=False)
class LocalTime:
    """One entry per listen: ``day`` i32 days since 1970-01-01, ``hour`` u8 0..23, ``weekday`` u8 0 (Monday)..6.

    ``ordered`` tells whether the days never fall: they may for a minute where clocks go back over midnight.
    """

    timezone: str
    day: Ints
    hour: Ints
    weekday: Ints
    ordered: bool

    @cached_property
    def span(self) -> tuple[int, int] | None:
        """Return the first and the last day number; ``None`` without listens."""
        return (int(self.day.min()), int(self.day.max())) if len(self.day) else None

    def between(self, start: date | None, end: date | None) -> tuple[slice, Bools | None]:
        """Return the listens of the local days ``start <= day < end``: a slice, and a mask of it where needed."""
        low = day_number(start) if start else None
        high = day_number(end) if end else None
        if self.ordered:
            first = int(np.searchsorted(self.day, low, side="left")) if low is not None else 0
            last = int(np.searchsorted(self.day, high, side="left")) if high is not None else len(self.day)
            return slice(first, max(first, last)), None
        inside = np.ones(len(self.day), dtype=np.bool_)
        if low is not None:
            inside &= self.day >= low
        if high is not None:
            inside &= self.day < high
        return slice(0, len(self.day)), inside


def day_number(day: date) -> int:
    """Return the days from 1970-01-01 to ``day``."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """Return the day ``number`` days after 1970-01-01."""
    return EPOCH + timedelta(days=int(number))


def local_time(ended: pl.Series, timezone: str) -> LocalTime:
    """Return the local time of moments (datetime[us, UTC]).

    Raises:
        InvalidInput: there is no such timezone.
    """
    try:
        local = ended.dt.convert_time_zone(timezone).dt.replace_time_zone(None).to_physical()
    except pl.exceptions.ComputeError as error:
        raise InvalidInput(f"There is no timezone {timezone!r}; choose one like Europe/Berlin.") from error
    hours: Ints = array(local) // HOUR_US
    day = (hours // 24).astype(np.int32)
    return LocalTime(
        timezone=timezone,
        day=day,
        hour=(hours % 24).astype(np.uint8),
        weekday=((day + 3) % 7).astype(np.uint8),
        ordered=bool(np.all(day[1:] >= day[:-1])),
    )
