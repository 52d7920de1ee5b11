"""MusicBrainz, web service 2: artists behind Spotify's addresses, facts about artists, recordings by their names.

It wants a name and a way to reach us with every call, and one call a second
(https://musicbrainz.org/doc/MusicBrainz_API/Rate_Limiting).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from core.asking.http import Asker
from core.asking.reading import inside, mbid, number, rows, text, year
from core.domain.facts import Song, Tag
from core.domain.names import recording_title
from core.facts.answers import Artist, Match, Recording, Release, tags
from core.facts.naming import artist_of, same_title

LINKS_AT_ONCE = ARTISTS_AT_ONCE = 50  # 100 are allowed; half as many keep the address short enough for any server
LONGEST_SONG = 500  # letters of artist and title together
_SPOTIFY = "https://open.spotify.com/artist/"
_LONGEST_MS = 2**31 - 1
JSON = ("fmt", "json")


class MusicBrainz:
    """Asks MusicBrainz; every answer is read tolerantly, what cannot be read is left out."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    def linked(self, spotify_ids: Sequence[str]) -> dict[str, dict[UUID, str]]:
        """Return the artists (id → name) that MusicBrainz links with Spotify artists; unknown ones are left out.

        Source: ``GET /url?resource=…&inc=artist-rels``; one resource is answered bare, several as a list.
        """
        resources = [("resource", _SPOTIFY + each) for each in spotify_ids]
        answer = self._asker.get("/url", "url", [*resources, ("inc", "artist-rels"), JSON])
        urls = rows(inside(answer, "urls")) if inside(answer, "urls") is not None else rows([answer])
        found = {str(url.get("resource")).rpartition("/")[2]: _related(url) for url in urls}
        return {each: found[each] for each in spotify_ids if found.get(each)}

    def artist(self, mbid: UUID) -> Artist | None:
        """Return one artist, None when there is none.

        Source: ``GET /artist/MBID?inc=genres+tags``.
        """
        answer = self._asker.get(f"/artist/{mbid}", "artist", [("inc", "genres tags"), JSON])
        return _artist(answer) if isinstance(answer, dict) else None

    def countries(self, mbids: Sequence[UUID]) -> dict[UUID, str]:
        """Return the two letters of the artists' countries, as far as known.

        Source: ``GET /artist?query=arid:(… OR …)``: the search index, many at once.
        """
        query = f"arid:({' OR '.join(map(str, mbids))})"
        answer = self._asker.get("/artist", "artist search", [("query", query), ("limit", "100"), JSON])
        found = ((mbid(each.get("id")), _country(each)) for each in rows(inside(answer, "artists")))
        return {key: country for key, country in found if key in mbids and key is not None and country}

    def releases(self, mbids: Sequence[UUID]) -> dict[UUID, Release]:
        """Return the releases with these ids: name, group and year, as far as known.

        Source: ``GET /release?query=reid:(… OR …)``: the search index, many at once.
        """
        query = f"reid:({' OR '.join(map(str, mbids))})"
        answer = self._asker.get("/release", "release search", [("query", query), ("limit", "100"), JSON])
        return {each.mbid: each for each in _releases(rows(inside(answer, "releases"))) if each.mbid in mbids}

    def match(self, song: Song) -> Match | None:
        """Return the recording of this very artist and title, best one on the album; None when there is none.

        Source: ``GET /recording?query=…``.
        """
        if len(song.artist) + len(song.title) > LONGEST_SONG:
            return None  # no server takes an address of any length
        query = f'recording:"{_quoted(recording_title(song.title))}" AND artist:"{_quoted(song.artist)}"'
        answer = self._asker.get("/recording", "recording search", [("query", query), ("limit", "25"), JSON])
        fitting = [each for each in _matches(rows(inside(answer, "recordings"))) if _fits(each, song)]
        album = song.album or ""
        on_album = (
            each for each in fitting if any(same_title(release.name, album) for release in each.recording.releases)
        )
        return next(on_album, fitting[0] if fitting else None)


def _quoted(words: str) -> str:
    """Return words for between the quotes of a search."""
    return words.replace("\\", " ").replace('"', " ")


def _fits(match: Match, song: Song) -> bool:
    """Return whether a recording found has the song's title and is by its artist."""
    return same_title(match.title, song.title) and artist_of(match.credit, match.artists, song.artist) is not None


def _related(url: dict[str, Any]) -> dict[UUID, str]:
    """Return the artists an address is linked with."""
    found = (each.get("artist") for each in rows(url.get("relations")) if not each.get("ended"))
    pairs = ((mbid(inside(each, "id")), text(inside(each, "name"))) for each in found)
    return {key: name for key, name in pairs if key and name}


def _artist(answer: dict[str, Any]) -> Artist | None:
    """Return the artist an answer describes."""
    key, name = mbid(answer.get("id")), text(answer.get("name"))
    if key is None or name is None:
        return None
    return Artist(
        mbid=key,
        name=name,
        area=text(inside(answer, "area", "name")),
        country=_country(answer),
        type=text(answer.get("type")),
        begin_year=year(inside(answer, "life-span", "begin")),
        end_year=year(inside(answer, "life-span", "end")),
        tags=tags([*_tags(answer.get("genres"), genre=True), *_tags(answer.get("tags"), genre=False)]),
    )


def _country(answer: dict[str, Any]) -> str | None:
    """Return the two letters of an artist's country."""
    letters = answer.get("country") or next(iter(inside(answer, "area", "iso-3166-1-codes") or []), None)
    return letters if isinstance(letters, str) and len(letters) == 2 and letters.isascii() else None


def _tags(value: Any, *, genre: bool) -> Iterator[Tag]:
    """Yield the tags of a list."""
    for each in rows(value):
        name, count = text(each.get("name")), number(each.get("count"), 2**31)
        if name and count:
            yield Tag(name, count, genre)


def _matches(found: Iterable[dict[str, Any]]) -> Iterator[Match]:
    """Yield the recordings of a search, in its order."""
    for each in found:
        key, title, credit = mbid(each.get("id")), text(each.get("title")), list(rows(each.get("artist-credit")))
        if key is None or title is None:
            continue
        artists = {mbid(inside(part, "artist", "id")): text(inside(part, "artist", "name")) for part in credit}
        written = "".join(f"{part.get('name') or ''}{part.get('joinphrase') or ''}" for part in credit)
        recording = Recording(
            key,
            number(each.get("length"), _LONGEST_MS),
            tags(_tags(each.get("tags"), genre=False)),
            tuple(_releases(rows(each.get("releases")))),
        )
        yield Match(title, written, {k: name for k, name in artists.items() if k is not None}, recording)


def _releases(found: Iterable[dict[str, Any]]) -> Iterator[Release]:
    """Yield the releases a recording is on, the official ones first, each group from its earliest year on."""
    official = sorted(found, key=lambda each: (each.get("status") != "Official", str(each.get("date") or "9")))
    for each in official:
        key, name = mbid(each.get("id")), text(each.get("title"))
        if key is not None and name is not None:
            yield Release(key, name, mbid(inside(each, "release-group", "id")), year(each.get("date")))
