"""Acquaintance: on which days somebody played each artist, album or track."""

from dataclasses import dataclass

import numpy as np

from core.analytics.arrays import Ints
from core.analytics.library import By
from core.analytics.view import View


@dataclass(frozen=True, eq=False)
class Days:
    """Per code of ``by``: ``first`` and ``last`` local day with a play as day numbers, ``heard`` how many such days.

    All are 0 where there is no play. ``months``: how many calendar months have one.
    """

    first: Ints
    last: Ints
    heard: Ints
    months: Ints


def days_of(view: View, by: By) -> Days:
    """Return on which local days and in how many months each thing was played in a view."""
    size, codes, days = len(view.items(by)), view.played(view.code_column(by)), view.played("day")
    first, last = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    order = np.arange(len(days)) if view.local.ordered else np.argsort(days, kind="stable")
    first[codes[order[::-1]]] = days[order[::-1]]  # the last assignment wins
    last[codes[order]] = days[order]
    low = int(days.min(initial=0)) if len(days) else 0
    return Days(first, last, _different(codes, days - low, size), _different(codes, _months(days), size))


def _months(days: Ints) -> Ints:
    """Return the calendar month of each day, counted from the earliest."""
    if not len(days):
        return days
    low = int(days.min())
    every = np.arange(low, int(days.max()) + 1).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    found: Ints = (every - every[0])[days - low]
    return found


def _different(codes: Ints, when: Ints, size: int) -> Ints:
    """Return how many different moments each code has."""
    if not len(codes):
        return np.zeros(size, dtype=np.int64)
    width = int(when.max()) + 1
    pairs = np.sort(codes.astype(np.int64) * width + when)  # many times faster than np.unique
    first = np.concatenate([[True], pairs[1:] != pairs[:-1]])
    return np.bincount(pairs[first] // width, minlength=size)
