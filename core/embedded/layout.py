"""Where the embedded servers of one home keep their things, and the addresses that follow from it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

DATABASE = "playprint"
# A Unix socket's path must fit in 104 bytes (macOS; 108 on Linux), file name included.
LONGEST_SOCKET_FOLDER = 80


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders of one home. ``home`` is absolute; ``servers`` lies in it, or elsewhere behind a link (see accounts).

    ``sockets`` is ``servers/run`` where that is short enough for a socket, else a folder of its own under /tmp.
    """

    home: Path
    servers: Path

    @classmethod
    def of(cls, home: Path) -> "Layout":
        """Return the layout of ``home`` as it is now; nothing needs to exist."""
        absolute = home.expanduser().absolute()
        return cls(absolute, (absolute / "servers").resolve())

    @property
    def owner_lock(self) -> Path:
        """Held exclusively by the supervisor for as long as it owns the servers."""
        return self.home / "owner.lock"

    @property
    def clients_lock(self) -> Path:
        """Held shared by every process that needs the servers."""
        return self.home / "clients.lock"

    @property
    def stopping_lock(self) -> Path:
        """Held exclusively by a supervisor from the moment it begins to stop the servers until it is gone."""
        return self.home / "stopping.lock"

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.servers / "postgres"

    @property
    def valkey(self) -> Path:
        """The folder Valkey runs in; it writes nothing there."""
        return self.servers / "valkey"

    @property
    def sockets(self) -> Path:
        """The 0700 folder both sockets lie in; the same on every start, so that addresses stay good."""
        inside = self.servers / "run"
        if len(str(inside).encode()) <= LONGEST_SOCKET_FOLDER:
            return inside
        return Path("/tmp") / f"playprint-{hashlib.sha256(str(inside).encode()).hexdigest()[:16]}"  # noqa: S108

    @property
    def valkey_socket(self) -> Path:
        """Valkey's socket."""
        return self.sockets / "valkey.sock"

    def log(self, name: str) -> Path:
        """Return the log file of ``name`` (``postgres``, ``valkey``, ``supervisor``)."""
        return self.servers / f"{name}.log"

    def database_url(self, database: str = DATABASE) -> str:
        """Return the address of a database of the embedded PostgreSQL."""
        return f"postgresql://{DATABASE}@/{database}?host={quote(str(self.sockets), safe='/')}"

    @property
    def redis_url(self) -> str:
        """Return the address of the embedded Valkey."""
        return f"unix://{quote(str(self.valkey_socket), safe='/')}"
