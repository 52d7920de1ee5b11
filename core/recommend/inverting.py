"""The inverse of a matrix as EASE has them: symmetric and positive definite, and too large to have it twice."""

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

_ROWS = 500  # that are mirrored at a time


def inverse_of(made: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the inverse of a symmetric, positive definite matrix, in its place."""
    size = len(made)
    if not size:
        return made
    factor, _ = linalg.cho_factor(made.T, lower=True, overwrite_a=True, check_finite=False)
    (invert,) = linalg.get_lapack_funcs(("potri",), (factor,))
    inverse, failed = invert(factor, lower=True, overwrite_c=True)
    if failed:
        raise ValueError("the matrix has no inverse")
    for low in range(0, size, _ROWS):  # the upper half is still that of the factors
        high = min(low + _ROWS, size)
        corner = inverse[low:high, low:high]
        corner[:] = np.tril(corner) + np.tril(corner, -1).T
        inverse[low:high, high:] = inverse[high:, low:high].T
    turned: NDArray[np.floating] = np.ascontiguousarray(inverse.T)  # symmetric: turned, its rows lie in a row
    return turned
