"""The Spotify sync: whose turn it is, a slice of it, and how far it is."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from core.domain.errors import Conflict
from core.domain.spotify import NEEDED_BY, PARTS, Connection, Gap, PartState, TimeRange
from core.logs import logger
from core.repositories.database import Database
from core.repositories.locks import Work, trying_alone
from core.repositories.spotify_library import Kept, KeptPlaylist, Ranking, SpotifyLibrary
from core.repositories.spotify_parts import SpotifyParts
from core.services.connecting import Connecting
from core.services.spotify_calls import Calls
from core.services.sync_running import Slice

log = logger(__name__)
SHELF = 20  # Spotify's rule: no more of its content on one shelf
LIST_LIFE = timedelta(days=7)
BUSY = "A sync is running already; it goes on by itself."


@dataclass(frozen=True, slots=True)
class SyncState:
    """What a person sees of their connection; ``next_at`` is when the sync asks Spotify next."""

    connection: Connection | None
    parts: list[PartState]
    gaps: list[Gap]
    kept: Kept
    next_at: datetime | None


def never() -> bool:
    """Return that there is no reason to stop."""
    return False


class Syncing:
    """The sync of everybody; every method about one person takes them first."""

    def __init__(
        self,
        db: Database,
        connecting: Connecting,
        calls: Calls,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        """Work on ``db`` over the connections of ``connecting``; ``wait`` waits for so many seconds."""
        self._db, self._connecting, self._calls, self._now, self._wait = db, connecting, calls, now, wait
        self._parts, self._library = SpotifyParts(db), SpotifyLibrary(db)

    def begin(self, user_id: int) -> None:
        """Let everything a person agreed to be synced now; nothing happens for somebody not connected."""
        connection = self._connecting.connection(user_id)
        if connection is not None:
            granted = [part for part in PARTS if NEEDED_BY[part] <= connection.scopes]
            self._parts.begin(user_id, granted=granted, now=self._now())

    def ask(self, user_id: int) -> None:
        """Let a person have their sync now, as far as that is not asked for too often and Spotify lets us ask."""
        self._parts.hurry(user_id, now=self._now())

    def due(self) -> list[int]:
        """Return whose sync has something to do now: polls of recent plays first, then who has waited longest."""
        return self._parts.due(self._now())

    def run(
        self, user_id: int, *, slice_seconds: float = 50, should_stop: Callable[[], bool] = never
    ) -> datetime | None:
        """Do what is due for a person, for ``slice_seconds`` at most; return when there is something to do next.

        Raises:
            Conflict: another process is syncing.
            Unavailable: the database cannot be reached; nothing of what was stored is lost.
        """
        with trying_alone(self._db, Work.SYNC) as alone:
            if not alone:
                raise Conflict(BUSY)
            over_at = time.monotonic() + slice_seconds
            Slice(
                self._db,
                self._connecting,
                self._calls,
                self._parts,
                now=self._now,
                wait=self._wait,
                should_stop=should_stop,
                over_at=over_at,
            ).run(user_id)
        return self._parts.next_at(user_id)

    def state(self, user_id: int) -> SyncState:
        """Return what a person sees of their connection and their sync."""
        connection = self._connecting.connection(user_id)
        if connection is None:  # then nothing is kept
            return SyncState(None, [], [], Kept(), None)
        parts = self._parts.states(user_id)
        next_at = None if connection.state == "needs_reauth" else min((part.next_at for part in parts), default=None)
        return SyncState(connection, parts, self._library.gaps(user_id), self._library.kept(user_id), next_at)

    def parts(self, user_id: int) -> list[PartState]:
        """Return how far each part of a person's sync is: what to look at while one is under way."""
        return self._parts.states(user_id)

    def latest_top(
        self, user_id: int, *, kind: Literal["artist", "track"], time_range: TimeRange, limit: int = SHELF
    ) -> Ranking | None:
        """Return Spotify's newest ranking of a person, None before the first."""
        return self._library.latest_top(user_id, kind=kind, time_range=time_range, limit=limit)

    def playlists(self, user_id: int, *, limit: int = SHELF) -> list[KeptPlaylist]:
        """Return a person's first playlists in Spotify's order."""
        return self._library.playlists(user_id, limit=limit)

    def tidy(self) -> int:
        """Delete lists not refreshed for a week, where nobody refreshes them, and old ways to Spotify; return how many.

        Rankings stay, for their history, until their person disconnects.
        """
        self._library.forget_states(now=self._now())
        purged = self._library.purge(before=self._now() - LIST_LIFE)
        if purged:
            log.info("spotify.purged", rows=purged)
        return purged
