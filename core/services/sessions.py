"""Sessions: who is signed in where, looked up on every run of a page, and ended."""

import json
import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from core.domain.errors import NotFound
from core.domain.membership import SessionRecord
from core.domain.people import Session
from core.repositories.database import Database
from core.repositories.sessions import SessionRows
from core.services.throttle import Bytes
from core.services.tokens import digest, new_token, read_token

# How long a revoked session could live on in a process that read it in the very moment of revoking.
_CACHED_SECONDS = 5


class Sessions:
    """The sessions of everybody; safe to share between threads."""

    def __init__(self, db: Database, cache: Bytes, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._rows, self._cache, self._now = SessionRows(db), cache, now

    def start(self, user_id: int, *, stay: bool, label: str = "") -> str:
        """Return the token of a new session; ``label`` is what its person recognises the device by."""
        token = new_token(user_id)
        self._rows.start(
            user_id,
            token_sha256=digest(token),
            csrf=secrets.token_urlsafe(32),
            stay=stay,
            label=label,
            now=self._now(),
        )
        return token

    def find(self, token: str) -> Session | None:
        """Return the live session of a cookie's token, None when there is none."""
        read = read_token(token)
        if read is None:
            return None
        key = _cache_key(*read)
        stored = self._cache.get_bytes(key)
        if stored:
            fields = json.loads(stored)
            return Session(**{**fields, "created_at": datetime.fromisoformat(fields["created_at"])})
        found = self._rows.find(read[0], token_sha256=read[1], now=self._now())
        if found:
            self._cache.set_bytes(key, _encode(found), _CACHED_SECONDS)
        return found

    def list(self, user_id: int) -> list[SessionRecord]:
        """Return a person's live sessions, the one used last first."""
        return self._rows.all(user_id, now=self._now())

    def end(self, user_id: int, *, key: str) -> None:
        """End the session of this key; raises ``NotFound`` when the person has no such session."""
        ended = self._rows.end_keyed(user_id, key=key)
        if not ended:
            raise NotFound("There is no such device among yours; it may be signed out already.")
        self.forget(user_id, ended)

    def end_all(self, user_id: int, *, but: str = "") -> int:
        """End every session of a person except the one of key ``but``; return how many."""
        ended = self._rows.end_all(user_id, but=but)
        self.forget(user_id, ended)
        return len(ended)

    def end_token(self, token: str) -> int | None:
        """End the session of a token and return whose it was, None when there was none."""
        read = read_token(token)
        if read is None:
            return None
        ended = self._rows.end(read[0], token_sha256=read[1])
        self.forget(read[0], [read[1]])
        return read[0] if ended else None

    def refresh(self, user_id: int) -> None:
        """Make the next look at a person's sessions see their present name and role."""
        self.forget(user_id, self._rows.hashes(user_id))

    def forget(self, user_id: int, hashes: Iterable[bytes]) -> None:
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
