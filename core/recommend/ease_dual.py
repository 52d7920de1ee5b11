"""EASE by the matrix of people: for fewer people than items, without ever making a matrix of items by items.

Source: Woodbury's identity, (X'X + l2 I)^-1 = (I - X' K^-1 X) / l2 with K = XX' + l2 I.
"""

from collections.abc import Callable, Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.analytics.arrays import Floats, Ints
from core.recommend.inverting import inverse_of
from core.recommend.packing import packed, unpacked

_ROWS = 500  # of the matrix of people that are made at a time
_FEW, _GATHERED = 48, 4_000_000  # listeners up to which items are computed many at a time; numbers looked up at a time


class Dual:
    """``x``: people by items; ``inverse``: of K; ``slack``: by item, l2 times the diagonal of P, in (0, 1]."""

    def __init__(self, x: sparse.csr_array, inverse: Floats, slack: Floats, *, l2: float) -> None:
        self._x, self._inverse, self._slack, self._l2 = x, inverse, slack, l2
        self._columns = columns(x)
        self.size: int = x.shape[1]

    @classmethod
    def fit(cls, x: sparse.csr_array, *, l2: float) -> Self:
        """Return the fitted model."""
        inverse = inverted(x, l2=l2)
        return cls(x, inverse, 1.0 - leverage(columns(x), inverse), l2=l2)

    def scores(self, profile: Floats) -> Floats:
        """Return q B: for items not in the profile (X' K^-1 X q)_j / slack_j, for own ones without themselves."""
        similar = self._columns @ (self._inverse @ (self._x @ profile))
        made: Floats = (similar - profile * (1.0 - self._slack)) / self._slack
        return made

    def adding(self, own: Ints, weights: Floats) -> Callable[[int], Floats]:
        """Return what tells q_i B_ij = q_i (x_i' K^-1 x_j) / slack_j of an item j, 0 of the item itself."""
        rows, bounds, people = self._columns[own], self._columns.indptr, len(self._inverse)

        def added(item: int) -> Floats:
            low, high = bounds[item], bounds[item + 1]
            listeners = (self._columns.data[low:high], self._columns.indices[low:high], [0, high - low])
            through = (sparse.csr_array(listeners, shape=(1, people)) @ self._inverse)[0]  # copies no rows of people
            made: Floats = weights * (rows @ through) / self._slack[item]
            made[own == item] = 0.0
            return made

        return added

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return matrix, diagonal and l2; the inverse is made again, it is the larger part and quick to make."""
        return packed("x", self._x) | {"slack": self._slack, "l2": np.array(self._l2)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Self:
        """Return the model that gave these arrays."""
        x, l2 = unpacked("x", arrays), float(arrays["l2"])
        slack = np.asarray(arrays["slack"], dtype=np.float64)
        if slack.shape != (x.shape[1],) or not l2 > 0:
            raise ValueError("the arrays do not fit together")
        return cls(x, inverted(x, l2=l2), slack, l2=l2)


def columns(x: sparse.csr_array) -> sparse.csr_array:
    """Return a matrix turned: a row for each column, sorted."""
    turned = sparse.csr_array(x.T)
    turned.sort_indices()
    return turned


def inverted(x: sparse.csr_array, *, l2: float) -> Floats:
    """Return (XX' + l2 I)^-1 of people."""
    people, turned = x.shape[0], sparse.csc_array(x.T)
    made = np.zeros((people, people))
    for low in range(0, people, _ROWS):
        made[low : low + _ROWS] = (x[low : low + _ROWS] @ turned).toarray()
    made[np.diag_indices(people)] += l2
    return np.asarray(inverse_of(made), dtype=np.float64)


def leverage(turned: sparse.csr_array, inverse: Floats) -> Floats:
    """Return x_j' K^-1 x_j of each item, from the people who play it alone: n squared numbers for n of them."""
    having = np.diff(turned.indptr)
    made = np.zeros(len(having))
    for n in np.unique(having[(having > 0) & (having <= _FEW)]).tolist():
        same = np.flatnonzero(having == n)
        step = max(1, _GATHERED // (n * n))
        for low in range(0, len(same), step):
            part = same[low : low + step]
            at = turned.indptr[part][:, None] + np.arange(n)
            who, weights = turned.indices[at], turned.data[at]
            made[part] = np.einsum("ia,iab,ib->i", weights, inverse[who[:, :, None], who[:, None, :]], weights)
    for item in np.flatnonzero(having > _FEW).tolist():
        low, high = turned.indptr[item], turned.indptr[item + 1]
        who, weights = turned.indices[low:high], turned.data[low:high]
        made[item] = weights @ inverse[np.ix_(who, who)] @ weights
    return made
