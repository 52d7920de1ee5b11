"""EASE: what of a person's items speaks for another one, learned in closed form from who plays what.

Source: Steck (2019), Embarrassingly Shallow Autoencoders for Sparse Data, arXiv 1905.03375: B = I - P diag(1 / P_jj),
P = (X'X + l2 I)^-1; a person with the row q is given the scores q B.
"""

from collections.abc import Callable, Mapping
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.analytics.arrays import Floats, Ints
from core.recommend.ease_dual import Dual
from core.recommend.ease_primal import Primal

# Up to so many people the matrix of people is inverted, above that the one of the most listened items: at 6,000 people
# the first takes 300 MB, and grows with the square of people.
MOST_PEOPLE, MOST_ITEMS = 6_000, 20_000
Arrays = dict[str, NDArray[np.generic]]


class _Form(Protocol):
    """One of the two ways to compute the same scores."""

    def scores(self, profile: Floats) -> Floats: ...
    def adding(self, own: Ints, weights: Floats) -> Callable[[int], Floats]: ...
    def arrays(self) -> Arrays: ...


class Ease:
    """A fitted model; safe to share between threads. Profiles are as the matrix it was fitted to: already transformed.

    People beyond ``MOST_PEOPLE``: only the ``MOST_ITEMS`` most listened items are scored, others get 0.
    """

    def __init__(self, form: _Form, *, size: int) -> None:
        self._form, self.size = form, size

    @classmethod
    def fit(
        cls, x: sparse.csr_array, *, l2: float, most_people: int = MOST_PEOPLE, most_items: int = MOST_ITEMS
    ) -> Self:
        """Return the model of people (rows) by items (columns); ``l2`` above 0 holds weights down."""
        if x.shape[0] <= most_people:
            return cls(Dual.fit(x, l2=l2), size=x.shape[1])
        return cls(Primal.fit(x, l2=l2, most=most_items), size=x.shape[1])

    def scores(self, profile: Floats) -> Floats:
        """Return the score of each item for a person whose weights by item are ``profile``."""
        return self._form.scores(profile)

    def contributions(self, profile: Floats, item: int) -> Floats:
        """Return what each item of the profile adds to the score of ``item``, 0 for items not in it."""
        own = np.flatnonzero(profile)
        made = np.zeros(len(profile))
        made[own] = self.adding(own, profile[own])(item)
        return made

    def adding(self, own: Ints, weights: Floats) -> Callable[[int], Floats]:
        """Return what tells how much each of the items ``own`` (places) adds to the score of an item."""
        return self._form.adding(own, weights)

    def thinned(self, most: int) -> Self:
        """Return the model with the ``most`` strongest weights of each item, where it holds weights of pairs at all."""
        return type(self)(self._form.thinned(most), size=self.size) if isinstance(self._form, Primal) else self

    def arrays(self) -> Arrays:
        """Return all there is to it, by name."""
        return self._form.arrays()

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Self:
        """Return the model that gave these arrays; raises ``KeyError`` or ``ValueError`` where they are not one."""
        form = Primal.from_arrays(arrays) if "weights_shape" in arrays else Dual.from_arrays(arrays)
        return cls(form, size=form.size)
