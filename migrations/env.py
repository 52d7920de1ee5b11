"""Alembic's entry: migrates the database Playprint is set up with, one process at a time."""

from alembic import context
from sqlalchemy import text

from core.repositories.schema import metadata

LOCK = 7_031_994


def include(name: str | None, type_: str, parents: object) -> bool:
    """Leave the job queue's own tables to the job queue."""
    return not (type_ == "table" and name is not None and name.startswith("procrastinate"))


def run() -> None:
    """Migrate over the connection handed in by ``core.repositories.migrating``."""
    connection = context.config.attributes["connection"]
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
    context.configure(connection=connection, target_metadata=metadata, include_name=include)
    with context.begin_transaction():
        context.run_migrations()


run()
