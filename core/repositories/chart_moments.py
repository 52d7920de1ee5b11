"""What the public pages ask beside the charts themselves: when their snapshots were, and works of an artist."""

from collections.abc import Mapping

import polars as pl
from sqlalchemy import text

from core.repositories.database import Database

# When each snapshot of a chart was, oldest first.
_MOMENTS = text(
    """
    select starts_on, ends_on, complete, computed_at, total from chart_snapshots
    where series_id = :series order by starts_on
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

    def works_of(self, artist: str, *, without: int = 0, most: int = 200) -> list[int]:
        """Return the tracks and albums of an artist, without one of them."""
        with self._db.read() as connection:
            return list(connection.execute(_WORKS, {"artist": artist, "id": without, "most": most}).scalars())
