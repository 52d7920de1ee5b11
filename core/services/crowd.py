"""What listeners elsewhere play beside an artist: open lists, as they are stored."""

from collections.abc import Collection
from uuid import UUID

from core.recommend.crowd import Similar
from core.repositories.database import Database
from core.repositories.similar import SimilarRows


class Crowd:
    """Open lists of similar artists; reading them asks nobody outside."""

    def __init__(self, db: Database) -> None:
        self._rows = SimilarRows(db)

    def known(self, mbids: Collection[UUID]) -> dict[UUID, Similar]:
        """Return the lists of these artists that are known."""
        return {mbid: Similar(each.mbids, each.names, each.scores) for mbid, each in self._rows.lists(mbids).items()}

    def listeners(self, mbids: Collection[UUID]) -> dict[UUID, int | None]:
        """Return how many people listen to each artist, None where nobody knows."""
        return self._rows.listeners(mbids)

    def mbids(self, artist_ids: Collection[int]) -> dict[int, UUID]:
        """Return the id MusicBrainz has for each artist, as far as it is known."""
        return self._rows.mbids(artist_ids)
