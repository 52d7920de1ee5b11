"""Calls to a service outside: how many in which hour, who goes next, until when nobody may, what it lets us do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, case, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from core.domain.spotify import Capability
from core.repositories.database import Database
from core.repositories.schema import callers, calls, capabilities

FORGET_AFTER = timedelta(hours=48)
# An endpoint that answers as before is noted this often at most: calls should not write.
SEEN_STEP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is known of a service's calls; ``hours`` are (endpoint, UTC hour, calls)."""

    called_at: datetime | None
    closed_until: datetime | None
    reason: str
    hours: list[tuple[str, datetime, int]]


class CallRows:
    """The calls to one service."""

    def __init__(self, db: Database, service: str) -> None:
        self._db, self._service = db, service

    def turn(self, endpoint: str, *, decide: Callable[[Ledger], datetime]) -> datetime:
        """Count one more call and return when it may go out: what ``decide`` says, asked one at a time everywhere.

        What ``decide`` raises is raised, and nothing is counted.
        """
        with self._db.begin() as connection:
            slot = decide(self._ledger(connection, locked=True))
            hour = slot.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
            one = insert(calls).values(service=self._service, endpoint=endpoint, hour=hour, calls=1)
            keys = [calls.c.service, calls.c.endpoint, calls.c.hour]
            connection.execute(one.on_conflict_do_update(index_elements=keys, set_={"calls": calls.c.calls + 1}))
            mine = callers.c.service == self._service
            connection.execute(update(callers).where(mine).values(called_at=slot))
            old = (calls.c.service == self._service) & (calls.c.hour < slot - FORGET_AFTER)
            connection.execute(delete(calls).where(old))
        return slot

    def ledger(self) -> Ledger:
        """Return what is known of this service's calls."""
        with self._db.read() as connection:
            return self._ledger(connection, locked=False)

    def _ledger(self, connection: Connection, *, locked: bool) -> Ledger:
        """Return the ledger; ``locked`` keeps everybody else waiting until this transaction ends."""
        query = select(callers.c.called_at, callers.c.closed_until, callers.c.reason)
        query = query.where(callers.c.service == self._service)
        if locked:
            self._enter(connection)
            query = query.with_for_update()
        row = connection.execute(query).one_or_none()
        counted = select(calls.c.endpoint, calls.c.hour, calls.c.calls).where(calls.c.service == self._service)
        hours = [(found[0], found[1], found[2]) for found in connection.execute(counted)]
        return Ledger(row[0], row[1], row[2], hours) if row else Ledger(None, None, "", hours)

    def _enter(self, connection: Connection) -> None:
        """Make the row everybody locks, where it is not there yet."""
        made = insert(callers).values(service=self._service)
        connection.execute(made.on_conflict_do_nothing())

    def close(self, until: datetime, *, reason: str) -> tuple[datetime, str]:
        """Let nobody call before ``until``; return until when, and why: a longer ban there was stays."""
        closed = callers.c.closed_until
        longer = closed > until
        set_ = {
            "closed_until": func.greatest(closed, until),
            "reason": case((longer, callers.c.reason), else_=reason),
        }
        made = insert(callers).values(service=self._service, closed_until=until, reason=reason)
        made = made.on_conflict_do_update(index_elements=[callers.c.service], set_=set_)
        with self._db.begin() as connection:
            row = connection.execute(made.returning(closed, callers.c.reason)).one()
        return row[0], row[1]

    def note(self, endpoint: str, *, status: int, works: bool, now: datetime) -> None:
        """Note what an endpoint answered; ``first_seen`` is since when it works, or does not."""
        row = capabilities.c
        made = insert(capabilities).values(
            service=self._service, endpoint=endpoint, status=status, works=works, first_seen=now, last_seen=now
        )
        since = case((row.works == works, row.first_seen), else_=now)
        changed = or_(row.works != works, row.status != status, row.last_seen <= now - SEEN_STEP)
        set_ = {"status": status, "works": works, "first_seen": since, "last_seen": now}
        made = made.on_conflict_do_update(index_elements=[row.service, row.endpoint], set_=set_, where=changed)
        with self._db.begin() as connection:
            connection.execute(made)

    def capabilities(self) -> list[Capability]:
        """Return what each endpoint answered last, by name."""
        row = capabilities.c
        query = select(row.endpoint, row.works, row.status, row.first_seen, row.last_seen)
        with self._db.read() as connection:
            found = connection.execute(query.where(row.service == self._service).order_by(row.endpoint))
            return [Capability(*fields) for fields in found]
