"""Charts as they are read: whole columns of numbers, never row by row."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast

import numpy as np
import polars as pl
import psycopg
from numpy.typing import NDArray
from sqlalchemy import Connection

from core.analytics.charted import History
from core.domain.trends import ChartKey, Series
from core.repositories.arrays import integers

LASTS = timedelta(weeks=5)  # how long a snapshot stands in for later ones that are missing
_HEAD = 20  # bytes before the first element of a sent array
_COLUMNS = (
    *(("things", 4, 0), ("ranks", 2, 0), ("amounts", 8, 255)),
    *((f"told_{name}", 2, 0) for name in ("previous", "peak", "weeks")),
)  # their bytes, and what stands for a column that is not there: each byte of it
_SENT = ", ".join(f"array_send(s.{name})" for name, _, _ in _COLUMNS)
# Every chart that has snapshots.
_SERIES = """
select c.id, c.source, c.kind, c.per, c.region, s.first, s.last, s.snapshots, s.computed_at
from chart_series c join (
    select series_id, min(starts_on) as first, max(starts_on) as last, count(*)::int as snapshots,
        max(computed_at) as computed_at
    from chart_snapshots group by series_id
) s on s.series_id = c.id
order by c.source, c.kind, c.per, c.region
"""
# The last snapshots of a chart, newest first.
_HISTORY = f"""
select s.series_id, s.starts_on, s.ends_on, s.complete, {_SENT} from chart_snapshots s
where s.series_id = %(series)s and s.starts_on <= coalesce(%(until)s::date, 'infinity')
order by s.starts_on desc limit %(last)s
"""  # noqa: S608 - column names of this module
# Of some charts the last snapshot that begins on a day or before, unless it ended long ago.
_AT = f"""
select s.series_id, s.starts_on, s.ends_on, s.complete, {_SENT}
from unnest(%(series)s::int[]) as g (id) cross join lateral (
    select * from chart_snapshots l where l.series_id = g.id and l.starts_on <= %(day)s
    order by l.starts_on desc limit 1
) s
where s.ends_on > %(oldest)s
"""  # noqa: S608
# Every place of some things, those on charts that were replaced among them.
_PLACES = """
select array_send(snapshots), array_send(ranks), array_send(amounts), thing_id from chart_places
where thing_id = any(%(ids)s)
"""
# What a source tells of a thing in some snapshots.
_TOLD = """
select s.series_id, s.told_peak[p.place]::bigint, s.told_weeks[p.place]::bigint
from unnest(%(series)s::int[], %(days)s::date[]) as g (series, day)
join chart_snapshots s on s.series_id = g.series and s.starts_on = g.day
cross join lateral (select array_position(s.things, %(id)s::int) as place) p
where s.told_peak is not null or s.told_weeks is not null
"""
# When snapshots were; finding more than a few one by one costs more than reading all between the first and the last.
_WHEN = """
select array_send(array_agg(id)), array_send(array_agg(series_id)),
    array_send(array_agg(starts_on - date '1970-01-01')), array_send(array_agg(ends_on - date '1970-01-01'))
