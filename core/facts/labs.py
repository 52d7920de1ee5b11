"""ListenBrainz on whom listeners play beside an artist, and how many people listen to artists at all.

The lists are an experiment of theirs ("Labs", https://labs.api.listenbrainz.org) and may change; both are in the
public domain (CC0).
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from core.asking.errors import Trouble
from core.asking.http import Asker
from core.asking.reading import mbid, number, rows, text

# Sessions of 20 years with pauses up to five minutes; who came together in ten of them; a hundred artists a list.
ALGORITHM = "session_based_days_7500_session_300_contribution_5_threshold_10_limit_100_filter_True_skip_30"
MOST_ON_LIST = 100
ARTISTS_AT_ONCE = 1_000  # as many as one call about listeners may ask about
_HIGHEST_SCORE, _HIGHEST_COUNT = 2**31 - 1, 2**62


class Labs:
    """Asks for lists of similar artists; what cannot be read of an answer is left out."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    def similar(self, artist: UUID) -> list[tuple[UUID, str, int]]:
        """Return (id, name, sessions in common) of artists played beside one, best first; none for unknown artists.

        Source: ``GET /similar-artists/json?artist_mbids=…&algorithm=…``.
        """
        asked = [("artist_mbids", str(artist)), ("algorithm", ALGORITHM)]
        answer = self._asker.get("/similar-artists/json", "similar-artists", asked)
        found = {each[0]: each for each in _listed(_list(self._asker, answer)) if each[0] != artist}
        return sorted(found.values(), key=lambda each: (-each[2], each[0]))[:MOST_ON_LIST]


class Popularity:
    """Asks how many people listen to artists."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    def listeners(self, artists: Sequence[UUID]) -> dict[UUID, int | None]:
        """Return how many people listen to each artist; None: they do not know.

        Source: ``POST /1/popularity/artist``, ``total_user_count``.
        """
        asked = list(artists)[:ARTISTS_AT_ONCE]
        body = {"artist_mbids": [str(each) for each in asked]}
        answer = self._asker.post("/1/popularity/artist", "popularity", body)
        counts: dict[UUID, int | None] = dict.fromkeys(asked)
        for each in rows(_list(self._asker, answer)):
            key = mbid(each.get("artist_mbid"))
            if key in counts:
                counts[key] = number(each.get("total_user_count"), _HIGHEST_COUNT)
        return counts


def _list(asker: Asker, answer: Any) -> list[Any]:
    """Return an answer that is a list; anything else says nothing about anybody."""
    if not isinstance(answer, list):
        raise Trouble(asker.service, "no list")
    return answer


def _listed(answer: list[Any]) -> Iterator[tuple[UUID, str, int]]:
    """Yield the artists of a list that have an id, a name and a score."""
    for each in rows(answer):
        key, name = mbid(each.get("artist_mbid")), text(each.get("name"))
        score = number(each.get("score"), _HIGHEST_SCORE)
        if key is not None and name is not None and score is not None:
            yield key, name, score
