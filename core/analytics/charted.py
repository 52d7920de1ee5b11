"""One public chart through time as columns, and how what stands on it moves."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from core.analytics.arrays import Ints


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
