"""Accounts: people, their one-time links, their passwords and their sessions."""

import hashlib
import json
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from core.domain.errors import Conflict, NotFound
from core.domain.people import Refused, Role, Session, User
from core.repositories.database import Database
from core.repositories.sessions import ABSOLUTE, Sessions
from core.repositories.users import NOBODY, Users
from core.services.passwords import check_new, hash_password, verify_password
from core.services.throttle import Bytes, Throttle
from core.services.waiting import remove_waiting

LINK_LIFE = timedelta(hours=24)
SESSION_LIFE = ABSOLUTE
# How long a revoked session could live on in a process that read it in the very moment of revoking.
_CACHED_SECONDS = 5
_TOKEN = re.compile(r"([1-9][0-9]{0,9})\.([A-Za-z0-9_-]{43})")
# Keys no typed name can have: keys of names are stripped.
_OWNER_KEY, _DEMO_KEY = " owner", " demo"


class PersonCache(Bytes, Protocol):
    """What is used of ``core.cache.Cache`` when a person goes."""

    def erase_person(self, user_id: int) -> object:
        """Forget everything cached of a person."""


def name_key(name: str) -> str:
    """Return the comparable form of a name: composed, without case, single spaces."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", " ".join(name.split())).casefold())


def clean_name(name: str) -> str:
    """Return a name as it is shown; raises ``Refused`` (``name``) for one that is empty, too long or unprintable."""
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if not 1 <= len(name) <= 40 or not name.isprintable() or not any(c.isalnum() for c in name):
        raise Refused("name")
    return name


def new_token(user_id: int) -> str:
    """Return a fresh token of 256 random bits that says whose it is: ``"{user_id}.{secret}"``."""
    return f"{user_id}.{secrets.token_urlsafe(32)}"


def _read_token(token: str) -> tuple[int, bytes] | None:
    """Return the person a token names and the token's SHA-256, None for what is no token at all."""
    found = _TOKEN.fullmatch(token)
    if found is None or int(found[1]) >= 2**31:
        return None
    return int(found[1]), hashlib.sha256(token.encode()).digest()


