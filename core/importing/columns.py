"""The columns read rows become, file after file; one row keeps one place in all of them."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.importing.fates import Fate

Column = NDArray[np.integer]

# ``track`` and the reasons hold this import's own numbers until the database has given its own; moments are
# microseconds since 2000.
TYPES: dict[str, type[np.integer]] = {
    "fate": np.uint8,
    "track": np.int32,
    "ms_played": np.int32,
    "logged": np.int64,
    "start": np.int64,
    "kind": np.int8,
    "source": np.int8,
    "flags": np.int16,
    "reason_start": np.int16,
    "reason_end": np.int16,
    "platform": np.int8,
    "country": np.int16,
}


@dataclass(slots=True)
class Batch:
    """Some rows of one file as columns, and the time of its unidentified rows."""

    columns: dict[str, Column]
    unidentified_ms: int = 0

    @property
    def count(self) -> int:
        """Return the number of rows."""
        return len(self.columns["fate"])


@dataclass(slots=True)
class Columns:
    """All rows of an import in reading order; ``begins`` holds where each file's rows begin."""

    begins: list[int] = field(default_factory=list)
    count: int = 0
    unidentified_ms: int = 0
    _pieces: dict[str, list[Column]] = field(default_factory=lambda: {name: [] for name in TYPES})

    def begin_file(self) -> None:
        """Note that the rows added next are of another file."""
        self.begins.append(self.count)

    def add(self, batch: Batch) -> None:
        """Append the rows of a batch."""
        for name, type_ in TYPES.items():
            self._pieces[name].append(batch.columns[name].astype(type_, copy=False))
        self.count += batch.count
        self.unidentified_ms += batch.unidentified_ms

    def joined(self) -> dict[str, Column]:
        """Return each column in one piece, and let go of the pieces."""
        whole: dict[str, Column] = {}
        for name, type_ in TYPES.items():
            whole[name] = np.concatenate([np.zeros(0, type_), *self._pieces.pop(name)])
        return whole


def settle(fate: NDArray[np.uint8], bad: NDArray[np.bool_], outcome: Fate) -> None:
    """Give rows an outcome, in place, where they have none yet (``PLAY`` is none yet)."""
    fate[bad & (fate == Fate.PLAY)] = outcome
