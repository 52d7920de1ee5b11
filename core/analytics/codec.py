"""A library as bytes and back: its frames as compressed Arrow streams, one after another."""

import struct
from io import BytesIO

import polars as pl

from core.analytics.building import assemble
from core.analytics.library import ROWS, Library

FORMAT = 1
_HEADER = struct.Struct("<IQ6Q")


def encode(library: Library) -> bytes:
    """Return the library as bytes: a header (format, version, six lengths) and six Arrow IPC streams."""
    listens = library.listens.select(list(ROWS)).with_columns(_elapsed())
    frames = (listens, library.tracks, library.recordings, library.artists, library.albums, library.reasons)
    parts = [_stream(frame) for frame in frames]
    return b"".join([_HEADER.pack(FORMAT, library.version, *map(len, parts)), *parts])


def version_of(data: bytes) -> int | None:
    """Return the data version of an encoded library; ``None`` when another release of Playprint wrote it."""
    if len(data) < _HEADER.size:
        return None
    made_as, version, *_ = _HEADER.unpack_from(data)
    return int(version) if made_as == FORMAT else None


def decode(data: bytes) -> Library:
    """Return the library ``encode`` made these bytes from."""
    _, version, *lengths = _HEADER.unpack_from(data)
    frames, start, view = [], _HEADER.size, memoryview(data)
    for length in lengths:
        frames.append(pl.read_ipc_stream(BytesIO(view[start : start + length])))
        start += length
    listens, tracks, recordings, artists, albums, reasons = frames
    listens = listens.with_columns((pl.col("ended") - pl.col("began")).alias("began"))
    return assemble(int(version), listens, tracks, recordings, artists, albums, reasons)


def _elapsed() -> pl.Expr:
    """Return the time from start to end in place of the start: it compresses several times better."""
    return (pl.col("ended") - pl.col("began")).alias("began")


def _stream(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.write_ipc_stream(buffer, compression="zstd" if frame.height > 1000 else "uncompressed")
    return buffer.getvalue()
