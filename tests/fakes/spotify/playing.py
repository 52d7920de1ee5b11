"""Plays, and the habits by which people listen by themselves: the same plays whoever asks, and whenever."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from .music import Episode, Thing, Track, music, number_of

SKIP_MS = 3_000


@dataclass(frozen=True)
class Play:
    """One play as it really was; offline plays are known to Spotify from ``synced_at`` on."""

    thing: Thing
    began: datetime
    ended: datetime
    ms: int
    skipped: bool = False
    offline: bool = False
    synced_at: datetime | None = None
    context: str | None = None

    @property
    def known_at(self) -> datetime:
        """Return when the servers get to know of it."""
        return self.synced_at or self.ended


@dataclass(frozen=True)
class Habit:
    """The hours of the day (UTC) in which somebody listens, and to how many different tracks."""

    name: str
    hours: tuple[tuple[int, int], ...]
    tracks: int

    def day(self, day: date) -> list[Play]:
        """Return the plays that begin on a day, oldest first."""
        return _day(self, day)

    def between(self, since: datetime, until: datetime) -> Iterator[Play]:
        """Yield the plays that ended in ``since <= t < until``, oldest first."""
        day = since.date() - timedelta(days=1)
        while day <= until.date():
            yield from (play for play in self.day(day) if since <= play.ended < until)
            day += timedelta(days=1)

    def taste(self) -> Sequence[Track]:
        """Return the tracks somebody likes, best first."""
        return _taste(self.name, self.tracks)


@lru_cache(maxsize=64)
def _taste(name: str, count: int) -> list[Track]:
    return sorted(music().tracks, key=lambda track: number_of("taste", name, track.id))[:count]


@lru_cache(maxsize=2048)
def _day(habit: Habit, day: date) -> list[Play]:
    plays: list[Play] = []
    for first, last in habit.hours:
        chance = random.Random(f"{habit.name} {day} {first}")
        moment = datetime.combine(day, time(first), UTC) + timedelta(milliseconds=chance.randrange(900_000))
        end = datetime.combine(day, time(0), UTC) + timedelta(hours=last)
        context = None
        while moment < end:
            if chance.random() < 0.1:
                context = None if chance.random() < 0.4 else f"spotify:playlist:{_some_id(chance)}"
            play = _next(habit, chance, moment, context)
            plays.append(play)
            moment = play.ended + timedelta(milliseconds=chance.randrange(40, 1500))
    return plays


def _some_id(chance: random.Random) -> str:
    return music().tracks[chance.randrange(500)].id


def _next(habit: Habit, chance: random.Random, began: datetime, context: str | None) -> Play:
    """Return the play that begins at a moment: mostly a whole track, sometimes skipped, paused or a podcast."""
    if chance.random() < 0.02:
        episode: Episode = chance.choice(music().episodes)
        return whole(episode, began, context=None)
    liked = habit.taste()
    track = liked[int(len(liked) * chance.random() ** 2.5)]
    luck = chance.random()
    if luck < 0.04:
        return whole(track, began, ms=chance.randrange(400, SKIP_MS), skipped=True, context=context)
    if luck < 0.12:
        return whole(track, began, ms=chance.randrange(SKIP_MS, track.duration_ms // 2), skipped=True, context=context)
    pause = timedelta(milliseconds=chance.randrange(20_000, 400_000)) if luck > 0.98 else timedelta()
    return whole(track, began, context=context, pause=pause)


def whole(
    thing: Thing,
    began: datetime,
    *,
    ms: int | None = None,
    skipped: bool = False,
    context: str | None = None,
    pause: timedelta = timedelta(),
) -> Play:
    """Return a play that began at a moment and went on for ``ms``, the whole length unless said."""
    played = thing.duration_ms if ms is None else ms
    ended = began + timedelta(milliseconds=played) + pause
    return Play(thing, began, ended, played, skipped=skipped, context=context)
