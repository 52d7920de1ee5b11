"""Open lists of similar artists and how many people listen to each, as they were told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from core.repositories.database import Database
from core.repositories.schema import artist_facts, artist_listeners, similar_artists

_LIST, _COUNT, _FACT = similar_artists.c, artist_listeners.c, artist_facts.c
Outcome = Literal["found", "missing", "failed"]


@dataclass(frozen=True, slots=True)
class StoredList:
    """Whom listeners play beside an artist, best first: parallel."""

    mbids: tuple[UUID, ...]
    names: tuple[str, ...]
    scores: tuple[int, ...]


class SimilarRows:
    """What open lists say about artists; nothing of it is anybody's own."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def stamp(self) -> str:
        """Return what changes whenever somebody was asked."""
        query = text(
            "select (select count(*) || ' ' || coalesce(max(asked_at)::text, '') from similar_artists) || ' ' || "
            "(select count(*) || ' ' || coalesce(max(asked_at)::text, '') from artist_listeners)"
        )
        with self._db.read() as connection:
            return str(connection.execute(query).scalar_one())

    def lists(self, mbids: Collection[UUID]) -> dict[UUID, StoredList]:
        """Return the lists of these artists that have somebody on them; a failed asking keeps what was there."""
        query = select(_LIST.mbid, _LIST.mbids, _LIST.names, _LIST.scores).where(_LIST.mbid.in_(list(mbids)))
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return {row[0]: StoredList(tuple(row[1]), tuple(row[2]), tuple(row[3])) for row in rows if row[1]}

    def listeners(self, mbids: Collection[UUID]) -> dict[UUID, int | None]:
        """Return how many people listen to each artist that was asked about; None: they do not know."""
        query = "select mbid, listeners from artist_listeners where mbid = any(%s)"
        with self._db.driver() as connection:  # of ten thousand ids an expression takes longer to write than to answer
            return dict(connection.execute(query, [list(mbids)]).fetchall())

    def mbids(self, artist_ids: Collection[int]) -> dict[int, UUID]:
        """Return the id MusicBrainz has for each artist of the look-ups, as far as it is known."""
        query = select(_FACT.artist_id, _FACT.mbid).where(
            _FACT.artist_id.in_(list(artist_ids)), _FACT.mbid.is_not(None)
        )
        with self._db.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def keep(
        self, mbid: UUID, outcome: Outcome, found: Sequence[tuple[UUID, str, int]], *, now: datetime, again: datetime
    ) -> None:
        """Keep what was told of an artist; where nobody could be asked, or nothing was told, what was there stays."""
        row = {"mbid": mbid, "outcome": outcome, "asked_at": now, "again_at": again, "tries": 0}
        told = {
            "mbids": [m for m, _, _ in found],
            "names": [n for _, n, _ in found],
            "scores": [s for _, _, s in found],
        }
        made = insert(similar_artists).values({**row, **told, "tries": int(outcome == "failed")})
        changes: dict[str, object] = {"outcome": outcome, "asked_at": now, "again_at": again}
        if outcome == "failed":
            changes["tries"] = _LIST.tries + 1
        else:  # lists are worked out anew now and then, and are empty until that is done
            changes |= {"tries": 0, **(told if found else {})}
        with self._db.begin() as connection:
            connection.execute(made.on_conflict_do_update(index_elements=["mbid"], set_=changes))

    def keep_listeners(self, counts: Mapping[UUID, int | None], *, now: datetime) -> None:
        """Keep how many people listen to artists; a number stays until another one is told."""
        if not counts:
            return
        made = insert(artist_listeners).values(
            [{"mbid": mbid, "listeners": count, "asked_at": now} for mbid, count in counts.items()]
        )
        count = func.coalesce(made.excluded.listeners, _COUNT.listeners)
        changes = {"listeners": count, "asked_at": made.excluded.asked_at}
        with self._db.begin() as connection:
            connection.execute(made.on_conflict_do_update(index_elements=["mbid"], set_=changes))
