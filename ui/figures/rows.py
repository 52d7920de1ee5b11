"""From a metric's frame to the rows its figure draws."""

import polars as pl
import pyarrow as pa

from core.domain.period import Period
from ui.figures.clock import WEEKDAYS

MS_PER_HOUR = 3_600_000
STEPS = {"month": "1mo", "year": "1y"}


def value(metric: str, *, plays: str = "plays", ms: str = "ms_played") -> pl.Expr:
    """Return plays, or hours made of milliseconds, as a float."""
    return pl.col(plays).cast(pl.Float64) if metric == "plays" else pl.col(ms) / MS_PER_HOUR


def timeline_rows(frame: pl.DataFrame, metric: str, *, step: str, period: Period) -> pa.Table:
    """Return ``start``, ``value`` and ``before`` (null without a period before) of a timeline's frame, each a day.

    ``step`` is ``day``, ``smooth`` (means of seven days), ``month`` or ``year``; the first and last month or year of
    a range are divided by those of their days that lie in it.
    """
    before = value(metric, plays="plays_before", ms="ms_before") if "plays_before" in frame.columns else pl.lit(None)
    made = frame.select("start", value(metric).alias("value"), before.cast(pl.Float64).alias("before"))
    if step == "smooth":
        made = made.with_columns(pl.col("value", "before").rolling_mean(7, min_samples=1, center=True))
    elif step in STEPS:
        first = pl.max_horizontal("start", pl.lit(period.start or made["start"].min(), pl.Date))
        end = pl.col("start").dt.offset_by(STEPS[step])
        days = (pl.min_horizontal(end, pl.lit(period.end, pl.Date)) - first).dt.total_days()
        made = made.with_columns(pl.col("value", "before") / days)
    return made.to_arrow()


def clock_rows(frame: pl.DataFrame, metric: str) -> pa.Table:
    """Return ``weekday`` (Mon…Sun), ``hour``, ``value`` of a clock's frame, and what a click filters by."""
    named = pl.col("weekday").replace_strict(dict(enumerate(WEEKDAYS)), return_dtype=pl.String)
    picked = (pl.col("weekday", "hour").cast(pl.Int64)).name.prefix("pick_")
    return frame.select(named, pl.col("hour").cast(pl.Int64), value(metric).alias("value"), picked).to_arrow()
