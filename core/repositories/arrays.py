"""Columns of integers between PostgreSQL and numpy, whole: row by row costs more than everything else."""

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

_HEAD = 20  # dimensions, flags, element type, length, lower bound
HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # of a binary COPY
TRAILER = b"\xff\xff"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def integers(sent: bytes, size: int) -> NDArray[np.int64]:
    """Return the elements of ``array_send`` of an array without nulls; ``size`` is an element's bytes.

    Moments come as microseconds since 2000.
    """
    cells = np.frombuffer(sent, np.uint8, offset=_HEAD).reshape(-1, 4 + size)
    return np.ascontiguousarray(cells[:, 4:]).view(f">i{size}").ravel().astype(np.int64)


def moment(micros: int) -> datetime:
    """Return microseconds since 2000 as an aware moment."""
    return EPOCH + timedelta(microseconds=int(micros))
