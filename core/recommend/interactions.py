"""What a model learns from: how much each of some people played each of some things, and who they are is not in it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.analytics.arrays import Floats, Ints


@dataclass(frozen=True, eq=False)
class Interactions:
    """People by items.

    ``items``: ids, ascending. ``counts``: float64, a row for each person and a column for each item: plays.
    """

    items: NDArray[np.int64]
    counts: sparse.csr_array

    def listeners(self) -> NDArray[np.int64]:
        """Return how many people play each item."""
        return listeners(self.counts)


def listeners(counts: sparse.csr_array) -> NDArray[np.int64]:
    """Return how many rows have something in each column."""
    return np.bincount(counts.indices[counts.data != 0], minlength=counts.shape[1]).astype(np.int64, copy=False)


def place(items: Ints, ids: Ints) -> NDArray[np.int64]:
    """Return where ids stand among ``items`` (ascending), -1 for those that are not there."""
    ids = np.asarray(ids, dtype=np.int64)
    if not len(items):
        return np.full(len(ids), -1, dtype=np.int64)
    found = np.minimum(np.searchsorted(items, ids), len(items) - 1)
    return np.where(items[found] == ids, found, -1).astype(np.int64, copy=False)


def known(items: Ints, plays: Mapping[int, float]) -> tuple[NDArray[np.int64], Floats]:
    """Return where a person's items stand, ascending, and their plays; unknown items and no plays are left out."""
    ids = np.fromiter(plays.keys(), dtype=np.int64, count=len(plays))
    amounts = np.fromiter(plays.values(), dtype=np.float64, count=len(plays))
    places = place(items, ids)
    there = (places >= 0) & np.isfinite(amounts) & (amounts > 0)
    order = np.argsort(places[there])
    return places[there][order], amounts[there][order]
