"""Snapshots of charts to test with, and what is stored of one."""

import itertools
from datetime import UTC, date, datetime, timedelta

from core.domain.trends import ChartKey, Entry, Kind, Snapshot
from core.repositories.chart_rows import ChartRows

NOW = datetime(2026, 1, 20, 6, 30, 15, 123456, tzinfo=UTC)
MONDAY = date(2026, 1, 5)
WEEK = timedelta(days=7)
_numbers = itertools.count(1)


def number() -> int:
    """Return a number nobody else in this run has."""
    return next(_numbers)


def named(word: str) -> str:
    """Return a name no other test has."""
    return f"{word} {number()} of rows"


def own_key(kind: Kind = "track", region: str = "DE") -> ChartKey:
    """Return a chart nobody else writes to."""
    return ChartKey(f"rows{number()}", kind, "week", region)


def snap(key: ChartKey, *entries: Entry, first: date = MONDAY, at: datetime = NOW, complete: bool = True) -> Snapshot:
    """Return a week of a chart."""
    return Snapshot(key, first, first + WEEK, complete, at, entries)


def series_id(rows: ChartRows, key: ChartKey) -> int:
    """Return a stored chart's id."""
    return next(each.id for each in rows.series() if each.key == key)


def standing(rows: ChartRows, key: ChartKey, day: date = MONDAY) -> list[int]:
    """Return the things of a chart's snapshot, by rank."""
    chart = series_id(rows, key)
    return rows.at([chart], day)[chart].thing.tolist()
