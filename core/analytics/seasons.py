"""The year's round: in which months more is heard, and which artists belong to a month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Floats, Ints
from core.analytics.buckets import closed, span
from core.analytics.leaders import named
from core.analytics.localtime import day_number
from core.analytics.view import View

LEAST_MONTHS = 24
LEAST_PLAYS = 20  # of an artist, before a month is said to be theirs
LEAST_INDEX = 1.5
TURNS = 19
CHANCE = 0.01  # of a list with a single artist in it, were all plays shuffled over the months


@dataclass(frozen=True, eq=False)
class Round:
    """``months``: how many whole months the view has; ``strength``: 0 (no yearly round) to 1 (nothing else).

    ``certain``: whether the round is stronger than chance makes it. ``index``: month (u8, 1..12), plays (i64), years
    (i64, how many of that month are in the view), index (f64, plays a day of that month / the mean of the twelve).
    ``strength`` is ``None`` and ``index`` without rows under 24 months.
    """

    months: int
    strength: float | None
    certain: bool
    index: pl.DataFrame


def yearly_round(view: View) -> Round:
    """Return how strongly plays follow the months of the year, and how each month compares with the mean.

    Only whole months between the library's first and last day count. The strength is that of the seasonal part of an
    STL decomposition of monthly plays with a period of 12 and the same round in every year: max(0, 1 - Var(rest) /
    Var(seasonal + rest)); 0 where every month is alike. It is certain when it is greater than in all of 19 histories
    whose years were each turned by a number of months drawn by lot: chance alone reaches that once in twenty times.
    Source: Cleveland et al., STL (1990), as in statsmodels; strength after Wang, Smith and Hyndman (2006).
    """
    first, plays, days = _whole_months(view)
    schema = {"month": pl.UInt8, "plays": pl.Int64, "years": pl.Int64, "index": pl.Float64}
    if len(plays) < LEAST_MONTHS:
        return Round(len(plays), None, certain=False, index=pl.DataFrame(schema=schema))
    month = (first + np.arange(len(plays))) % 12
    a_day = np.bincount(month, plays / days, minlength=12) / np.bincount(month, minlength=12)
    mean = float(a_day.mean())
    index = pl.DataFrame(
        {
            "month": np.arange(1, 13, dtype=np.uint8),
            "plays": np.bincount(month, plays, minlength=12).astype(np.int64),
            "years": np.bincount(month, minlength=12),
            "index": a_day / mean if mean else np.ones(12),
        },
        schema=schema,
    )
    strength = _strength(plays)
    certain = strength > 0 and all(strength > _strength(turned) for turned in _turned(plays))
    return Round(len(plays), strength, certain, index)


def _strength(plays: Ints) -> float:
    """Return the strength of the yearly round in monthly plays."""
    from statsmodels.tsa.seasonal import STL  # takes half a second to load: only for who looks at this

    same_round = {"seasonal": 10 * len(plays) + 1, "seasonal_deg": 0}
    parts = STL(plays.astype(np.float64), period=12, **same_round).fit()
    both = float(np.var(parts.seasonal + parts.resid))
    return max(0.0, 1 - float(np.var(parts.resid)) / both) if both > 1e-12 else 0.0


def _turned(plays: Ints) -> Iterator[Ints]:
    """Yield the months with each run of twelve turned by a number of months drawn by lot, always the same lots."""
    lots = np.random.default_rng(12)
    for _ in range(TURNS):
        parts = [plays[at : at + 12] for at in range(0, len(plays), 12)]
        yield np.concatenate([np.roll(part, lots.integers(12)) for part in parts])


def _whole_months(view: View) -> tuple[int, Ints, Ints]:
    """Return the first whole month (counted from 1970-01), and plays and days of each whole month of the view."""
    period, known, none = closed(view), span(view), np.empty(0, np.int64)
    if period is None or known is None:
        return 0, none, none
    period = period.clip(*known)
    if not period.start or not period.end or period.start >= period.end:
        return 0, none, none
    first, end = _month(period.start) + (period.start.day > 1), _month(period.end)
    if first >= end:
        return 0, none, none
    low, starts = day_number(period.start), _first_days(np.arange(first, end + 1))
    by_day = np.bincount(view.played("day") - low, minlength=int(starts[-1]) - low)
    until = np.r_[0, np.cumsum(by_day)]
    return first, np.diff(until[starts - low]), np.diff(starts)


def _month(day: date) -> int:
    """Return the months from 1970-01 to the month of a day."""
    return (day.year - 1970) * 12 + day.month - 1


def _first_days(months: Ints) -> Ints:
    """Return the day number of the first day of months counted from 1970-01."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def months_of(days: Ints) -> Ints:
    """Return the months from 1970-01 of day numbers, looked up by day."""
    if not len(days):
        return np.empty(0, np.int64)
    low = int(days.min())
    every = np.arange(low, int(days.max()) + 1).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    found: Ints = every.take(days - low)
    return found


