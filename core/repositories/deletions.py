"""Deleted listens: moved aside in every form known of them, put back, or gone for good.

Whatever a deletion took stays known: exports that hold it again, and plays the API tells again, meet it here.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from core.domain.deletions import Deletion
from core.domain.errors import NotFound
from core.domain.listen import Source
from core.repositories.arrays import integers, moment
from core.repositories.database import Database
from core.repositories.listens import FULL, KEY, NAMES, SIZES, Columns, Writing
from core.repositories.schema import deletions

GONE = "This deletion is not there any more; look at the list again."
_API = int(Source.SPOTIFY_API)
_DELETED = FULL | {"deletion_id": np.int64}
# Moments travel as microseconds since 2000: a history's worth of written times would take seconds.
_CHOSEN = """
with chosen (ended_at, track_id, ms_played, began_at) as (
    select timestamptz '2000-01-01 00:00:00+00' + ended_at * interval '1 microsecond', track_id, ms_played,
           timestamptz '2000-01-01 00:00:00+00' + began_at * interval '1 microsecond'
    from unnest(%(ended_at)s::bigint[], %(track_id)s::int[], %(ms_played)s::int[], %(began_at)s::bigint[])
        as given (ended_at, track_id, ms_played, began_at)
)"""
_SAME = """x.user_id = %(user)s
    and (x.ended_at, x.track_id, x.ms_played, x.began_at) = (c.ended_at, c.track_id, c.ms_played, c.began_at)"""
# Chosen rows of ``{table}`` become part of a deletion.
_BURY = f"""{_CHOSEN}, gone as (delete from {{table}} x using chosen c where {_SAME} returning x.*)
insert into deleted_listens ({NAMES}, deletion_id) select {NAMES}, %(deletion)s from gone on conflict do nothing
"""  # noqa: S608 - names of this program
# Chosen rows of a deletion are listens again.
_RAISE = f"""{_CHOSEN}, back as (
    delete from deleted_listens x using chosen c where {_SAME} and x.deletion_id = %(deletion)s returning x.*
)
insert into listens ({NAMES}) select {NAMES} from back on conflict do nothing
"""  # noqa: S608
# Chosen rows of a deletion wait for the import that holds their play.
_WAIT = f"""{_CHOSEN}, back as (
    delete from deleted_listens x using chosen c where {_SAME} and x.deletion_id = %(deletion)s returning x.*
)
insert into replaced_listens ({NAMES}, replaced_by) select {NAMES}, %(import)s from back on conflict do nothing
"""  # noqa: S608
# What the API reported waits to be settled; nobody holds it yet.
_WAIT_API = f"""
with back as (
    delete from deleted_listens
    where user_id = %(user)s and deletion_id = %(deletion)s and source = {_API} returning *
)
insert into replaced_listens ({NAMES}, replaced_by) select {NAMES}, import_id from back on conflict do nothing
"""  # noqa: S608
_READ = f"""
select {", ".join(f"array_send(array_agg({name}))" for name in _DELETED)} from deleted_listens
where user_id = %(user)s and source <> {_API} and ended_at between %(first)s and %(last)s
  and (%(deletion)s::bigint is null or deletion_id = %(deletion)s)
"""  # noqa: S608
# Account rows that wait behind rows of exports.
_WAITING = f"""
select {", ".join(f"array_send(array_agg({name}))" for name in FULL)} from replaced_listens
where user_id = %(user)s and source <> {_API} and ended_at between %(first)s and %(last)s
"""  # noqa: S608
_ALWAYS = (-(2**52), 2**52)  # microseconds around 2000: wider than any history


class DeletionRows:
    """What each person deleted."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self, user_id: int) -> list[Deletion]:
        """Return a person's deletions, newest first."""
        rows = deletions.c
        query = select(rows.id, rows.label, rows.listens, rows.created_at).where(rows.user_id == user_id)
        with self._db.read() as connection:
            return [Deletion(*row) for row in connection.execute(query.order_by(rows.id.desc()))]


def begin(writing: Writing, *, label: str) -> int:
    """Return the id of a new deletion; ``end`` says what it took."""
    sql = "insert into deletions (user_id, label, listens) values (%s, %s, 0) returning id"
    found = writing.connection.execute(sql, (writing.user_id, label)).fetchone()
    assert found is not None  # noqa: S101 an insertion always answers
    return int(found[0])


