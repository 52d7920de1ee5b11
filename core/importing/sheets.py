"""The reconciliation sheet: every row counted once, by file and by reason, and the sums checked."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.domain.imports import Example, FileSheet, Sheet
from core.domain.listen import Kind
from core.importing.columns import Column
from core.importing.fates import DUPLICATES, ERRORS, STORED, Fate
from core.importing.moments import from_micros

_EXAMPLES = 20
MINIMUM_MS = 30_000  # a play under the default lens


class Unbalanced(Exception):
    """The sums of a sheet do not match: a bug, for which the import must fail."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read: its name, its format's word, and the rows counted while reading."""

    name: str
    format: str
    rows: int


def settle_stored(fate: NDArray[np.uint8], kind: Column, ms: Column) -> None:
    """Give the rows that are stored their own words, in place: play, short play, podcast, audiobook."""
    stored = fate == Fate.PLAY
    fate[stored & (ms < MINIMUM_MS)] = Fate.SHORT_PLAY
    fate[stored & (kind == Kind.PODCAST)] = Fate.PODCAST
    fate[stored & (kind == Kind.AUDIOBOOK)] = Fate.AUDIOBOOK


def make_sheet(fate: NDArray[np.uint8], files: Sequence[ReadFile], begins: Sequence[int], logged: Column) -> Sheet:
    """Return the sheet of rows whose fates are settled; ``logged`` holds their times.

    Raises:
        Unbalanced: a sum does not match.
    """
    sheet = Sheet(rows_read=sum(file.rows for file in files))
    ends = [*begins[1:], len(fate)] if files else []
    for file, begin, end in zip(files, begins, ends, strict=True):
        sheet.files.append(_file_sheet(file, fate[begin:end]))
    counts = np.bincount(fate, minlength=max(Fate) + 1)
    sheet.by_reason = {outcome.word: int(counts[outcome]) for outcome in Fate if counts[outcome]}
    sheet.stored, sheet.duplicates = _sum(counts, STORED), _sum(counts, DUPLICATES)
    sheet.unidentified, sheet.errors = int(counts[Fate.UNIDENTIFIED]), _sum(counts, ERRORS)
    sheet.plays = int(counts[Fate.PLAY])
    sheet.examples = _examples(fate, files, begins)
    kept = logged[fate < Fate.DUPLICATE]
    if len(kept):
        sheet.first, sheet.last = from_micros(kept.min()), from_micros(kept.max())
    check(sheet)
    return sheet


def check(sheet: Sheet) -> None:
    """Raise ``Unbalanced`` unless every row is counted exactly once, in all, by reason and by file."""
    parts = [(f.rows_read, f.stored + f.duplicates + f.unidentified + f.errors) for f in sheet.files]
    parts.append((sheet.rows_read, sheet.stored + sheet.duplicates + sheet.unidentified + sheet.errors))
    parts.append((sheet.rows_read, sum(sheet.by_reason.values())))
    parts.append((sheet.rows_read, sum(file.rows_read for file in sheet.files)))
    parts.append((sheet.stored, sum(file.stored for file in sheet.files)))
    if any(one != other for one, other in parts):
        raise Unbalanced("the sums of the reconciliation sheet do not match")


def _sum(counts: NDArray[np.int64], outcomes: range) -> int:
    """Return how many rows have one of the outcomes."""
    return int(counts[outcomes.start : outcomes.stop].sum())


def _file_sheet(file: ReadFile, fate: NDArray[np.uint8]) -> FileSheet:
    """Return the counts of one file."""
    counts = np.bincount(fate, minlength=max(Fate) + 1)
    return FileSheet(
        file.name,
        file.format,
        rows_read=file.rows,
        stored=_sum(counts, STORED),
        duplicates=_sum(counts, DUPLICATES),
        unidentified=int(counts[Fate.UNIDENTIFIED]),
        errors=_sum(counts, ERRORS),
    )


def _examples(fate: NDArray[np.uint8], files: Sequence[ReadFile], begins: Sequence[int]) -> list[Example]:
    """Return the first rows that were not stored: errors before the unidentified before duplicates."""
    missed = np.flatnonzero(fate >= Fate.DUPLICATE)
    rank = np.digitize(fate[missed], [Fate.UNIDENTIFIED, ERRORS.start])
    chosen = missed[np.argsort(-rank, kind="stable")[:_EXAMPLES]]
    where = np.searchsorted(np.asarray(begins), chosen, side="right") - 1
    return [
        Example(files[file].name, int(row - begins[file]) + 1, Fate(int(fate[row])).word)
        for row, file in zip(chosen.tolist(), where.tolist(), strict=True)
    ]
