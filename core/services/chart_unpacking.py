"""Chart files as they come: single ones, whole folders, and zips of them; what each holds, within limits."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.domain.errors import ImportRejected, InvalidInput
from core.importing.archive import Budget, Entry, Limits, entries, is_zip
from core.trends.chart_sheet import MOST_BYTES, too_large

SUFFIXES = {".csv", ".tsv", ".txt", ".zip"}
_LONGEST_NAME = 300
MOST_PACKED = 1_000_000_000
LIMITS = Limits(total_bytes=4_000_000_000, file_bytes=MOST_BYTES, files=100_000)
_ZIP_WORDS = {
    "bad-zip": "The zip is damaged or incomplete; download it again.",
    "encrypted": "The zip has a password; unpack it and put in the CSV files.",
    "too-large": "The zip unpacks to more than any collection of charts; put in the CSV files in smaller zips.",
    "too-many-files": f"The zip holds more than {LIMITS.files:,} files; put in the CSV files in smaller zips.",
}


@dataclass(frozen=True, slots=True)
class Given:
    """A file somebody gave: where it lies and what they call it; ``data``: its content, where it lies nowhere."""

    path: Path
    name: str
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """One chart file's bytes, or why it cannot be read; ``name`` is its own, without folders."""

    name: str
    sha256: str
    data: bytes
    message: str = ""


def label(name: str) -> str:
    """Return a file's name as it can be stored and shown: what is not printable shows as a mark."""
    return "".join(c if c.isprintable() else "\ufffd" for c in name)[-_LONGEST_NAME:] or "file"


def packed(given: Given) -> bool:
    """Return whether a file is a zip; one that cannot be read is none."""
    try:
        with given.path.open("rb") as file:
            return given.data is None and is_zip(file.read(4))
    except OSError:
        return False


def content(given: Given) -> Content:
    """Return what a single file holds; of one that is too large no more is read than shows it."""
    try:
        if given.data is None and given.path.stat().st_size > MOST_BYTES:
            return Content(label(given.name), checksum(given.path), b"", too_large().message)
        data = _bytes_of(given.path) if given.data is None else given.data
    except OSError as error:
        return Content(label(given.name), "", b"", f"The file cannot be read: {error.strerror}.")
    return Content(label(given.name), hashlib.sha256(data).hexdigest(), data)


def _bytes_of(path: Path) -> bytes:
    """Return what a file holds, cut where it is too large: it may have grown meanwhile."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def contents(given: Given) -> Iterator[Content]:
    """Yield what the files of a zip hold, one after another; names inside are labels and never paths.

    Raises:
        InvalidInput: it is damaged, has a password, or is larger than the limits.
    """
    try:
        if given.path.stat().st_size > MOST_PACKED:
            raise InvalidInput(_ZIP_WORDS["too-large"])
        budget = Budget(LIMITS)
        for entry in entries(given.path, given.name, LIMITS):
            yield _unpacked(entry, budget)
    except ImportRejected as refused:
        raise InvalidInput(_ZIP_WORDS.get(refused.code, refused.message)) from refused
    except OSError as error:
        raise InvalidInput(f"The file cannot be read: {error.strerror}.") from error


def _unpacked(entry: Entry, budget: Budget) -> Content:
    """Return one file of a zip; one that is too large is refused for itself."""
    if entry.info.file_size > MOST_BYTES:
        return Content(label(entry.label), "", b"", too_large().message)
    data = b"".join(entry.blocks(budget, lambda _: None))
    return Content(label(entry.label), hashlib.sha256(data).hexdigest(), data)


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file's content, read block by block."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksum_of(given: Given) -> str:
    """Return the SHA-256 of what somebody gave; raises ``InvalidInput`` where it cannot be read."""
    try:
        return checksum(given.path)
    except OSError as error:
        raise InvalidInput(f"The file cannot be read: {error.strerror}.") from error


def chart_files(folder: Path) -> list[Given]:
    """Return the chart files in a folder and those below it, by name; links that lead out of it are left alone."""
    root = folder.resolve()
    found = []
    for place, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if path.suffix.lower() not in SUFFIXES or name.startswith("."):
                continue
            if not path.is_file() or (path.is_symlink() and root not in path.resolve().parents):
                continue
            found.append(Given(path, path.relative_to(root).as_posix()))
    return found
