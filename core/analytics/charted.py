"""One public chart through time as columns, and how what stands on it moves."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

import numpy as np

from core.analytics.arrays import Ints

_MOST_TABLE = 4_000_000  # ids a look-up table is made for; beyond, they are searched


@dataclass(frozen=True, eq=False, slots=True)
class History:
    """One chart through time; places are in order of snapshot, then rank.

    ``starts``, ``ends``: first day and first day after of each snapshot, ascending; ``complete``: whether its time
    is over. ``snapshot``, ``thing``, ``rank``: of each place, its snapshot (position in ``starts``), what stands there
    (id) and where. ``value``: its count, -1 for none. ``told_previous``, ``told_peak``, ``told_weeks``: what the source
    says, 0 for nothing.
    """

    starts: tuple[date, ...]
    ends: tuple[date, ...]
    complete: tuple[bool, ...]
    snapshot: Ints
    thing: Ints
    rank: Ints
    value: Ints
    told_previous: Ints
    told_peak: Ints
    told_weeks: Ints

    @classmethod
    def empty(cls) -> "History":
        """Return the history of a chart that has none."""
        none = np.empty(0, dtype=np.int64)
        return cls((), (), (), none, none, none, none, none, none, none)

    def places(self, first: int, last: int) -> slice:
        """Return where the places of the snapshots ``first`` to ``last`` (both included) stand in the columns."""
        low, high = np.searchsorted(self.snapshot, [first, last + 1])
        return slice(int(low), int(high))

    def position(self, day: date) -> int:
        """Return the snapshot that holds a day, else the last before it, else the first; -1 where there is none."""
        return max(bisect_right(self.starts, day) - 1, 0) if self.starts else -1

    def follows(self, at: int) -> bool:
        """Return whether the snapshot before this one ends on the day this one begins: nothing is missing between."""
        return 0 < at < len(self.starts) and self.ends[at - 1] == self.starts[at]


@dataclass(frozen=True, eq=False, slots=True)
class Grid:
    """Some snapshots of a chart, laid out: one row a snapshot, oldest first, one column a thing.

    ``rank``: 0 where it was not on the chart; ``value``: its count, -1 for none; ``depth``: the last rank of all.
    """

    rank: Ints
    value: Ints
    depth: int


def grid(history: History, things: Ints, first: int, last: int) -> Grid:
    """Return the snapshots ``first`` to ``last`` (both included) of a chart for some things, one column each."""
    where = history.places(first, last)
    column = columns_of(history.thing[where], things)
    inside = np.flatnonzero(column >= 0)[::-1]  # backwards: were a thing there twice, its best rank is written last
    cell = (history.snapshot[where][inside] - first, column[inside])
    rank = np.zeros((last - first + 1, len(things)), dtype=np.int64)
    value = np.full_like(rank, -1)
    rank[cell], value[cell] = history.rank[where][inside], history.value[where][inside]
    return Grid(rank, value, int(history.rank[where].max(initial=0)))


def columns_of(ids: Ints, things: Ints) -> Ints:
    """Return the position in ``things`` (all different) of each id, -1 for those not there."""
    if not len(things):
        return np.full(len(ids), -1, dtype=np.int64)
    low = int(min(things.min(), ids.min(initial=things.min())))
    size = int(max(things.max(), ids.max(initial=things.max()))) - low + 1
    if size <= _MOST_TABLE:
        table = np.full(size, -1, dtype=np.int64)
        table[things - low] = np.arange(len(things))
        return table.take(ids - low)
    order = np.argsort(things)
    place = order[np.minimum(np.searchsorted(things, ids, sorter=order), len(things) - 1)]
    return np.where(things[place] == ids, place, -1)
