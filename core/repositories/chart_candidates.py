"""Songs and albums that stand on public charts, to suggest to whoever plays their artists."""

from sqlalchemy import text

from core.domain.trends import DEMO
from core.repositories.database import Database

# Every song and album on a chart of a real source, with how high it ever stood (the best of all its charts).
_SONGS = text(
    """
    select t.kind, t.name, t.artist, t.mbid, t.uri, min(p.best) as best
    from chart_things t
    join (
        select thing_id, series_id, (select min(rank) from unnest(ranks) as rank where rank > 0) as best
        from chart_places
    ) p on p.thing_id = t.id
    join chart_series s on s.id = p.series_id and s.source <> :invented
    where t.kind in ('track', 'album') and t.artist <> ''
    group by t.id
    """
)


class ChartCandidates:
    """What charts rank, as things to suggest."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def songs(self) -> list[tuple[str, str, str, object, str | None, int | None]]:
        """Return (kind, name, artist, mbid, uri, best place) of every song and album on charts of real sources."""
        with self._db.read() as connection:
            return [tuple(row) for row in connection.execute(_SONGS, {"invented": DEMO})]
