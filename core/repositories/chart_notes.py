"""What is kept beside charts: how sources are, what else they say, and forgetting."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from core.domain.names import clean
from core.domain.trends import WORLD, Extra, ExtraName, Window
from core.repositories.chart_writing import LOCK

ALONE = text("select pg_advisory_xact_lock(:lock, 0)")
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


@dataclass(frozen=True, slots=True)
class Noted:
    """How asking a source went: when it was asked last, when it last answered well, what it said."""

    checked_at: datetime | None
    succeeded_at: datetime | None
    message: str


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
    connection.execute(ALONE, {"lock": LOCK})
    for statement in _FORGET:
        connection.execute(statement, {"source": source} if ":source" in statement.text else {})
    connection.execute(RAISE, {"source": source})
