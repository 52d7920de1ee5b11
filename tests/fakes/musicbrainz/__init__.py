"""A stand-in for MusicBrainz, web service 2: addresses, artists, searches; one call a second if wanted.

``FakeMusicBrainz(music)`` is a context manager; ``api_url`` is what ``PLAYPRINT_MUSICBRAINZ_URL`` takes. Endpoints are
counted as ``url``, ``artist``, ``artist search``, ``recording search``, ``release search``. ``per_second`` (None: any
number) refuses more calls in one second of its clock, as the real one does.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..openmusic import OpenArtist, OpenMusic, OpenRecording, OpenRelease
from ..serving import Asked, Fake

_HELP = "For usage, please see: https://musicbrainz.org/development/mmd"
_TOO_FAST = (
    "Your requests are exceeding the allowable rate limit. Please see "
    "https://wiki.musicbrainz.org/XMLWebService for more information."
)
_SPOTIFY = "https://open.spotify.com/artist/"
_RECORDING = re.compile(r'^recording:"(?P<title>[^"]*)" AND artist:"(?P<artist>[^"]*)"$')
_IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
_PATTERNS = (
    (re.compile(r"^GET /ws/2/url$"), "url"),
    (re.compile(r"^GET /ws/2/artist/[^/]+$"), "artist"),
    (re.compile(r"^GET /ws/2/artist$"), "artist search"),
    (re.compile(r"^GET /ws/2/recording$"), "recording search"),
    (re.compile(r"^GET /ws/2/release$"), "release search"),
)


class FakeMusicBrainz(Fake):
    """MusicBrainz as far as Playprint asks it."""

    def __init__(
        self, music: OpenMusic | None = None, *, port: int = 0, now: Callable[[], datetime] | None = None
    ) -> None:
        super().__init__(port=port, now=now)
        self.music = music or OpenMusic()
        self.per_second: int | None = None
        self.retry_after: int | None = 2

    @property
    def api_url(self) -> str:
        """Return the address of the web service."""
        return f"{self.url}/ws/2"

    def endpoint(self, method: str, path: str) -> str:
        """Return what a call is counted as."""
        call = f"{method} {path}"
        return next((name for pattern, name in _PATTERNS if pattern.match(call)), call)

    def answer(self, asked: Asked, request: Request) -> Response:
        """Return the right answer: a refusal first where one is due."""
        if "playprint" not in asked.headers.get("user-agent", "").lower():
            return _error(403, "Your user agent says nothing of who you are.")
        if self._too_fast(asked):
            wait = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
            return _error(503, _TOO_FAST, {"X-RateLimit-Limit": "1", "X-RateLimit-Remaining": "0", **wait})
        query = parse_qs(asked.query, keep_blank_values=True)
        match self.endpoint(asked.method, asked.path):
            case "url":
                return self._urls(query)
            case "artist":
                return self._artist(asked.path.rpartition("/")[2], query)
            case "artist search":
                return self._search_artists(query)
            case "recording search":
                return self._search_recordings(query)
            case "release search":
                return self._search_releases(query)
        return _error(404, "Not Found")

    def _too_fast(self, asked: Asked) -> bool:
        since = asked.at - timedelta(seconds=1)
        recent = sum(1 for each in self.requests if since < each.at <= asked.at)
        return self.per_second is not None and recent > self.per_second

    def _urls(self, query: dict[str, list[str]]) -> Response:
        resources = query.get("resource", [])
        if not 1 <= len(resources) <= 100 or query.get("inc", ["artist-rels"]) != ["artist-rels"]:
            return _error(400, "The given parameters do not match any available query type for the url resource.")
        found = [entry for each in resources if (entry := self._url(each))]
        if len(resources) > 1:
            return JSONResponse({"url-count": len(found), "url-offset": 0, "urls": found})
        return JSONResponse(found[0]) if found else _error(404, "Not Found")

    def _url(self, resource: str) -> dict[str, Any] | None:
        key = resource.removeprefix(_SPOTIFY)
        linked = [artist for artist in self.music.artists if key in artist.spotify_ids]
        if not resource.startswith(_SPOTIFY) or not linked:
            return None
        relations = [
            {"type": "free streaming", "target-type": "artist", "direction": "backward", "ended": False}
            | {"artist": {"id": artist.mbid, "name": artist.name, "sort-name": artist.name, "disambiguation": ""}}
            for artist in linked
        ]
        return {"id": linked[0].mbid, "resource": resource, "relations": relations}

    def _artist(self, key: str, query: dict[str, list[str]]) -> Response:
        try:
            UUID(key)
        except ValueError:
            return _error(400, "Invalid mbid.")
        artist = self.music.artist(key)
        if artist is None:
            return _error(404, "Not Found")
        wanted = set(query.get("inc", [""])[0].split())
        more: dict[str, Any] = {}
        if "genres" in wanted:
            more["genres"] = [{"id": artist.mbid, "name": n, "count": c} for n, c, genre in artist.tags if genre]
        if "tags" in wanted:
            more["tags"] = [{"name": name, "count": count} for name, count, _ in artist.tags]
        return JSONResponse(_described(artist) | more)

    def _search_artists(self, query: dict[str, list[str]]) -> Response:
        words = query.get("query", [""])[0]
        if not words:
            return _error(400, "query parameter is missing")
        asked = _IDS.findall(words)
        found = [_described(artist) | {"score": 100} for artist in self.music.artists if artist.mbid in asked]
        return JSONResponse({"created": "2026-11-22T12:00:00.000Z", "count": len(found), "offset": 0, "artists": found})

    def _search_releases(self, query: dict[str, list[str]]) -> Response:
        asked = set(_IDS.findall(query.get("query", [""])[0]))
        if not asked:
            return _error(400, "query parameter is missing")
        known = {release.mbid: release for each in self.music.recordings for release in each.releases}
        found = [_release(known[key]) | {"score": 100} for key in sorted(asked & set(known))]
        return JSONResponse(
            {"created": "2026-11-22T12:00:00.000Z", "count": len(found), "offset": 0, "releases": found}
        )

    def _search_recordings(self, query: dict[str, list[str]]) -> Response:
        words = _RECORDING.match(query.get("query", [""])[0])
        if words is None:
            return _error(400, "query parameter is missing")
        found = [_recording(each) for each in self.music.songs(words["artist"], words["title"])]
        # A search always finds something: the last resort is the title by whoever.
        found += [_recording(each) for each in self.music.songs("", words["title"])][:3]
        whole = {"created": "2026-11-22T12:00:00.000Z", "count": len(found), "offset": 0, "recordings": found[:25]}
        return JSONResponse(whole)


def _described(artist: OpenArtist) -> dict[str, Any]:
    """Return what is always said of an artist."""
    return {
        "id": artist.mbid,
        "name": artist.name,
        "sort-name": artist.name,
        "type": artist.type,
        "country": artist.country,
        "area": {"id": artist.mbid, "name": artist.area, "iso-3166-1-codes": [artist.country]},
        "life-span": {
            "begin": artist.begin_year and f"{artist.begin_year}-05",
            "end": artist.end_year and str(artist.end_year),
            "ended": artist.end_year is not None,
        },
        "disambiguation": "",
    }


def _recording(each: OpenRecording) -> dict[str, Any]:
    """Return a recording as a search shows it."""
    last = len(each.artists) - 1
    credit = [
        {"name": artist.name, "joinphrase": " & " if place < last else "", "artist": _short(artist)}
        for place, artist in enumerate(each.artists)
    ]
    releases = [_release(release) for release in each.releases]
    return {
        "id": each.mbid,
        "score": 100,
        "title": each.title,
        "length": each.length,
        "artist-credit": credit,
        "releases": releases,
        "tags": [{"name": name, "count": count} for name, count, _ in each.tags],
    }


def _release(release: OpenRelease) -> dict[str, Any]:
    """Return a release as a search shows it."""
    return {
        "id": release.mbid,
        "title": release.name,
        "status": "Official",
        "date": f"{release.year}-03-01",
        "release-group": {"id": release.group, "title": release.name, "primary-type": "Album"},
    }


def _short(artist: OpenArtist) -> dict[str, Any]:
    return {"id": artist.mbid, "name": artist.name, "sort-name": artist.name, "disambiguation": ""}


def _error(status: int, words: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": words, "help": _HELP}, status, headers=headers)
