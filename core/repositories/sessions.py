"""Sessions: who is signed in where; only the SHA-256 of a cookie is kept."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update

from core.domain.people import Session
from core.repositories.database import Database
from core.repositories.schema import sessions, users

IDLE, IDLE_STAYING, ABSOLUTE = timedelta(hours=24), timedelta(days=7), timedelta(days=30)
# A session's last use is written down this often at most: reruns should not write.
_SEEN_STEP = timedelta(minutes=5)


def _alive(now: datetime) -> ColumnElement[bool]:
    """Return the condition of a session that is neither idle for too long nor too old."""
    idle = or_(
        sessions.c.seen_at > now - IDLE,
        and_(sessions.c.stay, sessions.c.seen_at > now - IDLE_STAYING),
    )
    return and_(sessions.c.created_at > now - ABSOLUTE, idle)


class Sessions:
    """The sessions of one instance."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def start(self, user_id: int, *, token_sha256: bytes, csrf: str, stay: bool, now: datetime) -> None:
        """Store a new session and forget the person's sessions that are over."""
        with self._db.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.user_id == user_id, ~_alive(now)))
            made = insert(sessions).values(
                user_id=user_id, token_sha256=token_sha256, csrf=csrf, stay=stay, created_at=now, seen_at=now
            )
            connection.execute(made)

    def find(self, user_id: int, *, token_sha256: bytes, now: datetime) -> Session | None:
        """Return the live session with this hash and note that it was used; None when there is none."""
        mine = and_(sessions.c.user_id == user_id, sessions.c.token_sha256 == token_sha256)
        query = (
            select(users.c.name, users.c.role, sessions.c.csrf, sessions.c.created_at, sessions.c.seen_at)
            .join(users, users.c.id == sessions.c.user_id)
            .where(mine, _alive(now))
        )
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            if row.seen_at < now - _SEEN_STEP:
                connection.execute(update(sessions).where(mine).values(seen_at=now))
        return Session(user_id, row.name, row.role, row.csrf, row.created_at, token_sha256.hex()[:16])

    def end(self, user_id: int, *, token_sha256: bytes) -> None:
        """Delete one session."""
        mine = and_(sessions.c.user_id == user_id, sessions.c.token_sha256 == token_sha256)
        with self._db.begin() as connection:
            connection.execute(delete(sessions).where(mine))

    def end_all(self, user_id: int) -> list[bytes]:
        """Delete every session of a person and return their hashes."""
        ended = delete(sessions).where(sessions.c.user_id == user_id).returning(sessions.c.token_sha256)
        with self._db.begin() as connection:
            return list(connection.execute(ended).scalars())
