"""Made-up identities for the music of the demo catalogue: artists, albums, tracks, and a few podcast episodes."""

import hashlib
import string
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from core.demo.catalogue import Catalogue, read_catalogue

CATALOGUE = Path(__file__).resolve().parents[3] / "data" / "demo" / "catalogue"
DIGITS = string.digits + string.ascii_lowercase + string.ascii_uppercase
VARIOUS, SHOW = "Various Artists", "A Talk about Records"


def number_of(*parts: object) -> int:
    """Return a large number that is always the same for the same parts."""
    return int.from_bytes(hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest(), "big")


def made_id(*parts: object, length: int = 22) -> str:
    """Return a base-62 id that is always the same for the same parts."""
    rest, letters = number_of(*parts), []
    for _ in range(length):
        rest, digit = divmod(rest, 62)
        letters.append(DIGITS[digit])
    return "".join(letters)


class _Known:
    """Something with an id of its own."""

    id: str
    kind: str

    @property
    def uri(self) -> str:
        """Return its Spotify URI."""
        return f"spotify:{self.kind}:{self.id}"


@dataclass(eq=False)
class Artist(_Known):
    """Somebody who makes music."""

    name: str
    genres: tuple[str, ...] = ()
    albums: list["Album"] = field(default_factory=list, repr=False)
    kind = "artist"

    def __post_init__(self) -> None:
        self.id = made_id("artist", self.name)


@dataclass(eq=False)
class Album(_Known):
    """A release; its artist is the one that exports name for all of its tracks."""

    name: str
    artist: Artist = field(repr=False)
    year: int
    tracks: list["Track"] = field(default_factory=list, repr=False)
    kind = "album"

    def __post_init__(self) -> None:
        self.id = made_id("album", self.artist.name, self.name)
        self.artist.albums.append(self)

    @property
    def type(self) -> str:
        """Return album, single or compilation."""
        if self.artist.name == VARIOUS:
            return "compilation"
        return "single" if len(self.tracks) == 1 else "album"

    @property
    def upc(self) -> str:
        """Return its product code."""
        return f"{number_of('upc', self.id) % 10**13:013d}"


@dataclass(eq=False)
class Track(_Known):
    """A track on an album; its own first artist is mostly, not always, the album's."""

    name: str
    album: Album = field(repr=False)
    artists: tuple[Artist, ...] = field(repr=False)
    duration_ms: int
    kind = "track"

    def __post_init__(self) -> None:
        self.id = made_id("track", self.album.artist.name, self.album.name, self.name)
        self.album.tracks.append(self)
        self.number = len(self.album.tracks)

    @property
    def isrc(self) -> str:
        """Return its recording code."""
        return f"QZFK{number_of('isrc', self.id) % 10**8:08d}"


@dataclass(eq=False)
class Episode(_Known):
    """An episode of a podcast: in playlists and exports, never among the plays the API shows."""

    name: str
    show: str
    duration_ms: int
    kind = "episode"

    def __post_init__(self) -> None:
        self.id = made_id("episode", self.show, self.name)


@dataclass(eq=False)
class Local:
    """A file from somebody's own disk: it has no id."""

    artist: str
    album: str
    name: str
    duration_ms: int
    kind = "local"
    id: None = None

    @property
    def uri(self) -> str:
        """Return the URI that spells it out."""
        words = (part.replace(" ", "+") for part in (self.artist, self.album, self.name))
        return f"spotify:local:{':'.join(words)}:{self.duration_ms // 1000}"


Thing = Track | Episode | Local


class Music:
    """All the music there is; the same in every fake."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.artists = [Artist(name, genres) for name, genres in zip(catalogue.artists, catalogue.genres, strict=True)]
        self.albums: list[Album] = []
        self.tracks: list[Track] = []
        self._take(catalogue)
        self._add_concerts()
        self._add_collections()
        self.episodes = [
            Episode(f"Conversation {n}", "A Talk about Records", 1_500_000 + n * 60_000) for n in range(12)
        ]
        self.locals = [Local("My Old Band", "Home Tapes", f"Rehearsal {n}", 180_000 + n * 1_000) for n in range(6)]
        known: list[Artist | Album | Thing] = [*self.artists, *self.albums, *self.tracks, *self.episodes, *self.locals]
        self._by_uri: dict[str, Artist | Album | Thing] = {thing.uri: thing for thing in known}

    def find(self, uri: str) -> Artist | Album | Thing | None:
        """Return what a URI stands for, if anything does."""
        return self._by_uri.get(uri)

    def _take(self, catalogue: Catalogue) -> None:
        for name, artist, year in zip(catalogue.albums, catalogue.album_artist, catalogue.album_year, strict=True):
            self.albums.append(Album(name, self.artists[artist], int(year)))
        for name, album, length in zip(catalogue.tracks, catalogue.track_album, catalogue.track_ms, strict=True):
            # Nothing real lasts whole seconds.
            self._add(name, self.albums[album], int(length) + number_of(name) % 997)

    def _add(self, name: str, album: Album, duration_ms: int) -> None:
        """Add a track; a few have a guest, who now and then is named first."""
        chance = number_of("guest", album.name, name)
        artists: tuple[Artist, ...] = (album.artist,)
        if chance % 30 == 0:
            guest = self.artists[chance // 1000 % len(self.artists)]
            if guest is not album.artist:
                artists = (guest, album.artist) if chance % 90 == 0 else (album.artist, guest)
        self.tracks.append(Track(name, album, artists, duration_ms))

    def _add_concerts(self) -> None:
        """Record every second album on stage as well, so that there is enough to save."""
        for album in self.albums[::2]:
            live = Album(f"{album.name} (Live)", album.artist, min(album.year + 2, 2026))
            self.albums.append(live)
            for track in album.tracks:
                self._add(f"{track.name} - Live", live, track.duration_ms * 107 // 100)

    def _add_collections(self) -> None:
        various = Artist(VARIOUS)
        chosen = [track for track in self.tracks if number_of("collected", track.id) % 100 == 0]
        for number in range(3):
            album = Album(f"A Collection, Vol. {number + 1}", various, 2020 + number)
            self.albums.append(album)
            for track in chosen[number::3][:14]:
                self.tracks.append(Track(f"{track.name} - Collected", album, track.artists, track.duration_ms))
        self.artists.append(various)


@lru_cache(maxsize=1)
def music() -> Music:
    """Return all the music there is, read once."""
    return Music(read_catalogue(CATALOGUE))
