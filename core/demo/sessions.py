"""When the invented person listens: sessions with a start, a length, an occasion and a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from core.demo.calendar import (
    CHILD_LISTENS,
    HOME,
    YEARS,
    Kind,
    Trip,
    days,
    in_bet,
    is_silent,
    kind_of,
    obsession_on,
    trip_on,
)
from core.demo.habits import CHILD, HABITS, Occasion, Slot


@dataclass(frozen=True, slots=True)
class Session:
    """One sitting: ``begin`` in UTC seconds, ``seconds`` long; ``batch`` numbers the offline syncs, -1 is online.

    A ``sure`` one is of music and comes before whatever else the hour holds; ``obsession`` is the place of the
    obsession it belongs to, -1 for none.
    """

    begin: int
    seconds: int
    day: date
    hour: float
    occasion: Occasion
    country: str
    batch: int
    sure: bool = False
    obsession: int = -1


_NO_MUSIC_DAYS = 0.035
_MEASURE = 0.8  # of the chances above: it sets how much music the life holds


def all_sessions(rng: np.random.Generator) -> list[Session]:
    """Return every session of the life in order of time; no two of them overlap in their planned length."""
    pace, drafts = _Pace(rng), []
    for day in days():
        drafts += _of_day(day, pace.of(day), rng)
    drafts.sort(key=lambda session: session.begin)
    return _apart(drafts)


class _Pace:
    """How much music a month brings: the year's share, the season and the month's own chance."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._months: NDArray[np.float64] = np.exp(rng.normal(0, 0.12, 12 * len(YEARS)))

    def of(self, day: date) -> float:
        """Return a factor around 1 on the chance of sessions."""
        season = 1 + 0.08 * np.cos(2 * np.pi * (day.timetuple().tm_yday - 20) / 365)
        return float(YEARS[day.year] * season * self._months[(day.year - min(YEARS)) * 12 + day.month - 1])


def _of_day(day: date, pace: float, rng: np.random.Generator) -> list[Session]:
    """Return a day's sessions."""
    kind, trip = kind_of(day), trip_on(day)
    passes = rng.random() < _NO_MUSIC_DAYS and not _planned(day) and not _under_way(day, trip)
    if kind is Kind.QUIET or passes:
        return []
    slots = list(HABITS[kind])
    if day.weekday() == 4 and kind in (Kind.OFFICE, Kind.HOME_OFFICE):
        slots.append(Slot(Occasion.PARTY, 21.4, 0.6, 110, 0.16))
    if day >= CHILD_LISTENS and kind is not Kind.ILL:
        slots.append(CHILD)
    happens = rng.random(len(slots)) < np.array([slot.chance for slot in slots]) * pace * _MEASURE
    held = [_held(slot, day, trip, rng) for slot, yes in zip(slots, happens, strict=True) if yes]
    if is_silent(day + timedelta(days=1)):
        midnight = _midnight(day, HOME) + 86_400
        held = [session for session in held if session.begin + session.seconds < midnight]
    return held + _planned(day) + _under_way(day, trip)


def _planned(day: date) -> list[Session]:
    """Return what a day holds whatever the dice say: a song on repeat, or the music a bet asks for."""
    obsession = obsession_on(day)
    if obsession >= 0:
        return [_session(day, 21.2, 75, Occasion.EVENING, None, -1, sure=True, obsession=obsession)]
    if in_bet(day):
        return [_session(day, 19.0 + day.toordinal() % 7 / 4, 45, Occasion.EVENING, None, -1, sure=True)]
    return []


def _held(slot: Slot, day: date, trip: Trip | None, rng: np.random.Generator) -> Session:
    """Return one session a habit led to."""
    hour = float(np.clip(rng.normal(slot.hour, slot.spread), 5.2, 25.5))
    minutes = float(np.clip(rng.gamma(3.0, slot.minutes / 3), 4, 300))
    alone = rng.random() < {Occasion.COMMUTE: 0.07, Occasion.SPORT: 0.05}.get(slot.occasion, 0.12 if trip else 0.0)
    # One sync for each sitting under ground; where there is hardly any network, one every third day.
    batch = day.toordinal() * 100 + int(hour) if alone else -1
    if trip and not trip.network:
        batch = trip.start.toordinal() * 100 + 50 + (day - trip.start).days // 3
    return _session(day, hour, minutes, slot.occasion, trip, batch)


def _under_way(day: date, trip: Trip | None) -> list[Session]:
    """Return the music of a journey's first and last day: on the plane without network, or on the road."""
    if not trip or day not in (trip.start, trip.last):
        return []
    if not trip.flight:
        return [_session(day, 11.0, 150, Occasion.ROAD, trip, -1, sure=True)]
    far = trip.country in ("US", "JP")
    return [_session(day, 12.5, 330 if far else 120, Occasion.FLIGHT, trip, day.toordinal() * 100 + 99, sure=True)]


def _session(
    day: date,
    hour: float,
    minutes: float,
    occasion: Occasion,
    trip: Trip | None,
    batch: int,
    *,
    sure: bool = False,
    obsession: int = -1,
) -> Session:
    """Return a session from local hour and minutes."""
    zone, country = (trip.zone, trip.country) if trip else (HOME, "DE")
    begin = _midnight(day, zone) + int(hour * 3600)
    return Session(begin, int(minutes * 60), day, hour % 24, occasion, country, batch, sure, obsession)


@cache
def _midnight(day: date, zone: str) -> int:
    """Return the UTC seconds from which a day's local hours count (by the clock of its noon)."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))
    return int(noon.timestamp()) - 12 * 3600


def _apart(drafts: Sequence[Session]) -> list[Session]:
    """Return the sessions without those that begin while another one still plays; sure ones stay."""
    kept: list[Session] = []
    for session in drafts:
        while kept and session.sure and not kept[-1].sure and _meet(kept[-1], session):
            kept.pop()
        if not kept or not _meet(kept[-1], session):
            kept.append(session)
    return kept


def _meet(earlier: Session, later: Session) -> bool:
    """Return whether a session begins before another one is over."""
    return later.begin <= earlier.begin + earlier.seconds + 120
