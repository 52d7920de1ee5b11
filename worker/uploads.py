"""Uploaded files: removed when their import has ended, swept when nobody ever came for them."""

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

UNCLAIMED_SECONDS = 24 * 3600


def remove(paths: Iterable[Path], *, folder: Path) -> None:
    """Remove uploaded files and the folders below ``folder`` they leave empty; files elsewhere are left alone."""
    root = folder.resolve()
    for path in paths:
        resolved = path.resolve()
        if root in resolved.parents:
            resolved.unlink(missing_ok=True)
            _remove_empty(resolved.parent, root)


def sweep(folder: Path, *, now: float | None = None) -> int:
    """Remove files below ``folder`` that nobody wrote to for a day; return how many."""
    oldest = (now or time.time()) - UNCLAIMED_SECONDS
    unclaimed = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_mtime < oldest]
    remove(unclaimed, folder=folder)
    return len(unclaimed)


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove ``folder`` and those above it as far as they are empty, up to ``root``."""
    with suppress(OSError):  # not empty: another file of the same upload is still there
        while folder != root:
            folder.rmdir()
            folder = folder.parent
