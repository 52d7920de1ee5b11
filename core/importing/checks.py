"""Which times and durations are believable; everything else is a row error with its reason."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from core.importing.columns import settle
from core.importing.fates import Fate
from core.importing.moments import NOTHING, to_micros

FIRST = to_micros(datetime(2006, 1, 1, tzinfo=UTC))  # Spotify was founded then
LONGEST_MS = 2**31 - 1


def latest() -> int:
    """Return the latest believable moment: tomorrow, for clocks and zones differ."""
    return to_micros(datetime.now(UTC) + timedelta(days=1))


def check_times(fate: NDArray[np.uint8], texts: Sequence[str], logged: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the times with 0 for the unusable ones, whose rows get their reason in ``fate``."""
    if (logged == NOTHING).any():
        blank = np.fromiter((not text.strip() for text in texts), bool, len(texts))
        settle(fate, blank, Fate.MISSING_TIME)
        settle(fate, logged == NOTHING, Fate.BAD_TIME)
    settle(fate, logged < FIRST, Fate.TOO_OLD)
    settle(fate, logged > latest(), Fate.FUTURE)
    return np.where(fate == Fate.PLAY, logged, 0)


def check_durations(fate: NDArray[np.uint8], given: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return played milliseconds with 0 for the unusable ones, whose rows get their reason in ``fate``."""
    settle(fate, np.isnan(given), Fate.MISSING_DURATION)
    settle(fate, given < 0, Fate.NEGATIVE_DURATION)
    settle(fate, given > LONGEST_MS, Fate.DURATION_TOO_LONG)
    return np.where(fate == Fate.PLAY, np.nan_to_num(given), 0).astype(np.int64)
