"""The artists the invented person leans on: a dozen at a time, half of them others from each turn of the life on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.demo.calendar import FIRST, TURNS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LEADERS, KEPT, STOPPED = 12, 6, 2
SHARE = 0.6  # of the weight of all music is theirs
_TRACKS = 9  # somebody with fewer songs would be worn out
_RECENT = 700  # days before a turn in which those were met who take over

DAYS = tuple((turn - FIRST).days for turn in TURNS)


@dataclass(frozen=True, eq=False)
class Leaders:
    """``sets``: the artists that lead before, between and after the turns; ``weights``: how much each is leaned on.

    ``stopped``: artist → day from which they are never played again, of some who led until then.
    """

    sets: tuple[Integers, ...]
    weights: Floats
    stopped: dict[int, int]

    def on(self, day: int) -> Integers:
        """Return who leads on a day."""
        return self.sets[int(np.searchsorted(DAYS, day, side="right"))]


def drawn(met: Integers, liking: Floats, tracks: Integers, rng: np.random.Generator) -> Leaders:
    """Return who leads when.

    ``met``: day each artist is met; ``liking``: how likely they take over, 0 for never; ``tracks``: how many they have.
    """
    able = (tracks >= _TRACKS) & (liking > 0)
    weights = np.exp(rng.normal(0, 0.25, len(met)))
    sets = [_some(LEADERS, able & (met == 0), liking, rng)]
    stopped: dict[int, int] = {}
    for day in DAYS:
        order = rng.permutation(sets[-1])
        kept, gone = order[:KEPT], order[KEPT:]
        stopped |= {int(artist): day for artist in gone[:STOPPED]}
        able[sets[-1]] = False
        fresh = able & (met > day - _RECENT) & (met < day - 7)
        sets.append(np.concatenate([kept, _some(LEADERS - KEPT, fresh, liking, rng)]))
    return Leaders(tuple(sets), weights, stopped)


def _some(count: int, able: NDArray[np.bool_], liking: Floats, rng: np.random.Generator) -> Integers:
    """Return different artists, drawn by liking."""
    chances = liking * able
    count = min(count, int((chances > 0).sum()))
    return rng.choice(len(liking), count, replace=False, p=chances / chances.sum()) if count else np.zeros(0, np.int64)
