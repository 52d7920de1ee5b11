"""A stand-in for ListenBrainz: looking names up (with a token), what is known of recordings and artists.

``FakeListenBrainz(music)`` is a context manager; ``url`` is what ``PLAYPRINT_LISTENBRAINZ_URL`` takes. Endpoints are
counted as ``lookup``, ``recording``, ``artist``, ``statistics``, ``fresh``, ``similar`` and ``popularity``; ``charts``
is what the statistics say, ``crowd`` whom people play beside an artist (``url`` is ``PLAYPRINT_LABS_URL``, too).
Every answer says how many calls are left: ``limit`` in each ``window`` seconds of its clock.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..openmusic import OpenArtist, OpenMusic, OpenRecording, OpenRelease, mbid_of
from ..serving import Asked, Fake
from .charts import Charts
from .crowd import Crowd

TOKEN = "the-token-of-the-stand-in"
MOST_LOOKUPS, LONGEST = 50, 250
_ENDPOINTS = {
    "POST /1/metadata/lookup/": "lookup",
    "POST /1/metadata/recording/": "recording",
    "GET /1/metadata/artist/": "artist",
    "GET /1/explore/fresh-releases/": "fresh",
    "GET /similar-artists/json": "similar",
    "POST /1/popularity/artist": "popularity",
}
_STATISTICS = "/1/stats/sitewide/"
_TOO_MANY = (
    "You have exceeded your rate limit. See the X-RateLimit-* response headers for more information on your "
    "current rate limit."
)


class FakeListenBrainz(Fake):
    """ListenBrainz as far as Playprint asks it."""

    def __init__(
        self, music: OpenMusic | None = None, *, port: int = 0, now: Callable[[], datetime] | None = None
    ) -> None:
        super().__init__(port=port, now=now)
        self.music = music or OpenMusic()
        self.charts = Charts(self.music)
        self.crowd = Crowd(self.music)
        self.token = TOKEN
        self.needs_token = {"lookup"}  # endpoints that answer nobody without one
        self.limit, self.window = 30, 10
        self.leaves_out_misses = False
        self.wrong: dict[str, str] = {}  # title → name of the artist whose song it is taken for

    def endpoint(self, method: str, path: str) -> str:
        """Return what a call is counted as."""
        if method == "GET" and path.startswith(_STATISTICS):
            return "statistics"
        return _ENDPOINTS.get(f"{method} {path}", f"{method} {path}")

    def answer(self, asked: Asked, request: Request) -> Response:
        """Return the right answer, with its headers: a refusal first where one is due."""
        left, resets_in = self._left(asked)
        headers = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(left, 0)),
            "X-RateLimit-Reset-In": str(resets_in),
            "X-RateLimit-Reset": str(int(asked.at.timestamp()) + resets_in),
        }
        response = _error(429, _TOO_MANY) if left < 0 else self._right(asked)
        response.headers.update(headers)
        return response

    def _left(self, asked: Asked) -> tuple[int, int]:
        """Return how many calls are left in this window (below 0: one too many) and the seconds to its end."""
        now = asked.at.timestamp()
        since = now - now % self.window
        used = sum(1 for each in self.requests if each.at.timestamp() >= since)
        return self.limit - used, int(since + self.window - now) + 1

    def _right(self, asked: Asked) -> Response:
        endpoint = self.endpoint(asked.method, asked.path)
        if endpoint in self.needs_token:
            given = asked.headers.get("authorization")
            if given is None:
                return _error(401, "You need to provide an Authorization header.")
            if given != f"Token {self.token}":
                return _error(401, "Invalid authorization token.")
        match endpoint:
            case "lookup":
                return self._lookup(_body(asked))
            case "recording":
                return self._recordings(_body(asked))
            case "artist":
                return self._artists(parse_qs(asked.query))
            case "similar":
                return self.crowd.similar(parse_qs(asked.query))
            case "popularity":
                return self.crowd.popularity(_body(asked))
            case "fresh":
                return self.charts.fresh(parse_qs(asked.query), asked.at)
            case "statistics":
                name = asked.path.removeprefix(_STATISTICS)
                found = self.charts.statistics(name, parse_qs(asked.query), asked.at)
                if found is not None:
                    return found
        return _error(404, "The requested URL was not found on the server.")

    def _lookup(self, body: dict[str, Any]) -> Response:
        songs = body.get("recordings") or []
        if not songs:
            return _error(400, "recordings is invalid or not present in body")
        if len(songs) > MOST_LOOKUPS:
            return _error(400, f"Number of recordings in request body exceeds maximum permitted. ({MOST_LOOKUPS})")
        answers = []
        for index, song in enumerate(songs):
            names = [song.get(name) or "" for name in ("artist_name", "recording_name", "release_name")]
            if not names[0] or not names[1]:
                return _error(400, f"Recording {index} artist_name or recording_name is invalid or not present")
            if sum(map(len, names)) > LONGEST:
                return _error(400, f"Recording {index} total number of characters must be less than {LONGEST}")
            found = self._found(*names)
            if found or not self.leaves_out_misses:
                asked = dict(zip(("artist_name_arg", "recording_name_arg", "release_name_arg"), names, strict=True))
                answers.append(asked | {"index": index} | (_matched(*found) if found else {}))
        return JSONResponse(answers)

    def _found(self, artist: str, title: str, album: str) -> tuple[OpenRecording, OpenRelease] | None:
        """Return the recording a song is taken for, on the release that was asked for, else on any."""
        songs = list(self.music.songs(self.wrong.get(title, artist), title))
        pairs = [(each, release) for each in songs for release in each.releases]
        return next((pair for pair in pairs if pair[1].name == album), pairs[0] if pairs else None)

    def _recordings(self, body: dict[str, Any]) -> Response:
        mbids = body.get("recording_mbids") or []
        if not mbids:
            return _error(400, "At least one valid recording_mbid must be present.")
        wrong = next((each for each in mbids if not _valid(each)), None)
        if wrong is not None:
            return _error(400, f"recording_mbid {wrong} is not valid.")
        wanted = str(body.get("inc", "")).split()
        known = [found for each in mbids if (found := self.music.recording(each))]
        return JSONResponse({each.mbid: _described(each, wanted) for each in known})

    def _artists(self, query: dict[str, list[str]]) -> Response:
        mbids = query.get("artist_mbids", [""])[0].split(",")
        wrong = next((each for each in mbids if not _valid(each)), None)
        if wrong is not None:
            return _error(400, f"artist mbid {wrong} is not valid.")
        tagged = "tag" in query.get("inc", [""])[0].split()
        return JSONResponse([_artist(found, tagged) for each in mbids if (found := self.music.artist(each))])


def _matched(found: OpenRecording, release: OpenRelease) -> dict[str, Any]:
    """Return what a song was taken for."""
    return {
        "recording_mbid": found.mbid,
        "recording_name": found.title,
        "release_mbid": release.mbid,
        "release_name": release.name,
        "artist_mbids": [artist.mbid for artist in found.artists],
        "artist_credit_name": found.credit,
    }


def _described(each: OpenRecording, wanted: list[str]) -> dict[str, Any]:
    """Return what is known of a recording."""
    said: dict[str, Any] = {"recording": {"name": each.title, "length": each.length, "rels": []}}
    if "tag" in wanted:
        said["tag"] = {"recording": [_tag(tag) for tag in each.tags], "artist": [], "release_group": []}
    if "release" in wanted:
        release = each.releases[0]
        said["release"] = {
            "name": release.name,
            "mbid": release.mbid,
            "release_group_mbid": release.group,
            "year": release.year,
            "album_artist_name": release.artist.name,
            "caa_id": release.cover_id,
            "caa_release_mbid": release.mbid,
        }
    return said


def _artist(artist: OpenArtist, tagged: bool) -> dict[str, Any]:
    """Return what is known of an artist."""
    years = {"begin_year": artist.begin_year, "end_year": artist.end_year}
    said = {"artist_mbid": artist.mbid, "mbid": artist.mbid, "name": artist.name, "type": artist.type}
    said |= {"area": artist.area, "rels": {}} | {name: year for name, year in years.items() if year}
    tags = [_tag(tag) | {"artist_mbid": artist.mbid} for tag in artist.tags]
    return said | ({"tag": {"artist": tags}} if tagged else {})


def _tag(tag: tuple[str, int, bool]) -> dict[str, Any]:
    name, count, genre = tag
    return {"tag": name, "count": count} | ({"genre_mbid": mbid_of("genre", name)} if genre else {})


def _body(asked: Asked) -> dict[str, Any]:
    value = json.loads(asked.body or "{}")
    return value if isinstance(value, dict) else {}


def _valid(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


def _error(code: int, words: str) -> Response:
    return JSONResponse({"code": code, "error": words}, code)
