"""Values as bytes and back: JSON or Arrow streams, never pickle."""

import json
from io import BytesIO
from typing import Any

import polars as pl
import pyarrow as pa

COMPRESS_FROM = 256_000
_JSON, _FRAME, _TABLE, _BYTES = b"j", b"p", b"a", b"b"


def encode(value: Any) -> bytes:
    """Return the bytes of a Polars frame, an Arrow table, bytes, or anything JSON can hold; the first byte tells which.

    Raises:
        TypeError: the value is none of these, or JSON would change it (a tuple, a key that is not text).
    """
    if isinstance(value, pl.DataFrame):
        buffer = BytesIO()
        value.write_ipc_stream(buffer, compression="lz4" if value.estimated_size() > COMPRESS_FROM else "uncompressed")
        return _FRAME + buffer.getvalue()
    if isinstance(value, pa.Table):
        options = pa.ipc.IpcWriteOptions(compression="lz4" if value.nbytes > COMPRESS_FROM else None)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, value.schema, options=options) as writer:
            writer.write_table(value)
        return _TABLE + bytes(sink.getvalue())
    if isinstance(value, bytes):
        return _BYTES + value
    return _JSON + json.dumps(_plain(value), separators=(",", ":"), ensure_ascii=False).encode()


def decode(data: bytes) -> Any:
    """Return the value ``encode`` made these bytes from."""
    kind, body = data[:1], memoryview(data)[1:]
    if kind == _FRAME:
        return pl.read_ipc_stream(BytesIO(body))
    if kind == _TABLE:
        return pa.ipc.open_stream(pa.py_buffer(body)).read_all()
    return bytes(body) if kind == _BYTES else json.loads(bytes(body))


def _plain(value: Any) -> Any:
    """Return the value when JSON gives back exactly it."""
    if value is None or type(value) in (str, int, float, bool):
        return value
    if type(value) is list:
        return [_plain(part) for part in value]
    if type(value) is dict and all(type(key) is str for key in value):
        return {key: _plain(part) for key, part in value.items()}
    raise TypeError(f"A cached value is a frame, a table, bytes or plain JSON, not {type(value).__name__}.")