def artists_by_month(view: View, *, limit: int = 100) -> pl.DataFrame:
    """Return the artists that belong to a month of the year, the most seasonal first.

    Columns: id, artist_id (i64), name, artist (str), month (u8, 1..12: where their index is highest), index (f64: the
    artist's share of that month's plays / the mean of their shares of the twelve months), plays (i64, in that month),
    in_all (i64), years (i64, with a play in that month). Only artists with 20 plays or more, an index of 1.5 or more
    also without the year that brought most of it, and more plays in their month than chance brings: were all plays
    shuffled over the months, one list in a hundred would name anybody. No rows under 24 months.
    Source: shares of plays by local month; tails of the Poisson distribution, divided by 12 and by the artists looked
    at (Bonferroni).
    """
    items, plays = view.items("artist"), _by_month(view)
    index = _indices(plays)
    month = index.argmax(axis=1)
    best, mine, whole = index.max(axis=1), plays[np.arange(len(plays)), month], plays.sum(axis=1)
    codes = np.flatnonzero(whole >= LEAST_PLAYS)
    years, most = _years(view, month)
    kept = _habits(mine[codes], most[codes], whole[codes], plays.sum(axis=0)[month[codes]] / max(1, plays.sum()))
    codes = codes[kept & (best[codes] >= LEAST_INDEX)]
    codes = codes[np.lexsort((items.order[codes], -mine[codes], -best[codes]))][:limit]
    return pl.DataFrame(
        {
            **named(items, codes),
            "month": (month[codes] + 1).astype(np.uint8),
            "index": best[codes],
            "plays": mine[codes],
            "in_all": whole[codes],
            "years": years[codes],
        }
    )


def _habits(mine: Ints, most: Ints, whole: Ints, usual: Floats) -> Bools:
    """Return whose plays in their month are neither chance nor the doing of one year.

    ``mine``: plays in the month; ``most``: those of the year that brought most; ``whole``: in all; ``usual``: the
    month's share of all plays.
    """
    from scipy.special import gammainc  # P(X >= k) of a Poisson variable; loaded with what needs it

    if not len(mine):
        return np.zeros(0, dtype=np.bool_)
    rare = gammainc(mine, whole * usual) < CHANCE / 12 / len(mine)
    again: Bools = rare & (mine - most >= LEAST_INDEX * usual * (whole - most))
    return again & (mine > most)


def _by_month(view: View) -> Ints:
    """Return plays per artist code (rows) and month of the year (columns); none under 24 months, none of nobody."""
    size = len(view.items("artist"))
    if len(_whole_months(view)[1]) < LEAST_MONTHS:
        return np.zeros((size, 12), np.int64)
    place = view.played("artist").astype(np.int64) * 12 + months_of(view.played("day")) % 12
    plays = np.bincount(place, minlength=size * 12).reshape(size, 12)
    plays[0] = 0
    return plays


def _indices(plays: Ints) -> Floats:
    """Return each artist's share of a month's plays / the mean of their twelve shares."""
    shares = plays / np.maximum(1, plays.sum(axis=0))
    mean = shares.mean(axis=1, keepdims=True)
    indices: Floats = shares / np.where(mean > 0, mean, 1)
    return indices


def _years(view: View, month: Ints) -> tuple[Ints, Ints]:
    """Return per artist in how many years their month has plays, and the most plays it has in one year."""
    months, artists = months_of(view.played("day")), view.played("artist")
    inside = np.flatnonzero(months % 12 == month.take(artists))
    if not len(inside):
        return np.zeros(len(month), np.int64), np.zeros(len(month), np.int64)
    year = months[inside] // 12
    year -= year.min()
    wide = int(year.max()) + 1
    by_year = np.bincount(artists[inside].astype(np.int64) * wide + year, minlength=len(month) * wide)
    table = by_year.reshape(len(month), wide)
    return np.count_nonzero(table, axis=1), table.max(axis=1)
