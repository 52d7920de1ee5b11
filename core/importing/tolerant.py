"""The slow road: rows of odd types, one by one; what can be understood is, the rest is a row error with its reason."""

import math
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.importing.fates import Fate
from core.importing.text import ODD, NotJson, parse

_FLAGS = {"shuffle", "skipped", "offline", "incognito_mode"}
_DURATIONS = {"ms_played", "msPlayed"}
_TIMES = {"ts", "endTime"}
_YES, _NO = ("true", "1", "yes"), ("false", "0", "no")
_HUGE = 10**15

R = TypeVar("R", bound=msgspec.Struct)


def tolerant(data: bytes | bytearray, offset: int, row_type: type[R]) -> tuple[list[R], NDArray[np.uint8]]:
    """Return the rows of a JSON list and what is already known to become of each.

    Raises:
        NotJson: the text is no JSON list.
    """
    values = parse(data, offset=offset)
    if not isinstance(values, list):
        raise NotJson("is not one list of plays")
    rows, fates = _rows(values, row_type)
    return rows, np.array(fates, np.uint8)


def _rows(values: Sequence[Any], row_type: type[R]) -> tuple[list[R], list[int]]:
    """Return each value as a row, and its fate."""
    rows, fates = [], []
    for value in values:
        row, fate = _row(value, row_type) if isinstance(value, dict) else (row_type(), Fate.NOT_A_ROW)
        rows.append(row)
        fates.append(int(fate))
    return rows, fates


def _row(value: dict[str, Any], row_type: type[R]) -> tuple[R, Fate]:
    """Return one row with its values brought to their types, and the first reason why it cannot be used."""
    row, fate = row_type(), Fate.PLAY
    for name in row_type.__struct_fields__:
        if name not in value:
            continue
        found, problem = _value(name, value[name])
        setattr(row, name, found)
        fate = fate or problem
    return row, fate


def _value(name: str, value: Any) -> tuple[Any, Fate]:
    """Return a value in the type of its field, and what is wrong with it."""
    if name in _DURATIONS:
        return _duration(value)
    if value is ODD or (isinstance(value, float) and not math.isfinite(value)):
        return None, Fate.BAD_VALUE
    if name == "offline_timestamp":
        number, problem = _duration(value)
        return (None if problem else number), Fate.PLAY
    if name in _FLAGS:
        return _flag(value), Fate.PLAY
    if name in _TIMES:
        return (value, Fate.PLAY) if value is None or isinstance(value, str) else (None, Fate.BAD_TIME)
    if value is None or isinstance(value, str):
        return value, Fate.PLAY
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value), Fate.PLAY
    return None, Fate.BAD_VALUE


def _duration(value: Any) -> tuple[int | None, Fate]:
    """Return a whole number from a number or its text; a fraction of a millisecond is cut."""
    if value is None or value == "":
        return None, Fate.PLAY
    if isinstance(value, str):
        try:
            value = float(value) if not value.strip().lstrip("+-").isdecimal() else int(value)
        except ValueError:
            return None, Fate.BAD_DURATION
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None, Fate.BAD_DURATION
    return max(-_HUGE, min(_HUGE, int(value))), Fate.PLAY


def _flag(value: Any) -> bool | None:
    """Return a yes or no however it is written, ``None`` for anything else."""
    if isinstance(value, bool | int | float):
        return bool(value)
    word = value.strip().lower() if isinstance(value, str) else ""
    return True if word in _YES else False if word in _NO else None
