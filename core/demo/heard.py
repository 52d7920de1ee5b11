"""What of an invented life decides which songs its lists hold: how often each was played, and when first."""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from core.demo.calendar import FIRST
from core.demo.catalogue import Catalogue
from core.demo.genres import GROUPS, group_of
from core.demo.life import Life
from core.domain.names import artist_key, name_key, recording_title

Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]

_PLAY_MS = 30_000
_DAY = 86_400


class Heard:
    """The plays of each track of a catalogue in a life; days are those of UTC."""

    def __init__(self, catalogue: Catalogue, life: Life) -> None:
        self.tracks = len(catalogue.tracks)
        music = life.item < self.tracks
        self.starts = np.bincount(life.item[music], minlength=self.tracks)
        self._first = np.full(self.tracks, np.iinfo(np.int64).max)
        np.minimum.at(self._first, life.item[music], life.ts[music])
        rows = np.flatnonzero(music & (life.ms >= _PLAY_MS))
        self._order = rows[np.lexsort((life.ts[rows], life.item[rows]))]
        self._item = life.item[self._order]
        self._day = life.ts[self._order] // _DAY - (FIRST - date(1970, 1, 1)).days
        self._begin = np.searchsorted(self._item, np.arange(self.tracks + 1))
        self.plays = np.diff(self._begin)
        artists = zip(catalogue.genres, catalogue.countries, strict=True)
        group = np.array([group_of(*each) for each in artists])
        self.group = group[catalogue.track_artist]
        self.editions = _editions(catalogue)

    def of(self, *groups: str) -> Bools:
        """Return which tracks are of some groups of genres."""
        return np.isin(self.group, [GROUPS.index(group) for group in groups])

    def between(self, since: date, until: date) -> Integers:
        """Return how often each track was played on days ``since <= day < until``."""
        inside = (self._day >= (since - FIRST).days) & (self._day < (until - FIRST).days)
        return np.bincount(self._item[inside], minlength=self.tracks)

    def day_of(self, track: int, play: int) -> date:
        """Return the day of a track's play of this number (from 1), of its last one where it has fewer."""
        return FIRST + timedelta(days=int(self._day[min(self._begin[track] + play, self._begin[track + 1]) - 1]))

    def first_start(self, track: int) -> date:
        """Return the day a track began for the first time, heard out or not."""
        return date(1970, 1, 1) + timedelta(days=int(self._first[track]) // _DAY)

    def most(self, count: int, weight: Integers, among: Bools) -> list[int]:
        """Return up to ``count`` tracks with the most weight, above 0, one edition of each recording."""
        order = np.lexsort((np.arange(self.tracks), -weight))
        chosen = order[(among & (weight > 0))[order]]
        _, first = np.unique(self.editions[chosen], return_index=True)
        return [int(track) for track in chosen[np.sort(first)][:count]]


def _editions(catalogue: Catalogue) -> Integers:
    """Return a number per track, equal for editions of the same recording."""
    numbers: dict[tuple[bytes, str], int] = {}
    artists = [artist_key(artist) for artist in catalogue.artists]
    keys = (
        (artists[artist], name_key(recording_title(title)))
        for title, artist in zip(catalogue.tracks, catalogue.track_artist.tolist(), strict=True)
    )
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys])
