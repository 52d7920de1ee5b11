"""Listens as an import writes them: one transaction, one person, whole columns at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import psycopg
from numpy.typing import NDArray

from core.domain.errors import NotFound
from core.domain.listen import Source
from core.repositories.arrays import HEADER, TRAILER, integers, moment
from core.repositories.database import PERSON_LOCK, Database
from core.repositories.names import Names
from core.repositories.reaching import reaching

Columns = Mapping[str, NDArray[np.integer]]

_PAGE = 100_000
# The columns of a listen and their bytes, in the order they are copied.
_LAYOUT: tuple[tuple[str, int], ...] = (
    ("user_id", 4),
    ("ended_at", 8),
    ("began_at", 8),
    ("logged_at", 8),
    ("track_id", 4),
    ("ms_played", 4),
    ("import_id", 8),
    ("reason_start", 2),
    ("reason_end", 2),
    ("platform", 2),
    ("country", 2),
    ("kind", 2),
    ("source", 2),
    ("flags", 2),
)
NAMES = ", ".join(name for name, _ in _LAYOUT)
_RECORD = np.dtype(
    [("cells", ">i2"), *((f, t) for name, size in _LAYOUT for f, t in ((f"{name}_size", ">i4"), (name, f">i{size}")))]
)
KEY = ("ended_at", "track_id", "ms_played", "began_at")
_READ: dict[str, type[np.integer]] = {
    "track_id": np.int32,
    "ms_played": np.int32,
    "logged_at": np.int64,
    "began_at": np.int64,
    "ended_at": np.int64,
    "flags": np.int16,
    "source": np.int8,
}
FULL = _READ | {"import_id": np.int64}
SIZES = dict(_LAYOUT)
# Imports settle what exports hold; what the API reported is settled apart (core/services/settling.py).
_OF_EXPORTS = f"source <> {int(Source.SPOTIFY_API)}"
# A person's listens that ended in a stretch of time, a page of them after a given one, each column as one array.
_STORED = f"""
select {{sent}}
from (
    select {", ".join(FULL)} from listens
    where user_id = %(user)s and ended_at between %(first)s and %(last)s and {_OF_EXPORTS}
      and ({", ".join(KEY)}) > (%(ended_at)s, %(track_id)s, %(ms_played)s, %(began_at)s)
    order by {", ".join(KEY)} limit {_PAGE}
) page
"""  # noqa: S608 - column names of this module
# Moves stored rows, found by their places, to where they wait for an undo.
_DISPLACE = f"""
with gone as (
    delete from listens l
    using unnest(%(ended_at)s::timestamptz[], %(track_id)s::int[], %(ms_played)s::int[], %(began_at)s::timestamptz[])
        as d (ended_at, track_id, ms_played, began_at)
    where l.user_id = %(user)s and (l.ended_at, l.track_id, l.ms_played, l.began_at)
        = (d.ended_at, d.track_id, d.ms_played, d.began_at)
    returning l.*
)
insert into replaced_listens ({NAMES}, replaced_by) select {NAMES}, %(import)s from gone on conflict do nothing
"""  # noqa: S608
# Puts back what an import displaced, but for the given places.
_RESTORE = f"""
with back as (
    delete from replaced_listens where user_id = %(user)s and replaced_by = %(import)s and {_OF_EXPORTS} returning *
)
insert into listens ({NAMES}) select {NAMES} from back on conflict do nothing
"""  # noqa: S608


def _sent(columns: Iterable[str]) -> str:
    """Return the SQL for each column as one array in binary."""
    return ", ".join(f"array_send(array_agg({name}))" for name in columns)


def _columns(row: Sequence[bytes], wanted: Mapping[str, type[np.integer]]) -> dict[str, NDArray[np.integer]]:
    """Return such arrays as columns of their types."""
    return {name: integers(sent, SIZES[name]).astype(wanted[name]) for name, sent in zip(wanted, row, strict=True)}


@dataclass(frozen=True, slots=True)
class Listens:
    """Where a person's listens are written."""

    db: Database

    @contextmanager
    def writing(self, user_id: int) -> Iterator["Writing"]:
        """Yield the one transaction in which this person's listens may change; others of theirs wait.

        Raises:
            NotFound: there is no such person, or they were deleted while this waited.
        """
        with reaching(), self.db.driver() as connection:
            connection.execute("select pg_advisory_xact_lock(%s, %s)", (PERSON_LOCK, user_id))
            if connection.execute("select 1 from users where id = %s", (user_id,)).fetchone() is None:
                raise NotFound("There is no such person here.")
            yield Writing(connection, user_id)


