"""What is known about music from open sources, for pages: a reading of what was stored, nobody is asked."""

from collections.abc import Collection

from core.domain.facts import AlbumFacts, ArtistFacts, TrackFacts
from core.repositories.database import Database
from core.repositories.facts import FactRows


class Facts:
    """Facts by the ids of this database; what is not known is left out of every answer."""

    def __init__(self, db: Database) -> None:
        self._rows = FactRows(db)

    def artists(self, ids: Collection[int]) -> dict[int, ArtistFacts]:
        """Return what is known of artists: tags and genres, place, kind, years."""
        return self._rows.artists(ids)

    def albums(self, ids: Collection[int]) -> dict[int, AlbumFacts]:
        """Return what is known of albums: ids, year, cover."""
        return self._rows.albums(ids)

    def tracks(self, ids: Collection[int]) -> dict[int, TrackFacts]:
        """Return what is known of tracks: id, length, tags."""
        return self._rows.tracks(ids)
