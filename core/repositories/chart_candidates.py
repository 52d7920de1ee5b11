"""Songs and albums that stand on public charts, to suggest to whoever plays their artists."""

from sqlalchemy import text

from core.domain.trends import DEMO
from core.repositories.database import Database

LATEST = 12  # charts of each series that are looked at: what stood there long ago is no news
# Every song and album on the latest charts of real sources, with how high it stands there at best.
_SONGS = text(
    """
    with latest as (
        select id from (
            select n.id, row_number() over (partition by n.series_id order by n.starts_on desc) as age
            from chart_snapshots n join chart_series s on s.id = n.series_id
            where s.source <> :invented and s.kind in ('track', 'album')
        ) counted where age <= :latest
    ), placed as (
        select u.thing, min(u.rank) as best
        from chart_snapshots n join latest on latest.id = n.id
        cross join lateral unnest(n.things, n.ranks) as u (thing, rank)
        where u.rank > 0 group by u.thing
    )
    select t.kind, t.name, t.artist, t.mbid, t.uri, p.best
    from placed p join chart_things t on t.id = p.thing where t.artist <> ''
    """
)


class ChartCandidates:
    """What charts rank, as things to suggest."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def songs(self) -> list[tuple[str, str, str, object, str | None, int | None]]:
        """Return (kind, name, artist, mbid, uri, best place) of every song and album on charts of real sources."""
        with self._db.read() as connection:
            return [tuple(row) for row in connection.execute(_SONGS, {"invented": DEMO, "latest": LATEST})]
