"""Songs the invented person skips whenever they come: they stay on a list that is played shuffled."""

import numpy as np
from numpy.typing import NDArray

from core.demo.playing import REASONS

Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]

COUNT = 9
_STARTS = range(7, 17)  # as often they begin in the whole life
_FORWARD = REASONS.index("fwdbtn")
_SOONEST, _LATEST = 1_500, 11_000  # milliseconds


def tiring(item: Integers, able: Bools) -> Integers:
    """Return the songs that are skipped every time.

    ``item``: what each row plays; ``able``: per track whether it may be one of them.
    """
    starts = np.bincount(item[item < len(able)], minlength=len(able))
    fit = np.flatnonzero(able & (starts >= _STARTS.start) & (starts < _STARTS.stop))
    return fit[np.linspace(0, len(fit) - 1, min(COUNT, len(fit))).astype(np.int64)]


def skip(rows: Integers, ms: Integers, start: Integers, end: Integers, sitting: Integers) -> None:
    """End rows within seconds by the forward button; what comes after them in the sitting begins by it."""
    ms[rows] = np.minimum(ms[rows], _SOONEST + rows * 7_919 % (_LATEST - _SOONEST))
    end[rows] = _FORWARD
    after = rows[rows + 1 < len(sitting)]
    start[after[sitting[after] == sitting[after + 1]] + 1] = _FORWARD
