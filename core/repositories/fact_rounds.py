"""How the asking of open sources goes: the round at work or the last one, and what is in which state."""

from datetime import datetime

from sqlalchemy import Connection, text

from core.domain.facts import KINDS, STATES, Findings, Kind, Outcome, Round, State
from core.repositories.database import Database

_BEGAN = text(
    """
    insert into fact_rounds (id, began_at) values (1, :now) on conflict (id)
    do update set began_at = excluded.began_at, ended_at = null, outcome = '', found = 0, missing = 0, failed = 0
    """
)
_TALLY = text(
    "update fact_rounds set found = found + :found, missing = missing + :missing, failed = failed + :failed "
    "where id = 1"
)
_ENDED = text("update fact_rounds set ended_at = :now, outcome = :outcome where id = 1")
_LAST = text(
    "select began_at, ended_at, outcome, found, missing, failed from fact_rounds where id = 1 and began_at is not null"
)
# Imports that nobody has taken yet: they go before questions that can wait.
_IMPORTS_WAIT = text(
    """
    select exists (select from procrastinate_jobs where queue_name = 'imports' and status = 'todo'
      and (scheduled_at is null or scheduled_at <= now()))
    """
)


class FactRounds:
    """The rounds of asking; each call is one transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def begin(self, now: datetime) -> None:
        """Note that a round of asking begins."""
        with self._db.begin() as connection:
            connection.execute(_BEGAN, {"now": now})

    def end(self, now: datetime, *, outcome: Outcome) -> None:
        """Note that the round has ended, and why."""
        with self._db.begin() as connection:
            connection.execute(_ENDED, {"now": now, "outcome": outcome})

    def last(self) -> Round | None:
        """Return how the last round went, None before the first; one that was cut off has no end."""
        with self._db.read() as connection:
            row = connection.execute(_LAST).one_or_none()
        return Round(*row) if row else None

    def counts(self) -> dict[Kind, dict[State, int]]:
        """Return how many artists, albums and tracks are in which state; those nobody plays any more are left out."""
        with self._db.read() as connection:
            return {kind: _counted(connection, kind) for kind in KINDS}

    def imports_wait(self) -> bool:
        """Return whether an import waits for a worker."""
        with self._db.read() as connection:
            return bool(connection.execute(_IMPORTS_WAIT).scalar_one())


def add_tally(connection: Connection, findings: Findings) -> None:
    """Count what was settled, in the transaction that settles it."""
    connection.execute(_TALLY, {name: len(getattr(findings, name)) for name in ("found", "missing", "failed")})


def _counted(connection: Connection, kind: Kind) -> dict[State, int]:
    query = text(f"select state, count(*) as n from {kind}_facts where plays > 0 group by state")  # noqa: S608
    found = {row.state: row.n for row in connection.execute(query)}
    return {state: found.get(state, 0) for state in STATES}
