"""What is true of an invented life: what its simulator put into it, for whoever holds a figure against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from core.demo.calendar import BET, FIRST, HOME, LAST, OBSESSIONS, TRIPS, TURNS
from core.demo.catalogue import Catalogue
from core.demo.playing import Plays
from core.demo.queues import Chooser
from core.demo.taste import Taste

_PLAY_MS = 30_000


@dataclass(frozen=True)
class Span:
    """Days ``start <= day < end``."""

    start: date
    end: date


@dataclass(frozen=True)
class Era(Span):
    """A stretch in which the same artists led."""

    artists: frozenset[str]


@dataclass(frozen=True)
class Obsession(Span):
    """A stretch of days with one song on repeat."""

    track: str
    artist: str


@dataclass(frozen=True)
class Abroad(Span):
    """A journey to another country (two letters)."""

    country: str


@dataclass(frozen=True)
class Truth:
    """What was put into a life; days are those of the person's home.

    ``met``: artist → first day on which they can be heard; those known before the life's record are on its first day.
    ``given_up``: artist → day from which they are never played again. ``heard``: days on which a song ended that was
    listened to for 30 seconds. ``bet``: the days in a row with music she wanted.
    """

    eras: tuple[Era, ...]
    obsessions: tuple[Obsession, ...]
    trips: tuple[Abroad, ...]
    bet: Span
    met: dict[str, date]
    given_up: dict[str, date]
    heard: frozenset[date]


def truth_of(catalogue: Catalogue, taste: Taste, chooser: Chooser, held: Sequence[Plays]) -> Truth:
    """Return the truth of a life lived with a taste and a chooser of queues."""
    names = catalogue.artists
    edges = [FIRST, *TURNS, LAST + timedelta(days=1)]
    leading = [frozenset(names[artist] for artist in each) for each in taste.leaders.sets]
    songs = [(catalogue.tracks[song], names[catalogue.track_artist[song]]) for song in chooser.obsessions]
    away = [trip for trip in TRIPS if trip.country != "DE"]
    return Truth(
        tuple(map(Era, edges[:-1], edges[1:], leading)),
        tuple(Obsession(*_days(*each), *song) for each, song in zip(OBSESSIONS, songs, strict=True)),
        tuple(Abroad(*_days(trip.start, trip.days), trip.country) for trip in away),
        Span(*_days(*BET)),
        {name: _on(int(day)) for name, day in zip(names, taste.met, strict=True) if _on(int(day)) <= LAST},
        {names[artist]: _on(day) for artist, day in taste.leaders.stopped.items()},
        _heard(held, len(catalogue.tracks)),
    )


def _on(day: int) -> date:
    """Return the date of a day of the life."""
    return FIRST + timedelta(days=day)


def _days(start: date, length: int) -> tuple[date, date]:
    """Return the first day of a stretch and the day after its last."""
    return start, start + timedelta(days=length)


def _heard(held: Sequence[Plays], tracks: int) -> frozenset[date]:
    """Return the days at home on which a song was listened to."""
    ended, ms, item = (np.concatenate([getattr(plays, name) for plays in held]) for name in ("ended", "ms", "item"))
    hours = np.unique(ended[(ms >= _PLAY_MS) & (item < tracks)] // 3600).tolist()
    return frozenset(datetime.fromtimestamp(hour * 3600, UTC).astimezone(ZoneInfo(HOME)).date() for hour in hours)
