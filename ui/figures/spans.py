"""Months and quarters in words, and as the part of a range a click narrows a page to."""

from datetime import date, timedelta
from typing import Literal

import polars as pl

from core.domain.period import Period

Step = Literal["month", "quarter", "year"]
MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}
FEW_YEARS = 366 * 5


def step_for(period: Period) -> Step:
    """Return months, or quarters for more than five years."""
    return "month" if (period.days or FEW_YEARS + 1) <= FEW_YEARS else "quarter"


def end_of(start: date, step: str) -> date:
    """Return the first day after the month, quarter or year that begins on a day."""
    index = start.year * 12 + start.month - 1 + MONTHS[step]
    return date(index // 12, index % 12 + 1, 1)


def start_before(start: date, step: str) -> date:
    """Return the first day of the bucket before the one that begins on a day."""
    index = start.year * 12 + start.month - 1 - MONTHS[step]
    return date(index // 12, index % 12 + 1, 1)


def label(start: date, step: str) -> str:
    """Return a bucket in words: ``Mar 2020``, ``Jan–Mar 2020``, ``2020``."""
    if step == "year":
        return str(start.year)
    last = end_of(start, step) - timedelta(days=1)
    return f"{start:%b %Y}" if step == "month" else f"{start:%b}–{last:%b %Y}"


def token(start: date, end: date, period: Period) -> str:
    """Return the days ``start <= day < end`` that lie in a period as an address has them."""
    first = max(start, period.start or start)
    last = min(end, period.end or end) - timedelta(days=1)
    return f"{first}..{max(first, last)}"


def marked(frame: pl.DataFrame, step: str, period: Period) -> pl.DataFrame:
    """Return a frame by ``start`` with ``label`` (str) and ``pick_brush`` (str, the days a click narrows to)."""
    starts = frame["start"].to_list()
    return frame.with_columns(
        label=pl.Series([label(start, step) for start in starts], dtype=pl.String),
        pick_brush=pl.Series([token(start, end_of(start, step), period) for start in starts], dtype=pl.String),
    )
