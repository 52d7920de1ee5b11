"""Accounts: people, their one-time links, and the way in and out."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from core.domain.errors import NotFound
from core.domain.membership import Own
from core.domain.people import Entered, Refused, Role, Session, User
from core.repositories.database import Database
from core.repositories.links import LinkRows
from core.repositories.sessions import ABSOLUTE
from core.repositories.users import NOBODY, Users
from core.services.entering import Entering, Via
from core.services.events import Events
from core.services.naming import clean_name, name_key
from core.services.passwords import check_new, hash_password
from core.services.second_factor import SecondFactor
from core.services.sessions import Sessions
from core.services.throttle import Bytes
from core.services.tokens import digest, new_token, read_token
from core.services.waiting import remove_waiting

__all__ = ["LINK_LIFE", "MAILED_LINK_LIFE", "SESSION_LIFE", "Accounts", "clean_name", "name_key"]
LINK_LIFE, MAILED_LINK_LIFE = timedelta(hours=24), timedelta(hours=2)
SESSION_LIFE = ABSOLUTE
# Keys no typed name can have: keys of names are stripped.
_OWNER_KEY, _DEMO_KEY = " owner", " demo"


class PersonCache(Bytes, Protocol):
    """What is used of ``core.cache.Cache`` when a person goes."""

    def erase_person(self, user_id: int) -> object:
        """Forget everything cached of a person."""


class Accounts:
    """Everything about who is who; safe to share between threads."""

    def __init__(
        self,
        db: Database,
        cache: PersonCache,
        *,
        uploads: Path | None = None,
        secret: bytes | None = None,
        second_factor: SecondFactor | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Work on ``db``; ``uploads`` is the folder of files waiting for their import, if this process knows it.

        ``secret`` keys what this instance states by itself; without one it is good for this process alone.
        """
        secret = secret or secrets.token_bytes(32)
        self._users, self._links, self._sessions = Users(db), LinkRows(db), Sessions(db, cache, now=now)
        self._cache, self._uploads, self._now = cache, uploads, now
        self._events = Events(db, secret=secret, now=now)
        self._factors = second_factor or SecondFactor(db, cache, vault=None, now=now)
        self._entering = Entering(
            self._users, self._sessions, self._factors, self._events, cache, secret=secret, now=now
        )

    def ready(self) -> bool:
        """Return True when the database answers; raises the database's error otherwise."""
        return self._users.ready()

    # People

    def list(self) -> list[User]:
        """Return everybody, in the order they came."""
        return self._users.all()

    def find(self, name: str) -> User:
        """Return the person with this name (case does not matter); raises ``NotFound``."""
        user = self._users.by_key(name_key(name))
        if user is None:
            raise NotFound(NOBODY)
        return user

    def own(self, user_id: int) -> Own:
        """Return what a person sees of their own account; raises ``NotFound`` for nobody."""
        user = self._users.get(user_id)
        if user is None:
            raise NotFound(NOBODY)
        return Own(
            name=user.name,
            role=user.role,
            email=self._users.email(user_id),
            has_password=user.has_password,
            has_spotify=user.has_spotify,
            second_factor=user.second_factor,
            codes_left=self._factors.codes_left(user_id) if user.second_factor else 0,
        )

    def add(self, name: str, *, role: Role = "member") -> tuple[User, str]:
        """Add a person and return them with the one-time link token that sets their password.

        Raises:
            Refused: the name is empty or too long.
            Conflict: somebody has this name.
        """
        name = clean_name(name)
        user = self._users.add(name=name, name_key=name_key(name), role=role)
        self._events.note(user.id, "account-made", "operator")
        return user, self.link(user.id)

    def demo(self, name: str = "Demo") -> User:
        """Return the demo person, made where absent; nobody can sign in as them."""
        return self._users.add_once(name=name, name_key=_DEMO_KEY, role="demo")

    def delete(self, user_id: int) -> None:
        """Delete a person with everything of theirs, cache and waiting uploads included.

        Raises:
            NotFound: there is no such person.
            Refused: ``last-owner``: other people would be left without an owner.
        """
        if self._users.last_owner(user_id):
            raise Refused("last-owner")
        self._users.stop_imports(user_id)
        self._sessions.end_all(user_id)
        self._users.erase(user_id)
        self._cache.erase_person(user_id)
        if self._uploads:
            remove_waiting(self._uploads, user_id)

    # One-time links

    def owned(self) -> bool:
        """Return whether somebody who can sign in owns this instance."""
        owner = self._users.owner()
        return owner is not None and (owner.has_password or owner.has_spotify)

    def invite_owner(self) -> str | None:
        """Return a new link token for the owner, or None when an owner who can sign in exists.

        A fresh instance gets an owner without a password, who chooses name and password through the link.
        """
        if self.owned():
            return None
        owner = self._users.owner() or self._users.add_once(name="Owner", name_key=_OWNER_KEY, role="owner")
        return self.link(owner.id)

    def reset_link(self, name: str) -> str:
        """Return a new link token for a person, in place of earlier ones; raises ``NotFound``."""
        user = self.find(name)
        if user.role == "demo":
            raise NotFound(NOBODY)
        self._events.note(user.id, "reset-asked", "operator")
        return self.link(user.id)

    def linked(self, token: str) -> User | None:
        """Return the person a one-time link is for, None when it is unknown, used or over. Uses nothing up."""
        read = read_token(token)
        return self._links.linked(read[0], token_sha256=read[1], now=self._now()) if read else None

    def redeem(
        self, token: str, *, name: str | None = None, password: str, address: str = "", label: str = "", known: str = ""
    ) -> Entered:
        """Use up a one-time link: set the password (and the name), end all sessions, and let the person in.

        Raises:
            Refused: ``link``, ``name``, ``taken``, ``short``, ``long`` or ``common``; the link stays good
                unless it was the link that was refused.
        """
        user, read = self.linked(token), read_token(token)
        if user is None or read is None:
            raise Refused("link")
        shown = clean_name(name if name is not None else user.name)
        check_new(password, name=shown)
        ended = self._links.redeem(
            read[0],
            token_sha256=read[1],
            now=self._now(),
            name=shown,
            name_key=name_key(shown),
            password_hash=hash_password(password),
        )
        self._sessions.forget(user.id, ended)
        self._events.note(user.id, "password-changed", place=address)
        return self.enter(user.id, stay=False, address=address, label=label, via="link", known=known)

    def link(self, user_id: int, *, mailed: bool = False) -> str:
        """Return a new one-time token; a ``mailed`` one lives shorter and leaves earlier ones good."""
        token, now = new_token(user_id), self._now()
        ends = now + (MAILED_LINK_LIFE if mailed else LINK_LIFE)
        self._links.put(user_id, token_sha256=digest(token), now=now, expires_at=ends, beside=mailed)
        return token

    # The way in and out

    def sign_in(
        self, name: str, password: str, stay: bool = False, *, address: str = "", label: str = "", known: str = ""
    ) -> Entered:
        """Return what a name and a password open, see ``Entering.sign_in``."""
        return self._entering.sign_in(name, password, stay, address=address, label=label, known=known)

    def enter(
        self, user_id: int, *, stay: bool, address: str = "", label: str = "", via: Via, known: str = ""
    ) -> Entered:
        """Return a session for somebody who has proven themselves, or a pending token, see ``Entering.enter``."""
        return self._entering.enter(user_id, stay=stay, address=address, label=label, via=via, known=known)

    def confirm(self, pending: str, code: str, *, address: str = "", label: str = "", known: str = "") -> Entered:
        """Return what a pending token and a code open, see ``Entering.confirm``."""
        return self._entering.confirm(pending, code, address=address, label=label, known=known)

    def session(self, token: str) -> Session | None:
        """Return the live session of a cookie's token, None when there is none."""
        return self._sessions.find(token)

    def sign_out(self, token: str, *, address: str = "") -> None:
        """End the session of a token; an unknown one changes nothing."""
        user_id = self._sessions.end_token(token)
        if user_id is not None:
            self._events.note(user_id, "signed-out", place=address)

    def sign_out_everywhere(self, user_id: int, *, address: str = "") -> None:
        """End every session of a person, on all their devices."""
        self._sessions.end_all(user_id)
        self._events.note(user_id, "sessions-ended", place=address)
