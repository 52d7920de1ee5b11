"""Who lets the model learn from their listening; names of people are never read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, literal, select, text
from sqlalchemy.dialects.postgresql import insert

from core.domain.recommending import TERMS_VERSION
from core.domain.training import Consent
from core.repositories.database import Database
from core.repositories.schema import models, training_consents, users

_ROW = training_consents.c
# Everybody the model may learn from: they agreed to the text of today. The demo person never is.
_AGREED = (
    select(_ROW.user_id, _ROW.since)
    .join(users, users.c.id == _ROW.user_id)
    .where(_ROW.version == TERMS_VERSION, users.c.role != "demo")
    .order_by(_ROW.user_id)
)
# How many of them have something a model can learn from, looked at until there are enough.
_READY = text(
    """
    select count(*) from (
      select from training_consents c join users u on u.id = c.user_id
      where c.version = :terms and u.role <> 'demo'
        and exists (select from listens l where l.user_id = c.user_id and l.source = any(:sources))
      limit :enough
    ) as ready
    """
)


@dataclass(frozen=True, slots=True, order=True)
class Agreed:
    """Somebody the model may learn from, since this moment."""

    user_id: int
    since: datetime


class TrainingRows:
    """The consents."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, user_id: int) -> Consent | None:
        """Return a person's consent, None where there is none."""
        with self._db.read() as connection:
            row = connection.execute(select(_ROW.since, _ROW.version).where(_ROW.user_id == user_id)).one_or_none()
        return Consent(row.since, row.version) if row else None

    def agree(self, user_id: int, *, now: datetime) -> bool:
        """Note that a person agrees to the text of today; return whether that is new. The demo person never does."""
        somebody = select(users.c.id, literal(now), literal(TERMS_VERSION)).where(
            users.c.id == user_id, users.c.role != "demo"
        )
        made = insert(training_consents).from_select(["user_id", "since", "version"], somebody)
        anew = made.on_conflict_do_update(
            index_elements=["user_id"],
            set_={"since": made.excluded.since, "version": made.excluded.version},
            where=_ROW.version != TERMS_VERSION,
        )
        with self._db.begin() as connection:
            return connection.execute(anew.returning(_ROW.user_id)).first() is not None

    def leave(self, user_id: int) -> bool:
        """Take a person's consent away, and with it all models (a trigger does); return whether there was one."""
        with self._db.begin() as connection:
            return connection.execute(delete(training_consents).where(_ROW.user_id == user_id)).rowcount == 1

    def agreed(self) -> tuple[Agreed, ...]:
        """Return everybody the model may learn from."""
        with self._db.read() as connection:
            return tuple(Agreed(*row) for row in connection.execute(_AGREED))

    def ready(self, *, enough: int, sources: list[int]) -> bool:
        """Return whether so many people agreed who have listens of these sources."""
        given = {"terms": TERMS_VERSION, "sources": sources, "enough": enough}
        with self._db.read() as connection:
            return int(connection.execute(_READY, given).scalar_one()) >= enough

    def newest(self) -> datetime | None:
        """Return when the models there are were made, by the text of today; None without any."""
        made = select(func.max(models.c.made_at)).where(models.c.card["terms"].astext == TERMS_VERSION)
        with self._db.read() as connection:
            found: datetime | None = connection.execute(made).scalar_one()
        return found
