"""Invitations, and the accounts made with them; only the SHA-256 of an invitation is kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from core.domain.membership import Invitation
from core.domain.people import Refused, Role, User
from core.repositories.database import Database
from core.repositories.schema import invitations, users
from core.repositories.users import USER, user_of

_INVITATION = (
    func.left(func.encode(invitations.c.token_sha256, "hex"), 16),
    invitations.c.role,
    users.c.name,
    invitations.c.created_at,
    invitations.c.expires_at,
)


class InvitationRows:
    """The open invitations of one instance."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, user_id: int, *, token_sha256: bytes, role: Role, now: datetime, expires_at: datetime) -> None:
        """Store an invitation of a person and forget theirs that are over."""
        row = invitations.c
        with self._db.begin() as connection:
            connection.execute(delete(invitations).where(row.user_id == user_id, row.expires_at <= now))
            made = insert(invitations).values(
                user_id=user_id, token_sha256=token_sha256, role=role, created_at=now, expires_at=expires_at
            )
            connection.execute(made)

    def all(self, *, now: datetime) -> list[Invitation]:
        """Return everybody's open invitations, the newest first."""
        query = _open(now).order_by(invitations.c.created_at.desc())
        with self._db.read() as connection:
            return [Invitation(*row) for row in connection.execute(query)]

    def find(self, user_id: int, *, token_sha256: bytes, now: datetime) -> Invitation | None:
        """Return an open invitation, None when it is unknown, used, taken back or over."""
        with self._db.read() as connection:
            row = connection.execute(_open(now).where(_same(user_id, token_sha256))).one_or_none()
        return Invitation(*row) if row else None

    def revoke(self, *, key: str) -> bool:
        """Delete the invitation of this key, whoever made it, and return whether there was one."""
        with self._db.begin() as connection:
            return connection.execute(delete(invitations).where(_INVITATION[0] == key)).rowcount > 0

    def revoke_all(self, user_id: int) -> None:
        """Delete every invitation a person made."""
        with self._db.begin() as connection:
            connection.execute(delete(invitations).where(invitations.c.user_id == user_id))

    def accept(
        self, user_id: int, *, token_sha256: bytes, now: datetime, name: str, name_key: str, password_hash: str | None
    ) -> User:
        """Use up an invitation of ``user_id`` and return the person added with it.

        Raises:
            Refused: ``invitation`` when it is no longer open; ``taken`` when somebody has the name (it stays open).
        """
        use = delete(invitations).where(_same(user_id, token_sha256), invitations.c.expires_at > now)
        try:
            with self._db.begin() as connection:
                role = connection.execute(use.returning(invitations.c.role)).scalar_one_or_none()
                if role is None:
                    raise Refused("invitation")
                made = insert(users).values(name=name, name_key=name_key, role=role, password_hash=password_hash)
                return user_of(connection.execute(made.returning(*USER)).one())
        except IntegrityError as error:
            raise Refused("taken") from error


def _open(now: datetime) -> Select[Any]:
    """Return the query of the invitations that are not over, with who made them."""
    mine = invitations.join(users, users.c.id == invitations.c.user_id)
    return select(*_INVITATION).select_from(mine).where(invitations.c.expires_at > now)


def _same(user_id: int, token_sha256: bytes) -> ColumnElement[bool]:
    """Return the condition of one invitation."""
    return (invitations.c.user_id == user_id) & (invitations.c.token_sha256 == token_sha256)
