"""EASE by the matrix of items: for more people than can be inverted, on the items most people listen to."""

from collections.abc import Callable, Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.analytics.arrays import Floats, Ints
from core.recommend.interactions import listeners
from core.recommend.interactions import place as placed
from core.recommend.inverting import inverse_of
from core.recommend.packing import packed, unpacked

EXACT = 8_000  # items up to which numbers have 64 bits: 500 MB; above that 32, at 20,000 items 1.6 GB
_ROWS = 500  # of the matrix of items that are made at a time


class Primal:
    """``weights``: B turned (a row for each item that is scored, diagonal 0), of the items at ``kept`` (ascending)."""

    def __init__(self, weights: NDArray[np.floating] | sparse.csr_array, kept: NDArray[np.int64], *, size: int) -> None:
        self._weights, self._kept, self.size = weights, kept, size

    @classmethod
    def fit(cls, x: sparse.csr_array, *, l2: float, most: int) -> Self:
        """Return the fitted model of the ``most`` most listened items; of equally listened ones the first."""
        heard = listeners(x)
        kept = np.sort(np.lexsort((np.arange(len(heard)), -heard))[:most])
        weights = _inverted(sparse.csc_array(x)[:, kept], l2=l2)
        weights /= -np.diagonal(weights)[:, None].copy()
        weights[np.diag_indices(len(kept))] = 0.0
        return cls(weights, kept, size=x.shape[1])

    def scores(self, profile: Floats) -> Floats:
        """Return q B, 0 for items that are not kept."""
        made = np.zeros(self.size)
        own = np.flatnonzero(profile[self._kept])
        if len(own):
            made[self._kept] = self._weights[:, own] @ profile[self._kept[own]]
        return made

    def adding(self, own: Ints, weights: Floats) -> Callable[[int], Floats]:
        """Return what tells q_i B_ij of an item j, 0 of the item itself and where one of the two is not kept."""
        places = placed(self._kept, own)
        there = places >= 0

        def added(item: int) -> Floats:
            made, target = np.zeros(len(own)), int(placed(self._kept, np.array([item]))[0])
            if target >= 0:
                row = self._weights[[target]]
                line = row.toarray() if isinstance(row, sparse.csr_array) else row
                made[there] = weights[there] * np.asarray(line, dtype=np.float64).ravel()[places[there]]
            return made

        return added

    def thinned(self, most: int) -> Self:
        """Return the model with the ``most`` strongest weights of each item alone: all fit no database."""
        made = []
        for row in range(len(self._kept)):
            line = np.asarray(self._weights[row], dtype=np.float64).ravel()
            strong = np.sort(np.argsort(-np.abs(line), kind="stable")[:most])
            made.append((strong[line[strong] != 0], line[strong][line[strong] != 0]))
        bounds = np.concatenate([[0], np.cumsum([len(at) for at, _ in made])]).astype(np.int32)
        none = np.zeros(0)
        indices = np.concatenate([*(at for at, _ in made), none]).astype(np.int32)
        data = np.concatenate([*(values for _, values in made), none])
        shape = (len(self._kept), len(self._kept))
        return type(self)(sparse.csr_array((data, indices, bounds), shape=shape), self._kept, size=self.size)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the weights, what items they are of, and how many there are."""
        weights = packed("weights", sparse.csr_array(self._weights))
        return weights | {"kept": self._kept, "size": np.array(self.size)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Self:
        """Return the model that gave these arrays."""
        weights, size = unpacked("weights", arrays), int(arrays["size"])
        kept = np.asarray(arrays["kept"], dtype=np.int64)
        if weights.shape != (len(kept), len(kept)) or (len(kept) and not 0 <= kept.min() <= kept.max() < size):
            raise ValueError("the arrays do not fit together")
        return cls(weights, kept, size=size)


def _inverted(x: sparse.csc_array, *, l2: float) -> NDArray[np.floating]:
    """Return (X'X + l2 I)^-1, by Cholesky's factors and in place of them."""
    items = x.shape[1]
    made = np.zeros((items, items), dtype=np.float64 if items <= EXACT else np.float32)
    rows, turned = sparse.csr_array(x), sparse.csr_array(x.T)
    for low in range(0, items, _ROWS):
        made[low : low + _ROWS] = (turned[low : low + _ROWS] @ rows).toarray()
    made[np.diag_indices(items)] += l2
    return inverse_of(made)
