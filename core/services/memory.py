"""Results kept in this process: a panel drawn again with the same question costs a look-up."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import polars as pl

_R = TypeVar("_R")
_SMALL = 256  # bytes: what anything but a frame is taken for
_PLACE = 40  # bytes: what a value inside a question is taken for


class Memory:
    """Results by question, the last used ones within ``most_bytes``; safe to share between threads.

    A question names the data version it was asked at, so nothing kept can be out of date.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most, self._size = most_bytes, 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._guard = threading.Lock()

    def remember(self, question: Hashable, answer: Callable[[], _R]) -> _R:
        """Return the kept result of a question, or find it and keep it."""
        with self._guard:
            known = self._kept.get(question)
            if known is not None:
                self._kept.move_to_end(question)
                return known[0]  # type: ignore[no-any-return]
        made = answer()
        size = size_of(made) + _inside(question)
        with self._guard:
            if question not in self._kept:
                self._kept[question] = (made, size)
                self._size += size
            while self._size > self._most and len(self._kept) > 1:
                self._size -= self._kept.popitem(last=False)[1][1]
        return made

    def clear(self) -> None:
        """Forget everything."""
        with self._guard:
            self._kept.clear()
            self._size = 0


def size_of(result: object) -> int:
    """Return about how many bytes a result takes: those of its frames, tables and texts, however deep."""
    if isinstance(result, pl.DataFrame):
        return int(result.estimated_size()) + _SMALL
    if isinstance(result, str):
        return len(result) + _SMALL
    if isinstance(result, tuple | list):
        return sum(map(size_of, result)) + _SMALL
    if isinstance(result, dict):
        return sum(map(size_of, result.values())) + _SMALL
    if is_dataclass(result) and not isinstance(result, type):
        return sum(size_of(getattr(result, field.name)) for field in fields(result)) + _SMALL
    return int(getattr(result, "nbytes", 0)) + _SMALL


def _inside(value: object) -> int:
    """Return about how many bytes the values of a question take: an address can name thousands of things."""
    if isinstance(value, str):
        return len(value) + _PLACE
    if isinstance(value, tuple | list):
        return sum(map(_inside, value)) + _PLACE
    if is_dataclass(value) and not isinstance(value, type):
        return sum(_inside(getattr(value, field.name)) for field in fields(value)) + _PLACE
    return _PLACE
