"""Locks between processes for work only one of them should do; PostgreSQL keeps them and frees a dead one's."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from sqlalchemy import func, select

from core.repositories.database import Database

_CLASS = 0x7070  # apart from the locks of people and of migrations


class Work(IntEnum):
    """What only one process may do at a time."""

    DEMO = 1
    SYNC = 2
    FACTS = 3
    TRENDS = 4
    COMMUNITY = 5
    DEMO_CHARTS = 6
    TRAINING = 7
    CROWD = 8


@contextmanager
def alone(db: Database, work: Work) -> Iterator[None]:
    """Wait until no other process does this work, and keep others waiting until the block ends."""
    with db.driver() as connection:
        connection.execute("select pg_advisory_xact_lock(%s, %s)", (_CLASS, int(work)))
        yield


@contextmanager
def trying_alone(db: Database, work: Work) -> Iterator[bool]:
    """Yield whether no other process does this work, and keep others from it until the block ends; nobody waits."""
    with db.begin() as connection:
        yield bool(connection.execute(select(func.pg_try_advisory_xact_lock(_CLASS, int(work)))).scalar_one())
