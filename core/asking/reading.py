"""Reading JSON of others tolerantly: the value where it is what it should be, None for anything else."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar
from uuid import UUID

from core.domain.names import clean

T = TypeVar("T")
_YEAR = re.compile(r"[0-9]{4}(?![0-9])")


def text(value: Any) -> str | None:
    """Return a text fit for storing, None for anything else."""
    cleaned = clean(value) if isinstance(value, str) else None
    return cleaned[:300] if cleaned else None


def number(value: Any, highest: int) -> int | None:
    """Return a whole number from 1 to ``highest``, None for anything else."""
    whole = isinstance(value, (int, float)) and not isinstance(value, bool) and value == value // 1
    return int(value) if whole and 1 <= value <= highest else None


def year(value: Any) -> int | None:
    """Return the year of a number or of a date such as "1991-10-28", None for anything else."""
    if isinstance(value, str) and _YEAR.match(value):
        value = int(value[:4])
    return number(value, 9999)


def mbid(value: Any) -> UUID | None:
    """Return an id of MusicBrainz, None for anything else."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def rows(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a list, nothing for anything else."""
    yield from (each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()


def inside(value: Any, *names: str) -> Any:
    """Return what lies in objects inside each other, None where one is missing."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def known(values: Iterable[Any], read: Callable[[Any], T | None]) -> list[T]:
    """Return what can be read of some values."""
    return [found for value in values if (found := read(value)) is not None]
