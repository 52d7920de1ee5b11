"""Account events: lines are added and, when old, swept; never changed."""

from datetime import datetime

from sqlalchemy import delete, insert, literal, select, text

from core.domain.events import AccountEvent, Result
from core.repositories.database import Database
from core.repositories.schema import account_events, users


class EventRows:
    """The records of everybody."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, user_id: int, *, at: datetime, event: str, result: Result, place: str) -> None:
        """Add a line to a person's record; for somebody who is not there the same work is done and nothing added.

        The answer does not wait for the disk: signing in as somebody takes no longer than as nobody.
        """
        line = select(users.c.id, literal(at), literal(event), literal(result), literal(place))
        names = ["user_id", "at", "event", "result", "place"]
        with self._db.begin() as connection:
            connection.execute(text("set local synchronous_commit = off"))
            connection.execute(insert(account_events).from_select(names, line.where(users.c.id == user_id)))

    def of(self, user_id: int, *, limit: int) -> list[AccountEvent]:
        """Return a person's newest lines, the newest first."""
        row = account_events.c
        query = (
            select(row.at, row.event, row.result, row.place)
            .where(row.user_id == user_id)
            .order_by(row.id.desc())
            .limit(limit)
        )
        with self._db.read() as connection:
            return [AccountEvent(*found) for found in connection.execute(query)]

    def sweep(self, *, before: datetime) -> int:
        """Delete everybody's lines older than a moment and return how many."""
        with self._db.begin() as connection:
            return connection.execute(delete(account_events).where(account_events.c.at < before)).rowcount
