"""A slice of one person's sync: the most valuable part that is due, page by page, until the slice is over."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from traceback import extract_tb

from core.domain.errors import NotFound, Unavailable
from core.domain.spotify import PARTS, Connection, Part
from core.logs import logger
from core.repositories.database import Database
from core.repositories.spotify_parts import Gone, SpotifyParts, storing
from core.services.connecting import Connecting
from core.services.spotify_calls import Calls
from core.services.sync_faults import Verdict, verdict
from core.services.sync_job import Job
from core.services.sync_lists import read_followed, read_saved_albums, read_saved_tracks, read_top
from core.services.sync_playlists import read_playlists
from core.services.sync_recent import poll_recent
from core.spotify.client import Spotify
from core.spotify.errors import ConsentOver, OverBudget, SpotifyError, TooFast

log = logger(__name__)
STEPS: dict[Part, Callable[[Job], None]] = {
    "recent": poll_recent,
    "top": read_top,
    "playlists": read_playlists,
    "saved_tracks": read_saved_tracks,
    "saved_albums": read_saved_albums,
    "followed": read_followed,
}
_MOST_WAITS = 5  # for Spotify's short pauses, in one slice
_MOST_WAIT_SECONDS = 30.0
# The share of the day's calls that lists may take: polls of recent plays, everybody's, must find the rest.
_FOR_LISTS = 0.75
_FRAMES = 12  # of a mistake that are logged
_BREATH_SECONDS = 0.5  # after which a wait looks whether it shall stop


@dataclass
class Slice:
    """A stretch of work on one person's sync, until ``over_at`` (seconds of the monotonic clock)."""

    db: Database
    connecting: Connecting
    calls: Calls
    parts: SpotifyParts
    now: Callable[[], datetime]
    wait: Callable[[float], object]
    should_stop: Callable[[], bool]
    over_at: float
    waits: int = field(default=0, init=False)

    def run(self, user_id: int) -> None:
        """Do what is due; nothing for somebody who is not connected, or has to connect again."""
        connection = self.connecting.connection(user_id)
        if connection is None or connection.state == "needs_reauth":
            return
        with suppress(Gone, NotFound):  # disconnected, connected anew, or left: whoever is there now begins afresh
            try:
                if connection.ends_at <= self.now():
                    raise ConsentOver
                connection, client = self.connecting.client(user_id)
            except SpotifyError as error:
                self._refused(connection, None, {}, error)
                return
            try:
                self._work(connection, client)
            finally:
                client.close()

    def _work(self, connection: Connection, client: Spotify) -> None:
        """Do one page after the other."""
        trusted = connection.state == "connected"
        while not self.should_stop() and time.monotonic() < self.over_at:
            turn = self.parts.turn(connection.user_id, now=self.now())
            if turn is None:
                return
            job = Job(self.db, connection, client, turn, self.now())
            if self._done(connection, job) and not trusted:
                self.connecting.mark(connection.user_id, epoch=connection.epoch, state="connected")
                trusted = True

    def _done(self, connection: Connection, job: Job) -> bool:
        """Do one page and return True; a refusal is settled and returns False."""
        try:
            self._spare_polls(job)
            STEPS[job.turn.part](job)
        except (Gone, NotFound, Unavailable):
            raise
        except TooFast as error:
            if not self._waited(error):
                self._refused(connection, job.turn.part, job.turn.at, error)
            return False
        except SpotifyError as error:
            self._refused(connection, job.turn.part, job.turn.at, error)
            return False
        except Exception as error:  # a mistake of ours in one part must not keep the others from running
            log.error("spotify.part_failed", user_id=job.user_id, part=job.turn.part, **_told(error))
            self._refused(connection, job.turn.part, job.turn.at, error)
            return False
        return True

    def _spare_polls(self, job: Job) -> None:
        """Raise ``OverBudget`` for a list when what is left of the day's calls is kept for polls of recent plays."""
        if job.turn.part == "recent":
            return
        spending = self.calls.spending()
        if spending.total >= spending.most * _FOR_LISTS:
            raise OverBudget(job.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1))

    def _waited(self, error: TooFast) -> bool:
        """Wait for a short pause that Spotify asks for; return False when it is too long for this slice."""
        left = (error.retry_at - self.now()).total_seconds()
        if left > min(_MOST_WAIT_SECONDS, self.over_at - time.monotonic()) or self.waits >= _MOST_WAITS:
            return False
        self.waits += 1
        while left > 0 and not self.should_stop():
            self.wait(min(left, _BREATH_SECONDS))
            left -= _BREATH_SECONDS
        return True

    def _refused(self, connection: Connection, part: Part | None, at: dict[str, object], error: Exception) -> None:
        """Let wait what has to wait after an error, and note what the connection is now."""
        tries = at.get("tries", 0)
        found = verdict(error, now=self.now(), tries=tries if isinstance(tries, int) else 0)
        until = max(found.until, self.now() + timedelta(seconds=1))
        log.info(
            "spotify.waits",
            user_id=connection.user_id,
            part=part,
            outcome=found.outcome,
            until=until.isoformat(timespec="seconds"),
        )
        if found.reach == "everybody":
            self.parts.pause(until=until)
        self._put_off(connection, part, at, found, until)
        if found.state:
            self.connecting.mark(connection.user_id, epoch=connection.epoch, state=found.state)

    def _put_off(
        self, connection: Connection, part: Part | None, at: dict[str, object], found: Verdict, until: datetime
    ) -> None:
        with storing(self.db, connection.user_id, epoch=connection.epoch, now=self.now()) as to:
            if found.reach == "part" and part is not None:
                again = {**at, "tries": found.tries} if found.tries else at
                to.put_off([part], until=until, outcome=found.outcome, at=again)
            else:
                to.put_off(PARTS, until=until, outcome=found.outcome)


def _told(error: Exception) -> dict[str, str]:
    """Return what kind of mistake it was and where: its message may hold titles and names, so it is left out."""
    frames = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]
    return {"error": type(error).__name__, "where": " ".join(frames[-_FRAMES:])}
