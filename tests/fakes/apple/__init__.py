"""A stand-in for Apple Music's feeds: what is played most, by country.

``FakeApple(music)`` is a context manager; ``url`` is what ``PLAYPRINT_APPLE_URL`` takes. ``countries`` have a shop.
"""

import re
from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from ..openmusic import OpenMusic
from ..serving import Asked, Fake

_FEED = re.compile(r"/api/v2/([a-z]{2})/music/most-played/(\d+)/(songs|albums)\.json")


class FakeApple(Fake):
    """Apple's feeds as far as Playprint asks for them."""

    def __init__(
        self, music: OpenMusic | None = None, *, port: int = 0, now: Callable[[], datetime] | None = None
    ) -> None:
        super().__init__(port=port, now=now)
        self.music, self.countries = music or OpenMusic(), ["de", "us", "jp"]

    def answer(self, asked: Asked, request: Request) -> Response:
        """Return the right answer."""
        asked_for = _FEED.fullmatch(asked.path)
        if asked_for is None or asked_for[1] not in self.countries:
            return HTMLResponse("<html>Not found</html>", 404)
        country, most, kind = asked_for[1], int(asked_for[2]), asked_for[3]
        names = [
            (each.title if kind == "songs" else each.releases[0].name, each.credit) for each in self.music.recordings
        ]
        results = [
            {"artistName": artist, "id": str(at), "name": name, "releaseDate": "2026-01-01", "kind": kind}
            | {"artworkUrl100": "https://is1.invalid/x.jpg", "url": "https://music.apple.com/x", "genres": []}
            for at, (name, artist) in enumerate(dict.fromkeys(names))
        ]
        updated = f"{asked.at:%a, %d %b %Y} 04:02:36 +0000"
        feed = {"title": f"Top {kind}", "country": country, "updated": updated, "results": results[:most]}
        return JSONResponse({"feed": feed})
