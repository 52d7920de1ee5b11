"""Second factors: sealed secrets, the last step a code was taken for, hashes of recovery codes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from core.domain.errors import NotFound
from core.repositories.database import Database
from core.repositories.schema import recovery_codes, users
from core.repositories.users import NOBODY


@dataclass(frozen=True, slots=True)
class StoredFactor:
    """What is stored of how a person proves themselves; ``since`` is None while a factor is off or being set up."""

    name: str
    password_hash: str | None
    sealed: bytes | None
    since: datetime | None
    step: int

    @property
    def state(self) -> str:
        """Return a text that changes when a code is taken, and when password or factor change."""
        return f"{self.password_hash}|{self.since and self.since.timestamp()}|{self.step}"


class FactorRows:
    """The second factors of one instance."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def load(self, user_id: int) -> StoredFactor:
        """Return what is stored; raises ``NotFound``."""
        row = users.c
        query = select(row.name, row.password_hash, row.totp_secret, row.totp_since, row.totp_step)
        with self._db.read() as connection:
            found = connection.execute(query.where(row.id == user_id)).one_or_none()
        if found is None:
            raise NotFound(NOBODY)
        return StoredFactor(*found)

    def codes_left(self, user_id: int) -> int:
        """Return how many recovery codes are unused."""
        query = select(func.count()).select_from(recovery_codes).where(recovery_codes.c.user_id == user_id)
        with self._db.read() as connection:
            return int(connection.execute(query).scalar_one())

    def begin(self, user_id: int, *, sealed: bytes) -> bool:
        """Store the secret of a set-up that begins; False (nothing stored) when a factor is on."""
        off = (users.c.id == user_id) & users.c.totp_since.is_(None)
        with self._db.begin() as connection:
            return connection.execute(update(users).where(off).values(totp_secret=sealed)).rowcount == 1

    def switch_on(self, user_id: int, *, sealed: bytes, since: datetime, step: int, codes: Iterable[bytes]) -> bool:
        """Switch on the factor being set up and store its recovery codes; False when it is another one by now."""
        mine = (users.c.id == user_id) & users.c.totp_since.is_(None) & (users.c.totp_secret == sealed)
        with self._db.begin() as connection:
            if connection.execute(update(users).where(mine).values(totp_since=since, totp_step=step)).rowcount != 1:
                return False
            connection.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
            rows = [{"user_id": user_id, "code_sha256": code} for code in codes]
            connection.execute(insert(recovery_codes), rows)
        return True

    def switch_off(self, user_id: int) -> bool:
        """Forget the factor, its secret and its codes; return whether it was on."""
        on = select(users.c.totp_since.is_not(None)).where(users.c.id == user_id).with_for_update()
        with self._db.begin() as connection:
            was_on = bool(connection.execute(on).scalar_one_or_none())
            change = update(users).where(users.c.id == user_id)
            connection.execute(change.values(totp_secret=None, totp_since=None))
            connection.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
        return was_on

    def take_step(self, user_id: int, *, before: int, step: int) -> bool:
        """Note that a code of ``step`` was taken; False when another code was taken since ``before`` was read."""
        mine = (users.c.id == user_id) & (users.c.totp_step == before)
        with self._db.begin() as connection:
            return connection.execute(update(users).where(mine).values(totp_step=step)).rowcount == 1

    def take_code(self, user_id: int, *, before: int, code_sha256: bytes, step: int) -> bool:
        """Use up a recovery code, noting ``step`` as taken, too; False when it is unknown, used, or too late."""
        row, code = users.c, recovery_codes.c
        in_time = select(row.id).where(row.id == user_id, row.totp_step == before).with_for_update()
        used = delete(recovery_codes).where(code.user_id == user_id, code.code_sha256 == code_sha256)
        with self._db.begin() as connection:
            if connection.execute(in_time).one_or_none() is None or connection.execute(used).rowcount != 1:
                return False
            connection.execute(update(users).where(row.id == user_id).values(totp_step=step))
        return True
