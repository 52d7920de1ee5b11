"""What the sources say, in one shape: whichever source was asked, the same dataclasses come back."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from core.domain.facts import MOST_TAGS, Tag
from core.domain.names import clean, name_key

T = TypeVar("T")
_YEAR = re.compile(r"[0-9]{4}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Artist:
    """An artist as a source describes them."""

    mbid: UUID
    name: str
    area: str | None = None
    country: str | None = None
    type: str | None = None
    begin_year: int | None = None
    end_year: int | None = None
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """A release as a source describes it; ``cover_id`` is its front's number in the Cover Art Archive."""

    mbid: UUID
    name: str
    group: UUID | None = None
    year: int | None = None
    cover_id: int | None = None
    cover_release: UUID | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as a source describes it, with the release it stands for (or those it is on)."""

    mbid: UUID
    duration_ms: int | None = None
    tags: tuple[Tag, ...] = ()
    releases: tuple[Release, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """The recording a source takes a song for: how it credits it, by whom it is, and what it says about it at once.

    ``artists`` maps ids to names; a name is None where the source tells ids alone.
    """

    title: str
    credit: str
    artists: dict[UUID, str | None] = field(hash=False)
    recording: Recording


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


def tags(found: Iterable[Tag]) -> tuple[Tag, ...]:
    """Return tags with the most agreed-on first; spellings that differ in hyphens and blanks become one."""
    merged: dict[str, Tag] = {}
    for tag in sorted(found, key=lambda each: (not each.genre, -each.count, each.name)):
        letters = name_key(tag.name).replace("-", "").replace(" ", "")
        if tag.count <= 0 or not letters:
            continue
        had = merged.get(letters, Tag(name_key(tag.name), 0, tag.genre))
        merged[letters] = Tag(had.name, max(had.count, tag.count), had.genre)
    return tuple(sorted(merged.values(), key=lambda each: (-each.count, each.name))[:MOST_TAGS])


def known(values: Iterable[Any], read: Callable[[Any], T | None]) -> list[T]:
    """Return what can be read of some values."""
    return [found for value in values if (found := read(value)) is not None]
