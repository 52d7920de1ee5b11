"""The records of imports: queued, running with progress, and how each ended with its sheet."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Row, desc, func, insert, select, text, update

from core.domain.errors import Conflict, NotFound
from core.domain.imports import Example, FileSheet, ImportRecord, ImportStatus, Sheet
from core.repositories.database import Database
from core.repositories.listens import Writing
from core.repositories.reaching import reaching
from core.repositories.schema import imports

RUN_LOCK = 0x706D  # class of the advisory locks that tell which imports have a living process
# End the running imports of a person that nobody runs: no process holds their lock and no job will run them again.
_CUT_OFF = text(
    """
    update imports i set status = 'failed', message = :message, finished_at = now(), current_file = ''
    where i.user_id = :user and i.status = 'running'
      and not exists (
        select from procrastinate_jobs j
        where j.lock = 'user:' || i.user_id and (j.args ->> 'import_id')::bigint = i.id
      )
      and pg_try_advisory_xact_lock(:class, (i.id % 2147483647)::int)
    """
)
_FIELDS = [imports.c[name] for name in ImportRecord.__dataclass_fields__]


def sheet_to_json(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as a JSON object."""
    return asdict(sheet) | {name: m.isoformat() if (m := getattr(sheet, name)) else None for name in ("first", "last")}


def sheet_from_json(value: Mapping[str, Any]) -> Sheet:
    """Return the sheet a JSON object stands for."""
    moments = {name: datetime.fromisoformat(value[name]) if value[name] else None for name in ("first", "last")}
    files = [FileSheet(**file) for file in value["files"]]
    examples = [Example(**example) for example in value["examples"]]
    return Sheet(**{**value, **moments, "files": files, "examples": examples})


def _record(row: Row[Any]) -> ImportRecord:
    """Return a row as a record."""
    values = dict(row._mapping)
    sheet = values.pop("sheet")
    return ImportRecord(**values, sheet=sheet_from_json(sheet) if sheet else None)


