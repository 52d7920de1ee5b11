"""A row of a person in every table they can have one in, and what is left of them afterwards."""

import datetime
import itertools
import json
import uuid

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from core.repositories.database import Database
from core.repositories.schema import metadata, users

PERSONAL = [table for table in metadata.sorted_tables if "user_id" in table.c]
_numbers = itertools.count(1)
NEW = {
    Boolean: lambda n: True,
    SmallInteger: lambda n: n,
    Integer: lambda n: n,
    BigInteger: lambda n: n,
    Date: datetime.date.fromordinal,
    DateTime: lambda n: datetime.datetime.fromtimestamp(n, datetime.UTC),
    LargeBinary: lambda n: bytes([n % 256]),
    JSONB: lambda n: [n],
    Uuid: lambda n: uuid.UUID(int=n),
}


def row_of(table: Table, user_id: int, made: dict[str, dict[str, object]], mark: str) -> dict[str, object]:
    """Return a row for a table: everything filled in, new values, references to rows in ``made``."""
    new = NEW | {Text: lambda n: f"{mark} {n}"}
    row: dict[str, object] = {
        column.name: new[type(column.type)](next(_numbers))
        for column in table.c
        if column.identity is None and not column.foreign_keys
    }
    for constraint in table.foreign_key_constraints:
        for element in constraint.elements:
            row[element.parent.name] = made[element.column.table.name][element.column.name]
    return row | {"user_id": user_id}


def fill(db: Database, user_id: int, *, mark: str = "text") -> None:
    """Store one row of a person in every table they can have one in; ``mark`` begins every text."""
    made: dict[str, dict[str, object]] = {"users": {"id": user_id}}
    with db.begin() as connection:
        for table in PERSONAL:
            added = insert(table).values(row_of(table, user_id, made, mark)).returning(*table.c)
            made[table.name] = dict(connection.execute(added).mappings().one())


def left(db: Database, user_id: int) -> dict[str, int]:
    """Return table → rows of a person, jobs that name them included; tables without any are left out."""
    counts = {}
    with db.begin() as connection:
        for table in PERSONAL:
            query = select(func.count()).select_from(table).where(table.c.user_id == user_id)
            counts[table.name] = connection.execute(query).scalar_one()
        counts["users"] = connection.execute(select(func.count()).where(users.c.id == user_id)).scalar_one()
        jobs = "select count(*) from procrastinate_jobs where args @> cast(:args as jsonb) or lock = :lock"
        given = {"args": json.dumps({"user_id": user_id}), "lock": f"user:{user_id}"}
        counts["procrastinate_jobs"] = connection.execute(text(jobs), given).scalar_one()
    return {name: count for name, count in counts.items() if count}


def everything_of(db: Database, user_id: int) -> dict[str, list[str]]:
    """Return table → rows of a person, as texts."""
    rows = {}
    with db.begin() as connection:
        for table in (users, *PERSONAL):
            mine = table.c.id if table is users else table.c.user_id
            rows[table.name] = sorted(map(str, connection.execute(table.select().where(mine == user_id)).all()))
    return rows
