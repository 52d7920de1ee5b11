"""Invented people with tastes that are known, to see whether a model finds them."""

import numpy as np
from scipy import sparse

from core.recommend.datasets import Dataset, Rows

STEEP = 0.9  # how much more the first items are played than later ones, as a power of their rank


def planted(
    people: int = 300, items: int = 1_200, *, each: int = 40, clusters: int = 12, own: float = 0.7, seed: int = 7
) -> Dataset:
    """Return people who play ``each`` items: the share ``own`` of them from one cluster of items, the rest from all.

    Within a cluster and over all, few items are played by many. Weights are counts with a long tail.
    """
    generator = np.random.default_rng(seed)
    cluster = generator.integers(0, clusters, items)
    worth = 1 / (generator.permutation(items) + 10.0) ** STEEP
    found = []
    for _ in range(people):
        chances = worth * np.where(cluster == generator.integers(clusters), own, 0)
        chances = chances / max(chances.sum(), 1e-12) * own + worth / worth.sum() * (1 - own)
        picked = generator.choice(items, min(each, items), replace=False, p=chances / chances.sum())
        found.append((np.sort(picked), np.ceil(generator.lognormal(3.0, 1.3, len(picked)))))
    user = np.repeat(np.arange(people), [len(at) for at, _ in found])
    rows = Rows(user, np.concatenate([at for at, _ in found]), np.concatenate([plays for _, plays in found]))
    return Dataset(people, items, rows)


def counts_of(dataset: Dataset) -> sparse.csr_array:
    """Return a data set of one part as people by items."""
    rows = dataset.whole
    if rows is None:
        raise ValueError("this data set is split already")
    return sparse.csr_array((rows.weight, (rows.user, rows.item)), shape=(dataset.users, dataset.items))
