"""The voice of public charts: songs and albums there by artists somebody plays, which they never heard."""

import threading
from collections.abc import Callable
from typing import cast
from uuid import UUID

import numpy as np

from core.domain.names import name_key
from core.domain.recommending import Kind, Reason, Suggestion
from core.repositories.chart_candidates import ChartCandidates
from core.repositories.database import Database
from core.services.suggesting import Profile, Ranking, Wanted

PLACES = 1_000  # a place so deep adds nothing any more
Charted = tuple[str, str, UUID | None, str, int]  # name, artist, mbid, uri, best place


class ChartVoice:
    """What charts hold, by the artists' names; read again when charts change."""

    def __init__(self, db: Database, version: Callable[[], int]) -> None:
        self._rows, self._version, self._guard = ChartCandidates(db), version, threading.Lock()
        self._held: tuple[int, dict[tuple[str, str], list[Charted]]] | None = None

    def suggest(self, profile: Profile, wanted: Wanted) -> Ranking:
        """Return songs or albums of charts by artists somebody plays, the most played artists' and highest first."""
        if wanted.kind == "artist":
            return Ranking("charts", ())
        held, known, found = self._charted(), profile.keys(wanted.kind), []
        for id, artist, plays, weight in profile.artists.select("id", "name", "plays", "weight").iter_rows():
            for name, by, mbid, uri, best in held.get((wanted.kind, name_key(artist)), ()):
                score = weight * (1 + max(0.0, 1 - np.log(best) / np.log(PLACES)))
                one = Suggestion(
                    cast("Kind", wanted.kind),
                    name,
                    by,
                    artist_id=id,
                    mbid=mbid,
                    uri=uri,
                    score=float(score),
                    reasons=(Reason("artist", artist, id=id, weight=1.0),),
                    voices=("charts",),
                    why=f"You played {artist} {plays:,} times; this stood at number {best:,} of a public chart.",
                )
                if one.key not in known:
                    found.append(one)
        return Ranking("charts", tuple(sorted(found, key=lambda each: (-each.score, each.name))))

    def _charted(self) -> dict[tuple[str, str], list[Charted]]:
        version = self._version()
        with self._guard:
            if self._held is None or self._held[0] != version:
                self._held = version, _by_artist(self._rows.songs())
            return self._held[1]


def _by_artist(
    rows: list[tuple[str, str, str, object, str | None, int | None]],
) -> dict[tuple[str, str], list[Charted]]:
    """Return songs and albums by kind and the key of their artist."""
    found: dict[tuple[str, str], list[Charted]] = {}
    for kind, name, artist, mbid, uri, best in rows:
        whole = (name, artist, cast("UUID | None", mbid), uri or "", best or PLACES)
        found.setdefault((kind, name_key(artist)), []).append(whole)
    return found
