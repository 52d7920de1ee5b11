"""Charts and places as PostgreSQL's binary COPY wants them: whole columns, no value by itself."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.repositories.arrays import EPOCH, HEADER, TRAILER

_INT2, _INT4, _INT8 = 21, 23, 20  # PostgreSQL's numbers of its types
_TYPES = {2: _INT2, 4: _INT4, 8: _INT8}
_DAY_ZERO = date(2000, 1, 1).toordinal()
_CELLS = {size: np.dtype([("size", ">i4"), ("value", f">i{size}")]) for size in _TYPES}
NULL = b"\xff\xff\xff\xff"
PLACES = "copy chart_places (thing_id, source, snapshots, ranks, amounts) from stdin (format binary)"
SNAPSHOTS = (
    "copy chart_snapshots (id, series_id, starts_on, ends_on, complete, computed_at, total, things, ranks, amounts, "
    "told_previous, told_peak, told_weeks) from stdin (format binary)"
)


def copied(rows: Iterable[bytes]) -> bytes:
    """Return rows as one whole COPY."""
    return HEADER + b"".join(rows) + TRAILER


def number(value: int | None, size: int = 4) -> bytes:
    """Return one whole number of ``size`` bytes."""
    return NULL if value is None else size.to_bytes(4) + value.to_bytes(size, signed=True)


def cell(value: bytes) -> bytes:
    """Return one value with its length."""
    return len(value).to_bytes(4) + value


def words(value: str) -> bytes:
    """Return one text."""
    return cell(value.encode())


def day(value: date) -> bytes:
    """Return one date."""
    return number(value.toordinal() - _DAY_ZERO)


def instant(value: datetime) -> bytes:
    """Return one aware moment."""
    since = value - EPOCH
    return number((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds, 8)


def cells(values: Sequence[int] | NDArray[np.int64], size: int) -> bytes:
    """Return the elements of an array, each with its length."""
    made = np.empty(len(values), dtype=_CELLS[size])
    made["size"], made["value"] = size, values
    return made.tobytes()


def column(body: bytes, size: int) -> bytes:
    """Return an array of the elements in ``body`` (see ``cells``)."""
    return _head(len(body), size) + body


@lru_cache(maxsize=10_000)
def _head(length: int, size: int) -> bytes:
    """Return what stands before the elements of an array: its length, dimensions, flags, type, count, lower bound."""
    parts = (20 + length, 1, 0, _TYPES[size], length // (4 + size), 1)
    return b"".join(part.to_bytes(4) for part in parts)


def numbers(values: Sequence[int] | NDArray[np.int64], size: int) -> bytes:
    """Return an array of whole numbers of ``size`` bytes."""
    return column(cells(values, size), size)


def places(
    source: str,
    things: NDArray[np.int64],
    snapshots: NDArray[np.int64],
    ranks: NDArray[np.int64],
    amounts: NDArray[np.int64],
) -> Iterable[bytes]:
    """Yield a row of ``chart_places`` for each thing: all its places (amount -1: none), in the order given."""
    if not len(things):
        return
    order = np.argsort(things, kind="stable")
    things = things[order]
    cuts = np.flatnonzero(np.diff(things)) + 1
    starts, ends = [0, *cuts.tolist()], [*cuts.tolist(), len(things)]
    at, rank, amount = cells(snapshots[order], 4), cells(ranks[order], 2), cells(amounts[order], 8)
    counted = np.maximum.reduceat(amounts[order], starts) >= 0
    begins = words(source)
    for thing, first, last, has in zip(things[starts].tolist(), starts, ends, counted, strict=True):
        yield b"".join(
            (
                b"\0\5\0\0\0\4",
                thing.to_bytes(4),
                begins,
                column(at[first * 8 : last * 8], 4),
                column(rank[first * 6 : last * 6], 2),
                column(amount[first * 12 : last * 12], 8) if has else NULL,
            )
        )
