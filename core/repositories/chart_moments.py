"""What the public pages ask beside the charts themselves: when their snapshots were, and facts about artists."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl
from sqlalchemy import text

from core.domain.names import artist_key
from core.repositories.database import Database

# When each snapshot of a chart was, oldest first.
_MOMENTS = text(
    """
    select starts_on, ends_on, complete, computed_at, total from chart_snapshots
    where series_id = :series order by starts_on
    """
)
# What open sources said about artists, by the keys of their names.
_TOLD = text(
    """
    select a.key, coalesce(f.country, '') as country, words, votes
    from artists a join artist_facts f on f.artist_id = a.id, lateral (
      select array_agg(each.name order by each.count desc, each.name) as words,
        array_agg(each.count order by each.count desc, each.name) as votes
      from jsonb_to_recordset(f.tags) as each(name text, count int, genre bool) where each.genre and each.count > 0
    ) as tag
    where a.key = any(string_to_array(:keys, ',')::uuid[]) and f.mbid is not null
      and (f.country is not null or words is not null)
    """
)
# Tracks and albums of an artist.
_WORKS = text(
    """
    select id from chart_things where kind <> 'artist' and id <> :id and lower(artist) = lower(:artist)
    order by id limit :most
    """
)
_MOMENT_SCHEMA: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "first": pl.Date,
    "until": pl.Date,
    "complete": pl.Boolean,
    "computed_at": pl.Datetime("us", "UTC"),
    "total": pl.Int64,
}


@dataclass(frozen=True, slots=True)
class Told:
    """What facts say about an artist: two letters of a country or "", and genres by votes."""

    country: str
    genres: tuple[tuple[str, int], ...]


class ChartMoments:
    """Reads beside ``ChartRows``; safe to share between threads."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, series_id: int) -> pl.DataFrame:
        """Return when a chart's snapshots were, oldest first.

        Columns: first, until (date, the first day and the first after), complete (bool), computed_at (datetime, UTC),
        total (i64, null: not told).
        """
        with self._db.read() as connection:
            rows = [(*row,) for row in connection.execute(_MOMENTS, {"series": series_id})]
        return pl.DataFrame(rows, schema=_MOMENT_SCHEMA, orient="row")

    def told(self, names: Collection[str]) -> Mapping[str, Told]:
        """Return what facts say about artists, by the names asked for; those unknown are left out."""
        keys = {artist_key(name).hex(): name for name in names}
        if not keys:
            return {}
        with self._db.read() as connection:
            rows = connection.execute(_TOLD, {"keys": ",".join(keys)}).all()
        return {
            keys[row.key.hex]: Told(row.country, tuple(zip(row.words or (), row.votes or (), strict=True)))
            for row in rows
        }

    def works_of(self, artist: str, *, without: int = 0, most: int = 200) -> list[int]:
        """Return the tracks and albums of an artist, without one of them."""
        with self._db.read() as connection:
            return list(connection.execute(_WORKS, {"artist": artist, "id": without, "most": most}).scalars())
