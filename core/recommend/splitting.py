"""Splits who played what into what is learned from, what settings are chosen with, and what is asked for."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from core.analytics.arrays import Bools, Ints
from core.recommend.datasets import Dataset, Rows

SEEDS = (2020, 2021, 2022, 2023, 2024)
SHARE = 0.1  # of each user's items for choosing settings, and as many for the test


@dataclass(frozen=True, eq=False)
class Fold:
    """``train``: users by items, weights. ``known``: by user, all that may not be asked for. ``test``: what may."""

    train: sparse.csr_array
    known: sparse.csr_array
    test: sparse.csr_array


def parts(n: int) -> tuple[int, int, int]:
    """Return how many of a user's ``n`` items are for training, for choosing and for the test.

    Source: RecBole 1.x, ``Dataset._calcu_split_ids`` with 8:1:1: tenths rounded down, the rest is for training; who has
    too few for a tenth gives one to the test, then one to the other, as long as more than one is left.
    """
    valid = test = int(SHARE * n)
    train = n - valid - test
    if not test and train > 1:
        train, test = train - 1, 1
    if not valid and train > 1:
        train, valid = train - 1, 1
    return train, valid, test


def random_fold(dataset: Dataset, seed: int) -> Fold:
    """Return a data set split at random within each user, 8:1:1."""
    whole = dataset.whole
    if whole is None:
        raise ValueError("this data set is split already")
    generator, part = np.random.default_rng(seed), np.zeros(len(whole.user), dtype=np.int64)
    bounds = np.searchsorted(whole.user, np.arange(dataset.users + 1))
    for low, high in pairwise(bounds.tolist()):
        train, valid, _ = parts(high - low)
        order = low + generator.permutation(high - low)
        part[order[train : train + valid]] = 1
        part[order[train + valid :]] = 2
    return _fold(dataset, *(_only(whole, part == each) for each in range(3)))


def fixed_fold(dataset: Dataset) -> Fold:
    """Return a data set split as its files are."""
    if dataset.train is None or dataset.test is None:
        raise ValueError("this data set is one file")
    nothing = _only(dataset.train, np.zeros(len(dataset.train.user), dtype=np.bool_))
    return _fold(dataset, dataset.train, dataset.valid or nothing, dataset.test)


def _only(rows: Rows, where: Bools) -> Rows:
    return Rows(rows.user[where], rows.item[where], rows.weight[where])


def _fold(dataset: Dataset, train: Rows, valid: Rows, test: Rows) -> Fold:
    made = _matrix(dataset, train)
    return Fold(made, sparse.csr_array(made + _matrix(dataset, valid)), _matrix(dataset, test))


def _matrix(dataset: Dataset, rows: Rows) -> sparse.csr_array:
    made = sparse.csr_array((rows.weight, (rows.user, rows.item)), shape=(dataset.users, dataset.items))
    made.sort_indices()
    return made


def row(matrix: sparse.csr_array, user: int) -> Ints:
    """Return the items of a user."""
    items: Ints = matrix.indices[matrix.indptr[user] : matrix.indptr[user + 1]]
    return items