@dataclass(frozen=True, slots=True)
class Imports:
    """The imports of each person."""

    db: Database

    def create(self, user_id: int, *, label: str, bytes_total: int) -> int:
        """Return the id of a new, queued import."""
        statement = (
            insert(imports).values(user_id=user_id, label=label, bytes_total=bytes_total).returning(imports.c.id)
        )
        with reaching(), self.db.begin() as connection:
            return int(connection.execute(statement).scalar_one())

    def record(self, user_id: int, *, import_id: int) -> ImportRecord:
        """Return one import; raise ``NotFound`` for none or another person's."""
        statement = select(*_FIELDS).where(imports.c.user_id == user_id, imports.c.id == import_id)
        with reaching(), self.db.begin() as connection:
            row = connection.execute(statement).one_or_none()
        if row is None:
            raise NotFound("There is no such import.")
        return _record(row)

    def records(self, user_id: int) -> list[ImportRecord]:
        """Return a person's imports, newest first."""
        statement = select(*_FIELDS).where(imports.c.user_id == user_id).order_by(desc(imports.c.id))
        with reaching(), self.db.begin() as connection:
            return [_record(row) for row in connection.execute(statement)]

    def start(self, user_id: int, *, import_id: int) -> bool:
        """Mark an import as running, from its beginning; return False if it has ended already."""
        fresh = {"status": "running", "started_at": func.now(), "bytes_done": 0, "rows_read": 0, "message": ""}
        return self._change(user_id, import_id, ("queued", "running"), fresh)

    def progress(self, user_id: int, *, import_id: int, bytes_done: int, rows_read: int, current_file: str) -> bool:
        """Store how far a running import is; return whether the person wants it cancelled."""
        statement = (
            update(imports)
            .where(imports.c.user_id == user_id, imports.c.id == import_id)
            .values(bytes_done=bytes_done, rows_read=rows_read, current_file=current_file)
            .returning(imports.c.cancel_requested)
        )
        with reaching(), self.db.begin() as connection:
            return bool(connection.execute(statement).scalar_one_or_none())

    def close(self, user_id: int, *, import_id: int, status: ImportStatus, message: str) -> None:
        """Store how an import ended that stored nothing."""
        values = {"status": status, "message": message, "finished_at": func.now(), "current_file": ""}
        self._change(user_id, import_id, ("queued", "running"), values)

    def cancel(self, user_id: int, *, import_id: int) -> None:
        """Cancel a queued import; ask a running one to stop. One that has ended stays as it is."""
        self.record(user_id, import_id=import_id)
        gone = {"status": "cancelled", "finished_at": func.now(), "message": "Cancelled before it began."}
        if not self._change(user_id, import_id, ("queued",), gone):
            self._change(user_id, import_id, ("running",), {"cancel_requested": True})

    @contextmanager
    def alive(self, *, import_id: int) -> Iterator[None]:
        """Show others that a process runs this import, until the block ends or the process dies."""
        with reaching(), self.db.driver() as connection:
            connection.execute("select pg_try_advisory_xact_lock(%s, %s)", (RUN_LOCK, import_id % 2147483647))
            yield

    def close_cut_off(self, user_id: int, *, message: str) -> int:
        """End a person's imports whose process died and that no job runs again; return how many there were."""
        with reaching(), self.db.begin() as connection:
            return connection.execute(_CUT_OFF, {"user": user_id, "class": RUN_LOCK, "message": message}).rowcount

    def account_hashes(self, user_id: int) -> set[bytes]:
        """Return the keyed hashes of the accounts whose exports this person has imported."""
        statement = select(imports.c.account_hash).where(
            imports.c.user_id == user_id, imports.c.status == "done", imports.c.account_hash.is_not(None)
        )
        with reaching(), self.db.begin() as connection:
            return {bytes(found) for found in connection.execute(statement).scalars() if found is not None}

    def _change(self, user_id: int, import_id: int, states: tuple[str, ...], values: dict[str, Any]) -> bool:
        """Change an import that is in one of the states; return whether it was."""
        statement = update(imports).where(
            imports.c.user_id == user_id, imports.c.id == import_id, imports.c.status.in_(states)
        )
        with reaching(), self.db.begin() as connection:
            return connection.execute(statement.values(values)).rowcount == 1


def finish(
    writing: Writing, *, import_id: int, sheet: Sheet, message: str, bytes_done: int, account_hash: bytes | None
) -> None:
    """Mark an import as done inside its own transaction: the record and the listens appear together."""
    writing.connection.execute(
        """
        update imports set status = 'done', finished_at = clock_timestamp(), sheet = %s, message = %s, rows_read = %s,
            bytes_done = %s, current_file = '', account_hash = %s
        where user_id = %s and id = %s
        """,
        (Jsonb(sheet_to_json(sheet)), message, sheet.rows_read, bytes_done, account_hash, writing.user_id, import_id),
    )


def mark_undone(writing: Writing, *, import_id: int) -> None:
    """Mark a done import as undone inside the transaction that undoes it; raise for one in another state."""
    statement = "update imports set status = 'undone' where user_id = %s and id = %s and status = 'done'"
    if writing.connection.execute(statement, (writing.user_id, import_id)).rowcount != 1:
        raise Conflict("Only an import that is done, and not undone yet, can be undone.")


def save_library(
    connection: psycopg.Connection,
    user_id: int,
    *,
    import_id: int,
    items: Iterable[tuple[str, int, str | None, str | None, str | None, str | None]],
    playlists: Iterable[tuple[int, str, str | None, int | None, str | None, list[dict[str, str | None]]]],
) -> None:
    """Keep saved things (kind, position, uri, artist, album, name) and playlists of an import, in its transaction."""
    cursor = connection.cursor()
    columns = "user_id, import_id, kind, position, uri, artist, album, name"
    with cursor.copy(f"copy library_items ({columns}) from stdin") as copy:
        for item in items:
            copy.write_row((user_id, import_id, *item))
    cursor.executemany(
        "insert into playlists (user_id, import_id, position, name, description, followers, modified_on, items)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        [(user_id, import_id, *head, Jsonb(tracks)) for *head, tracks in playlists],
    )
