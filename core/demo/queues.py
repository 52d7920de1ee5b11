"""What is played in a session: whole albums, one artist, the month's playlist, a mix, a radio, one song on repeat."""

from collections import Counter
from datetime import date
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from core.demo.calendar import FIRST, OBSESSIONS, obsession_on
from core.demo.catalogue import Catalogue
from core.demo.genres import mood
from core.demo.habits import Occasion
from core.demo.sessions import Session
from core.demo.taste import Taste

Floats = NDArray[np.float64]
Tracks = NDArray[np.int64]

_NO_TRACKS: Tracks = np.zeros(0, dtype=np.int64)


class Mode(IntEnum):
    """How a queue came about."""

    ALBUM = 0
    ARTIST = 1
    PLAYLIST = 2
    MIX = 3
    RADIO = 4
    LOOP = 5
    CHILD = 6


# Shares of the first six modes by occasion.
_MODES: dict[Occasion, tuple[float, ...]] = {
    Occasion.COMMUTE: (0.20, 0.15, 0.35, 0.19, 0.10, 0.01),
    Occasion.WORK: (0.34, 0.15, 0.15, 0.20, 0.15, 0.01),
    Occasion.EVENING: (0.36, 0.20, 0.14, 0.20, 0.08, 0.02),
    Occasion.NIGHT: (0.52, 0.18, 0.20, 0.10, 0.00, 0.00),
    Occasion.SPORT: (0.02, 0.10, 0.58, 0.20, 0.08, 0.02),
    Occasion.WEEKEND: (0.32, 0.16, 0.18, 0.22, 0.10, 0.02),
    Occasion.PARTY: (0.00, 0.05, 0.37, 0.48, 0.10, 0.00),
    Occasion.ROAD: (0.28, 0.20, 0.30, 0.19, 0.03, 0.00),
    Occasion.FLIGHT: (0.50, 0.20, 0.20, 0.09, 0.00, 0.01),
}
SHUFFLED: dict[Mode, float] = {
    Mode.PLAYLIST: 0.95,
    Mode.MIX: 1.0,
    Mode.ARTIST: 0.6,
    Mode.CHILD: 0.3,
    Mode.ALBUM: 0.03,
    Mode.RADIO: 0.7,
}
_FESTIVE_DAYS = range(1, 27)  # of December
# A song for an obsession: neither too short nor so long that a dozen of it fill more than an evening (milliseconds).
_FIT = 120_000, 330_000
_AGAIN = 8, 13
_TIRED = 10  # days before and after an obsession without the song: not met yet, had enough of


