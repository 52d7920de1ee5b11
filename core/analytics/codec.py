"""A library as bytes and back: its frames as compressed Arrow streams, one after another."""

import inspect
import struct
import sys
import zlib
from io import BytesIO

import numpy as np
import polars as pl

from core.analytics import building, identity, library
from core.analytics.arrays import array
from core.analytics.building import assemble
from core.analytics.library import ROWS, Library

# New code never reads what older code wrote: the mark is a checksum of all code that shapes a library.
FORMAT = zlib.crc32("".join(map(inspect.getsource, (building, identity, library, sys.modules[__name__]))).encode())
_HEADER = struct.Struct("<IQ8Q")


def encode(made: Library) -> bytes:
    """Return the library as bytes: a header (format, version, eight lengths) and eight Arrow IPC streams."""
    listens = made.listens.select(list(ROWS)).with_columns(*_small(pl.col("ended").to_physical()))
    frames = (listens, made.tracks, made.recordings, made.artists, made.albums, made.reasons, made.credits)
    parts = [_stream(frame) for frame in (*frames, made.moved)]
    return b"".join([_HEADER.pack(FORMAT, made.version, *map(len, parts)), *parts])


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
    listens, tracks, recordings, artists, albums, reasons, guests, moved = frames
    ended = np.cumsum(array(listens["ended"]))
    began = ended - array(listens["began"]) - array(listens["ms_played"]).astype(np.int64) * 1000
    moments = (pl.Series("ended", ended).cast(ROWS["ended"]), pl.Series("began", began).cast(ROWS["began"]))
    listens = listens.with_columns(moments)
    return assemble(int(version), listens, tracks, recordings, artists, albums, reasons, guests, moved)


def _small(ended: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return the moments as what compresses well: time since the last end, and time from start to end not played."""
    silent = ended - pl.col("began").to_physical() - pl.col("ms_played").cast(pl.Int64) * 1000
    return (ended - ended.shift(1, fill_value=0)).alias("ended"), silent.alias("began")


def _stream(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.write_ipc_stream(buffer, compression="zstd" if frame.height > 1000 else "uncompressed")
    return buffer.getvalue()
