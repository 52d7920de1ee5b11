"""Opens uploads safely: nothing is written to disk, no declared size is believed, every limit counts real output."""

import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from core.importing import refusals
from core.importing.inflating import BLOCK, BROKEN, inflate

_MB = 1_000_000
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_MAGIC = {
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"%PDF": "a PDF",
}
_DIRECTORY = 4 * _MB  # more than any list of entries under the limit needs

Tick = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one upload may unpack to: in all, per file, how many files, and how many bytes out of one byte."""

    total_bytes: int = 4096 * _MB
    file_bytes: int = 256 * _MB
    files: int = 500
    ratio: int = 200


@dataclass(slots=True)
class Budget:
    """What is left of the limits while an upload is read."""

    limits: Limits
    spent: int = 0

    def spend(self, size: int, *, label: str) -> None:
        """Count unpacked bytes; raise once the upload exceeds its total."""
        self.spent += size
        if self.spent > self.limits.total_bytes:
            raise refusals.too_large(label, self.limits.total_bytes // _MB)


class Source(Protocol):
    """A file of an upload: ``label`` is its basename, ``size`` its bytes on disk."""

    @property
    def label(self) -> str:
        """Return the file's own name, for people alone."""

    @property
    def size(self) -> int:
        """Return the bytes it takes on disk."""

    def blocks(self, budget: Budget, tick: Tick) -> Iterator[bytes]:
        """Yield the unpacked content; ``tick`` gets the bytes read from disk."""

    def start(self, limits: Limits, size: int) -> bytes:
        """Return the first ``size`` bytes, unpacked."""


def _prefix(blocks: Iterator[bytes], size: int) -> bytes:
    """Return the first ``size`` bytes of a stream."""
    found = bytearray()
    for block in blocks:
        found += block
        if len(found) >= size:
            break
    return bytes(found[:size])


@dataclass(frozen=True, slots=True)
class Loose:
    """A file of its own."""

    path: Path
    label: str
    size: int

    def blocks(self, budget: Budget, tick: Tick) -> Iterator[bytes]:
        """Yield the content; raise where it exceeds a limit."""
        done = 0
        with self.path.open("rb") as file:
            while block := file.read(BLOCK):
                tick(len(block))
                done += len(block)
                if done > budget.limits.file_bytes:
                    raise refusals.too_large(self.label, budget.limits.file_bytes // _MB)
                budget.spend(len(block), label=self.label)
                yield block

    def start(self, limits: Limits, size: int) -> bytes:
        """Return the first ``size`` bytes."""
        with self.path.open("rb") as file:
            return file.read(size)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file inside a zip; its name is a label and never a path."""

    path: Path
    container: str
    info: zipfile.ZipInfo = field(repr=False)

    @property
    def label(self) -> str:
        """Return the last part of the name, whatever slashes it was written with."""
        return basename(self.info.filename)

    @property
    def size(self) -> int:
        """Return the packed size."""
        return self.info.compress_size

    def blocks(self, budget: Budget, tick: Tick) -> Iterator[bytes]:
        """Yield the unpacked content; raise on damage and where the real output exceeds a limit."""
        limits, packed, done = budget.limits, 0, 0
        try:
            for block, taken in inflate(self.path, self.info):
                packed, done = packed + taken, done + len(block)
                tick(taken)
                if done > limits.file_bytes or (done > 4 * _MB and done > limits.ratio * max(packed, 1)):
                    raise refusals.too_large(self.container, limits.file_bytes // _MB)
                budget.spend(len(block), label=self.container)
                yield block
        except BROKEN as error:
            raise refusals.bad_zip(self.container) from error

    def start(self, limits: Limits, size: int) -> bytes:
        """Return the first ``size`` bytes, unpacked."""
        return _prefix(self.blocks(Budget(limits), lambda _: None), size)


def basename(name: str) -> str:
    """Return the last part of a path written with either slash."""
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def is_zip(head: bytes) -> bool:
    """Return whether a file begins like a zip."""
    return head.startswith(_ZIP)


def binary_kind(head: bytes) -> str | None:
    """Return what a file is that is neither zip nor text, ``None`` for text."""
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    if head[257:262] == b"ustar":
        return "a tar archive"
    utf16 = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    return "a binary file" if b"\0" in head and not utf16 else None


def entries(path: Path, label: str, limits: Limits) -> list[Entry]:
    """Return the files of a zip, in the order of its directory, without folders and system leftovers.

    Raises:
        ImportRejected: the zip is damaged, encrypted or holds too many entries.
    """
    try:
        if _directory_size(path) > _DIRECTORY:
            raise refusals.too_many_files(label, limits.files)
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except BROKEN as error:
        raise refusals.bad_zip(label) from error
    if len(infos) > limits.files:
        raise refusals.too_many_files(label, limits.files)
    if any(info.flag_bits & 1 or info.compress_type == 99 for info in infos):
        raise refusals.encrypted(label)
    return [Entry(path, label, info) for info in infos if not _leftover(info)]


def _leftover(info: zipfile.ZipInfo) -> bool:
    """Return whether an entry is a folder or what systems leave behind in archives."""
    name = basename(info.filename)
    parts = info.filename.replace("\\", "/").split("/")
    return not name or "__MACOSX" in parts or name.startswith("._") or name.lower() in (".ds_store", "thumbs.db")


def _directory_size(path: Path) -> int:
    """Return the size of a zip's list of entries as its end record says; reading a huge one costs memory."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        at = max(0, size - 65_557)
        file.seek(at)
        tail = file.read()
        found = tail.rfind(b"PK\x05\x06")
        if found < 0 or len(tail) < found + 22:
            raise zipfile.BadZipFile("no end record")
        (listed,) = struct.unpack_from("<L", tail, found + 12)
        if listed != 0xFFFFFFFF:
            return int(listed)
        wide = tail.rfind(b"PK\x06\x06", 0, found)
        return int(struct.unpack_from("<Q", tail, wide + 40)[0]) if wide >= 0 else _DIRECTORY + 1
