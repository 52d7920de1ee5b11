"""What the stand-ins for open sources know: the demo catalogue under invented ids, and what tests add."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from core.demo.catalogue import read_catalogue
from core.domain.names import recording_title

from .spotify.music import made_id, number_of

CATALOGUE = Path(__file__).resolve().parents[2] / "data" / "demo" / "catalogue"
_SPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
AREAS = {"AT": "Austria", "AU": "Australia", "BE": "Belgium", "BR": "Brazil", "CA": "Canada", "DE": "Germany"} | {
    "FR": "France", "GB": "United Kingdom", "IE": "Ireland", "IT": "Italy", "JM": "Jamaica", "JP": "Japan",
    "KR": "South Korea", "NG": "Nigeria", "NO": "Norway", "SE": "Sweden", "TR": "Türkiye", "US": "United States",
}  # fmt: skip


def mbid_of(kind: str, *names: str) -> str:
    """Return an invented id that is always the same for the same names."""
    return str(uuid.uuid5(_SPACE, "\x1f".join((kind, *names))))


@dataclass(eq=False)
class OpenArtist:
    """An artist; ``tags`` are (name, count, whether it is a genre)."""

    name: str
    country: str = "GB"
    tags: list[tuple[str, int, bool]] = field(default_factory=list)
    type: str = "Group"
    begin_year: int | None = 1970
    end_year: int | None = None
    spotify_ids: list[str] = field(default_factory=list)
    mbid: str = ""

    def __post_init__(self) -> None:
        self.mbid = self.mbid or mbid_of("artist", self.name)

    @property
    def area(self) -> str:
        """Return the name of the place they are from."""
        return AREAS.get(self.country, f"Country {self.country}")


@dataclass(eq=False)
class OpenRelease:
    """A release with its group."""

    name: str
    artist: OpenArtist
    year: int

    @property
    def mbid(self) -> str:
        """Return the release's id."""
        return mbid_of("release", self.artist.name, self.name)

    @property
    def group(self) -> str:
        """Return the release group's id."""
        return mbid_of("release-group", self.artist.name, self.name)

    @property
    def cover_id(self) -> int:
        """Return the number of its front cover."""
        return 10_000_000_000 + number_of("cover", self.artist.name, self.name) % 10**9


@dataclass(eq=False)
class OpenRecording:
    """A recording; ``credit`` is how its artists are written together."""

    title: str
    artists: list[OpenArtist]
    releases: list[OpenRelease]
    length: int
    credit: str = ""

    def __post_init__(self) -> None:
        self.credit = self.credit or " & ".join(artist.name for artist in self.artists)

    @property
    def mbid(self) -> str:
        """Return the recording's id."""
        return mbid_of("recording", self.credit, self.title)

    @property
    def tags(self) -> list[tuple[str, int, bool]]:
        """Return its tags: those of its first artist, with fewer people behind them."""
        return [(name, max(count // 3, 1), genre) for name, count, genre in self.artists[0].tags]


class OpenMusic:
    """All there is to know; ``OpenMusic(empty=True)`` knows nothing until something is added."""

    def __init__(self, *, empty: bool = False) -> None:
        self.artists: list[OpenArtist] = []
        self.recordings: list[OpenRecording] = []
        if not empty:
            self._take_catalogue()

    def add(self, name: str, songs: Sequence[tuple[str, str]] = (), **details: object) -> OpenArtist:
        """Add an artist with (title, album) pairs."""
        artist = OpenArtist(name, **details)  # type: ignore[arg-type]
        self.artists.append(artist)
        for title, album in songs:
            self.add_song(artist, title, album)
        return artist

    def add_song(self, artist: OpenArtist, title: str, album: str, *, year: int = 1999, length: int = 201_000) -> None:
        """Add a recording on an album."""
        known = (r for song in self.recordings for r in song.releases if (r.name, r.artist) == (album, artist))
        release = next(known, None) or OpenRelease(album, artist, year)
        self.recordings.append(OpenRecording(title, [artist], [release], length))

    def forget(self, name: str) -> None:
        """Know nothing of an artist any more."""
        self.artists = [artist for artist in self.artists if artist.name != name]
        self.recordings = [each for each in self.recordings if all(artist.name != name for artist in each.artists)]

    def artist(self, mbid: str) -> OpenArtist | None:
        """Return the artist with an id."""
        return next((artist for artist in self.artists if artist.mbid == mbid), None)

    def recording(self, mbid: str) -> OpenRecording | None:
        """Return the recording with an id."""
        return next((each for each in self.recordings if each.mbid == mbid), None)

    def songs(self, credit: str, title: str) -> Iterator[OpenRecording]:
        """Yield the recordings of a title by an artist, as a search would: signs, case and editions do not count."""
        words, artist = _plain(recording_title(title)), _plain(credit)
        for each in self.recordings:
            if _plain(recording_title(each.title)) == words and artist in _plain(each.credit):
                yield each

    def _take_catalogue(self) -> None:
        catalogue = read_catalogue(CATALOGUE)
        for name, genres, country in zip(catalogue.artists, catalogue.genres, catalogue.countries, strict=True):
            self.artists.append(_invented(name, genres, country))
        releases = [
            OpenRelease(name, self.artists[by], int(year))
            for name, by, year in zip(catalogue.albums, catalogue.album_artist, catalogue.album_year, strict=True)
        ]
        for title, album, length in zip(catalogue.tracks, catalogue.track_album, catalogue.track_ms, strict=True):
            release = releases[album]
            self.recordings.append(OpenRecording(title, [release.artist], [release], int(length)))


def _invented(name: str, genres: Sequence[str], country: str) -> OpenArtist:
    """Return an artist of the catalogue with made-up details, always the same."""
    chance = number_of("details", name)
    tags = [(genre, 24 - 7 * place, True) for place, genre in enumerate(genres[:3])]
    return OpenArtist(
        name,
        country,
        [*tags, (f"seen live {chance % 9}", 2, False)],
        "Person" if chance % 3 == 0 else "Group",
        1940 + chance % 70,
        2010 + chance % 16 if chance % 5 == 0 else None,
        [made_id("artist", name)],
    )


@lru_cache(maxsize=32_768)
def _plain(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum()) or words
