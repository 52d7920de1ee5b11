"""When of the day and of the week somebody listens."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from core.analytics.arrays import Ints
from core.analytics.buckets import closed
from core.analytics.leaders import leaders, named
from core.analytics.localtime import day_number
from core.analytics.view import View

ENOUGH = 20  # plays under which no share is shown
SEASONS = ("December to February", "March to May", "June to August", "September to November")


def weekday_hours(view: View) -> pl.DataFrame:
    """Return plays and time per local weekday and hour: 168 rows, zeros included.

    Columns: weekday (u8, 0 Monday..6), hour (u8, 0..23), plays (i64), ms_played (i64, ms). A listen lies in the hour
    it ended.
    Source: counts of listens by the local wall clock of the lens's timezone.
    """
    cell = view.values("weekday") * np.uint8(24) + view.values("hour")
    return pl.DataFrame(
        {
            "weekday": np.repeat(np.arange(7, dtype=np.uint8), 24),
            "hour": np.tile(np.arange(24, dtype=np.uint8), 7),
            "plays": np.bincount(cell[view.play], minlength=168),
            "ms_played": np.bincount(cell, weights=view.ms, minlength=168).astype(np.int64),
        }
    )


def hours(view: View) -> pl.DataFrame:
    """Return plays and time per local hour of the day: 24 rows, zeros included.

    Columns: hour (u8, 0..23), plays (i64), ms_played (i64, ms).
    Source: the sums of ``weekday_hours`` over the weekdays.
    """
    return weekday_hours(view).group_by("hour", maintain_order=True).agg(pl.col("plays", "ms_played").sum())


def night_share(view: View) -> float | None:
    """Return the share of plays that ended from 0 to 5 local time (0:00-4:59); ``None`` under 20 plays.

    Source: counts of plays by the local wall clock of the lens's timezone.
    """
    return _share(view, view.played("hour") < 5)


def weekend_share(view: View) -> float | None:
    """Return the share of plays on Saturdays and Sundays; ``None`` under 20 plays.

    Source: counts of plays by the local wall clock of the lens's timezone.
    """
    return _share(view, view.played("weekday") >= 5)


def _share(view: View, which: object) -> float | None:
    plays = int(np.count_nonzero(view.play))
    return int(np.count_nonzero(which)) / plays if plays >= ENOUGH else None  # type: ignore[call-overload]


@dataclass(frozen=True, slots=True)
class DayShape:
    """When of the day somebody listens, in a few figures; all but ``plays`` are ``None`` under 20 plays.

    ``middle``: the hour (0..24, local) around which plays lie, ``None`` too where they lie all around the clock;
    ``together``: 0 (spread evenly around the clock) to 1 (all in one hour). ``hours``: over how many hours of the day
    plays spread, 1..24. ``night``, ``weekend``: shares 0..1; ``even_night``, ``even_weekend``: what they would be if
    every hour of the period were alike.
    """

    plays: int
    middle: float | None
    together: float | None
    hours: float | None
    night: float | None
    even_night: float
    weekend: float | None
    even_weekend: float


def day_shape(view: View) -> DayShape:
    """Return the middle of the day's listening, its spread, and the shares of nights and weekends.

    The middle is the direction of the mean of all plays on a 24-hour dial, each at the middle of the hour it ended in;
    its length is ``together``, and below 0.1 there is no middle to speak of. ``hours`` is the exponential of the
    Shannon entropy of the shares of the 24 hours. Night is 0:00-4:59, the weekend Saturday and Sunday.
    Source: the circular mean (as scipy.stats.circmean) and Shannon's entropy of plays by local hour.
    """
    by_hour = np.bincount(view.played("hour"), minlength=24)
    even = _weekend_days(view)
    if view.plays < ENOUGH:
        return DayShape(view.plays, None, None, None, None, 5 / 24, None, even)
    shares = by_hour / view.plays
    mean = complex(np.sum(shares * np.exp(2j * np.pi * (np.arange(24) + 0.5) / 24)))
    heard = shares[shares > 0]
    return DayShape(
        plays=view.plays,
        middle=float(np.angle(mean) / (2 * np.pi) * 24 % 24) if abs(mean) >= 0.1 else None,
        together=abs(mean),
        hours=float(np.exp(-np.sum(heard * np.log(heard)))),
        night=night_share(view),
        even_night=5 / 24,
        weekend=weekend_share(view),
        even_weekend=even,
    )


def _weekend_days(view: View) -> float:
    """Return the share of Saturdays and Sundays among the days of the period; 2/7 where it has none."""
    period = closed(view)
    if period is None or not period.start or not period.end or period.start >= period.end:
        return 2 / 7
    days = np.arange(day_number(period.start), day_number(period.end))
    return float(np.mean((days + 3) % 7 >= 5))


def season_hours(view: View) -> pl.DataFrame:
    """Return plays and time per season and local hour: 96 rows, zeros included.

    Columns: season (u8; 0 December to February, 1 March to May, 2 June to August, 3 September to November), hour (u8),
    plays, ms_played (i64), share (f64, 0..1 of the plays of that season; null under 20 plays in it).
    Source: counts of listens by the local wall clock and the local month they ended in.
    """
    cell = seasons_of(view.values("day")) * 24 + view.values("hour")
    plays = np.bincount(cell[view.play], minlength=96)
    whole = plays.reshape(4, 24).sum(axis=1).repeat(24)
    share = pl.Series(plays / np.maximum(1, whole))
    return pl.DataFrame(
        {
            "season": np.repeat(np.arange(4, dtype=np.uint8), 24),
            "hour": np.tile(np.arange(24, dtype=np.uint8), 4),
            "plays": plays,
            "ms_played": np.bincount(cell, weights=view.ms, minlength=96).astype(np.int64),
            "share": share.set(pl.Series(whole < ENOUGH), None),
        }
    )


def seasons_of(days: Ints) -> Ints:
    """Return the season 0..3 of day numbers: looked up by day, so that a long history costs no calendar each."""
    if not len(days):
        return np.empty(0, np.int64)
    low = int(days.min())
    every = np.arange(low, int(days.max()) + 1).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    found: Ints = (((every + 1) % 12) // 3).take(days - low)
    return found


def best_of_hours(view: View) -> pl.DataFrame:
    """Return the most played artist of each local hour of the day: 24 rows.

    Columns: hour (u8), plays (i64, of the hour), id, artist_id (i64), name, artist (str): the artist with most plays
    in it, of equals the first by name, null in an hour without plays; best (i64, plays of that artist), share (f64,
    0..1 of the hour's plays; null under 20 plays).
    Source: counts of plays per artist and local hour.
    """
    hours = view.played("hour")
    lead = leaders(hours, view.played("artist"), view.items("artist"), size=24)
    plays = np.bincount(hours, minlength=24)
    share = pl.Series(lead.plays / np.maximum(1, plays)).set(pl.Series((plays < ENOUGH) | (lead.codes < 0)), None)
    return pl.DataFrame(
        {
            "hour": np.arange(24, dtype=np.uint8),
            "plays": plays,
            **named(view.items("artist"), lead.codes),
            "best": lead.plays,
            "share": share,
        }
    )
