"""Unpacks one entry of a zip block by block with igzip, and checks its length and checksum at the end."""

import bz2
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from isal import isal_zlib

BLOCK = 1 << 18
# What damaged containers make the readers raise; one list, for all places that open them.
BROKEN: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    OSError,
    ValueError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
    isal_zlib.error,  # type: ignore[assignment]
)


def inflate(path: Path, info: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Yield (content, packed bytes read for it) of one entry.

    Raises:
        BadZipFile, OSError, …: one of ``BROKEN`` where the entry is damaged, cut, or not as long as it says.
    """
    done = checksum = 0
    for block, taken in _unpacked(path, info):
        done += len(block)
        checksum = isal_zlib.crc32(block, checksum)
        yield block, taken
    if done != info.file_size or checksum != info.CRC:
        raise zipfile.BadZipFile("length or checksum differ")


def _unpacked(path: Path, info: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Yield the content of one entry by its method."""
    if info.compress_type == zipfile.ZIP_DEFLATED:
        yield from _deflated(_packed(path, info))
    elif info.compress_type == zipfile.ZIP_STORED:
        yield from ((block, len(block)) for block in _packed(path, info))
    elif info.compress_type == zipfile.ZIP_BZIP2:
        yield from _other(bz2.BZ2Decompressor(), _packed(path, info))
    else:
        yield from _by_zipfile(path, info)


def _packed(path: Path, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the packed bytes of an entry as they lie in the file."""
    with path.open("rb") as file:
        file.seek(info.header_offset)
        header = file.read(30)
        if header[:4] != b"PK\x03\x04":
            raise zipfile.BadZipFile("no local header")
        flags, name, extra = (*struct.unpack_from("<H", header, 6), *struct.unpack_from("<HH", header, 26))
        if flags & 1:
            raise zipfile.BadZipFile("encrypted in its local header alone")
        file.seek(name + extra, 1)
        left = info.compress_size
        while left:
            block = file.read(min(BLOCK, left))
            if not block:
                raise EOFError("the file ends inside an entry")
            left -= len(block)
            yield block


def _deflated(packed: Iterator[bytes]) -> Iterator[tuple[bytes, int]]:
    """Yield the content of a deflated stream in bounded pieces."""
    engine = isal_zlib.decompressobj(wbits=-15)
    for block in packed:
        taken = len(block)
        while block and not engine.eof:
            out = engine.decompress(block, 4 * BLOCK)
            block = engine.unconsumed_tail
            yield out, taken
            taken = 0
    if not engine.eof:
        raise EOFError("the deflated stream ends early")


def _other(engine: bz2.BZ2Decompressor, packed: Iterator[bytes]) -> Iterator[tuple[bytes, int]]:
    """Yield the content of a bzip2 stream in bounded pieces."""
    for block in packed:
        taken = len(block)
        while not engine.eof:
            out = engine.decompress(block, 4 * BLOCK)
            block = b""
            yield out, taken
            taken = 0
            if engine.needs_input:
                break
    if not engine.eof:
        raise EOFError("the packed stream ends early")


def _by_zipfile(path: Path, info: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Yield the content of an entry packed by a rarer method, as far as Python knows it."""
    with zipfile.ZipFile(path) as archive, archive.open(info) as file:
        share = BLOCK / max(info.file_size, 1)
        while block := file.read(BLOCK):
            yield block, round(info.compress_size * min(share, 1))
