"""What the sources say, in one shape: whichever source was asked, the same dataclasses come back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from core.domain.facts import MOST_TAGS, Tag
from core.domain.names import name_key


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
