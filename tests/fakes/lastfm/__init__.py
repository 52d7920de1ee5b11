"""A stand-in for Last.fm: charts of the world and of countries, for those who have the key.

``FakeLastfm(music)`` is a context manager; ``url`` is what ``PLAYPRINT_LASTFM_URL`` takes. Endpoints are counted by
method. Numbers are texts, errors come as good answers, and a list of one is no list: as over there.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..openmusic import OpenMusic
from ..serving import Asked, Fake
from ..spotify.music import number_of

KEY = "the-key-of-the-stand-in"
COUNTRIES = ("Germany", "United States", "Korea, Republic of")


class FakeLastfm(Fake):
    """Last.fm as far as Playprint asks it; ``error`` is a number every question is answered with."""

    def __init__(
        self, music: OpenMusic | None = None, *, port: int = 0, now: Callable[[], datetime] | None = None
    ) -> None:
        super().__init__(port=port, now=now)
        self.music = music or OpenMusic()
        self.key, self.countries, self.places, self.error = KEY, COUNTRIES, 50, 0

    def answer(self, asked: Asked, request: Request) -> Response:
        """Return the right answer."""
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        method = query.get("method", "")
        if self.error:
            return _error(self.error, f"Something is wrong with {query.get('api_key')}")
        if query.get("api_key") != self.key:
            return _error(10, "Invalid API key - You must be granted a valid key by last.fm")
        if method.startswith("geo.") and query.get("country") not in self.countries:
            return _error(6, "country param invalid")
        place = query.get("country", "world")
        match method:
            case "chart.getTopArtists":
                return self._listed("artists", "artist", self._artists(place), "")
            case "geo.getTopArtists":
                return self._listed("topartists", "artist", self._artists(place), place)
            case "chart.getTopTracks" | "geo.getTopTracks":
                return self._listed("tracks", "track", self._tracks(place), place)
            case "chart.getTopTags":
                return self._listed("tags", "tag", self._tags(), "")
        return _error(3, "Invalid Method - No method with that name in this package")

    def _listed(self, outer: str, inner: str, found: list[dict[str, Any]], country: str) -> Response:
        rows = found[: self.places]
        attributes = {"page": "1", "perPage": str(self.places), "totalPages": "1", "total": str(len(rows))}
        attributes |= {"country": country} if country else {}
        return JSONResponse({outer: {inner: rows[0] if len(rows) == 1 else rows, "@attr": attributes}})

    def _artists(self, place: str) -> list[dict[str, Any]]:
        ordered = sorted(self.music.artists, key=lambda artist: number_of(place, artist.name))
        return [
            {"name": artist.name, "listeners": str(4_000_000 - at), "mbid": artist.mbid, "streamable": "0"}
            | {"url": "https://www.last.fm/music/x", "image": [{"#text": "", "size": "small"}]}
            | ({"playcount": str(90_000_000 - at)} if place == "world" else {"@attr": {"rank": str(at + 1)}})
            for at, artist in enumerate(ordered)
        ]

    def _tracks(self, place: str) -> list[dict[str, Any]]:
        ordered = sorted(self.music.recordings, key=lambda each: number_of(place, each.title, each.credit))
        return [
            {"name": each.title, "duration": "232", "listeners": str(50_000 - at), "mbid": each.mbid}
            | {"artist": {"name": each.credit, "mbid": each.artists[0].mbid, "url": ""}, "@attr": {"rank": str(at)}}
            for at, each in enumerate(ordered)
        ]

    def _tags(self) -> list[dict[str, Any]]:
        names = ["rock", "electronic", "seen live", *dict.fromkeys(t[0] for a in self.music.artists for t in a.tags)]
        return [{"name": name, "reach": "400000", "taggings": "4000000", "streamable": "1"} for name in names]


def _error(number: int, words: str) -> Response:
    return JSONResponse({"error": number, "message": words, "links": []}, 200)
