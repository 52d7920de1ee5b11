"""Streaks: days in a row with music."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from core.analytics.arrays import Ints
from core.analytics.localtime import day_number, day_of
from core.analytics.view import View


@dataclass(frozen=True, slots=True)
class Streak:
    """Local days ``start <= day < end`` with at least one play each."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """Return how many days the streak lasted."""
        return (self.end - self.start).days


@dataclass(frozen=True, eq=False)
class Streaks:
    """``longest`` (the earlier of equals), ``current`` (reaching today or yesterday), and the longest as a frame.

    ``ranked``: start (date), end (date, first day after), days (i64); longest first, then the earlier one.
    """

    longest: Streak | None
    current: Streak | None
    ranked: pl.DataFrame


def streaks(view: View, *, today: date, limit: int = 10) -> Streaks:
    """Return the stretches of consecutive local days with at least one play in the view.

    Filter the view to one artist for that artist's streaks. ``today`` is the local day of whoever looks.
    Source: runs of consecutive local days in the lens's timezone.
    """
    starts, ends = _runs(view)
    order = np.lexsort((starts, starts - ends))[:limit]
    every = [Streak(day_of(int(starts[i])), day_of(int(ends[i]))) for i in order]
    reaches = len(ends) > 0 and int(ends[-1]) >= day_number(today)
    last = Streak(day_of(int(starts[-1])), day_of(int(ends[-1]))) if reaches else None
    ranked = pl.DataFrame(
        {"start": [s.start for s in every], "end": [s.end for s in every], "days": [s.days for s in every]},
        schema={"start": pl.Date, "end": pl.Date, "days": pl.Int64},
    )
    return Streaks(every[0] if every else None, last, ranked)


def _runs(view: View) -> tuple[Ints, Ints]:
    """Return the first day and the day after the last of each run of days with a play, as day numbers."""
    days = view.played("day")
    if not len(days):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    low = int(days.min())
    heard = np.flatnonzero(np.bincount(days - low)) + low
    breaks = np.flatnonzero(np.diff(heard) != 1)
    return heard[np.r_[0, breaks + 1]], heard[np.r_[breaks, len(heard) - 1]] + 1
