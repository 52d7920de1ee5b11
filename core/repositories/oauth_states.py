"""Sign-ins on their way through Spotify: each can be taken once, and only hashes name it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, insert

from core.repositories.database import Database
from core.repositories.schema import oauth_states

Purpose = Literal["connect", "sign-in"]


@dataclass(frozen=True, slots=True)
class StoredState:
    """What was known when somebody left for Spotify; ``session_sha256`` is None for a visitor."""

    browser_sha256: bytes
    session_sha256: bytes | None
    purpose: Purpose
    verifier: str
    scopes: frozenset[str]
    back_to: str
    invitation: str
    expires_at: datetime


class OAuthStates:
    """The states of one instance."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, state_sha256: bytes, state: StoredState, *, now: datetime) -> None:
        """Store a state and forget all that are too old."""
        row = {name: getattr(state, name) for name in StoredState.__slots__}
        made = insert(oauth_states).values({**row, "scopes": _words(state.scopes), "state_sha256": state_sha256})
        with self._db.begin() as connection:
            connection.execute(delete(oauth_states).where(oauth_states.c.expires_at <= now))
            connection.execute(made)

    def take(self, state_sha256: bytes) -> StoredState | None:
        """Return a state and forget it, in one step; None for one that is unknown or was taken."""
        mine = oauth_states.c.state_sha256 == state_sha256
        columns = [oauth_states.c[name] for name in StoredState.__slots__]
        with self._db.begin() as connection:
            row = connection.execute(delete(oauth_states).where(mine).returning(*columns)).one_or_none()
        return StoredState(**{**row._mapping, "scopes": frozenset(row.scopes.split())}) if row else None


def _words(scopes: frozenset[str]) -> str:
    """Return scopes as they are stored and sent: sorted, with spaces."""
    return " ".join(sorted(scopes))
