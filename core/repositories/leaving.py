"""How much there is of a person, table by table."""

from collections.abc import Iterable

from sqlalchemy import func, select

from core.repositories.database import Database
from core.repositories.schema import metadata


class Belongings:
    """What is stored of people."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def count(self, user_id: int, *, tables: Iterable[str]) -> int:
        """Return how many rows of a person these tables hold together."""
        total = 0
        with self._db.read() as connection:
            for name in tables:
                table = metadata.tables[name]
                query = select(func.count()).select_from(table).where(table.c.user_id == user_id)
                total += int(connection.execute(query).scalar_one())
        return total
