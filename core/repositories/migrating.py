"""Brings a database to the newest schema; several processes may ask at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from core.repositories.database import Database

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def config(connection: object) -> Config:
    """Return Alembic's configuration bound to an open connection."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


def migrate(db: Database, *, revision: str = "head") -> None:
    """Upgrade the schema to ``revision`` in one transaction."""
    with db.begin() as connection:
        command.upgrade(config(connection), revision)
