"""What is kept beside charts: how sources are, what else they say, which files were read, and forgetting a source."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from core.domain.names import clean
from core.domain.trends import WORLD, Extra, ExtraName, Window

_EXTRA = text(
    """
    insert into chart_extras (source, name, per, region, starts_on, ends_on, computed_at, rows)
    values (:source, :name, :per, :region, :starts_on, :ends_on, :computed_at, cast(:rows as jsonb))
    on conflict (source, name, per, region, starts_on) do update
    set ends_on = excluded.ends_on, computed_at = excluded.computed_at, rows = excluded.rows
    where chart_extras.computed_at < excluded.computed_at
    """
)
# The newest of an extra that begins on a day or before.
_NEWEST = text(
    f"""
    select starts_on, ends_on, computed_at, rows, region from chart_extras
    where (source, name, per, region) = (:source, :name, :per, '{WORLD}')
      and starts_on <= coalesce(cast(:at as date), 'infinity')
    order by starts_on desc limit 1
    """  # noqa: S608
)
_EXTRAS = text(
    "select source, name, per, max(computed_at) from chart_extras group by source, name, per order by source, name, per"
)
RAISE = text(
    "insert into chart_sources (source, version) values (:source, 1) "
    "on conflict (source) do update set version = chart_sources.version + 1"
)
VERSION = text("select coalesce(sum(version), 0)::bigint from chart_sources")
_NOTE = text(
    """
    insert into chart_sources (source, checked_at, succeeded_at, message)
    values (:source, :now, case when :ok then cast(:now as timestamptz) end, :message)
    on conflict (source) do update set checked_at = excluded.checked_at,
        succeeded_at = coalesce(excluded.succeeded_at, chart_sources.succeeded_at), message = excluded.message
    """
)
_NOTES = text("select source, checked_at, succeeded_at, message from chart_sources order by source")
# All of a source, then what nobody stands for any more. Its row stays: its version may never be seen twice.
_FORGET = tuple(
    map(
        text,
        (
            "delete from chart_places where source = :source",
            "delete from chart_snapshots where series_id in (select id from chart_series where source = :source)",
            "delete from chart_series where source = :source",
            "delete from chart_extras where source = :source",
            "delete from chart_things t where not exists (select from chart_places p where p.thing_id = t.id)",
            "update chart_sources set checked_at = null, succeeded_at = null, message = '' where source = :source",
        ),
    )
)
_FILE = "select sha256, name, snapshots, entries, message, read_at from chart_files"
_ONE_FILE, _FILES = text(f"{_FILE} where sha256 = :sha256"), text(f"{_FILE} order by read_at desc, name")
_NOTE_FILE = text(
    """
    insert into chart_files (sha256, name, snapshots, entries, message)
    values (:sha256, :name, :snapshots, :entries, :message)
    on conflict (sha256) do update set name = excluded.name, snapshots = excluded.snapshots,
        entries = excluded.entries, message = excluded.message, read_at = now()
    """
)


@dataclass(frozen=True, slots=True)
class Noted:
    """How asking a source went: when it was asked last, when it last answered well, what it said."""

    checked_at: datetime | None
    succeeded_at: datetime | None
    message: str


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A chart file by what is in it (SHA-256 in hex); ``message`` says why one was refused, blank if it was read."""

    sha256: str
    name: str
    snapshots: int
    entries: int
    message: str
    read_at: datetime


def store_extra(connection: Connection, extra: Extra) -> None:
    """Store what a source says beside charts, unless what is there is as new."""
    given = {"source": extra.source, "name": extra.name, "per": extra.window, "region": extra.region}
    given |= {"starts_on": extra.first, "ends_on": extra.until, "computed_at": extra.computed_at}  # type: ignore[dict-item]
    rows = json.dumps([{key: _plain(value) for key, value in row.items()} for row in extra.rows])
    if connection.execute(_EXTRA, given | {"rows": rows}).rowcount:
        connection.execute(RAISE, {"source": extra.source})


def _plain(value: Any) -> Any:
    """Return a value as JSON may hold it."""
    if isinstance(value, str):
        return clean(value) or ""
    return value if value is None or isinstance(value, (int, float)) else str(value)


def newest(connection: Connection, source: str, name: ExtraName, window: Window, at: date | None) -> Extra | None:
    """Return the newest that begins on a day or before."""
    given = {"source": source, "name": name, "per": window, "at": at}
    row = connection.execute(_NEWEST, given).one_or_none()
    if row is None:
        return None
    return Extra(source, name, window, row.starts_on, row.ends_on, row.computed_at, tuple(row.rows), row.region)


def extras(connection: Connection) -> list[tuple[str, ExtraName, Window, datetime]]:
    """Return what extras there are, with when the newest was computed."""
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(_EXTRAS)]


def note(connection: Connection, source: str, ok: bool, message: str, now: datetime) -> None:
    """Store how asking a source went."""
    connection.execute(_NOTE, {"source": source, "ok": ok, "message": clean(message) or "", "now": now})


def notes(connection: Connection) -> dict[str, Noted]:
    """Return how asking each source went last."""
    return {row.source: Noted(row.checked_at, row.succeeded_at, row.message) for row in connection.execute(_NOTES)}


def forget(connection: Connection, source: str) -> None:
    """Delete everything of a source, and the things only it ranked."""
    for statement in _FORGET:
        connection.execute(statement, {"source": source} if ":source" in statement.text else {})
    connection.execute(RAISE, {"source": source})


def file(connection: Connection, sha256: str) -> ReadFile | None:
    """Return what became of a file."""
    row = connection.execute(_ONE_FILE, {"sha256": sha256}).one_or_none()
    return _read(row) if row else None


def files(connection: Connection) -> list[ReadFile]:
    """Return what became of every file, newest first."""
    return [_read(row) for row in connection.execute(_FILES)]


def note_file(connection: Connection, given: dict[str, object]) -> None:
    """Store what became of a file; a later word takes the place of an earlier one."""
    connection.execute(_NOTE_FILE, given)


def _read(row: Row[Any]) -> ReadFile:
    return ReadFile(row.sha256, row.name, row.snapshots, row.entries, row.message, row.read_at)
