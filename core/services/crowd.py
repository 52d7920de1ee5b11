"""What listeners elsewhere play beside an artist: open lists, as they are stored."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import Any, TypeVar
from uuid import UUID

from core.recommend.crowd import Similar
from core.repositories.database import Database
from core.repositories.similar import SimilarRows

KEPT = 8  # questions whose answers stay in memory, two of a person; the lists of three hundred artists: about 6 MB
T = TypeVar("T")


class Crowd:
    """Open lists of similar artists; reading them asks nobody outside."""

    def __init__(self, db: Database) -> None:
        self._rows, self._guard = SimilarRows(db), threading.Lock()
        self._held: OrderedDict[tuple[str, str, frozenset[UUID]], Any] = OrderedDict()

    def known(self, mbids: Collection[UUID]) -> dict[UUID, Similar]:
        """Return the lists of these artists that are known; those last asked for stay here until somebody is asked."""
        return self._kept("lists", mbids, self._lists)

    def _lists(self, mbids: Collection[UUID]) -> dict[UUID, Similar]:
        rows = self._rows.lists(mbids).items()
        return {mbid: Similar(each.mbids, each.names, each.scores) for mbid, each in rows}

    def listeners(self, mbids: Collection[UUID]) -> dict[UUID, int | None]:
        """Return how many people listen to each artist, None where nobody knows; kept as lists are."""
        return self._kept("listeners", mbids, self._rows.listeners)

    def _kept(
        self, what: str, mbids: Collection[UUID], read: Callable[[Collection[UUID]], dict[UUID, T]]
    ) -> dict[UUID, T]:
        """Return what is read of some artists, from memory unless somebody was asked since."""
        if not mbids:
            return {}
        question = what, self._rows.stamp(), frozenset(mbids)
        with self._guard:
            if question in self._held:
                self._held.move_to_end(question)
                return dict(self._held[question])
        made = read(mbids)
        with self._guard:
            self._held[question] = made
            while len(self._held) > KEPT:
                self._held.popitem(last=False)
        return dict(made)

    def mbids(self, artist_ids: Collection[int]) -> dict[int, UUID]:
        """Return the id MusicBrainz has for each artist, as far as it is known."""
        return self._rows.mbids(artist_ids)
