"""An invented world that streams music: how often each song is played in a week, anywhere and by country."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.demo.catalogue import Catalogue
from core.demo.chart_courses import JUMP, WEEKS, christmas, courses
from core.demo.chart_places import COUNTRIES, WEIGHTS, delays, fondness
from core.demo.chart_songs import CYCLE, LASTING, SEED, monday, songs_of
from core.domain.trends import WORLD

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

REGIONS = (WORLD, *COUNTRIES)
_STREAMS = 54_000_000  # a week, of a song at the peak of a world-wide hit
_EVENED = 0.72  # no hit is played twice as much for being twice as large
_SHAKES, _SHAKES_HERE = 0.025, 0.06  # how far a week is from the rule (log): everywhere, and in one country
_JUMPS = 0.55  # chance of a week to make an old song jump
_JUMP_FROM = slice(90, 180)  # places such a song stood on the week before
_APART = 30  # weeks in which no song jumps twice


@dataclass(frozen=True, slots=True)
class Jump:
    """An old song that is suddenly everywhere: which, from which week's Monday on, how far of a hit it gets."""

    song: int
    start: int
    strength: float


class World:
    """What is played in any week of all times; days count from year 1, weeks go by their Monday.

    The same catalogue and week always give the same plays, whatever was asked before: nothing depends on a clock.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        """Draw the fates of the catalogue's songs."""
        self.catalogue, self.songs = catalogue, songs_of(catalogue)
        self.courses = courses(self.songs)
        self._rows = np.arange(len(self.songs.names)) * (WEEKS + 1)
        self._delays = delays(catalogue, self.songs)
        self._fondness = fondness(catalogue, self.songs)
        self._drawn: dict[int, Jump | None] = {}

    def streams(self, start: int) -> Integers:
        """Return the plays of each song in the week from a Monday: one row for each of ``REGIONS``."""
        rng = np.random.default_rng([SEED, 5, start])
        everywhere = rng.normal(0, _SHAKES, len(self._rows))
        here = rng.normal(0, _SHAKES_HERE, self._fondness.shape)
        level = self._level(start) + self._jumping(start)
        places = np.rint(level**_EVENED * self._fondness * np.exp(everywhere + here) * _STREAMS)
        world = np.rint(places.sum(axis=0) / sum(WEIGHTS.values()))
        return np.vstack([world, places]).astype(np.int64)

    def jumps(self, start: int) -> list[Jump]:
        """Return the jumps that are still felt in a week, none of a song that jumped shortly before."""
        return [jump for age in range(len(JUMP)) if (jump := self.jump(start - 7 * age)) is not None]

    def jump(self, start: int) -> Jump | None:
        """Return the jump that begins in a week, None for most weeks."""
        drawn = self._draw(start)
        if drawn is None:
            return None
        before = (self._draw(start - 7 * weeks) for weeks in range(1, _APART))
        return None if any(each and each.song == drawn.song for each in before) else drawn

    def ages(self, start: int) -> Integers:
        """Return the weeks since each song last came out, negative before it first did."""
        since = start - self.songs.out
        last = monday(self.songs.out + np.maximum((since + 6) // CYCLE, 0) * CYCLE)
        return np.asarray((start - last) // 7)

    def _level(self, start: int) -> Floats:
        """Return how far each song is of a world-wide hit, by country, in a week without jumps and chance."""
        age = self.ages(start)
        column = np.clip(age - self._delays + 1, 0, WEEKS)
        released = self.courses.ravel()[self._rows + column] * self.songs.strength
        lasting = np.where(self.songs.festive | (age < 0), 0.0, self.songs.lasting)
        season = np.where(self.songs.festive, self.songs.strength * christmas(start), 0.0)
        return np.asarray(released + lasting + season)

    def _jumping(self, start: int) -> Floats:
        """Return what jumps add to each song in a week."""
        added = np.zeros(len(self._rows))
        for jump in self.jumps(start):
            added[jump.song] += jump.strength * JUMP[(start - jump.start) // 7]
        return added

    def _draw(self, start: int) -> Jump | None:
        """Return the jump a week draws: a song that lasts, from the lower places of the week before."""
        if start not in self._drawn:
            rng = np.random.default_rng([SEED, 6, start])
            self._drawn[start] = self._drawn_from(start, rng) if rng.random() < _JUMPS else None
        return self._drawn[start]

    def _drawn_from(self, start: int, rng: np.random.Generator) -> Jump | None:
        world = (self._level(start - 7) * self._fondness).sum(axis=0)
        there = np.argsort(-world, kind="stable")[_JUMP_FROM]
        old = there[(self.songs.lasting[there] >= LASTING) & (self.ages(start)[there] > 60)]
        return Jump(int(rng.choice(old)), start, float(rng.uniform(0.07, 0.32))) if len(old) else None
