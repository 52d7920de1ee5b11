"""What listeners elsewhere play beside an artist: open lists, as they are stored."""

import threading
from collections import OrderedDict
from collections.abc import Collection
from uuid import UUID

from core.recommend.crowd import Similar
from core.repositories.database import Database
from core.repositories.similar import SimilarRows

KEPT = 4  # people whose lists stay in memory: about six megabytes each


class Crowd:
    """Open lists of similar artists; reading them asks nobody outside."""

    def __init__(self, db: Database) -> None:
        self._rows, self._guard = SimilarRows(db), threading.Lock()
        self._held: OrderedDict[tuple[str, frozenset[UUID]], dict[UUID, Similar]] = OrderedDict()

    def known(self, mbids: Collection[UUID]) -> dict[UUID, Similar]:
        """Return the lists of these artists that are known; those last asked for stay here until somebody is asked."""
        if not mbids:
            return {}
        question = self._rows.stamp(), frozenset(mbids)
        with self._guard:
            if question in self._held:
                self._held.move_to_end(question)
                return dict(self._held[question])
        rows = self._rows.lists(mbids).items()
        made = {mbid: Similar(each.mbids, each.names, each.scores) for mbid, each in rows}
        with self._guard:
            self._held[question] = made
            while len(self._held) > KEPT:
                self._held.popitem(last=False)
        return dict(made)

    def listeners(self, mbids: Collection[UUID]) -> dict[UUID, int | None]:
        """Return how many people listen to each artist, None where nobody knows."""
        return self._rows.listeners(mbids)

    def mbids(self, artist_ids: Collection[int]) -> dict[int, UUID]:
        """Return the id MusicBrainz has for each artist, as far as it is known."""
        return self._rows.mbids(artist_ids)
