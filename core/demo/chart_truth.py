"""What is true of the invented charts: what their simulator put into them, for whoever holds a figure against it."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from core.demo.chart_songs import CYCLE, HIT, LASTING, SLEEPER, monday
from core.demo.chart_world import World

Integers = NDArray[np.int64]

_LARGE = 0.3  # of a world-wide hit
_AT_ONCE = 0.4  # of one: what is as large is on the world's chart from its first week on
_JUMPING = 0.15
_RETURNING = 0.3
_FORGOTTEN = 150  # weeks after which nothing of an earlier release is on the chart
_HALF_WAY = 0.7  # of its peak: where a sleeper still climbs, and has for weeks

Name = tuple[str, str]  # title and artist


@dataclass(frozen=True, slots=True)
class Planted:
    """A song (title and artist) something happens to in the week from a Monday."""

    song: Name
    week: date


@dataclass(frozen=True)
class ChartTruth:
    """What was put into the world's weekly charts between two days.

    ``jumps``: old songs on the chart that suddenly rise. ``climbs``: songs in the middle of weeks of rising.
    ``newcomers``: songs nobody played before that week. ``returners``: songs that come back every December.
    ``number_ones``: Monday → the most played song.
    """

    jumps: tuple[Planted, ...]
    climbs: tuple[Planted, ...]
    newcomers: tuple[Planted, ...]
    returners: tuple[Name, ...]
    number_ones: dict[date, Name]


def truth_of(world: World, begin: date, until: date) -> ChartTruth:
    """Return the truth of the weeks from the Monday ``begin`` to before the Monday ``until``."""
    starts = range(begin.toordinal(), until.toordinal(), 7)
    songs = world.songs
    jumps = [jump for start in starts[3:] if (jump := world.jump(start)) and jump.strength >= _JUMPING]
    returning = np.flatnonzero(songs.festive & (songs.strength >= _RETURNING)).tolist()
    return ChartTruth(
        tuple(Planted(_name(world, each.song), date.fromordinal(each.start)) for each in jumps),
        _climbs(world, starts),
        _newcomers(world, starts),
        tuple(_name(world, song) for song in returning),
        {date.fromordinal(start): _name(world, int(world.streams(start)[0].argmax())) for start in starts},
    )


def _newcomers(world: World, starts: range) -> tuple[Planted, ...]:
    """Return the large hits that come out in these weeks and were forgotten, or not yet there, when they begin.

    What comes out in the first week is no newcomer to see.
    """
    songs = world.songs
    large = np.flatnonzero(
        (songs.way == HIT) & ~songs.festive & (songs.strength >= _AT_ONCE) & (songs.lasting < LASTING)
    )
    age = world.ages(starts[0])[large]
    large = large[(age < 0) | (age >= _FORGOTTEN)]
    return _at(world, large, np.zeros(len(large), dtype=np.int64), starts[1:])


def _climbs(world: World, starts: range) -> tuple[Planted, ...]:
    """Return the large sleepers with the week in which they have come most of their way."""
    large = np.flatnonzero((world.songs.way == SLEEPER) & ~world.songs.festive & (world.songs.strength >= _LARGE))
    way = world.courses[large]
    after = (way >= _HALF_WAY * way.max(axis=1, keepdims=True)).argmax(axis=1) - 1
    return _at(world, large, after, starts[6:])


def _at(world: World, chosen: Integers, after: Integers, starts: range) -> tuple[Planted, ...]:
    """Return songs with the week that comes some weeks after a release of theirs, where it is one of these weeks."""
    out = world.songs.out[chosen]
    found = []
    for cycle in range(int((starts[-1] - out.min()) // CYCLE) + 1):
        week = monday(out + cycle * CYCLE) + 7 * after
        inside = (week >= starts[0]) & (week <= starts[-1])
        found += [(int(week[n]), int(chosen[n])) for n in np.flatnonzero(inside)]
    return tuple(Planted(_name(world, song), date.fromordinal(week)) for week, song in sorted(found))


def _name(world: World, song: int) -> Name:
    """Return a song's title and artist."""
    return world.songs.names[song], world.catalogue.artists[world.songs.artist[song]]
