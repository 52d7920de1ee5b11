"""Podcasts and an audiobook: heard in pieces, one after the other, in the order they came out."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from core.demo.calendar import FIRST, LAST, Kind, kind_of
from core.demo.habits import Occasion
from core.demo.items import Item
from core.demo.playing import REASONS, Plays
from core.demo.sessions import Session

MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class _Show:
    """An invented podcast: an episode every so many days, so many minutes long, followed between two days."""

    name: str
    every: int
    minutes: int
    since: date
    until: date = LAST


_SHOWS = (
    _Show("Stadtgespräch am Morgen", 7, 28, date(2019, 1, 7), date(2021, 6, 30)),
    _Show("The Long Way Round", 14, 52, date(2019, 9, 2)),
    _Show("Schall und Rauch: Musikgeschichten", 14, 41, date(2020, 4, 6)),
    _Show("Kitchen Physics", 7, 33, date(2021, 2, 1), date(2024, 3, 31)),
    _Show("Elternabend", 7, 36, date(2022, 1, 10)),
    _Show("Night Trains", 21, 64, date(2024, 5, 6)),
)
_BOOK, _CHAPTERS = "Around the World in Eighty Days", 37
_BOOK_SINCE, _BOOK_UNTIL = date(2023, 1, 16), date(2023, 7, 31)
_PODCASTS = {
    Occasion.COMMUTE: 0.15,
    Occasion.SPORT: 0.08,
    Occasion.EVENING: 0.05,
    Occasion.NIGHT: 0.06,
    Occasion.ROAD: 0.2,
}


@dataclass(slots=True)
class _Series:
    """Pieces in order: ``at`` is the next one, ``done`` how many milliseconds of it were heard."""

    first: int
    lengths: list[int]
    at: int = 0
    done: int = 0


class Spoken:
    """Decides which sessions are spoken word and plays them; ``items`` follow the music's."""

    def __init__(self, first_item: int, rng: np.random.Generator) -> None:
        self._rng = rng
        self.items: list[Item] = []
        self._shows = [self._series(first_item, _episodes(show), "podcast", show.name, show.minutes) for show in _SHOWS]
        self._book = self._series(first_item, [f"Chapter {n + 1}" for n in range(_CHAPTERS)], "audiobook", _BOOK, 11)

    def _series(self, first: int, names: list[str], kind: str, within: str, minutes: int) -> _Series:
        """Return the pieces of a show or book, their items added."""
        first += len(self.items)
        by = "Jules Verne" if kind == "audiobook" else ""
        self.items += [Item("audiobook" if by else "podcast", name, within, by) for name in names]
        lengths = self._rng.normal(minutes, minutes / 7, len(names)) * MINUTE
        return _Series(first, [int(each) for each in np.maximum(lengths, minutes * MINUTE / 2)])

    def plays(self, session: Session) -> Plays | None:
        """Return the plays of a session of spoken word, None when it is one of music."""
        if session.sure:
            return None
        if session.occasion in (Occasion.NIGHT, Occasion.ROAD) and _BOOK_SINCE <= session.day <= _BOOK_UNTIL:
            ill = kind_of(session.day) is Kind.ILL
            if self._book.at < _CHAPTERS and self._rng.random() < (0.9 if ill else 0.5):
                return self._continued(self._book, session, _CHAPTERS)
        if self._rng.random() >= _PODCASTS.get(session.occasion, 0.0):
            return None
        out = [(series, _out(show, session.day)) for series, show in zip(self._shows, _SHOWS, strict=True)]
        waiting = [(series, count) for series, count in out if series.at < count]
        if not waiting:
            return None
        series, count = waiting[int(self._rng.integers(len(waiting)))]
        # Who fell far behind leaves episodes out.
        if count - series.at > 6:
            series.at, series.done = count - int(self._rng.integers(1, 4)), 0
        return self._continued(series, session, count)

    def _continued(self, series: _Series, session: Session, count: int) -> Plays:
        """Return the plays that go on with a series until the session is over or nothing is left."""
        items, heard, ends, left = [], [], [], session.seconds * 1000
        while left > 0 and series.at < count:
            rest = series.lengths[series.at] - series.done
            items.append(series.first + series.at)
            heard.append(min(rest, left))
            ends.append(REASONS.index("trackdone" if rest <= left else "endplay"))
            left -= heard[-1]
            series.at, series.done = (series.at + 1, 0) if rest <= heard[-1] else (series.at, series.done + heard[-1])
        ms = np.array(heard, dtype=np.int64)
        ended = session.begin + np.cumsum(np.ceil(ms / 1000).astype(np.int64) + 1)
        starts = [REASONS.index("playbtn"), *ends[:-1]]
        began = ended - np.ceil(ms / 1000).astype(np.int64)
        return Plays(
            np.array(items), began, ended, ms, np.array(starts), np.array(ends), shuffle=False, incognito=False
        )


def _out(show: _Show, day: date) -> int:
    """Return how many episodes are out on a day, none before and after the show is followed."""
    return (day - show.since).days // show.every + 1 if show.since <= day <= show.until else 0


def _episodes(show: _Show) -> list[str]:
    """Return the names of a show's episodes until it is followed no more."""
    dates = [show.since + timedelta(days=n * show.every) for n in range(_out(show, min(show.until, LAST)))]
    return [f"#{n}: {day:%d.%m.%Y}" for n, day in enumerate(dates, start=1) if day >= FIRST]
