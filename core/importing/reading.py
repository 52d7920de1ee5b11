"""Reads one history file after the other into columns: the fast road, the slow one where a slice needs it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import msgspec

from core.importing import account, extended, refusals
from core.importing.archive import Budget, Tick
from core.importing.columns import Batch, Columns
from core.importing.detect import Format
from core.importing.plan import Part
from core.importing.text import NotJson, slices
from core.importing.tolerant import tolerant
from core.importing.tracks import Tracks

# What a slice the fast road cannot take makes it raise: odd types, no JSON, bad text, absurd nesting or numbers.
_SLOW = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError)


@dataclass(slots=True)
class Reading:
    """The rows of an upload so far; a refused file leaves no trace in it."""

    columns: Columns = field(default_factory=Columns)
    tracks: Tracks = field(default_factory=Tracks)
    reasons: extended.Reasons = field(default_factory=extended.Reasons)

    def read(self, part: Part, budget: Budget, tick: Tick) -> Iterator[int]:
        """Read one file; yield the number of rows of each slice as it is done.

        Raises:
            ImportRejected: the file is no readable history (its rows so far are dropped), or its container is broken.
        """
        batches: list[Batch] = []
        try:
            for batch in slices(part.source.blocks(budget, tick), self._decoder(part)):
                batches.append(batch)
                yield batch.count
        except NotJson as error:
            self.tracks.forget_new()
            raise refusals.bad_json(part.source.label, error.problem) from error
        self.columns.begin_file()
        for batch in batches:
            self.columns.add(batch)

    def _decoder(self, part: Part) -> Callable[[bytes | bytearray, int], Batch]:
        """Return the function that turns a slice of this file into columns."""
        if part.format is Format.ACCOUNT:
            reader = account.Reader(self.tracks)

            def of_account(data: bytes | bytearray, offset: int) -> Batch:
                try:
                    return reader.batch(account.decode(data))
                except _SLOW:
                    rows, fates = tolerant(data, offset, account.Row)
                    return reader.batch(rows, fates=fates)

            return of_account

        history = extended.Reader(self.tracks, self.reasons)

        def of_extended(data: bytes | bytearray, offset: int) -> Batch:
            try:
                return history.batch(extended.decode(data), video=part.video)
            except _SLOW:
                rows, fates = tolerant(data, offset, extended.Row)
                return history.batch(rows, fates=fates, video=part.video)

        return of_extended
