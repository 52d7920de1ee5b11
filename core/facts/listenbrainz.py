"""ListenBrainz: recordings by their names, many at once, and what it knows of recordings and artists.

Its headers say how many calls are left (https://listenbrainz.readthedocs.io/en/latest/users/api/). Looking names up
wants a user token; the rest is open to everybody.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from core.asking.errors import Trouble
from core.asking.http import Asker
from core.asking.reading import inside, known, mbid, number, rows, text, year
from core.domain.facts import Song, Tag
from core.domain.names import recording_title
from core.facts.answers import Artist, Match, Recording, Release, tags

SONGS_AT_ONCE = 50  # as many as one call may ask about
IDS_AT_ONCE = 50
LONGEST_SONG = 250  # letters of artist, title and album together
_LONGEST_MS = 2**31 - 1


class ListenBrainz:
    """Asks ListenBrainz; every answer is read tolerantly, what cannot be read is left out."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    @property
    def has_token(self) -> bool:
        """Whether a user token goes along."""
        return self._asker.has_token

    def match(self, songs: Sequence[Song]) -> dict[Song, Match]:
        """Return what ListenBrainz takes songs for; the artist may be another one: compare names.

        Source: ``POST /1/metadata/lookup/``. Songs it does not know are left out of the answer or lack an id.
        """
        asked = [song for song in songs if len(song.artist) + len(song.title) <= LONGEST_SONG][:SONGS_AT_ONCE]
        if not asked:
            return {}
        body = {"recordings": [_asked(song) for song in asked]}
        answer = self._asker.post("/1/metadata/lookup/", "lookup", body)
        if not isinstance(answer, list):  # unknown songs are left out of a list; without one nobody was asked
            raise Trouble(self._asker.service, "no list")
        found = {}
        for each in rows(answer):
            index, match = each.get("index"), _match(each)
            if match is not None and isinstance(index, int) and 0 <= index < len(asked):
                found[asked[index]] = match
        return found

    def artists(self, mbids: Sequence[UUID]) -> dict[UUID, Artist]:
        """Return what is known of artists.

        Source: ``GET /1/metadata/artist/?artist_mbids=…&inc=tag``.
        """
        asked = ",".join(str(each) for each in mbids[:IDS_AT_ONCE])
        answer = self._asker.get("/1/metadata/artist/", "artist", [("artist_mbids", asked), ("inc", "tag")])
        return {artist.mbid: artist for artist in known(rows(answer), _artist)}

    def recordings(self, mbids: Sequence[UUID]) -> dict[UUID, Recording]:
        """Return what is known of recordings, each with the one release that stands for it.

        Source: ``POST /1/metadata/recording/``, ``inc`` tag and release.
        """
        body = {"recording_mbids": [str(each) for each in mbids[:IDS_AT_ONCE]], "inc": "tag release"}
        answer = self._asker.post("/1/metadata/recording/", "recording", body)
        asked = {str(each): each for each in mbids}
        return {asked[key]: _recording(asked[key], value) for key, value in _pairs(answer) if key in asked}


def _asked(song: Song) -> dict[str, str]:
    """Return how a song is asked about, without the words of an edition; its album goes along where there is room."""
    body = {"artist_name": song.artist, "recording_name": recording_title(song.title)}
    album = recording_title(song.album or "")
    room = LONGEST_SONG - sum(map(len, body.values()))
    return body | ({"release_name": album} if 0 < len(album) <= room else {})


def _match(each: dict[str, Any]) -> Match | None:
    """Return the recording one song was taken for."""
    key, title, credit = (
        mbid(each.get("recording_mbid")),
        text(each.get("recording_name")),
        each.get("artist_credit_name"),
    )
    if key is None or title is None:
        return None
    release, name = mbid(each.get("release_mbid")), text(each.get("release_name"))
    releases = (Release(release, name),) if release and name else ()
    listed = each.get("artist_mbids")
    artists = known(listed if isinstance(listed, list) else [], mbid)
    return Match(title, text(credit) or "", dict.fromkeys(artists), Recording(key, releases=releases))


def _artist(each: dict[str, Any]) -> Artist | None:
    """Return the artist one entry describes."""
    key, name = mbid(each.get("artist_mbid") or each.get("mbid")), text(each.get("name"))
    if key is None or name is None:
        return None
    return Artist(
        mbid=key,
        name=name,
        area=text(each.get("area")),
        type=text(each.get("type")),
        begin_year=year(each.get("begin_year")),
        end_year=year(each.get("end_year")),
        tags=tags(_tags(rows(inside(each, "tag", "artist")))),
    )


def _recording(key: UUID, value: Any) -> Recording:
    """Return the recording one entry describes."""
    release = _release(inside(value, "release"))
    return Recording(
        mbid=key,
        duration_ms=number(inside(value, "recording", "length"), _LONGEST_MS),
        tags=tags(_tags(rows(inside(value, "tag", "recording")))),
        releases=(release,) if release else (),
    )


def _release(value: Any) -> Release | None:
    """Return the release an object describes."""
    key, name = mbid(inside(value, "mbid")), text(inside(value, "name"))
    if key is None or name is None:
        return None
    return Release(
        mbid=key,
        name=name,
        group=mbid(inside(value, "release_group_mbid")),
        year=year(inside(value, "year")),
        cover_id=number(inside(value, "caa_id"), 2**62),
        cover_release=mbid(inside(value, "caa_release_mbid")),
    )


def _tags(found: Iterable[dict[str, Any]]) -> Iterator[Tag]:
    """Yield tags; those with a genre's id are genres."""
    for each in found:
        name, count = text(each.get("tag")), number(each.get("count"), 2**31)
        if name and count:
            yield Tag(name, count, bool(each.get("genre_mbid")))


def _pairs(value: Any) -> list[tuple[str, Any]]:
    """Return the entries of an object, none of anything else."""
    return list(value.items()) if isinstance(value, dict) else []
