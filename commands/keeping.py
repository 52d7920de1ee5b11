"""Keeping the processes of one machine running: started together, brought back when they die, stopped together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from core.domain.errors import InvalidInput, Unavailable
from core.logs import logger

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 8.0
STEADY_SECONDS = 10.0  # a child that lived this long is started again at once
LONGEST_PAUSE = 30.0
READY_SECONDS = 120.0
log = logger(__name__)


class Child:
    """One process that should always run, or run ``once``; it ends when this process ends, however that happens.

    Its standard input is a pipe from here that closes by itself: see ``end_with_parent``.
    """

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], *, once: bool = False
    ) -> None:
        self.name, self._once = name, once
        self._command, self._environment = list(command), {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None
        self._started = self._pause = self._due = 0.0

    def keep(self) -> None:
        """Start the process if it does not run and its pause is over; every quick death makes the pause longer."""
        now = time.monotonic()
        if self._process is not None:
            if self._process.poll() is None or self._once:
                return
            log.warning("process.died", name=self.name, code=self._process.returncode)
            self._pause = 0.0 if now - self._started > STEADY_SECONDS else min(self._pause * 2 + 0.5, LONGEST_PAUSE)
            self._due, self._process = now + self._pause, None
        if now >= self._due:
            self._started = now
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, cwd=ROOT, env=self._environment, start_new_session=True
            )

    @property
    def failed(self) -> bool:
        """Whether the process has ended and was not yet started again."""
        return self._process is not None and self._process.poll() is not None

    def ask_to_stop(self) -> None:
        """Send SIGTERM to a running process."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, until: float) -> None:
        """Wait for the end until the monotonic moment ``until``; kill what still runs then."""
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(max(until - time.monotonic(), 0.01))
            self._process.kill()
            self._process.wait()
            if self._process.stdin:
                self._process.stdin.close()


def end_with_parent() -> None:
    """Send this process SIGTERM once its standard input closes, that is when the process that started it is gone."""

    def watch() -> None:
        with suppress(OSError):
            while os.read(0, 1024):
                pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


@contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """Yield an event that Ctrl-C and SIGTERM set, instead of ending this process."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, lambda *_: stop.set())
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def keep_running(children: Sequence[Child], stop: threading.Event) -> None:
    """Start what has died, until ``stop`` is set."""
    while not stop.wait(0.2):
        for child in children:
            child.keep()


def stop_all(children: Sequence[Child]) -> None:
    """Stop all children at once, in a few seconds at most."""
    for child in children:
        child.ask_to_stop()
    until = time.monotonic() + STOP_SECONDS
    for child in children:
        child.wait(until)


def check_port_free(host: str, port: int) -> None:
    """Raise ``InvalidInput`` when nothing can listen on ``host`` and ``port``."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind, protocol)) as probe:
            if sys.platform != "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise InvalidInput(f"The address {host} is not known here; choose another with --host.") from error
    except OSError as error:
        raise InvalidInput(
            f"Port {port} on {host} cannot be used: {error.strerror}; choose another with --port."
        ) from error


def wait_until_served(host: str, port: int, web: Child, stop: threading.Event) -> None:
    """Return once the web process answers, or ``stop`` is set.

    Raises:
        Unavailable: it ended, or does not answer.
    """
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - the ways to say "everywhere"
    address = f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"
    give_up = time.monotonic() + READY_SECONDS
    while not stop.wait(0.05):
        with suppress(URLError, OSError), urlopen(f"{address}/healthz", timeout=5) as answer:  # noqa: S310
            if answer.status == 200:
                return
        if web.failed or time.monotonic() > give_up:
            raise Unavailable("The web process does not start; what it wrote above says why.")
