"""Arrays as one file of bytes: an npz that is the same for the same arrays, and read without running anything."""

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.domain.errors import InvalidInput

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the date of each file inside: the day of making is in the model's card


def packed(name: str, matrix: sparse.csr_array) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of a sparse matrix, named after it."""
    return {
        f"{name}_data": matrix.data.astype(np.float64),
        f"{name}_indices": matrix.indices.astype(np.int32),
        f"{name}_indptr": matrix.indptr.astype(np.int64),
        f"{name}_shape": np.array(matrix.shape, dtype=np.int64),
    }


def unpacked(name: str, arrays: Mapping[str, NDArray[np.generic]]) -> sparse.csr_array:
    """Return the matrix of that name; raises ``KeyError`` or ``ValueError`` where it is none."""
    data, indices, bounds, shape = (arrays[f"{name}_{part}"] for part in ("data", "indices", "indptr", "shape"))
    if [each.dtype for each in (data, indices, bounds, shape)] != [np.float64, np.int32, np.int64, np.int64]:
        raise ValueError("the arrays are not those of a matrix")
    if shape.shape != (2,) or not np.isfinite(data).all():
        raise ValueError("the arrays are not those of a matrix")
    made = sparse.csr_array((data, indices, bounds.astype(np.int32)), shape=tuple(shape.tolist()))
    made.check_format(full_check=True)
    return made


def to_bytes(arrays: Mapping[str, NDArray[np.generic]]) -> bytes:
    """Return arrays as an npz: sorted by name, with fixed dates, so that equal arrays give equal bytes."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(arrays):
            entry = zipfile.ZipInfo(f"{name}.npy", _LONG_AGO)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            with archive.open(entry, "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.asarray(arrays[name], order="C"), allow_pickle=False)
    return buffer.getvalue()


def from_bytes(data: bytes) -> dict[str, NDArray[np.generic]]:
    """Return the arrays of an npz; raises ``InvalidInput`` for any other bytes. Nothing in them is ever run."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return {name.removesuffix(".npy"): _array(archive.read(name)) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise InvalidInput("This is not a model of Playprint; let it be made anew.") from error


def _array(data: bytes) -> NDArray[np.generic]:
    made: NDArray[np.generic] = np.lib.format.read_array(BytesIO(data), allow_pickle=False)
    return made
