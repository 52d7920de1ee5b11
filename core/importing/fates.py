"""What can become of one row of an export, and the word each outcome has on the reconciliation sheet."""

from enum import IntEnum


class Fate(IntEnum):
    """The outcome of a row; every row has exactly one."""

    PLAY = 0
    SHORT_PLAY = 1
    PODCAST = 2
    AUDIOBOOK = 3
    DUPLICATE = 10
    DUPLICATE_START = 11
    IN_EXTENDED_HISTORY = 12
    DELETED_BY_YOU = 13
    UNIDENTIFIED = 20
    NOT_A_ROW = 30
    MISSING_TIME = 31
    BAD_TIME = 32
    TOO_OLD = 33
    FUTURE = 34
    MISSING_DURATION = 35
    BAD_DURATION = 36
    NEGATIVE_DURATION = 37
    DURATION_TOO_LONG = 38
    BAD_VALUE = 39

    @property
    def word(self) -> str:
        """Return the word on the sheet: ``play``, ``duplicate``, ``error_too_old`` and so on."""
        return f"error_{self.name.lower()}" if self >= Fate.NOT_A_ROW else self.name.lower()


STORED = range(Fate.PLAY, Fate.DUPLICATE)
DUPLICATES = range(Fate.DUPLICATE, Fate.UNIDENTIFIED)
ERRORS = range(Fate.NOT_A_ROW, Fate.BAD_VALUE + 1)
