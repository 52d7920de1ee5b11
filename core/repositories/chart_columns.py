"""A snapshot's entries as columns, checked, and the row of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import InvalidInput
from core.domain.trends import Entry, Snapshot
from core.repositories import chart_packing as pack

MOST_RANKS = 10_000
_TOLD = 32_767
_AMOUNT = 2**63 - 1
Column = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Columns:
    """Places by rank: what stands there (id), where, its amount (-1: none), what the source told (0: nothing)."""

    things: Column
    ranks: Column
    amounts: Column
    previous: Column
    peak: Column
    weeks: Column


def columns(entries: Sequence[Entry], things: Sequence[int]) -> Columns:
    """Return entries, checked before, as columns."""
    return Columns(
        np.array(things, np.int64),
        np.array([entry.rank for entry in entries], np.int64),
        np.array([-1 if entry.value is None else entry.value for entry in entries], np.int64),
        _told([entry.previous for entry in entries]),
        _told([entry.peak for entry in entries]),
        _told([entry.weeks for entry in entries]),
    )


def _told(values: list[int | None]) -> Column:
    """Return what a source told, 0 for nothing and for what no chart can be."""
    if not any(values):
        return np.zeros(len(values), np.int64)
    found = np.array([value or 0 for value in values], np.float64)
    return np.where((found < 0) | (found > _TOLD), 0, found).astype(np.int64)


def check(snapshot: Snapshot) -> None:
    """Raise ``InvalidInput`` for what is no chart."""
    said = f"The chart of {snapshot.first} is not stored: "
    ranks = [entry.rank for entry in snapshot.entries]
    if ranks and not 1 <= min(ranks) <= max(ranks) <= MOST_RANKS:
        raise InvalidInput(f"{said}its ranks must be between 1 and {MOST_RANKS}.")
    values = [entry.value for entry in snapshot.entries if entry.value is not None]
    if (values and not 0 <= min(values) <= max(values) <= _AMOUNT) or not 0 <= (snapshot.total or 0) <= _AMOUNT:
        raise InvalidInput(f"{said}its counts must be whole numbers from 0 on.")
    if snapshot.until <= snapshot.first:
        raise InvalidInput(f"{said}it must end after it begins.")


def row(id: int, series_id: int, snapshot: Snapshot, made: Columns) -> bytes:
    """Return the row of ``chart_snapshots``."""
    return b"".join(
        (
            b"\0\x0d",
            pack.number(id),
            pack.number(series_id),
            pack.day(snapshot.first),
            pack.day(snapshot.until),
            b"\0\0\0\1\1" if snapshot.complete else b"\0\0\0\1\0",
            pack.instant(snapshot.computed_at),
            pack.number(snapshot.total, 8),
            pack.numbers(made.things, 4),
            pack.numbers(made.ranks, 2),
            pack.numbers(made.amounts, 8) if made.amounts.max(initial=-1) >= 0 else pack.NULL,
            *(pack.numbers(told, 2) if told.any() else pack.NULL for told in (made.previous, made.peak, made.weeks)),
        )
    )