class Writing:
    """What one import or undo does inside its transaction; not to be kept beyond it."""

    def __init__(self, connection: psycopg.Connection, user_id: int) -> None:
        self.connection = connection
        self.user_id = user_id
        self.names = Names(connection, user_id)

    def stored(self, first: int, last: int, *, imports: bool = False) -> dict[str, NDArray[np.integer]]:
        """Return what exports hold that ended between two moments (microseconds since 2000), column by column.

        Columns: ``track_id``, ``ms_played``, ``flags``, ``source``, with ``imports`` also ``import_id``, and the
        moments ``logged_at``, ``began_at``, ``ended_at`` in microseconds since 2000.
        """
        wanted = FULL if imports else _READ
        sql = _STORED.format(sent=_sent(wanted))
        pages: dict[str, list[NDArray[np.integer]]] = {name: [np.zeros(0, t)] for name, t in wanted.items()}
        cursor = self.connection.cursor(binary=True)
        given: dict[str, object] = {"user": self.user_id, "first": moment(first), "last": moment(last)}
        after: dict[str, object] = {
            "ended_at": moment(first - 1),
            "track_id": 0,
            "ms_played": 0,
            "began_at": moment(first),
        }
        while True:
            row = cursor.execute(sql, given | after).fetchone()
            if row is None or row[0] is None:
                break
            page = _columns(row, wanted)
            for name, column in page.items():
                pages[name].append(column)
            if len(page["ended_at"]) < _PAGE:
                break
            end = int(np.lexsort([page[name] for name in reversed(KEY)])[-1])
            after = {name: int(page[name][end]) for name in KEY}
            after |= {name: moment(int(page[name][end])) for name in ("ended_at", "began_at")}
        return {name: np.concatenate(pages.pop(name)) for name in wanted}

    def insert(self, import_id: int, batches: Iterable[Columns]) -> Iterator[int]:
        """Copy listens into place; yield the size of each batch once it is written.

        A batch holds every column but ``user_id`` and ``import_id``; moments are microseconds since 2000.
        """
        sql = f"copy listens ({NAMES}) from stdin (format binary)"
        with self.connection.cursor().copy(sql) as copy:
            copy.write(HEADER)
            for batch in batches:
                copy.write(self._records(import_id, batch))
                yield len(batch["ended_at"])
            copy.write(TRAILER)

    def _records(self, import_id: int, columns: Columns) -> bytes:
        """Return rows as binary COPY wants them."""
        records = np.zeros(len(columns["ended_at"]), _RECORD)
        records["cells"] = len(_LAYOUT)
        for name, size in _LAYOUT:
            records[f"{name}_size"] = size
            if name in columns:
                records[name] = columns[name]
        records["user_id"], records["import_id"] = self.user_id, import_id
        return records.tobytes()

    def displace(self, import_id: int, places: Columns) -> int:
        """Move the listens at these places (the columns of the key) away for this import; return how many."""
        given: dict[str, object] = {name: [moment(m) for m in places[name]] for name in ("ended_at", "began_at")}
        given |= {name: places[name].tolist() for name in ("track_id", "ms_played")}
        cursor = self.connection.execute(_DISPLACE, given | {"user": self.user_id, "import": import_id})
        return cursor.rowcount

    def remove(self, import_id: int) -> int:
        """Delete what an import brought, also what was displaced or deleted since; return how many listens."""
        one = (self.user_id, import_id)
        removed = self.connection.execute("delete from listens where user_id = %s and import_id = %s", one).rowcount
        for table in ("replaced_listens", "deleted_listens", "library_items", "playlists"):
            self.connection.execute(f"delete from {table} where user_id = %s and import_id = %s", one)  # noqa: S608
        return removed

    def waiting(self, import_id: int) -> dict[str, NDArray[np.integer]]:
        """Return the rows of exports an import displaced, column by column as ``stored`` does with ``imports``."""
        sql = f"select {_sent(FULL)} from replaced_listens where user_id = %s and replaced_by = %s and {_OF_EXPORTS}"  # noqa: S608
        row = self.connection.cursor(binary=True).execute(sql, (self.user_id, import_id)).fetchone()
        if row is None or row[0] is None:
            return {name: np.zeros(0, t) for name, t in FULL.items()}
        return _columns(row, FULL)

    def keep_waiting(self, places: Columns, imports: Sequence[int]) -> None:
        """Let other imports be the ones for which the listens at these places wait."""
        statement = """
            update replaced_listens set replaced_by = %s
            where user_id = %s and ended_at = %s and track_id = %s and ms_played = %s and began_at = %s
        """
        rows = zip(imports, *(places[name].tolist() for name in KEY), strict=True)
        self.connection.cursor().executemany(
            statement, [(by, self.user_id, moment(e), track, ms, moment(b)) for by, e, track, ms, b in rows]
        )

    def restore(self, import_id: int) -> int:
        """Put back the rows of exports an import displaced; return how many listens."""
        return self.connection.execute(_RESTORE, {"user": self.user_id, "import": import_id}).rowcount

    def raise_version(self, import_id: int | None) -> None:
        """Note that the person's data changed; ``import_id``: only by the rows of that import."""
        self.connection.execute(
            """
            with raised as (update users set data_version = data_version + 1 where id = %s returning id, data_version)
            insert into data_changes (user_id, version, import_id) select id, data_version, %s from raised
            """,
            (self.user_id, import_id),
        )
