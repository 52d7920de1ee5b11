"""What people set for themselves: timezone, lens and exclusions."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from core.domain.errors import Conflict, NotFound
from core.domain.lens import Exclusion
from core.repositories.database import Database
from core.repositories.schema import exclusions, users
from core.repositories.users import NOBODY

# A person's settings, a row for each exclusion, or one row with blanks for none: one query, on every page.
_PROFILE = (
    select(users.c.timezone, users.c.lens, users.c.data_version, exclusions.c.kind, exclusions.c.value)
    .select_from(users.outerjoin(exclusions, exclusions.c.user_id == users.c.id))
    .where(users.c.id == bindparam("user_id"))
)


@dataclass(frozen=True, slots=True)
class StoredProfile:
    """A person's timezone, the stored fields of their lens, their exclusions (sorted) and their data version."""

    timezone: str
    lens: dict[str, object]
    exclusions: list[Exclusion]
    data_version: int


class ProfileRows:
    """The stored form of people's settings."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def load(self, user_id: int) -> StoredProfile:
        """Return what a person set, and their data version; raises ``NotFound``."""
        with self._db.read() as connection:
            rows = connection.execute(_PROFILE, {"user_id": user_id}).all()
        if not rows:
            raise NotFound(NOBODY)
        excluded = sorted(Exclusion(row.kind, row.value) for row in rows if row.kind is not None)
        return StoredProfile(rows[0].timezone, dict(rows[0].lens), excluded, rows[0].data_version)

    def save(self, user_id: int, **fields: "str | Mapping[str, object]") -> None:
        """Store columns of ``users``; raises ``NotFound`` for nobody and ``Conflict`` for a name that is taken."""
        try:
            with self._db.begin() as connection:
                if connection.execute(update(users).where(users.c.id == user_id).values(**fields)).rowcount != 1:
                    raise NotFound(NOBODY)
        except IntegrityError as error:
            raise Conflict("Somebody here has this name already; please choose another.") from error

    def exclude(self, user_id: int, *, exclusion: Exclusion) -> None:
        """Add an exclusion; adding it twice changes nothing."""
        made = insert(exclusions).values(user_id=user_id, kind=exclusion.kind, value=exclusion.value)
        with self._db.begin() as connection:
            connection.execute(made.on_conflict_do_nothing())

    def include(self, user_id: int, *, exclusion: Exclusion) -> None:
        """Take an exclusion away; an absent one changes nothing."""
        rows = exclusions.c
        gone = delete(exclusions).where(
            rows.user_id == user_id, rows.kind == exclusion.kind, rows.value == exclusion.value
        )
        with self._db.begin() as connection:
            connection.execute(gone)
