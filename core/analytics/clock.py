"""When of the day and of the week somebody listens."""

import numpy as np
import polars as pl

from core.analytics.view import View


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
    return int(np.count_nonzero(which)) / plays if plays >= 20 else None  # type: ignore[call-overload]