class Chooser:
    """Makes queues of tracks; remembers the playlist of the month and the weights of the day."""

    def __init__(self, catalogue: Catalogue, taste: Taste, rng: np.random.Generator) -> None:
        self._taste, self._rng = taste, rng
        self._artist, self._album = catalogue.track_artist, catalogue.track_album
        self._album_artist = catalogue.album_artist
        self._moods = {each: mood(each)[taste.group][self._artist] for each in Occasion}
        self._children = np.flatnonzero(taste.for_children)
        self._child_likes = np.exp(rng.normal(0, 0.7, len(self._children)))
        self._festive = np.flatnonzero(taste.festive & ~taste.for_children)
        self.obsessions = self._obsessions(catalogue)
        self._month, self._playlist, self._day, self._weights = (0, 0), _NO_TRACKS, -1, np.zeros(0)

    def queue(self, session: Session, length: int) -> tuple[Tracks, Mode]:
        """Return about ``length`` tracks to play in a session, and how they were chosen."""
        if session.obsession >= 0:
            again = int(self._rng.integers(*_AGAIN))
            return np.repeat(self.obsessions[session.obsession], again), Mode.LOOP
        if session.occasion is Occasion.CHILD and len(self._children):
            return self._children_songs(session.day, length), Mode.CHILD
        tracks, mode = self._ordinary(session, length)
        near = obsession_on(session.day, around=_TIRED)
        return (tracks[tracks != self.obsessions[near]] if near >= 0 else tracks), mode

    def _ordinary(self, session: Session, length: int) -> tuple[Tracks, Mode]:
        """Return a queue of grown-ups, and how it was chosen."""
        weights = self._today(session.day) * self._moods[session.occasion]
        known = self._taste.knows(self._at(session.day))[self._artist[self._festive]]
        if self._is_festive(session.day) and known.any():
            return self._picked(known.astype(np.float64), length, self._festive), Mode.MIX
        shares = _MODES.get(session.occasion, _MODES[Occasion.WEEKEND])
        mode = Mode(int(np.searchsorted(np.cumsum(shares), self._rng.random() * sum(shares), side="right")))
        return self._of(mode, weights, session, length), mode

    def _of(self, mode: Mode, weights: Floats, session: Session, length: int) -> Tracks:
        """Return the tracks of an ordinary queue."""
        if mode is Mode.ALBUM:
            return self._albums(weights, length)
        if mode is Mode.ARTIST:
            one = self._artist == self._artist[self._one(weights)]
            theirs = self._picked(weights * one, length)
            return np.concatenate([theirs, self._picked(weights * ~one, length)])[:length]
        if mode is Mode.PLAYLIST:
            monthly = self._monthly(session.day)
            liked = monthly[self._today(session.day)[monthly] > 0]  # whoever was given up is taken off
            return self._rng.permutation(liked)[:length]
        if mode is Mode.LOOP:
            once_more = np.repeat(self._one(weights), int(self._rng.integers(2, 5)))
            return np.concatenate([once_more, self._picked(weights, length)])[:length]
        if mode is Mode.RADIO:
            strange = self._taste.around(self._at(session.day)) * self._moods[session.occasion]
            weights = 0.5 * weights / weights.sum() + 0.5 * strange / strange.sum()
        return self._picked(weights, length)

    def _obsessions(self, catalogue: Catalogue) -> list[int]:
        """Return the song of each obsession: one of somebody much heard on its first day, a title they have once."""
        titles = [(artist, title.casefold()) for artist, title in zip(self._artist, catalogue.tracks, strict=True)]
        once = np.array([count == 1 for count in map(Counter(titles).get, titles)])
        fit = once & (catalogue.track_ms >= _FIT[0]) & (catalogue.track_ms <= _FIT[1])
        return [self._one(self._taste.tracks(self._at(start)) * fit) for start, _ in OBSESSIONS]

    def _at(self, day: date) -> int:
        """Return the days since the life began."""
        return (day - FIRST).days

    def _today(self, day: date) -> Floats:
        """Return the weights of all tracks, made once for each day."""
        if self._day != self._at(day):
            self._day = self._at(day)
            self._weights = self._taste.tracks(self._day)
        return self._weights

    def _one(self, weights: Floats) -> int:
        """Return one track by weight."""
        sums = np.cumsum(weights)
        return int(np.searchsorted(sums, self._rng.random() * sums[-1], side="right"))

    def _picked(self, weights: Floats, length: int, among: Tracks | None = None) -> Tracks:
        """Return up to ``length`` different tracks drawn by weight, in the order drawn."""
        # Exponential keys: the smallest of -log(u)/w are a draw by weight without putting back.
        keys = self._rng.exponential(size=len(weights)) / np.maximum(weights, 1e-300)
        count = min(length, int((weights > 0).sum()))
        chosen = np.argpartition(keys, count - 1)[:count]
        chosen = chosen[np.argsort(keys[chosen])]
        return np.asarray(chosen if among is None else among[chosen])

    def _albums(self, weights: Floats, length: int) -> Tracks:
        """Return whole albums one after the other: often of one artist, then of somebody else."""
        queue: list[Tracks] = []
        weights = weights.copy()
        while sum(len(each) for each in queue) < length and len(queue) < 12:
            artist = self._artist[self._one(weights)]
            theirs = np.unique(self._album[(self._artist == artist) & (weights > 0)])
            for album in self._rng.permutation(theirs)[: 1 + int(self._rng.random() < 0.5)]:
                queue.append(np.flatnonzero((self._album == album) & self._taste.ordinary))
                weights[self._album == album] = 0  # once a sitting
        return np.concatenate(queue)[:length]

    def _monthly(self, day: date) -> Tracks:
        """Return the playlist of a month: some of the last one's tracks and new ones."""
        if self._month != (day.year, day.month):
            self._month = (day.year, day.month)
            kept = self._rng.permutation(self._playlist)[:14]
            fresh = self._picked(self._today(day) ** 0.9, 36)
            self._playlist = np.unique(np.concatenate([kept, fresh]))
        return self._playlist

    def _children_songs(self, day: date, length: int) -> Tracks:
        """Return children's songs, the same few again and again; those of Christmas in December alone."""
        chances = self._child_likes * (~self._taste.festive[self._children] | _in_season(day))
        return self._rng.choice(self._children, length, p=chances / chances.sum())

    def _is_festive(self, day: date) -> bool:
        """Return whether this session is one of Christmas songs; likelier from day to day."""
        return _in_season(day) and len(self._festive) > 0 and self._rng.random() < 0.08 + 0.018 * day.day


def _in_season(day: date) -> bool:
    """Return whether Christmas songs are sung."""
    return day.month == 12 and day.day in _FESTIVE_DAYS