def end(writing: Writing, *, deletion_id: int, listens: int) -> Deletion:
    """Store how many listens a deletion took, and return it."""
    sql = """
        update deletions set listens = %s where user_id = %s and id = %s returning id, label, listens, created_at
    """
    found = writing.connection.execute(sql, (listens, writing.user_id, deletion_id)).fetchone()
    assert found is not None  # noqa: S101 ``begin`` made it in this transaction
    return Deletion(*found)


def require(writing: Writing, *, deletion_id: int) -> None:
    """Raise ``NotFound`` unless this deletion of the person is there."""
    sql = "select 1 from deletions where user_id = %s and id = %s"
    if writing.connection.execute(sql, (writing.user_id, deletion_id)).fetchone() is None:
        raise NotFound(GONE)


def forget(writing: Writing, *, deletion_id: int) -> None:
    """Delete a deletion and what it still holds, for good."""
    mine = (writing.user_id, deletion_id)
    writing.connection.execute("delete from deletions where user_id = %s and id = %s", mine)


def sweep(writing: Writing) -> None:
    """Delete the deletions that hold nothing any more."""
    sql = """
        delete from deletions d where d.user_id = %s
          and not exists (select from deleted_listens x where x.user_id = d.user_id and x.deletion_id = d.id)
    """
    writing.connection.execute(sql, (writing.user_id,))


def bury(writing: Writing, places: Columns, *, deletion_id: int, table: str = "listens") -> int:
    """Move the rows at these places (the columns of the key) into a deletion; return how many."""
    return _move(writing, _BURY.format(table=table), places, deletion=deletion_id)


def put_back(writing: Writing, places: Columns, *, deletion_id: int) -> int:
    """Make rows of a deletion listens again; return how many."""
    return _move(writing, _RAISE, places, deletion=deletion_id)


def let_wait(writing: Writing, places: Columns, *, deletion_id: int, import_id: int) -> int:
    """Let rows of a deletion wait for the import that holds their plays; return how many."""
    return _move(writing, _WAIT, places, deletion=deletion_id, **{"import": import_id})


def hand_over_reported(writing: Writing, *, deletion_id: int) -> int:
    """Park the plays of a deletion that the API reported; what they become is settled next. Return how many."""
    return writing.connection.execute(_WAIT_API, {"user": writing.user_id, "deletion": deletion_id}).rowcount


def deleted(
    writing: Writing, *, first: int = _ALWAYS[0], last: int = _ALWAYS[1], deletion_id: int | None = None
) -> dict[str, NDArray[np.integer]]:
    """Return deleted rows of exports that ended between two moments, as ``Writing.stored`` does.

    With ``import_id`` and ``deletion_id``; only those of one deletion where it is given.
    """
    return _read(writing, _READ, _DELETED, first, last, deletion=deletion_id)


def waiting(writing: Writing, *, first: int, last: int) -> dict[str, NDArray[np.integer]]:
    """Return rows of exports that wait behind others and ended between two moments, as ``Writing.waiting`` does."""
    return _read(writing, _WAITING, FULL, first, last)


def _read(
    writing: Writing, sql: str, wanted: Mapping[str, type[np.integer]], first: int, last: int, **more: object
) -> dict[str, NDArray[np.integer]]:
    """Return the rows of a query as columns."""
    given = {"user": writing.user_id, "first": moment(first), "last": moment(last)} | more
    row = writing.connection.cursor(binary=True).execute(sql, given).fetchone()
    if row is None or row[0] is None:
        return {name: np.zeros(0, type_) for name, type_ in wanted.items()}
    sizes = SIZES | {"deletion_id": 8}
    return {name: integers(cells, sizes[name]).astype(wanted[name]) for name, cells in zip(wanted, row, strict=True)}


def _move(writing: Writing, sql: str, places: Columns, **more: object) -> int:
    """Run a statement on the rows at some places; none cost nothing."""
    if not len(places["ended_at"]):
        return 0
    given: dict[str, object] = {name: places[name].tolist() for name in KEY}
    return writing.connection.execute(sql, given | {"user": writing.user_id} | more).rowcount


def at(columns: Columns, rows: NDArray[np.integer] | NDArray[np.bool_]) -> dict[str, NDArray[np.integer]]:
    """Return where some rows lie: the columns of the key."""
    return {name: columns[name][rows] for name in KEY}
