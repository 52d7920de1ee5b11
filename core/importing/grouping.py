"""Finding equal and near rows among many, by sorting: the arithmetic under duplicates."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer]
Mask = NDArray[np.bool_]


def groups(*columns: Ints) -> NDArray[np.int64]:
    """Return a number for each row; rows have the same one exactly when they are equal in all columns."""
    count = len(columns[0])
    order = np.lexsort(columns)
    new = np.zeros(count, bool)
    for column in columns:
        sorted_ = column[order]
        new[1:] |= sorted_[1:] != sorted_[:-1]
    numbers = np.empty(count, np.int64)
    numbers[order] = np.cumsum(new)
    return numbers


def within(rows: tuple[Ints, ...], others: tuple[Ints, ...]) -> Mask:
    """Return which ``rows`` have an equal among ``others``; both are columns of the same meaning."""
    count = len(rows[0])
    numbers = groups(*(np.concatenate(pair) for pair in zip(rows, others, strict=True)))
    present = np.zeros(int(numbers.max(initial=-1)) + 1, bool)
    present[numbers[count:]] = True
    return present[numbers[:count]]


def near(key: Ints, at: Ints, anchor: Mask, reach: int) -> Mask:
    """Return which rows have an anchor of the same key no more than ``reach`` away; anchors have themselves."""
    order = np.lexsort((at, key))
    keys, ats, places = key[order], at[order], np.arange(len(order))
    marked = anchor[order]
    before = np.maximum.accumulate(np.where(marked, places, -1))
    after = np.minimum.accumulate(np.where(marked, places, len(order))[::-1])[::-1]
    found = np.zeros(len(order), bool)
    for nearest, known in ((before, before >= 0), (after, after < len(order))):
        there = np.where(known, nearest, 0)
        found |= known & (keys[there] == keys) & (np.abs(ats - ats[there]) <= reach)
    result = np.empty(len(order), bool)
    result[order] = found
    return result


def firsts(number: Ints, rank: Ints) -> Mask:
    """Return the row of the lowest rank of each number."""
    order = np.lexsort((rank, number))
    lead = np.ones(len(order), bool)
    lead[1:] = number[order][1:] != number[order][:-1]
    result = np.zeros(len(order), bool)
    result[order[lead]] = True
    return result
