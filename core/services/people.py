"""Looking after an instance: what its owner and admins may do for, and to, other people.

An owner may do everything, to everybody. An admin may help and delete members. To everybody else these things look as
if they did not exist. ``actor_id`` is who asks; None is whoever runs the instance at its command line.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import get_args

from core.domain.errors import NotFound
from core.domain.events import Result
from core.domain.membership import Person
from core.domain.people import STAFF, Refused, Role, User
from core.repositories.database import Database
from core.repositories.users import NOBODY, Users
from core.services.accounts import Accounts
from core.services.events import Events
from core.services.second_factor import SecondFactor
from core.services.sessions import Sessions

__all__ = ["People", "Person", "staff"]


class People:
    """The people of an instance, as those who look after them see them."""

    def __init__(
        self,
        db: Database,
        *,
        accounts: Accounts,
        sessions: Sessions,
        second_factor: SecondFactor,
        events: Events,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._users, self._accounts, self._sessions = Users(db), accounts, sessions
        self._factors, self._events, self._now = second_factor, events, now

    def list(self, actor_id: int | None) -> list[Person]:
        """Return everybody but the demo person; raises ``NotFound`` for an actor who is neither owner nor admin."""
        staff(self._users, actor_id)
        return self._users.members(now=self._now())

    def set_role(self, actor_id: int | None, *, user_id: int, role: Role, place: str = "") -> None:
        """Give a person a role; owners alone may.

        Raises:
            NotFound: the actor is no owner, or there is no such person.
            Refused: ``role`` for one that cannot be given; ``last-owner``.
        """
        actor = staff(self._users, actor_id)
        if actor is not None and actor.role != "owner":
            raise NotFound(NOBODY)
        self._subject(actor, user_id)
        if role not in get_args(Role) or role == "demo":
            raise Refused("role")
        self._users.set_role(user_id, role=role)
        self._sessions.refresh(user_id)
        self._note(actor, user_id, "role-changed", "changed-a-role", place)

    def reset_link(self, actor_id: int | None, *, user_id: int, place: str = "") -> str:
        """Return a one-time link token with which a person chooses a new password.

        Raises:
            NotFound: the actor may not, or there is no such person.
            Refused: ``yourself``: one's own password asks for the present one.
        """
        actor = staff(self._users, actor_id)
        self._subject(actor, user_id, other=True)
        token = self._accounts.link(user_id)
        self._note(actor, user_id, "reset-asked", "made-a-link", place)
        return token

    def end_sessions(self, actor_id: int | None, *, user_id: int, place: str = "") -> int:
        """Sign a person out on every device and return how many there were; raises ``NotFound``."""
        actor = staff(self._users, actor_id)
        self._subject(actor, user_id)
        ended = self._sessions.end_all(user_id)
        self._note(actor, user_id, "sessions-ended", "ended-sessions", place)
        return ended

    def end_second_factor(self, actor_id: int | None, *, user_id: int, place: str = "") -> bool:
        """Switch off the second factor of somebody who has lost it; return whether it was on.

        Raises:
            NotFound: the actor may not, or there is no such person.
            Refused: ``yourself``: one's own asks for a code.
        """
        actor = staff(self._users, actor_id)
        self._subject(actor, user_id, other=True)
        if not self._factors.off(user_id):
            return False
        self._note(actor, user_id, "second-factor-off", "took-a-second-factor", place)
        return True

    def delete(self, actor_id: int | None, *, user_id: int, typed: str, place: str = "") -> None:
        """Delete a person with everything of theirs; ``typed`` is their name, as the actor typed it.

        Raises:
            NotFound: the actor may not, or there is no such person.
            Refused: ``typed``; ``last-owner``; ``yourself``: one's own account is left by the page Account.
        """
        actor = staff(self._users, actor_id)
        if typed.strip() != self._subject(actor, user_id, other=True).name:
            raise Refused("typed")
        self._accounts.delete(user_id)
        if actor is not None:
            self._events.note(actor.id, "deleted-a-person", place=place)

    def _subject(self, actor: User | None, user_id: int, *, other: bool = False) -> User:
        """Return somebody the actor may act upon: anybody for owners, members for admins; raises ``NotFound``.

        What must not be done to oneself this way (``other``) is refused as ``yourself``.
        """
        if other and actor is not None and actor.id == user_id:
            raise Refused("yourself")
        user = self._users.get(user_id)
        if user is None or user.role == "demo":
            raise NotFound(NOBODY)
        if actor is not None and actor.role != "owner" and user.role != "member":
            raise NotFound(NOBODY)
        return user

    def _note(self, actor: User | None, user_id: int, event: str, deed: str, place: str) -> None:
        """Write what was done into both records: the person's, without the actor's place, and the actor's."""
        by: Result = "operator" if actor is None else "ok" if actor.id == user_id else "admin"
        self._events.note(user_id, event, by, place=place if by == "ok" else "")
        if by == "admin" and actor is not None:
            self._events.note(actor.id, deed, place=place)


def staff(users: Users, actor_id: int | None) -> User | None:
    """Return the owner or admin who asks, None for whoever runs the instance; raises ``NotFound`` for others."""
    if actor_id is None:
        return None
    actor = users.get(actor_id)
    if actor is None or actor.role not in STAFF:
        raise NotFound(NOBODY)
    return actor
