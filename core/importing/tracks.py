"""The tracks met in an upload: each gets a number of its own until the database knows it."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain import names
from core.domain.listen import Kind

NO_TRACK = 0


@dataclass(frozen=True, slots=True)
class Track:
    """What an export says about a track; ``uri`` is its address, kept as given, ``artist`` may be a show or author."""

    kind: Kind
    uri: str | None
    name: str | None
    artist: str | None
    album: str | None


@dataclass(frozen=True, slots=True)
class NewTrack:
    """A track with the keys under which the database finds it, its artist, album and recording."""

    number: int
    key: bytes
    track: Track
    artist_key: bytes | None
    album_key: bytes | None
    recording_key: bytes


class Numbers(dict[Hashable, int]):
    """Numbers given in order of appearance, from 1."""

    def __init__(self) -> None:
        super().__init__({None: NO_TRACK, "": NO_TRACK})
        self.given = NO_TRACK

    def __missing__(self, key: Hashable) -> int:
        self.given += 1
        self[key] = self.given
        return self.given


class Tracks:
    """Gives numbers to tracks and keeps what is new about them until it is written away."""

    def __init__(self) -> None:
        self.numbers = Numbers()
        self._kinds: list[int] = [0]
        self._new: list[NewTrack] = []
        self._nameless: set[int] = set()
        self._mark = NO_TRACK

    def number(self, keys: Iterable[Hashable], count: int) -> NDArray[np.int32]:
        """Return the number of each of ``count`` keys; ``NO_TRACK`` for ``None``, blanks and the unidentified."""
        return np.fromiter(map(self.numbers.__getitem__, keys), np.int32, count)

    @property
    def given(self) -> int:
        """Return the highest number given so far."""
        return self.numbers.given

    def describe(self, key: Hashable, track: Track | None) -> int:
        """Keep what is known of a newly numbered key; return its number, ``NO_TRACK`` if it names no track."""
        number = self.numbers[key]
        if track is None:
            self.numbers[key] = NO_TRACK
            return NO_TRACK
        self._kinds.extend([0] * (number + 1 - len(self._kinds)))
        self._kinds[number] = track.kind
        if track.name is None:
            self._nameless.add(number)
        self._new.append(_with_keys(number, track))
        return number

    def kinds(self) -> NDArray[np.int16]:
        """Return the kind of each number."""
        kinds = np.zeros(self.given + 1, np.int16)
        kinds[: len(self._kinds)] = self._kinds
        return kinds

    @property
    def nameless(self) -> set[int]:
        """Return the numbers of tracks whose names no row has given yet."""
        return self._nameless

    def name(self, number: int, track: Track) -> None:
        """Give a nameless track the names a later row holds."""
        self._nameless.discard(number)
        self._new.append(_with_keys(number, track))

    def take_new(self) -> list[NewTrack]:
        """Return what is new since the last call; those tracks can no longer be forgotten."""
        new, self._new, self._mark = self._new, [], self.given
        return new

    def forget_new(self) -> None:
        """Drop what is new since the last ``take_new``: its file is refused."""
        for key in [key for key, number in self.numbers.items() if number > self._mark]:
            del self.numbers[key]
        self._nameless = {number for number in self._nameless if number <= self._mark}
        self._new = []


def _with_keys(number: int, track: Track) -> NewTrack:
    """Return a track with its keys; podcasts, audiobooks and tracks without names are their own recording."""
    key = names.track_key(track.uri, track.kind, track.artist, track.name)
    artist = names.artist_key(track.artist) if track.artist else None
    album = names.album_key(track.artist, track.album) if track.artist and track.album else None
    music = track.kind is Kind.MUSIC and track.name and track.artist
    recording = names.recording_key(track.artist or "", track.name or "") if music else key
    return NewTrack(number, key, track, artist, album, recording)