from chart_snapshots where {which}
"""
_FEW = 2_000
_WHEN_FEW = _WHEN.format(which="id = any(%(ids)s)")
_WHEN_MANY = _WHEN.format(which="id between %(first)s and %(last)s")


def cursor(connection: Connection) -> psycopg.Cursor[Any]:
    """Return a cursor that hands arrays over as they are."""
    return cast(psycopg.Connection, connection.connection.driver_connection).cursor(binary=True)


def series(connection: Connection) -> list[Series]:
    """Return every chart stored, those without snapshots left out."""
    rows = cursor(connection).execute(_SERIES).fetchall()
    return [Series(row[0], ChartKey(*row[1:5]), *row[5:]) for row in rows]


def history(connection: Connection, series_id: int, until: date | None, last: int | None) -> History:
    """Return the last snapshots of a chart that begin on a day or before."""
    given = {"series": series_id, "until": until, "last": last}
    return made(cursor(connection).execute(_HISTORY, given).fetchall()[::-1])


def at(connection: Connection, series_ids: Sequence[int], day: date) -> dict[int, History]:
    """Return the one snapshot of each chart for a day; charts without are left out."""
    given = {"series": sorted(set(series_ids)), "day": day, "oldest": day - LASTS}
    return {row[0]: made([row]) for row in cursor(connection).execute(_AT, given)}


def made(rows: Sequence[Sequence[Any]]) -> History:
    """Return rows of snapshots, oldest first, as one history."""
    if not rows:
        return History.empty()
    starts, ends, complete = ([*column] for column in list(zip(*rows, strict=True))[1:4])
    sizes = [(len(row[4]) - _HEAD) // 8 if len(row[4]) > _HEAD else 0 for row in rows]
    columns = [_joined([row[4 + n] for row in rows], sizes, size, blank) for n, (_, size, blank) in enumerate(_COLUMNS)]
    snapshot = np.repeat(np.arange(len(rows)), sizes)
    return History(tuple(starts), tuple(ends), tuple(complete), snapshot, *columns)


def _joined(sent: Sequence[bytes | None], sizes: Sequence[int], size: int, blank: int) -> NDArray[np.int64]:
    """Return sent arrays behind each other; one that is not there is as long as it should be, of ``blank`` bytes."""
    filler = bytes([blank]) * (4 + size)
    parts = (filler * count if each is None else each[_HEAD:] for each, count in zip(sent, sizes, strict=True))
    return integers(bytes(_HEAD) + b"".join(parts), size)


def of_things(connection: Connection, ids: Sequence[int]) -> pl.DataFrame:
    """Return every place of some things, by thing, chart and day."""
    rows = cursor(connection).execute(_PLACES, {"ids": list(ids)}).fetchall()
    sizes = [(len(row[0]) - _HEAD) // 8 for row in rows]
    snapshot, rank, value = (_joined([row[n] for row in rows], sizes, size, 255) for n, size in enumerate((4, 2, 8)))
    thing = np.repeat(np.array([row[3] for row in rows], np.int64), sizes)
    places = pl.DataFrame({"id": snapshot, "thing": thing, "rank": rank, "value": value})
    found = places.join(_when(connection, np.unique(snapshot)), on="id").sort("thing", "series_id", "starts_on")
    amount = pl.when(pl.col("value") >= 0).then("value").alias("value")
    return found.select("series_id", "starts_on", "ends_on", "thing", "rank", amount)


def told(connection: Connection, id: int, snapshots: Sequence[tuple[int, date]]) -> pl.DataFrame:
    """Return what sources tell of a thing in some snapshots (chart, first day): series_id, peak, weeks; 0 or null."""
    series, days = [each[0] for each in snapshots], [each[1] for each in snapshots]
    rows = cursor(connection).execute(_TOLD, {"id": id, "series": series, "days": days}).fetchall()
    return pl.DataFrame(rows, schema={"series_id": pl.Int64, "peak": pl.Int64, "weeks": pl.Int64}, orient="row")


def _when(connection: Connection, ids: NDArray[np.int64]) -> pl.DataFrame:
    """Return id, series_id, starts_on and ends_on of snapshots (ids ascending), perhaps of others too."""
    row: Sequence[bytes | None] = ()
    if len(ids):
        given = {"first": int(ids[0]), "last": int(ids[-1])} if len(ids) > _FEW else {"ids": ids.tolist()}
        row = cursor(connection).execute(_WHEN_MANY if len(ids) > _FEW else _WHEN_FEW, given).fetchone() or ()
    names = ("id", "series_id", "starts_on", "ends_on")
    frame = pl.DataFrame({name: integers((row and row[n]) or bytes(_HEAD), 4) for n, name in enumerate(names)})
    return frame.with_columns(pl.col("starts_on", "ends_on").cast(pl.Int32).cast(pl.Date))
