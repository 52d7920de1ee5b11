"""Sessions: who is signed in where; only the SHA-256 of a cookie is kept."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update

from core.domain.membership import SessionRecord
from core.domain.people import Session
from core.repositories.database import Database
from core.repositories.schema import sessions, users

IDLE, IDLE_STAYING, ABSOLUTE = timedelta(hours=24), timedelta(days=7), timedelta(days=30)
# A session's last use is written down this often at most: reruns should not write.
_SEEN_STEP = timedelta(minutes=5)
# The first half of a hash's first bytes, in hexadecimal: names a session without opening it.
KEY_LENGTH = 16


def alive(now: datetime) -> ColumnElement[bool]:
    """Return the condition of a session that is neither idle for too long nor too old."""
    idle = or_(
        sessions.c.seen_at > now - IDLE,
        and_(sessions.c.stay, sessions.c.seen_at > now - IDLE_STAYING),
    )
    return and_(sessions.c.created_at > now - ABSOLUTE, idle)


def _key() -> ColumnElement[str]:
    """Return the key of a session as SQL."""
    return func.left(func.encode(sessions.c.token_sha256, "hex"), KEY_LENGTH)


class SessionRows:
    """The sessions of one instance."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def start(self, user_id: int, *, token_sha256: bytes, csrf: str, stay: bool, label: str, now: datetime) -> None:
        """Store a new session and forget the person's sessions that are over."""
        with self._db.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.user_id == user_id, ~alive(now)))
            made = insert(sessions).values(
                user_id=user_id,
                token_sha256=token_sha256,
                csrf=csrf,
                stay=stay,
                label=label,
                created_at=now,
                seen_at=now,
            )
            connection.execute(made)

    def find(self, user_id: int, *, token_sha256: bytes, now: datetime) -> Session | None:
        """Return the live session with this hash and note that it was used; None when there is none."""
        mine = and_(sessions.c.user_id == user_id, sessions.c.token_sha256 == token_sha256)
        own = (sessions.c.csrf, sessions.c.created_at, sessions.c.seen_at, sessions.c.stay)
        query = (
            select(users.c.name, users.c.role, *own)
            .join(users, users.c.id == sessions.c.user_id)
            .where(mine, alive(now))
        )
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            if row.seen_at < now - _SEEN_STEP:
                connection.execute(update(sessions).where(mine).values(seen_at=now))
        key = token_sha256.hex()[:KEY_LENGTH]
        return Session(user_id, row.name, row.role, row.csrf, row.created_at, key, row.stay)

    def all(self, user_id: int, *, now: datetime) -> list[SessionRecord]:
        """Return a person's live sessions, the one used last first."""
        query = (
            select(_key(), sessions.c.label, sessions.c.created_at, sessions.c.seen_at)
            .where(sessions.c.user_id == user_id, alive(now))
            .order_by(sessions.c.seen_at.desc(), sessions.c.created_at.desc())
        )
        with self._db.read() as connection:
            return [SessionRecord(*row) for row in connection.execute(query)]

    def hashes(self, user_id: int) -> list[bytes]:
        """Return the hashes of a person's sessions."""
        with self._db.read() as connection:
            query = select(sessions.c.token_sha256).where(sessions.c.user_id == user_id)
            return list(connection.execute(query).scalars())

    def end(self, user_id: int, *, token_sha256: bytes) -> bool:
        """Delete one session and return whether there was one."""
        return bool(self._end(user_id, sessions.c.token_sha256 == token_sha256))

    def end_keyed(self, user_id: int, *, key: str) -> list[bytes]:
        """Delete the session of this key and return its hash; nothing for a key the person has no session of."""
        return self._end(user_id, _key() == key)

    def end_all(self, user_id: int, *, but: str = "") -> list[bytes]:
        """Delete every session of a person, except the one of key ``but``, and return their hashes."""
        return self._end(user_id, _key() != but)

    def _end(self, user_id: int, which: ColumnElement[bool]) -> list[bytes]:
        ended = delete(sessions).where(sessions.c.user_id == user_id, which).returning(sessions.c.token_sha256)
        with self._db.begin() as connection:
            return list(connection.execute(ended).scalars())
