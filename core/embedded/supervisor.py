"""The small process that owns both servers of a home: ``python -m core.embedded.supervisor HOME LINGER_SECONDS``.

It answers on standard output with one line, ``ready``, ``busy`` (another supervisor owns the home) or the sentence
that says why not, and goes on in the background for as long as somebody holds the home's clients lock.
"""

import logging
import os
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from core.domain.errors import PlayprintError
from core.embedded.account import account_for, make_servers_folder
from core.embedded.layout import Layout
from core.embedded.locks import FileLock

if TYPE_CHECKING:
    from core.embedded.pair import Pair

POLL_SECONDS = 0.5
READY, BUSY = "ready", "busy"
log = logging.getLogger("supervisor")


def main(home: Path, linger: float) -> None:
    """Split in two: this half passes the answer on and ends, the other half becomes the supervisor."""
    answers, answer = os.pipe()
    if os.fork():
        os.close(answer)
        with os.fdopen(answers, "rb") as pipe:
            sys.stdout.write(pipe.read().decode())
        return
    os.close(answers)
    os.setsid()
    try:
        _own(home, linger, answer)
    except PlayprintError as error:
        _tell(answer, error.message)
    except Exception as error:
        log.exception("servers.failed")
        _tell(answer, f"The embedded servers of {home} cannot start: {type(error).__name__}: {error}.")


def _own(home: Path, linger: float, answer: int) -> None:
    """Own the servers until nobody needs them; the home's lock is held throughout."""
    names = Layout.of(home)
    with (
        FileLock(names.stopping_lock) as stopping,
        FileLock(names.owner_lock) as owner,
        FileLock(names.clients_lock) as clients,
    ):
        if not _take(owner):
            _tell(answer, BUSY)
            return
        account = account_for(Layout.of(home))
        layout = make_servers_folder(Layout.of(home), account)
        _go_to_background(layout)
        # Only the owner loads the heavier parts; those who find the home owned are gone by now.
        from core.embedded.pair import Pair

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sys.exit(0))
        pair = Pair(layout, account)
        try:
            pair.start()
            _tell(answer, READY)
            log.info("servers.ready")
            _watch(pair, owner, clients, linger)
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            _take(stopping)  # servers that still answer are no longer to be relied on
            pair.stop(in_haste=not owner.is_on_disk())
            log.info("servers.stopped")


def _watch(pair: "Pair", owner: FileLock, clients: FileLock, linger: float) -> None:
    """Bring back what dies; return once nobody needed the servers for ``linger`` seconds, or the home is deleted.

    Returns holding the clients lock exclusively: whoever comes now waits for the stop and starts anew.
    """
    children, written = os.pipe()
    os.set_blocking(written, False)
    signal.set_wakeup_fd(written)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    unused_since: float | None = None
    while owner.is_on_disk():
        pair.revive()
        now = time.monotonic()
        if not clients.try_exclusive():
            unused_since = None
        elif now - (unused_since := unused_since or now) >= linger:
            return
        else:
            clients.release()
        if select.select([children], [], [], POLL_SECONDS)[0]:
            os.read(children, 4096)


def _take(lock: FileLock) -> bool:
    """Return whether one of the home's locks was got; others hold it for moments only to look whether it is free."""
    give_up = time.monotonic() + 0.3
    while not lock.try_exclusive():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.01)
    return True


def _go_to_background(layout: Layout) -> None:
    """Let go of the starter's folder and streams and log to a file instead."""
    path = layout.log("supervisor")
    null, file = os.open(os.devnull, os.O_RDONLY), os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream, target in ((0, null), (1, file), (2, file)):
        os.dup2(target, stream)
    os.chdir("/")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)


def _tell(answer: int, text: str) -> None:
    """Give the one answer; the starter may have been killed meanwhile."""
    with suppress(BrokenPipeError), os.fdopen(answer, "wb") as pipe:
        pipe.write(text.encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
