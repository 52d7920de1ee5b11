"""Listens Spotify's API reported: among the others, or parked beside them while an export holds the same play.

All known ones, live, parked and deleted, are what the settling works on
(see docs/decisions/0005-plays-from-the-api.md).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.domain.errors import NotFound
from core.domain.listen import Kind, Source
from core.repositories.arrays import integers, moment
from core.repositories.listens import NAMES, Writing

Columns = Mapping[str, NDArray[np.int64]]

_API = int(Source.SPOTIFY_API)
# Known ones of a person; replaced_by 0: live, below: part of the deletion of that number.
_KNOWN = f"""
    select {NAMES}, 0::bigint as replaced_by from listens where user_id = %(user)s and source = {_API}
    union all
    select {NAMES}, replaced_by from replaced_listens where user_id = %(user)s and source = {_API}
    union all
    select {NAMES}, -deletion_id from deleted_listens where user_id = %(user)s and source = {_API}
"""  # noqa: S608 - names and numbers of this program
_REPORTED = {"track_id": 4, "recording_id": 4, "ended_at": 8, "import_id": 8, "replaced_by": 8}
_EXPORTED = {"track_id": 4, "recording_id": 4, "ms_played": 4, "began_at": 8, "ended_at": 8, "logged_at": 8,
             "source": 2, "import_id": 8, "deletion_id": 8}  # fmt: skip
# Known ones with their recordings, of some recordings or of all.
_WITH_RECORDINGS = f"""
select {{sent}} from ({_KNOWN}) k join tracks t on t.id = k.track_id
where %(recordings)s::int[] is null or t.recording_id = any(%(recordings)s)
"""  # noqa: S608
# What exports hold of some recordings in a stretch of time; deletion_id 0: not deleted.
_LIKE = f"""
select {{sent}} from (
    select {NAMES}, 0::bigint as deletion_id from listens
    where user_id = %(user)s and source <> {_API} and ended_at between %(first)s and %(last)s
    union all
    select {NAMES}, deletion_id from deleted_listens
    where user_id = %(user)s and source <> {_API} and ended_at between %(first)s and %(last)s
) l join tracks t on t.id = l.track_id
where t.recording_id = any(%(recordings)s)
"""  # noqa: S608
# Known ones that ended in a stretch of time, with their addresses.
_AROUND = f"""
select k.ended_at, k.track_id, k.ms_played, t.uri, k.replaced_by = 0
from ({_KNOWN}) k join tracks t on t.id = k.track_id
where k.ended_at between %(first)s and %(last)s
"""  # noqa: S608
_CHOSEN = """
with chosen (ended_at, track_id, replaced_by) as (
    select * from unnest(%(ended_at)s::timestamptz[], %(track_id)s::int[], %(replaced_by)s::bigint[])
)"""
_SAME = f"x.user_id = %(user)s and x.source = {_API} and (x.ended_at, x.track_id) = (c.ended_at, c.track_id)"
# Chosen ones leave the listens and wait for the import that holds them.
_PARK = f"""{_CHOSEN}, gone as (delete from listens x using chosen c where {_SAME} returning x.*, c.replaced_by)
insert into replaced_listens ({NAMES}, replaced_by) select {NAMES}, replaced_by from gone on conflict do nothing
"""  # noqa: S608
# Chosen ones come back among the listens.
_UNPARK = f"""{_CHOSEN}, back as (delete from replaced_listens x using chosen c where {_SAME} returning x.*)
insert into listens ({NAMES}) select {NAMES} from back on conflict do nothing
"""  # noqa: S608
# Chosen ones of ``{table}`` become part of the deletion that took their play's row of an export.
_BURY = f"""{_CHOSEN}, gone as (delete from {{table}} x using chosen c where {_SAME} returning x.*, c.replaced_by as by)
insert into deleted_listens ({NAMES}, deletion_id) select {NAMES}, -by from gone on conflict do nothing
"""  # noqa: S608
# Chosen ones wait for another import.
_REPARK = f"""{_CHOSEN}
update replaced_listens x set replaced_by = c.replaced_by from chosen c where {_SAME}
"""  # noqa: S608


class Known(NamedTuple):
    """A play the API reported before."""

    ended_at: datetime
    track_id: int
    ms_played: int
    uri: str | None
    live: bool


def check_connection(writing: Writing, *, epoch: str) -> None:
    """Raise ``NotFound`` unless the connection of this epoch is there; it stays until the transaction ends."""
    statement = "select 1 from spotify_connections where user_id = %s and epoch::text = %s for share"
    if writing.connection.execute(statement, (writing.user_id, epoch)).fetchone() is None:
        raise NotFound("This Spotify connection has ended; connect again to go on.")


def new_number(writing: Writing) -> int:
    """Return a number no import has or will have, by which the rows of one poll are found."""
    found = writing.connection.execute("select nextval(pg_get_serial_sequence('imports', 'id'))").fetchone()
    assert found is not None  # noqa: S101 a sequence always answers
    return int(found[0])


def reported(writing: Writing, *, recordings: Sequence[int] | None = None) -> Columns:
    """Return all plays the API reported, or those of some recordings.

    ``replaced_by`` is 0 for live ones and the negative id of the deletion for deleted ones.
    """
    chosen = None if recordings is None else list(recordings)
    return _columns(writing, _WITH_RECORDINGS, _REPORTED, {"recordings": chosen})


def exported(writing: Writing, *, recordings: Sequence[int], first: int, last: int) -> Columns:
    """Return what exports hold of some recordings, by their ends between two moments (microseconds since 2000).

    ``deletion_id`` is 0 for what is not deleted.
    """
    given = {"recordings": list(recordings), "first": moment(first), "last": moment(last)}
    return _columns(writing, _LIKE, _EXPORTED, given)


def around(writing: Writing, *, first: datetime, last: datetime) -> Iterator[Known]:
    """Yield the reported plays that ended between two moments."""
    given = {"user": writing.user_id, "first": first, "last": last}
    yield from map(Known._make, writing.connection.execute(_AROUND, given))


def recordings_of(writing: Writing, track_ids: Sequence[int]) -> list[int]:
    """Return the recordings some tracks belong to."""
    statement = "select distinct recording_id from tracks where id = any(%s)"
    return [found for (found,) in writing.connection.execute(statement, (list(track_ids),))]


def recording_of(writing: Writing, track_ids: Sequence[int]) -> dict[int, int]:
    """Return track → recording."""
    statement = "select id, recording_id from tracks where id = any(%s)"
    return dict(writing.connection.execute(statement, (list(track_ids),)).fetchall())


def add(writing: Writing, *, number: int, rows: Sequence[tuple[datetime, datetime, int, int]], flags: int) -> None:
    """Add (end, start, track id, milliseconds) as parked plays that wait to be settled."""
    statement = f"""
        insert into replaced_listens ({NAMES}, replaced_by)
        values (%s, %s, %s, %s, %s, %s, %s, 0, 0, 0, 0, %s, %s, %s, %s)
    """  # noqa: S608
    codes = (int(Kind.MUSIC), _API, flags, number)
    values = [(writing.user_id, end, start, end, track, ms, number, *codes) for end, start, track, ms in rows]
    writing.connection.cursor().executemany(statement, values)


def shorten(writing: Writing, *, rows: Sequence[tuple[datetime, int, datetime, int]]) -> None:
    """Give reported plays, found by (end, track id), another (start, milliseconds)."""
    for table in ("listens", "replaced_listens", "deleted_listens"):
        statement = f"""
            update {table} set began_at = %s, ms_played = %s
            where user_id = %s and source = {_API} and ended_at = %s and track_id = %s
        """  # noqa: S608
        values = [(start, ms, writing.user_id, end, track) for end, track, start, ms in rows]
        writing.connection.cursor().executemany(statement, values)


def park(writing: Writing, places: Columns) -> None:
    """Move live plays, found by ``ended_at`` and ``track_id``, to where they wait for ``replaced_by``."""
    _move(writing, _PARK, places)


def unpark(writing: Writing, places: Columns) -> None:
    """Put parked plays, found by ``ended_at`` and ``track_id``, back among the listens."""
    _move(writing, _UNPARK, places)


def bury(writing: Writing, places: Columns, *, table: str) -> None:
    """Move plays of a table, found by ``ended_at`` and ``track_id``, into the deletions ``-replaced_by``."""
    _move(writing, _BURY.format(table=table), places)


def repark(writing: Writing, places: Columns) -> None:
    """Let parked plays, found by ``ended_at`` and ``track_id``, wait for another import."""
    _move(writing, _REPARK, places)


def _move(writing: Writing, statement: str, places: Columns) -> None:
    """Run a statement on chosen plays; none cost nothing."""
    if len(places["ended_at"]):
        given: dict[str, object] = {name: places[name].tolist() for name in ("track_id", "replaced_by")}
        given |= {"ended_at": [moment(end) for end in places["ended_at"]], "user": writing.user_id}
        writing.connection.execute(statement, given)


def _columns(writing: Writing, sql: str, sizes: Mapping[str, int], given: dict[str, object]) -> Columns:
    """Return the rows of a query as columns; moments are microseconds since 2000."""
    sent = ", ".join(f"array_send(array_agg({name}))" for name in sizes)
    row = writing.connection.cursor(binary=True).execute(sql.format(sent=sent), given | {"user": writing.user_id})
    found = row.fetchone()
    if found is None or found[0] is None:
        return {name: np.zeros(0, np.int64) for name in sizes}
    return {name: integers(cells, sizes[name]) for name, cells in zip(sizes, found, strict=True)}
