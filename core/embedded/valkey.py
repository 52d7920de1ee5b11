"""The embedded Valkey: a cache in memory, nothing on disk."""

import contextlib
import signal
import socket
import subprocess
import time

from core.domain.errors import Unavailable
from core.embedded import process
from core.embedded.account import Account
from core.embedded.binaries import Binaries
from core.embedded.layout import Layout

START_SECONDS = 30.0
ORPHAN_SECONDS = 30.0


class Valkey:
    """One Valkey of one home; used by its supervisor alone."""

    name = "valkey"

    def __init__(self, layout: Layout, binaries: Binaries, account: Account | None) -> None:
        self._layout, self._binaries, self._account = layout, binaries, account
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and return once it answers.

        Raises:
            Unavailable: it cannot start; the sentence names the log.
        """
        if self._layout.valkey_socket.exists():  # one that still ends would take the new one's socket with it
            process.end_all(self._layout.valkey, signal.SIGTERM, seconds=ORPHAN_SECONDS)
            self._layout.valkey_socket.unlink(missing_ok=True)
        self._process = process.spawn(
            [self._binaries.valkey_server, *self._arguments()],
            log=self._layout.log(self.name),
            cwd=self._layout.valkey,
            account=self._account,
            dies_with=signal.SIGTERM,
        )
        give_up = time.monotonic() + START_SECONDS
        while not is_ready(self._layout):
            if self._process.poll() is not None or time.monotonic() > give_up:
                raise Unavailable(f"Valkey cannot start; see {self._layout.log(self.name)}.")
            time.sleep(0.01)

    @property
    def ended(self) -> bool:
        """Whether the server is not running (any more)."""
        return self._process is None or self._process.poll() is not None

    def stop(self, *, in_haste: bool = False) -> None:
        """Stop the server; there is nothing to lose."""
        if self._process and not self.ended:
            process.stop(self._process, (signal.SIGTERM, 5.0))

    def _arguments(self) -> list[str]:
        return [
            *("--port", "0", "--unixsocket", str(self._layout.valkey_socket), "--unixsocketperm", "700"),
            *("--save", "", "--appendonly", "no", "--maxmemory", "256mb", "--maxmemory-policy", "allkeys-lfu"),
        ]


def is_ready(layout: Layout) -> bool:
    """Return whether Valkey answers, by asking."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(str(layout.valkey_socket))
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")
    return False
