"""Brings a database to the newest schema; several processes may ask at once."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from core.domain.errors import Conflict
from core.repositories.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def config(connection: object) -> "Config":
    """Return Alembic's configuration bound to an open connection."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


def migrate(db: Database, *, revision: str = "head") -> None:
    """Upgrade the schema to ``revision`` in one transaction."""
    from alembic import command

    with db.begin() as connection:
        command.upgrade(config(connection), revision)


def newest() -> str:
    """Return the newest revision there is a file for: files are named ``<revision>_<what>.py`` and count up."""
    return max(path.name.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def current(db: Database) -> str | None:
    """Return the revision the database is at; ``None`` for an empty one.

    Raises:
        Unavailable: the database cannot be reached.
    """
    with db.begin() as connection:
        if connection.scalar(text("select to_regclass('alembic_version')")) is None:
            return None
        found: str | None = connection.scalar(text("select version_num from alembic_version"))
        return found


def ensure_current(db: Database) -> None:
    """Upgrade the schema where it is not the newest; a look costs a millisecond, Alembic is loaded only to upgrade.

    Raises:
        Unavailable: the database cannot be reached.
        Conflict: the database was made by a newer Playprint.
    """
    found, known = current(db), newest()
    if found is not None and found > known:
        raise Conflict("This database was made by a newer Playprint; update Playprint and start again.")
    if found != known:
        migrate(db)


def instance_id(db: Database) -> str:
    """Return what tells this database from every other, a clone on the same server included: 12 letters and digits."""
    query = "select md5(id::text || (select oid from pg_database where datname = current_database())) from instance"
    with db.read() as connection:
        return str(connection.scalar(text(query)))[:12]
