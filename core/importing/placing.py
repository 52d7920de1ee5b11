"""Where on the clock a play lies: its start where the export knows it, its true end where it was offline.

``ts`` is the end of the stream, except for offline plays, where it is the time of the sync; ``offline_timestamp`` is
the start on the device's clock, in seconds or milliseconds.
"""

import numpy as np
from numpy.typing import NDArray

from core.importing.moments import DAY, EPOCH, NOTHING, SECOND

MILLI = 1_000
LATEST = 60 * SECOND  # a start this much after the logged end is a wrong device clock
OLDEST = 31 * DAY  # a device must go online every 30 days, so no older start is true
_EPOCH_SECONDS = int(EPOCH.timestamp())

Moments = NDArray[np.int64]


def starts(offline_timestamp: NDArray[np.float64], logged: Moments, ms: NDArray[np.int64]) -> Moments:
    """Return the start of each play in whole seconds, as microseconds since 2000; ``NOTHING`` where unknown.

    ``offline_timestamp`` is what the export holds (NaN for null): milliseconds above 10^11, else seconds; 0 is unknown,
    and so is a start later than the logged end or more than a month before it.
    """
    given = np.where(np.isfinite(offline_timestamp) & (np.abs(offline_timestamp) < 1e15), offline_timestamp, 0.0)
    seconds = np.where(given > 1e11, given // 1000, given).astype(np.int64)
    start = (seconds - _EPOCH_SECONDS) * SECOND
    plausible = (given > 0) & (start <= logged + LATEST) & (start >= logged - ms * MILLI - OLDEST)
    return np.where(plausible, start, NOTHING)


def place(
    start: NDArray[np.integer], logged: NDArray[np.integer], ms: NDArray[np.integer], offline: NDArray[np.bool_]
) -> tuple[Moments, Moments]:
    """Return when each play began and ended, in microseconds since 2000."""
    known = start != NOTHING
    length = ms.astype(np.int64) * MILLI
    ended = np.where(known & offline, np.where(known, start, 0) + length, logged)
    began = np.where(known, start, logged - length)
    return began.astype(np.int64, copy=False), ended.astype(np.int64, copy=False)
