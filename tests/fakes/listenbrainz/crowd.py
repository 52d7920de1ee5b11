"""Whom people play beside an artist, and how many people listen to whom: invented, always the same."""

from typing import Any
from uuid import UUID

from starlette.responses import JSONResponse, Response

from ..openmusic import OpenArtist, OpenMusic, mbid_of
from ..spotify.music import number_of

MOST_ON_LIST, MOST_ASKED = 100, 1_000
STRANGERS = ("The Paper Lanterns", "Nordlicht", "Ana Quintal", "Velvet Tide", "Kites at Noon", "Hollow Pines")


class Crowd:
    """What was worked out.

    ``lists`` (id → rows of name, id, score) and ``listeners`` (id → number, None: unknown) go before what is invented;
    ``empty``: everything is being worked out anew, every list is empty.
    """

    def __init__(self, music: OpenMusic) -> None:
        self.music = music
        self.lists: dict[str, list[tuple[str, str, int]]] = {}
        self.listeners: dict[str, int | None] = {}
        self.empty = False

    def similar(self, query: dict[str, list[str]]) -> Response:
        """Return ``/similar-artists/json``: nobody for artists that are not known."""
        asked = query.get("artist_mbids", [""])[0].split(",")
        if "algorithm" not in query:
            return JSONResponse({"error": "algorithm: field required"}, 400)
        if not all(_valid(each) for each in asked):
            return JSONResponse({"error": "artist_mbids: value is not a valid uuid"}, 400)
        found = [] if self.empty else [_row(each, *row) for each in asked for row in self._list(each)]
        return JSONResponse(found)

    def popularity(self, body: dict[str, Any]) -> Response:
        """Return ``/1/popularity/artist``: null for those they do not know."""
        asked = body.get("artist_mbids") or []
        if not 0 < len(asked) <= MOST_ASKED or not all(_valid(each) for each in asked):
            return JSONResponse({"code": 400, "error": "artist_mbids is invalid or too long"}, 400)
        return JSONResponse([self._counted(each) for each in asked])

    def _list(self, mbid: str) -> list[tuple[str, str, int]]:
        if mbid in self.lists:
            return self.lists[mbid]
        artist = self.music.artist(mbid)
        return self._invented(artist) if artist else []

    def _invented(self, artist: OpenArtist) -> list[tuple[str, str, int]]:
        """Return artists with a tag in common, and some nobody here has heard of; the order is that of scores."""
        tags = {name for name, _, genre in artist.tags if genre}
        alike = [
            each for each in self.music.artists if each is not artist and tags & {name for name, _, _ in each.tags}
        ]
        rows = [
            (each.name, each.mbid, 20 + number_of("together", *sorted((artist.name, each.name))) % 400)
            for each in alike
        ]
        first = next(iter(sorted(tags)), "")
        rows += [
            (
                f"{name} ({first})" if first else name,
                mbid_of("artist", name, first),
                10 + number_of(name, artist.name) % 200,
            )
            for name in STRANGERS
        ]
        return sorted(rows, key=lambda row: (-row[2], row[0]))[:MOST_ON_LIST]

    def _counted(self, mbid: str) -> dict[str, Any]:
        invented = 100 + number_of("listeners", mbid) % 40_000
        count = self.listeners.get(mbid, invented)
        return {
            "artist_mbid": mbid,
            "total_listen_count": None if count is None else count * 37,
            "total_user_count": count,
        }


def _row(reference: str, name: str, mbid: str, score: int) -> dict[str, Any]:
    return {
        "artist_mbid": mbid,
        "name": name,
        "comment": "",
        "type": "Group",
        "gender": None,
        "score": score,
        "reference_mbid": reference,
    }


def _valid(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True
