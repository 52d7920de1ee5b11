"""PostgreSQL and Valkey of one home as one thing: started, brought back, stopped together."""

import logging
import os
import stat
from contextlib import suppress
from pathlib import Path

from core.domain.errors import Unavailable
from core.embedded import binaries
from core.embedded.account import Account
from core.embedded.layout import Layout
from core.embedded.postgres import Postgres
from core.embedded.valkey import Valkey

log = logging.getLogger("supervisor")


class Pair:
    """Both servers; used from the main thread of the supervisor alone."""

    def __init__(self, layout: Layout, account: Account | None) -> None:
        """Find the programs and make the folders; nothing runs yet.

        Raises:
            Unavailable: no programs for this platform, or a folder is somebody else's.
        """
        programs = binaries.readable_by(binaries.find(), account, layout)
        for folder in (layout.sockets, layout.valkey):
            _make_private(folder, account)
        self._servers = (Valkey(layout, programs, account), Postgres(layout, programs, account))

    def start(self) -> None:
        """Start both and return once both answer."""
        for server in self._servers:
            server.start()

    def revive(self) -> None:
        """Start what has died; where that fails, say so in the log: the next round tries again."""
        for server in self._servers:
            if server.ended:
                log.warning("server.died name=%s", server.name)
                try:
                    server.start()
                    log.info("server.back name=%s", server.name)
                except Unavailable as error:
                    log.error("server.lost name=%s reason=%s", server.name, error.message)

    def stop(self, *, in_haste: bool = False) -> None:
        """Stop both; PostgreSQL first, its clients may still write to the cache."""
        for server in reversed(self._servers):
            server.stop(in_haste=in_haste)


def _make_private(folder: Path, account: Account | None) -> None:
    """Make ``folder`` for the servers' user alone; one below /tmp may have been put there by somebody else."""
    uid = account.uid if account else os.geteuid()
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if account:
            account.own(folder)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077:
        raise Unavailable(
            f"{folder} is not a private folder of the servers' user; remove it or shorten PLAYPRINT_HOME."
        )
