"""How often music comes back: repeats, how long until the next play, and what is on one's mind."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Floats, Ints, counts
from core.analytics.buckets import span
from core.analytics.localtime import day_number
from core.analytics.skipping import MINIMUM_STARTS
from core.analytics.view import View

DAY_US = 86_400_000_000
CURVE_DAYS = 365


@dataclass(frozen=True, slots=True)
class Repeats:
    """``share``: the part of plays that were not the first of their track; ``None`` under 20 plays."""

    plays: int
    tracks: int

    @property
    def share(self) -> float | None:
        """Return 1 - tracks / plays."""
        return 1 - self.tracks / self.plays if self.plays >= MINIMUM_STARTS else None


@dataclass(frozen=True, eq=False)
class Returns:
    """How soon a track is played again.

    ``half_life``: the days after which half of the plays were followed by another of the same track (``None``: more
    than half never were, or fewer than 20 plays); ``within_7``, ``within_30``: the share (0..1) followed by another
    within so many days. ``curve``: days (i64, 0..365), share (f64). ``again``: plays that were followed by another.
    """

    plays: int
    again: int
    half_life: float | None
    within_7: float | None
    within_30: float | None
    curve: pl.DataFrame


def repeats(view: View) -> Repeats:
    """Return how many plays were of a track played before in the period.

    Source: 1 - distinct tracks / plays (recordings where the lens merges them).
    """
    return Repeats(view.plays, int(np.count_nonzero(counts(view.played(view.code_column("track")), 0))))


def last_day(view: View) -> date | None:
    """Return the first day after the shown period, no later than the day after the history's last listen."""
    days = span(view)
    if days is None:
        return None
    after = days[1] + timedelta(days=1)
    return min(view.period.end, after) if view.period.end else after


def returns(view: View) -> Returns:
    """Return how long it takes until a track is played again.

    Measured between the ends of two plays of the same track (recording where the lens merges them). After the last
    play of each the wait is not over: it counts as "not yet" until the end of the period.
    Source: Kaplan, E. L. and Meier, P. (1958), Nonparametric estimation from incomplete observations, JASA 53.
    """
    waits, again = _waits(view)
    played = int(np.count_nonzero(again))
    days = np.arange(CURVE_DAYS + 1)
    if len(waits) < MINIMUM_STARTS:
        empty = pl.DataFrame(schema={"days": pl.Int64, "share": pl.Float64})
        return Returns(len(waits), played, None, None, None, empty)
    still = np.cumprod(1 - again / np.arange(len(waits), 0, -1))
    until = np.searchsorted(waits, days * DAY_US, side="right") - 1
    share = np.where(until >= 0, 1 - still[until], 0.0)
    middle = int(np.searchsorted(-still, -0.5, side="left"))
    half = waits[middle] / DAY_US if middle < len(waits) else None
    curve = pl.DataFrame({"days": days, "share": share})
    return Returns(len(waits), played, half, float(share[7]), float(share[30]), curve)


def _waits(view: View) -> tuple[Ints, Bools]:
    """Return the waits after each play in µs, rising, and which of them ended with another play (those first)."""
    end = last_day(view)
    codes = view.played(view.code_column("track")).astype(np.int64)
    if end is None or not len(codes):
        return np.empty(0, np.int64), np.empty(0, np.bool_)
    midnight = datetime.combine(end, time(), ZoneInfo(view.lens.timezone)).astimezone(UTC)
    now = (midnight - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    packed = np.sort((codes << 32) + np.arange(len(codes)))  # one sort of numbers: by track, then by time
    ended = view.library.listens["ended"].to_physical().to_numpy()[view.played_positions][packed & 0xFFFFFFFF]
    same = np.diff(packed >> 32) == 0
    gaps = np.maximum(np.append(np.where(same, np.diff(ended), now - ended[:-1]), now - ended[-1]), 0)
    waits = np.sort((gaps << 1) + ~np.append(same, False))  # of equal waits those that ended come first
    return waits >> 1, (waits & 1) == 0


def on_your_mind(view: View, *, limit: int | None = None) -> pl.DataFrame:
    """Return the tracks closest to somebody's mind at the end of the period: often and lately played.

    Columns: id (i64), name, artist (str), artist_id (i64), activation (f64), plays (i64), last (date of the latest
    play). Highest activation first, then more plays, then id. Give a view without a first day: older plays count too.
    Source: base-level activation of ACT-R, ln of the sum over plays of age^-0.5 with the age in days, the last day
    being 1 day old (Anderson and Schooler 1991; for music Reiter-Haas et al., RecSys 2021).
    """
    items, column, end = view.items("track"), view.code_column("track"), last_day(view)
    codes, days = view.played(column), view.played("day")
    age: Ints = np.maximum((day_number(end) if end else 0) - days.astype(np.int64), 1)
    weight: Floats = np.arange(1, int(age.max(initial=0)) + 1, dtype=np.float64) ** -0.5
    strength = np.bincount(codes, weights=weight[age - 1], minlength=len(items))
    plays, last = counts(codes, len(items)), np.zeros(len(items), dtype=np.int32)
    np.maximum.at(last, codes, days)
    heard = np.flatnonzero(plays)
    best = heard[np.lexsort((items.ids[heard], -plays[heard], -strength[heard]))][:limit]
    return pl.DataFrame(
        {
            "id": items.ids[best],
            "name": items.names.gather(best),
            "artist": items.artists.gather(best),
            "artist_id": items.artist_ids[best],
            "activation": np.log(strength[best]),
            "plays": plays[best],
            "last": pl.Series(last[best]).cast(pl.Date),
        }
    )
