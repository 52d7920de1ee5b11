"""Reads the hand-made catalogue: artists with genres and countries, their albums with years, their tracks."""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import InvalidInput

_TRACK = re.compile(r"(?P<title>\S.*?)\s*~(?P<minutes>\d{1,3}):(?P<seconds>[0-5]\d)")
_YEARS = range(1900, 2027)
SHORTEST, LONGEST = timedelta(seconds=10), timedelta(minutes=90)

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Catalogue:
    """Music as parallel lists.

    ``albums[i]`` is by ``artists[album_artist[i]]``, ``tracks[i]`` on ``albums[track_album[i]]``; ``genres`` holds
    each artist's genres in lower case, ``countries`` two letters, ``track_ms`` the length in milliseconds.
    """

    artists: list[str]
    genres: list[tuple[str, ...]]
    countries: list[str]
    albums: list[str]
    album_artist: Integers
    album_year: Integers
    tracks: list[str]
    track_album: Integers
    track_ms: Integers

    @property
    def track_artist(self) -> Integers:
        """Return the artist of each track."""
        return self.album_artist[self.track_album]


def read_catalogue(folder: Path) -> Catalogue:
    """Return the catalogue written in a folder's ``*.txt`` files, in the order of their names.

    A file holds ``@ Artist | genre; genre | CC`` lines, each followed by its ``Album | year | Track ~m:ss; …``
    lines; blank lines and lines beginning with ``#`` are skipped.

    Raises:
        InvalidInput: a line cannot be read or says something twice; the message names file and line.
    """
    draft = _Draft()
    for path in sorted(folder.glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            text = line.strip()
            if text and not text.startswith("#"):
                draft.add(text, f"{path.name} line {number}")
    if not draft.tracks:
        raise InvalidInput(f"The folder {folder} holds no catalogue; put the files of data/demo/catalogue there.")
    return draft.finished()


class _Draft:
    """A catalogue while its lines come in."""

    def __init__(self) -> None:
        self.artists: list[str] = []
        self.genres: list[tuple[str, ...]] = []
        self.countries: list[str] = []
        self.albums: list[tuple[str, int, int]] = []
        self.tracks: list[tuple[str, int, int]] = []
        self._seen: dict[tuple[object, ...], str] = {}

    def add(self, text: str, where: str) -> None:
        """Take one line in; ``where`` names it in errors."""
        parts = [part.strip() for part in text.removeprefix("@").split(" | ")]
        if len(parts) != 3 or not all(parts):
            raise InvalidInput(f"{where} needs three parts with ` | ` between them; please mend it.")
        if text.startswith("@"):
            self._artist(parts, where)
        elif not self.artists:
            raise InvalidInput(f"{where} is an album before any artist; begin with an `@` line.")
        else:
            self._album(parts, where)

    def _artist(self, parts: list[str], where: str) -> None:
        """Begin an artist."""
        name, genres, country = parts
        self._once(where, "artist", name.casefold())
        if not re.fullmatch(r"[A-Z]{2}", country):
            raise InvalidInput(f"{where} needs a country of two capital letters at its end; please mend it.")
        self.artists.append(name)
        self.genres.append(tuple(each.strip().lower() for each in genres.split(";") if each.strip()))
        self.countries.append(country)

    def _album(self, parts: list[str], where: str) -> None:
        """Add an album of the artist above, with its tracks."""
        title, year, tracks = parts
        if not year.isdecimal() or int(year) not in _YEARS:
            raise InvalidInput(f"{where} needs a year from {_YEARS[0]} to {_YEARS[-1]}; please mend it.")
        artist, album = len(self.artists) - 1, len(self.albums)
        self._once(where, "album", artist, title.casefold())
        self.albums.append((title, artist, int(year)))
        for text in filter(None, (each.strip() for each in tracks.split("; "))):
            found = _TRACK.fullmatch(text.rstrip(";"))
            if not found:
                raise InvalidInput(f"{where} holds “{text}”, which is not `Track ~m:ss`; please mend it.")
            length = timedelta(minutes=int(found["minutes"]), seconds=int(found["seconds"]))
            if not SHORTEST <= length <= LONGEST:
                raise InvalidInput(f"{where} gives “{found['title']}” an unlikely length; please check it.")
            self._once(where, "track", album, found["title"].casefold())
            self.tracks.append((found["title"], album, length // timedelta(milliseconds=1)))

    def _once(self, where: str, kind: str, *key: object) -> None:
        """Raise when the same thing was there before."""
        before = self._seen.get((kind, *key))
        if before:
            raise InvalidInput(f"{where} repeats the {kind} “{key[-1]}” of {before}; please keep one of them.")
        self._seen[(kind, *key)] = where

    def finished(self) -> Catalogue:
        """Return what was read."""
        return Catalogue(
            self.artists,
            self.genres,
            self.countries,
            [title for title, _, _ in self.albums],
            np.array([artist for _, artist, _ in self.albums]),
            np.array([year for _, _, year in self.albums]),
            [title for title, _, _ in self.tracks],
            np.array([album for _, album, _ in self.tracks]),
            np.array([ms for _, _, ms in self.tracks]),
        )
