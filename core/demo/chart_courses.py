"""How songs rise and fade in the weeks after their release, come back at Christmas, or jump years later."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from core.demo.chart_songs import FILLER, HIT, SEED, SLEEPER, SUMMER, Songs

Floats = NDArray[np.float64]

WEEKS = 200  # after so many nothing of a release is left but what lasts
JUMP = np.concatenate([[0.4, 0.75, 1.0], np.exp(-np.arange(1, 28) / 7)])  # of a song that is suddenly everywhere


def courses(songs: Songs) -> Floats:
    """Return how far each song is of its peak (0..1) by weeks after its release: one row a song, ``WEEKS`` + 1 columns.

    Column 0 is 0: not out yet. A hit rises for two weeks and falls slowly, a filler falls from its first week on,
    a sleeper climbs for months, a summer's song climbs for weeks and goes with the summer.
    """
    rng = np.random.default_rng([SEED, 4])
    count, age = len(songs.way), np.arange(WEEKS)[None, :].astype(np.float64)
    quick, slow = _column(rng.uniform(4, 9, count)), _column(rng.uniform(25, 50, count))
    hit = (1 - 0.45 * np.exp(-age / 0.9)) * _falls(np.maximum(age - 2, 0), 0.8, quick, slow)
    filler = _falls(age, 0.85, quick / 4, slow / 2.5)
    middle = _column(rng.uniform(8, 15, count))
    sleeper = _climbs(age, middle, 2.0) * _falls(np.maximum(age - middle - 3, 0), 0.75, quick, slow)
    middle = _column(rng.uniform(3, 6, count))
    summer = _climbs(age, middle, 1.4) * _falls(np.maximum(age - 13, 0), 0.95, quick / 1.8, slow / 2)
    made = np.zeros((count, WEEKS + 1))
    for way, course in ((HIT, hit), (FILLER, filler), (SLEEPER, sleeper), (SUMMER, summer)):
        made[:, 1:] = np.where(_column(songs.way == way), course, made[:, 1:])
    made[songs.festive] = 0.0
    return made


def christmas(start: int) -> float:
    """Return how much of Christmas is in the week from a Monday (days since year 1): 0 most of the year, 1 at best."""
    middle = date.fromordinal(start + 3)
    days = middle.toordinal() - date(middle.year if middle.month > 6 else middle.year - 1, 12, 24).toordinal()
    if not -45 <= days <= 9:
        return 0.0
    return float(np.exp(days / 11) if days < 0 else np.exp(-days / 2.5))


def _falls(weeks: Floats, share: float, quick: Floats, slow: Floats) -> Floats:
    """Return what is left after some weeks when a share of it goes quickly and the rest slowly."""
    return np.asarray(share * np.exp(-weeks / quick) + (1 - share) * np.exp(-weeks / slow))


def _climbs(weeks: Floats, middle: Floats, width: float) -> Floats:
    """Return the way up from 0 to 1, half of it done in the middle."""
    return np.asarray(1 / (1 + np.exp((middle - weeks) / width)))


def _column(values: NDArray[np.generic]) -> Floats:
    return np.asarray(values)[:, None]
