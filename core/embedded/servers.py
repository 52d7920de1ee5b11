"""The door to the embedded servers: attach to those of a home, starting them where nobody runs them yet."""

import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from core.domain.errors import Unavailable
from core.embedded.layout import Layout

if TYPE_CHECKING:
    from core.embedded.locks import FileLock

ROOT = Path(__file__).resolve().parents[2]
LINGER_SECONDS = 5.0
ATTACH_SECONDS = 600.0  # recovery after a crash may have much to read
WATCH_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Urls:
    """The addresses of both servers, the same on every start of a home."""

    database: str
    redis: str


class Attachment:
    """A process's hold on the embedded servers: they run at least until it is closed or the process ends."""

    def __init__(self, home: Path, clients: "FileLock", *, linger: float, watch: bool) -> None:
        """Keep ``clients`` (locked) until closed; ``attach`` makes these."""
        layout = Layout.of(home)
        self.urls = Urls(layout.database_url(), layout.redis_url)
        self._home, self._clients, self._linger = home, clients, linger
        self._closed = threading.Event()
        if watch:
            threading.Thread(target=self._watch, name="embedded-servers", daemon=True).start()

    def close(self) -> None:
        """Let go of the servers; with no linger, return once they have stopped if nobody else needs them."""
        self._closed.set()
        if self._linger:
            self._clients.close()
            return
        self._clients.release()
        while not _is_free(self._home) and not self._others_attached():
            time.sleep(0.05)
        self._clients.close()

    def _others_attached(self) -> bool:
        """Return whether another process holds on; a supervisor that is stopping locks even sharers out."""
        others = self._clients.try_shared() and not self._clients.try_exclusive()
        self._clients.release()
        return others

    def _watch(self) -> None:
        """Start a new supervisor whenever there is none."""
        while not self._closed.wait(WATCH_SECONDS):
            if _is_free(self._home):
                try:
                    _ensure(self._home, self._linger)
                except Unavailable:
                    self._closed.wait(WATCH_SECONDS * 4)  # the supervisor's log has the reason; try on

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def attach(home: Path, *, watch: bool = False, linger: float = LINGER_SECONDS) -> Attachment:
    """Return a hold on the embedded servers of ``home``, ready to be used; starts them where they do not run.

    ``watch`` keeps a background thread that starts them again should their supervisor be killed: for processes that
    live long. ``linger`` is for how many seconds servers started by this call outlive their last user, so that
    commands typed one after another share them.

    Raises:
        Unavailable: the servers cannot run here or cannot start; the sentence says why.
    """
    if sys.platform == "win32":
        raise Unavailable(
            "The embedded servers do not run on Windows; name a PostgreSQL (15 or newer) in PLAYPRINT_DATABASE_URL "
            "and a Redis (6.2 or newer) or Valkey in PLAYPRINT_REDIS_URL."
        )
    from core.embedded.locks import FileLock

    layout = Layout.of(home)
    try:
        layout.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        clients = FileLock(layout.clients_lock)
    except OSError as error:
        raise Unavailable(
            f"The folder {layout.home} cannot be used: {error.strerror}; name another in PLAYPRINT_HOME."
        ) from error
    try:
        _hold(clients)
        _ensure(layout.home, linger)
    except BaseException:
        clients.close()
        raise
    return Attachment(layout.home, clients, linger=linger, watch=watch)


def _hold(clients: "FileLock") -> None:
    """Take the clients lock; a supervisor that is stopping holds it until everything has stopped."""
    give_up = time.monotonic() + ATTACH_SECONDS
    while not clients.try_shared():
        if time.monotonic() > give_up:
            raise Unavailable(f"The servers of {clients.path.parent} have been stopping for too long; try again.")
        time.sleep(0.02)


def _ensure(home: Path, linger: float) -> None:
    """Return once a supervisor owns the home and both servers answer."""
    from core.embedded import postgres, valkey

    give_up = time.monotonic() + ATTACH_SECONDS
    while time.monotonic() < give_up:
        if _is_free(home):
            _start_supervisor(home, linger)
        layout = Layout.of(home)
        if valkey.is_ready(layout) and postgres.is_ready(layout) and not is_stopping(home):
            return
        time.sleep(0.05)
    raise Unavailable(f"The embedded servers of {home} do not answer; their logs are in {Layout.of(home).servers}.")


def _is_free(home: Path) -> bool:
    """Return whether no supervisor owns the home (a deleted home has none either)."""
    from core.embedded.locks import FileLock

    try:
        with FileLock(Layout.of(home).owner_lock) as owner:
            return owner.try_shared()
    except FileNotFoundError:
        return True


def is_stopping(home: Path) -> bool:
    """Return whether the supervisor of ``home`` is stopping its servers, which may still answer for a moment."""
    from core.embedded.locks import FileLock

    with FileLock(Layout.of(home).stopping_lock) as stopping:
        return not stopping.try_shared()


def _start_supervisor(home: Path, linger: float) -> None:
    """Start a supervisor and wait for its answer; it may also find that somebody else's was faster."""
    done = subprocess.run(
        [sys.executable, "-m", "core.embedded.supervisor", str(home), str(linger)],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    answer = done.stdout.strip()
    if answer not in {"ready", "busy", ""}:
        raise Unavailable(answer)
    if done.returncode:
        raise Unavailable(
            f"The embedded servers cannot start: {(done.stderr.strip() or 'no reason given').splitlines()[-1]}"
        )
