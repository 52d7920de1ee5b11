"""Advisory locks on files: held by a process, let go by the system however that process ends."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self


class FileLock:
    """One open lock file; shared or exclusive, never waited for here."""

    def __init__(self, path: Path) -> None:
        """Open (and make, for its folder's owner alone) the lock file; nothing is locked yet."""
        self.path = path
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.geteuid() == 0:  # started once by root, a home must stay usable for the person it belongs to
            owner = path.parent.stat()
            os.fchown(self._fd, owner.st_uid, owner.st_gid)

    def try_shared(self) -> bool:
        """Take the lock together with other sharers; return whether that worked at once."""
        return self._try(fcntl.LOCK_SH)

    def try_exclusive(self) -> bool:
        """Take the lock alone; return whether that worked at once."""
        return self._try(fcntl.LOCK_EX)

    def release(self) -> None:
        """Let go of the lock; the file stays open."""
        fcntl.flock(self._fd, fcntl.LOCK_UN)

    def is_on_disk(self) -> bool:
        """Return whether the locked file is still the one at its path: a deleted home must not be served on."""
        try:
            return os.path.samestat(self.path.stat(), os.fstat(self._fd))
        except OSError:
            return False

    def close(self) -> None:
        """Let go of the lock and close the file; twice does nothing."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _try(self, operation: int) -> bool:
        try:
            fcntl.flock(self._fd, operation | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
