"""The models that are measured: the product's own, plain EASE, and two simple ones for orientation."""

from typing import Literal

import numpy as np
from scipy import sparse

from core.analytics.arrays import Floats
from core.recommend.ease import Ease
from core.recommend.interactions import Interactions, listeners
from core.recommend.measuring import Maker, Scorer
from core.recommend.model import Recipe, Recommender
from core.recommend.splitting import row
from core.recommend.tasting import damped

Contender = Literal["product", "ease", "item-knn", "popularity"]
NEIGHBOURS, SHRINK = 1_000, 10.0


def product(recipe: Recipe) -> Maker:
    """Return the maker of the product's own model; there are no genres in data sets of numbers."""

    def make(train: sparse.csr_array) -> Scorer:
        model = Recommender.fit(Interactions(np.arange(train.shape[1]), train), recipe=recipe)

        def scores(user: int) -> Floats:
            low, high = train.indptr[user], train.indptr[user + 1]
            return model.scores(dict(zip(row(train, user).tolist(), train.data[low:high].tolist(), strict=True)))

        return scores

    return make


def plain_ease(recipe: Recipe) -> Maker:
    """Return the maker of EASE alone, all its weights kept; damped where the recipe says so."""

    def make(train: sparse.csr_array) -> Scorer:
        x, heard = weighed(train, recipe), np.maximum(listeners(train), 1)
        ease = Ease.fit(x, l2=recipe.strength(train.shape[0]))
        return lambda user: damped(ease.scores(dense(x, user)), heard, recipe.damping)

    return make


def popularity(train: sparse.csr_array) -> Scorer:
    """Return what ranks items by how many people play them, for everybody alike."""
    heard = listeners(train).astype(np.float64)
    return lambda user: heard


def item_knn(train: sparse.csr_array) -> Scorer:
    """Return what ranks items by how alike their listeners are to those of a user's items.

    Source: cosine of log counts, shrunk by 10, the 1,000 nearest of each item (Sarwar et al. 2001).
    """
    x = weighed(train, Recipe())
    together = sparse.csr_array(x.T @ x)
    length = np.sqrt(x.multiply(x).sum(axis=0))
    rows = np.repeat(np.arange(together.shape[0]), np.diff(together.indptr))
    together.data = together.data / (length[rows] * length[together.indices] + SHRINK)
    together.data[rows == together.indices] = 0.0
    for item in np.flatnonzero(np.diff(together.indptr) > NEIGHBOURS).tolist():
        part = together.data[together.indptr[item] : together.indptr[item + 1]]
        part[np.argsort(-part, kind="stable")[NEIGHBOURS:]] = 0.0
    together.eliminate_zeros()
    turned = sparse.csr_array(together.T)

    def scores(user: int) -> Floats:
        own, low, high = row(x, user), x.indptr[user], x.indptr[user + 1]
        made: Floats = x.data[low:high] @ turned[own]
        return made

    return scores


def weighed(train: sparse.csr_array, recipe: Recipe) -> sparse.csr_array:
    """Return a matrix of plays as a recipe weighs them."""
    made = sparse.csr_array(train, copy=True)
    made.data = recipe.weighed(made.data)
    return made


def dense(x: sparse.csr_array, user: int) -> Floats:
    """Return a row as an array."""
    made = np.zeros(x.shape[1])
    made[row(x, user)] = x.data[x.indptr[user] : x.indptr[user + 1]]
    return made
