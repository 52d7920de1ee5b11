"""Which artists open lists are asked about next: those people here play most, the demo person left out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from core.domain.listen import Kind
from core.repositories.database import Database
from core.repositories.fact_list import SHORTEST_PLAY_MS

A_YEAR = timedelta(days=365)

# Another text, other listens: as the list of facts has it.
_STATE = text(
    """
    select concat_ws(' ', count(*), coalesce(max(id), 0), coalesce(sum(data_version), 0))
    from users where role <> 'demo'
    """
)
# Everybody's most played artists, plays of the last year before others; artists high on anybody's list come first.
_WISHED = text(
    """
    with own as (
      select l.user_id, t.artist_id,
             count(*) filter (where l.ended_at >= :since) as recent, count(*) as plays
      from listens l join tracks t on t.id = l.track_id
      where l.ms_played >= :shortest and l.kind = any(:kinds) and t.artist_id is not null
        and l.user_id not in (select id from users where role = 'demo')
      group by l.user_id, t.artist_id
    ), ranked as (
      select artist_id,
             row_number() over (partition by user_id order by recent desc, plays desc, artist_id) as place
      from own
    )
    select artist_id from ranked where place <= :most group by artist_id order by min(place), artist_id
    """
)
_DUE = text(
    """
    select w.mbid, coalesce(s.tries, 0)
    from (
      select f.mbid, min(u.place) as place
      from unnest(cast(:artists as int[])) with ordinality as u (artist_id, place)
      join artist_facts f using (artist_id)
      where f.mbid is not null group by f.mbid
    ) w
    left join similar_artists s on s.mbid = w.mbid
    where s.mbid is null or s.again_at <= :now
    order by s.mbid is not null, w.place, w.mbid limit :limit
    """
)
# Everybody on lists that are still renewed, and whose lists they are.
_UNCOUNTED = text(
    """
    select a.mbid
    from (
      select mbid from similar_artists where asked_at >= :renewed
      union
      select unnest(mbids) from similar_artists where asked_at >= :renewed
    ) a
    left join artist_listeners c on c.mbid = a.mbid
    where c.mbid is null or c.asked_at <= :old
    order by c.mbid is not null, c.asked_at, a.mbid limit :limit
    """
)
_COUNTS = text(
    """
    select count(*) filter (where cardinality(mbids) > 0) as lists,
           count(*) filter (where cardinality(mbids) = 0 and outcome = 'missing') as missing,
           count(*) filter (where outcome = 'failed') as failed,
           (select count(*) from artist_listeners where listeners is not null) as listeners
    from similar_artists
    """
)


class SimilarDue:
    """What open lists are asked about; reading it writes nothing."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def counts(self) -> dict[str, int]:
        """Return how many lists are known, unknown there and failed at last, and of how many artists the listeners."""
        with self._db.read() as connection:
            return dict(connection.execute(_COUNTS).mappings().one())

    def state(self) -> str:
        """Return the state of everybody's listens in a few letters: another text, other listens."""
        with self._db.read() as connection:
            return str(connection.execute(_STATE).scalar_one())

    def wished(self, *, now: datetime, most: int) -> list[int]:
        """Return the ids of everybody's ``most`` most played artists: one pass over all listens."""
        kinds = [int(Kind.MUSIC), int(Kind.VIDEO)]
        values = {"since": now - A_YEAR, "shortest": SHORTEST_PLAY_MS, "kinds": kinds, "most": most}
        with self._db.read() as connection:
            return [row[0] for row in connection.execute(_WISHED, values)]

    def lists(self, artist_ids: Sequence[int], *, now: datetime, limit: int) -> list[tuple[UUID, int]]:
        """Return which of these artists to ask about, those never asked about first, with failures in a row."""
        values = {"artists": list(artist_ids), "now": now, "limit": limit}
        with self._db.read() as connection:
            return [(row[0], row[1]) for row in connection.execute(_DUE, values)]

    def listeners(self, *, renewed: datetime, old: datetime, limit: int) -> list[UUID]:
        """Return artists on lists asked for since ``renewed`` whose listeners were not told since ``old``."""
        values = {"renewed": renewed, "old": old, "limit": limit}
        with self._db.read() as connection:
            return [row[0] for row in connection.execute(_UNCOUNTED, values)]
