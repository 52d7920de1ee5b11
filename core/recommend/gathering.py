"""From what people played to what a model is made of: nothing rare, nobody's order, and no more than it needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from scipy import sparse

from core.analytics.arrays import Bools, Ints
from core.domain.training import MOST_ITEMS
from core.recommend.interactions import Interactions


@dataclass(frozen=True, slots=True, eq=False)
class Plays:
    """How often somebody played something: a row for each person and item, by person, then item."""

    person: Ints
    item: Ints
    plays: Ints


def most_played(person: Ints, item: Ints, plays: Ints, *, most: int = MOST_ITEMS) -> Plays:
    """Return the plays summed by person and item, of each person the ``most`` most played; items of id 0 are nothing.

    Of equally played ones the lower ids stay.
    """
    there = item > 0
    person, item, plays = person[there], item[there], plays[there]
    order = np.lexsort((item, person))
    person, item, plays = person[order], item[order], plays[order]
    first = np.flatnonzero(_changes(person) | _changes(item))
    sums = np.add.reduceat(plays, first) if len(first) else plays
    return _top(Plays(person[first], item[first], sums), most)


def _top(summed: Plays, most: int) -> Plays:
    """Return the most played items of each person, in the order they came."""
    order = np.lexsort((summed.item, -summed.plays, summed.person))
    starts = np.flatnonzero(_changes(summed.person))  # the same in both orders: person goes first in each
    place = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    kept = np.sort(order[place < most])
    return Plays(summed.person[kept], summed.item[kept], summed.plays[kept])


def _changes(column: Ints) -> Bools:
    """Return where a column differs from the row before; the first row does."""
    return np.append([True], column[1:] != column[:-1]) if len(column) else np.zeros(0, dtype=np.bool_)


def joined(parts: Iterable[Plays]) -> Plays:
    """Return the plays of different people together."""
    each = list(parts)
    if not each:
        return Plays(*(np.zeros(0, dtype=np.int64) for _ in range(3)))
    return Plays(*(np.concatenate([getattr(part, name) for part in each]) for name in ("person", "item", "plays")))


def interactions(plays: Plays, *, listeners: int, without: Ints) -> Interactions:
    """Return what a model is made of: things that at least ``listeners`` people play, and not the items ``without``.

    Nothing tells whose a row is: no ids of people, no rows without anything, and the rows stand in the order of a hash
    of what is in them. The same plays give the same, whatever ids people have.
    """
    items, place = np.unique(plays.item, return_inverse=True)
    kept = (np.bincount(place, minlength=len(items)) >= listeners) & ~np.isin(items, without)
    rows = kept[place]
    people, row = np.unique(plays.person[rows], return_inverse=True)
    column = np.cumsum(kept)[place[rows]] - 1
    shape = (len(people), int(kept.sum()))
    counts = sparse.csr_array((plays.plays[rows].astype(np.float64), (row, column)), shape=shape)
    counts.sort_indices()
    return Interactions(items[kept].astype(np.int64), _by_content(counts))


def _by_content(counts: sparse.csr_array) -> sparse.csr_array:
    """Return the rows in the order of a hash of what is in them."""
    indices, data, bounds = counts.indices.astype(np.int64), counts.data, counts.indptr
    hashes = [
        blake2b(indices[low:high].tobytes() + data[low:high].tobytes(), digest_size=16).digest()
        for low, high in pairwise(bounds)
    ]
    order = sorted(range(len(hashes)), key=hashes.__getitem__)
    return sparse.csr_array(counts[order]) if order else counts
