"""Deletions: listens a person took out of their history, kept aside until they are gone for good."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.period import Period


@dataclass(frozen=True, slots=True)
class OneListen:
    """One listen, by what tells it from all others of its person."""

    ended_at: datetime
    track_id: int
    ms_played: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selection: all listens that History shows for it, short ones too."""

    lens: Lens
    period: Period
    filters: Filters


@dataclass(frozen=True, slots=True)
class DeletionPreview:
    """What a deletion would take: ``plays`` of the listens count under the lens, ``ms_played`` is the time of all.

    ``examples`` are (end in the lens's timezone, title, artist), the newest first.
    """

    listens: int
    plays: int
    ms_played: int
    first: datetime | None
    last: datetime | None
    examples: tuple[tuple[datetime, str, str], ...]


@dataclass(frozen=True, slots=True)
class Deletion:
    """One deletion: what the person called it, how many listens it took, and when (UTC)."""

    id: int
    label: str
    listens: int
    created_at: datetime