class Accounts:
    """Everything about who is who; safe to share between threads."""

    def __init__(
        self,
        db: Database,
        cache: PersonCache,
        *,
        uploads: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Work on ``db``; ``uploads`` is the folder of files waiting for their import, if this process knows it."""
        self._users, self._sessions = Users(db), Sessions(db)
        self._cache, self._uploads, self._now = cache, uploads, now
        self._throttle = Throttle(cache, now)

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

    def add(self, name: str, *, role: Role = "member") -> tuple[User, str]:
        """Add a person and return them with the one-time link token that sets their password.

        Raises:
            Refused: the name is empty or too long.
            Conflict: somebody has this name.
        """
        name = clean_name(name)
        user = self._users.add(name=name, name_key=name_key(name), role=role)
        return user, self._link(user.id)

    def demo(self, name: str = "Demo") -> User:
        """Return the demo person, made where absent; nobody can sign in as them."""
        return self._users.add_once(name=name, name_key=_DEMO_KEY, role="demo")

    def delete(self, user_id: int) -> None:
        """Delete a person with everything of theirs, cache and waiting uploads included; raises ``NotFound``."""
        self._users.stop_imports(user_id)
        ended = self._sessions.end_all(user_id)
        self._users.erase(user_id)
        self._forget(user_id, ended)
        self._cache.erase_person(user_id)
        if self._uploads:
            remove_waiting(self._uploads, user_id)

    # One-time links

    def owned(self) -> bool:
        """Return whether somebody has used the owner's link."""
        owner = self._users.owner()
        return owner is not None and owner.has_password

    def invite_owner(self) -> str | None:
        """Return a new link token for the owner, or None when an owner with a password exists.

        A fresh instance gets an owner without a password, who chooses name and password through the link.
        """
        owner = self._users.owner() or self._users.add_once(name="Owner", name_key=_OWNER_KEY, role="owner")
        return None if owner.has_password else self._link(owner.id)

    def reset_link(self, name: str) -> str:
        """Return a new link token for a person, in place of earlier ones; raises ``NotFound``."""
        user = self.find(name)
        if user.role == "demo":
            raise NotFound(NOBODY)
        return self._link(user.id)

    def linked(self, token: str) -> User | None:
        """Return the person a one-time link is for, None when it is unknown, used or over. Uses nothing up."""
        read = _read_token(token)
        return self._users.linked(read[0], token_sha256=read[1], now=self._now()) if read else None

    def redeem(self, token: str, *, name: str | None = None, password: str) -> str:
        """Use up a one-time link: set the password (and the name), end all sessions, return a new session token.

        Raises:
            Refused: ``link``, ``name``, ``taken``, ``short``, ``long`` or ``common``; the link stays good
                unless it was the link that was refused.
        """
        user, read = self.linked(token), _read_token(token)
        if user is None or read is None:
            raise Refused("link")
        shown = clean_name(name if name is not None else user.name)
        check_new(password, name=shown)
        try:
            ended = self._users.redeem(
                read[0],
                token_sha256=read[1],
                now=self._now(),
                name=shown,
                name_key=name_key(shown),
                password_hash=hash_password(password),
            )
        except Conflict as error:
            raise Refused("taken") from error
        if ended is None:
            raise Refused("link")
        self._forget(user.id, ended)
        return self._start(user.id, stay=False)

    def _link(self, user_id: int) -> str:
        """Return a new one-time token that replaces the person's earlier ones."""
        token = new_token(user_id)
        digest = hashlib.sha256(token.encode()).digest()
        self._users.put_link(user_id, token_sha256=digest, expires_at=self._now() + LINK_LIFE)
        return token

    # Sessions

    def sign_in(self, name: str, password: str, stay: bool = False, *, address: str = "") -> str:
        """Return a new session token; ``stay`` keeps it for 7 idle days instead of 24 hours.

        ``address`` is where the try comes from, for the brake alone. A name nobody has takes the same time and
        gives the same answer as a wrong password.

        Raises:
            Refused: ``wrong``, or ``wait`` after too many tries.
        """
        key = name_key(name)[:200]
        if not self._throttle.enter(key, address):
            raise Refused("wait")
        user_id, hashed = self._users.password(key.replace("\0", "")) or (0, None)
        if not verify_password(password, hashed):
            raise Refused("wrong")
        self._throttle.forget(key, address)
        return self._start(user_id, stay=stay)

    def session(self, token: str) -> Session | None:
        """Return the live session of a cookie's token, None when there is none."""
        read = _read_token(token)
        if read is None:
            return None
        key = _cache_key(*read)
        stored = self._cache.get_bytes(key)
        if stored:
            fields = json.loads(stored)
            return Session(**{**fields, "created_at": datetime.fromisoformat(fields["created_at"])})
        found = self._sessions.find(read[0], token_sha256=read[1], now=self._now())
        if found:
            self._cache.set_bytes(key, _encode(found), _CACHED_SECONDS)
        return found

    def sign_out(self, token: str) -> None:
        """End the session of a token; an unknown one changes nothing."""
        read = _read_token(token)
        if read:
            self._sessions.end(read[0], token_sha256=read[1])
            self._forget(read[0], [read[1]])

    def sign_out_everywhere(self, user_id: int) -> None:
        """End every session of a person, on all their devices."""
        self._forget(user_id, self._sessions.end_all(user_id))

    def _start(self, user_id: int, *, stay: bool) -> str:
        """Return the token of a new session."""
        token = new_token(user_id)
        self._sessions.start(
            user_id,
            token_sha256=hashlib.sha256(token.encode()).digest(),
            csrf=secrets.token_urlsafe(32),
            stay=stay,
            now=self._now(),
        )
        return token

    def _forget(self, user_id: int, hashes: Iterable[bytes]) -> None:
        """Take ended sessions out of the cache."""
        for token_sha256 in hashes:
            self._cache.delete(_cache_key(user_id, token_sha256))


def _cache_key(user_id: int, token_sha256: bytes) -> str:
    """Return the cache key of a session."""
    return f"u:{user_id}:session:{token_sha256.hex()}"


def _encode(session: Session) -> bytes:
    """Return a session as JSON."""
    fields = {name: getattr(session, name) for name in Session.__slots__}
    return json.dumps({**fields, "created_at": session.created_at.isoformat()}).encode()
