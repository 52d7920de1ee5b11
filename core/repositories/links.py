"""One-time links for passwords: only the SHA-256 of a link is kept."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.domain.people import Refused, User
from core.repositories.database import Database
from core.repositories.schema import one_time_links, sessions, users
from core.repositories.users import USER, user_of


class LinkRows:
    """The open links of one instance."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(
        self, user_id: int, *, token_sha256: bytes, now: datetime, expires_at: datetime, beside: bool = False
    ) -> None:
        """Store a link's hash in place of the person's earlier links, or ``beside`` those that are still good."""
        link = one_time_links.c
        earlier = delete(one_time_links).where(link.user_id == user_id)
        with self._db.begin() as connection:
            connection.execute(earlier.where(link.expires_at <= now) if beside else earlier)
            made = insert(one_time_links).values(user_id=user_id, token_sha256=token_sha256, expires_at=expires_at)
            connection.execute(made)

    def linked(self, user_id: int, *, token_sha256: bytes, now: datetime) -> User | None:
        """Return the person a link is for, None when it is unknown, used or over."""
        link = one_time_links.c
        good = select(link.user_id).where(
            link.user_id == user_id, link.token_sha256 == token_sha256, link.expires_at > now
        )
        with self._db.read() as connection:
            row = connection.execute(select(*USER).where(users.c.id.in_(good))).one_or_none()
        return user_of(row) if row else None

    def redeem(
        self, user_id: int, *, token_sha256: bytes, now: datetime, name: str, name_key: str, password_hash: str
    ) -> list[bytes]:
        """Use up a link: set name and password, end every session and other link; return the ended sessions' hashes.

        Raises:
            Refused: ``link`` when it is unknown, used or over; ``taken`` when somebody has the name.
        """
        link = one_time_links.c
        use = delete(one_time_links).where(
            link.user_id == user_id, link.token_sha256 == token_sha256, link.expires_at > now
        )
        change = update(users).where(users.c.id == user_id)
        try:
            with self._db.begin() as connection:
                if connection.execute(use).rowcount != 1:
                    raise Refused("link")
                connection.execute(change.values(name=name, name_key=name_key, password_hash=password_hash))
                connection.execute(delete(one_time_links).where(link.user_id == user_id))
                ended = delete(sessions).where(sessions.c.user_id == user_id).returning(sessions.c.token_sha256)
                return list(connection.execute(ended).scalars())
        except IntegrityError as error:
            raise Refused("taken") from error
