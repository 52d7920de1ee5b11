"""A stand-in for Deezer: today's chart of tracks, albums and artists.

``FakeDeezer(music)`` is a context manager; ``url`` is what ``PLAYPRINT_DEEZER_URL`` takes. ``error`` is a number every
question is answered with, as a good answer: 4 means too many questions.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..openmusic import OpenMusic
from ..serving import Asked, Fake


class FakeDeezer(Fake):
    """Deezer as far as Playprint asks it."""

    def __init__(
        self, music: OpenMusic | None = None, *, port: int = 0, now: Callable[[], datetime] | None = None
    ) -> None:
        super().__init__(port=port, now=now)
        self.music, self.error = music or OpenMusic(), 0

    def answer(self, asked: Asked, request: Request) -> Response:
        """Return the right answer."""
        if self.error:
            return JSONResponse({"error": {"type": "Exception", "message": "Quota limit exceeded", "code": self.error}})
        limit = int(parse_qs(asked.query).get("limit", ["10"])[0])
        found = {"/chart/0/artists": self._artists, "/chart/0/tracks": self._tracks, "/chart/0/albums": self._albums}
        if asked.path not in found:
            return JSONResponse({"error": {"type": "DataException", "message": "no data", "code": 800}})
        rows = found[asked.path]()[:limit]
        placed = [row | {"position": at} for at, row in enumerate(rows, 1)]
        return JSONResponse({"data": placed, "total": len(placed)})

    def _artists(self) -> list[dict[str, Any]]:
        return [{"id": at, "name": each.name, "type": "artist"} for at, each in enumerate(self.music.artists)]

    def _tracks(self) -> list[dict[str, Any]]:
        return [
            {"id": at, "title": each.title, "duration": 200, "rank": 900_000 - at, "explicit_lyrics": False}
            | {"artist": {"id": 1, "name": each.credit}, "album": {"id": 2, "title": each.releases[0].name}}
            for at, each in enumerate(self.music.recordings)
        ]

    def _albums(self) -> list[dict[str, Any]]:
        releases = dict.fromkeys(release for each in self.music.recordings for release in each.releases)
        return [{"id": at, "title": r.name, "artist": {"name": r.artist.name}} for at, r in enumerate(releases)]
