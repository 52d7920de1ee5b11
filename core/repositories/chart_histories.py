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
# Every place of some things.
_PLACES = """
select array_send(array_agg(s.series_id)), array_send(array_agg(s.starts_on - date '1970-01-01')),
    array_send(array_agg(s.ends_on - date '1970-01-01')), array_send(array_agg(p.thing_id)),
    array_send(array_agg(p.rank)), array_send(array_agg(coalesce(p.amount, -1)))
from (
    select thing_id, each.* from chart_places c
    cross join lateral unnest(c.snapshots, c.ranks, c.amounts) as each (snapshot, rank, amount)
    where c.thing_id = any(%(ids)s)
) p
join chart_snapshots s on s.id = p.snapshot
"""
_PLACE_SIZES = {"series_id": 4, "starts_on": 4, "ends_on": 4, "thing": 4, "rank": 2, "value": 8}


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
    row = cursor(connection).execute(_PLACES, {"ids": list(ids)}).fetchone()
    sent = dict(zip(_PLACE_SIZES, row if row and row[0] is not None else [bytes(_HEAD)] * 6, strict=True))
    frame = pl.DataFrame({name: integers(sent[name], size) for name, size in _PLACE_SIZES.items()})
    day = (pl.col(name).cast(pl.Int32).cast(pl.Date) for name in ("starts_on", "ends_on"))
    value = pl.when(pl.col("value") >= 0).then("value")
    return frame.with_columns(*day, value=value).sort("thing", "series_id", "starts_on")
