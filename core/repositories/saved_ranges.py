"""Ranges people gave a name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from core.domain.errors import NotFound
from core.domain.period import Period
from core.repositories.database import Database
from core.repositories.schema import saved_ranges, users
from core.repositories.users import NOBODY

_ROW = saved_ranges.c
# Every range of a person, the latest first: asked on every page.
_ALL = (
    select(_ROW.name, _ROW.starts_on, _ROW.ends_on)
    .where(_ROW.user_id == bindparam("user_id"))
    .order_by(_ROW.starts_on.desc(), _ROW.ends_on, _ROW.name)
)


@dataclass(frozen=True, slots=True)
class SavedRange:
    """A closed period and its name."""

    name: str
    period: Period


class SavedRanges:
    """The named ranges of each person."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self, user_id: int) -> list[SavedRange]:
        """Return a person's named ranges, the latest first."""
        with self._db.read() as connection:
            return [
                SavedRange(row[0], Period(row[1], row[2])) for row in connection.execute(_ALL, {"user_id": user_id})
            ]

    def save(
        self, user_id: int, *, name: str, start: date, end: date, make_room: Callable[[list[str]], list[str]]
    ) -> None:
        """Store a named range; ``make_room`` returns which of the names there are go, and may refuse.

        Raises:
            NotFound: there is no such person.
        """
        with self._db.begin() as connection:
            mine = select(users.c.id).where(users.c.id == user_id).with_for_update(key_share=True)
            if connection.execute(mine).first() is None:
                raise NotFound(NOBODY)
            names = list(connection.execute(select(_ROW.name).where(_ROW.user_id == user_id)).scalars())
            gone = make_room(names)
            connection.execute(delete(saved_ranges).where(_ROW.user_id == user_id, _ROW.name.in_(gone)))
            row = {"user_id": user_id, "name": name, "starts_on": start, "ends_on": end}
            connection.execute(insert(saved_ranges).values(row))

    def forget(self, user_id: int, *, name: str) -> None:
        """Delete a named range; an absent one changes nothing."""
        with self._db.begin() as connection:
            connection.execute(delete(saved_ranges).where(_ROW.user_id == user_id, _ROW.name == name))
