"""Streaks: days in a row with music."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from core.analytics.arrays import Ints
from core.analytics.leaders import named
from core.analytics.library import By
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


def streaks_by(view: View, by: By, *, limit: int = 100) -> pl.DataFrame:
    """Return the longest streak of each artist, album or track: consecutive local days with a play of it.

    Columns: id (i64), name, artist (str), artist_id (i64), days (i64), plays (i64, in those days), start (date), end
    (date, first day after). Longest first, then the one with more plays, then the earlier, then by name; one row a
    thing, streaks of a single day left out.
    Source: runs of consecutive local days in the lens's timezone, found for all things in one pass.
    """
    items = view.items(by)
    codes, days = _by_code(view, by)
    breaks = np.flatnonzero((np.diff(codes) != 0) | (np.diff(days) > 1)) + 1
    first, last = np.r_[0, breaks], np.r_[breaks, len(codes)] - 1
    if not len(codes):
        first = last = breaks
    long = days[last] > days[first]
    first, last = first[long], last[long]
    code, length, plays = codes[first], days[last] - days[first] + 1, last - first + 1
    order = np.lexsort((items.order[code], days[first], -plays, -length))
    _, best = np.unique(code[order], return_index=True)
    rows = order[np.sort(best)][:limit]
    return pl.DataFrame(
        {
            **named(items, code[rows]),
            "days": length[rows].astype(np.int64),
            "plays": plays[rows].astype(np.int64),
            "start": pl.Series(days[first[rows]].astype(np.int32)).cast(pl.Date),
            "end": pl.Series(days[last[rows]].astype(np.int32) + 1).cast(pl.Date),
        }
    )


def _by_code(view: View, by: By) -> tuple[Ints, Ints]:
    """Return code and day of each play of something, sorted by code, then day.

    Sorting twice by 16 bits, stably, is several times faster than once by 32.
    """
    codes, days = view.played(view.code_column(by)), view.played("day")
    if not view.local.ordered:
        order = np.argsort(days, kind="stable")
        codes, days = codes[order], days[order]
    low, high = (codes & 0xFFFF).astype(np.uint16), (codes >> 16).astype(np.uint16)
    order = np.argsort(low, kind="stable") if not high.any() else np.lexsort((low, high))
    codes, days = codes[order].astype(np.int64), days[order].astype(np.int64)
    named_from = int(np.searchsorted(codes, 1)) if view.items(by).none else 0
    return codes[named_from:], days[named_from:]
