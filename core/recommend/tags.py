"""Things by their tags: how much what a person plays is of the same genres as another thing.

Source: cosine of tf-idf vectors, Salton & Buckley (1988); the profile is the weighted sum of its items' vectors.
"""

from collections.abc import Callable

import numpy as np
from scipy import sparse

from core.analytics.arrays import Floats, Ints


class TagVectors:
    """``rows``: items by tags, each of length 1, or 0 where nothing is known of an item."""

    def __init__(self, rows: sparse.csr_array) -> None:
        self.rows = sparse.csr_array(rows, dtype=np.float64, copy=True)
        self.rows.sum_duplicates()

    def scores(self, profile: Floats) -> Floats:
        """Return the cosine of each item with a person whose weights by item are ``profile``; 0 where unknown."""
        own = np.flatnonzero(profile)
        taste = profile[own] @ self.rows[own]
        made: Floats = (self.rows @ taste) / self.length(own, profile[own])
        return made

    def contributions(self, profile: Floats, item: int) -> Floats:
        """Return what each item of the profile adds to the score of ``item``, 0 for items not in it."""
        own, made = np.flatnonzero(profile), np.zeros(len(profile))
        made[own] = self.alike(own)(item) * profile[own] / self.length(own, profile[own])
        return made

    def alike(self, own: Ints) -> Callable[[int], Floats]:
        """Return what tells the cosine of each of the items ``own`` (places) with an item."""
        mine, bounds = self.rows[own], self.rows.indptr

        def cosines(item: int) -> Floats:
            low, high = bounds[item], bounds[item + 1]
            target = np.zeros(self.rows.shape[1])
            target[self.rows.indices[low:high]] = self.rows.data[low:high]
            made: Floats = mine @ target
            return made

        return cosines

    def length(self, own: Ints, weights: Floats) -> float:
        """Return the length of a taste, 1 where nothing is known of it."""
        return float(np.linalg.norm(weights @ self.rows[own])) or 1.0
