"""Upkeep of stored charts: what was asked for last, running charts whose time is over, what must not be kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection, delete, exists, select, text, update
from sqlalchemy.dialects.postgresql import insert

from core.repositories.chart_writing import LOCK
from core.repositories.database import Database
from core.repositories.schema import chart_asks, chart_extras, chart_series, chart_snapshots, chart_sources

_LOCK = text("select pg_advisory_xact_lock(:lock, 0)")  # that of whoever writes charts
_OLD = text(
    "select exists (select from chart_snapshots s join chart_series c on c.id = s.series_id "
    "where c.source = :source and s.ends_on < :day)"
)
# Old charts of a source, and the places of those alone.
_FORGET = text(
    """
    with gone as (
        delete from chart_snapshots s using chart_series c
        where c.id = s.series_id and c.source = :source and s.ends_on < :day
        returning s.id, s.things
    ), places as (
        delete from chart_places p using gone where p.thing_id = any(gone.things) and p.snapshots = array[gone.id]
    )
    select count(*) from gone
    """
)
_UNUSED = text("delete from chart_things t where not exists (select from chart_places p where p.thing_id = t.id)")
AskOutcome = Literal["stored", "not ready", "failed"]


@dataclass(frozen=True, slots=True)
class Ask:
    """How asking for something went last, and from when on it may be asked for again."""

    outcome: AskOutcome
    asked_at: datetime
    again_at: datetime
    message: str = ""


class ChartUpkeep:
    """What keeps stored charts in order."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def asks(self, source: str) -> dict[str, Ask]:
        """Return what a source was asked for, by name; what was stored of a source forgotten since does not count."""
        row = chart_asks.c
        query = select(row.what, row.outcome, row.asked_at, row.again_at, row.message).where(row.source == source)
        has = select(exists().where(chart_series.c.source == source, chart_snapshots.c.series_id == chart_series.c.id))
        with self._db.read() as connection:
            found = {what: Ask(*fields) for what, *fields in connection.execute(query)}
            stored = bool(connection.execute(has).scalar_one())
        return found if stored else {what: ask for what, ask in found.items() if ask.outcome != "stored"}

    def note(self, source: str, whats: Iterable[str], ask: Ask) -> None:
        """Note how asking for some things went."""
        fields = {name: getattr(ask, name) for name in ("outcome", "asked_at", "again_at", "message")}
        rows = [{"source": source, "what": what, **fields} for what in whats]
        made = insert(chart_asks)
        changed = {name: getattr(made.excluded, name) for name in fields}
        with self._db.begin() as connection:
            if rows:
                connection.execute(made.on_conflict_do_update(index_elements=["source", "what"], set_=changed), rows)

    def close_over(self, source: str, today: date) -> int:
        """Make what a source told last of a time that is over stand for it; return how many charts that were."""
        running = chart_snapshots.c.complete.is_(False) & (chart_snapshots.c.ends_on <= today)
        mine = (chart_series.c.id == chart_snapshots.c.series_id) & (chart_series.c.source == source)
        with self._db.begin() as connection:
            done = connection.execute(update(chart_snapshots).where(running, mine).values(complete=True)).rowcount
            return _changed(connection, source, done)

    def forget_before(self, source: str, day: date) -> int:
        """Forget charts of a source that were over before a day, with what stood on these alone; return how many."""
        with self._db.begin() as connection:
            if not connection.execute(_OLD, {"source": source, "day": day}).scalar_one():
                return 0  # without waiting for whoever writes charts
            connection.execute(_LOCK, {"lock": LOCK})
            done = int(connection.execute(_FORGET, {"source": source, "day": day}).scalar_one())
            if done:
                connection.execute(_UNUSED)
            return _changed(connection, source, done)

    def forget_extras(self, source: str, name: str, day: date) -> int:
        """Forget what a source said beside charts under a name, of times over before a day; return how many."""
        row = chart_extras.c
        old = delete(chart_extras).where(row.source == source, row.name == name, row.ends_on < day)
        with self._db.begin() as connection:
            return _changed(connection, source, connection.execute(old).rowcount)


def _changed(connection: Connection, source: str, done: int) -> int:
    """Raise a source's version where something of it changed; return how much did."""
    if done:
        made = insert(chart_sources).values(source=source, version=1)
        raised = {"version": chart_sources.c.version + 1}
        connection.execute(made.on_conflict_do_update(index_elements=["source"], set_=raised))
    return done
