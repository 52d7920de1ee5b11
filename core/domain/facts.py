"""The words of what open sources say about music: tags, facts about artists, albums and tracks, how a round went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

Kind = Literal["artist", "album", "track"]
KINDS: tuple[Kind, ...] = ("artist", "album", "track")
# waiting: not asked about yet; found; missing: they were asked and do not know it; failed: nobody could be asked.
State = Literal["waiting", "found", "missing", "failed"]
STATES: tuple[State, ...] = ("found", "missing", "failed", "waiting")
# How a round ended: nothing was left to ask, its time was over, it was told to stop, a service wants a pause (or the
# day's calls are spent), three answers in a row were no use, another process is at it, or the operator wants none.
Outcome = Literal["", "done", "time", "stopped", "pause", "trouble", "busy", "off"]
# When to ask again.
FOUND_LASTS = timedelta(days=180)
MISSING_LASTS = timedelta(days=90)
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=5), timedelta(hours=12)
MOST_TAGS = 40


def retry_after(tries: int) -> timedelta:
    """Return how long to wait after so many failures in a row: 5 minutes, 10, 20 … 12 hours."""
    return min(FIRST_RETRY * float(2 ** min(tries - 1, 20)), LONGEST_RETRY)


@dataclass(frozen=True, slots=True)
class Song:
    """A piece of music by its names, as the listening history has them."""

    artist: str
    title: str
    album: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Something to ask about: its name, songs to tell it by (most played first), and what is known already.

    ``artist`` and ``artist_mbid`` say whose an album or a track is; ``tries`` counts failures in a row.
    """

    id: int
    tries: int
    name: str
    artist: str
    mbid: UUID | None = None
    artist_mbid: UUID | None = None
    songs: tuple[Song, ...] = ()
    spotify_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tag:
    """What people call the music, how many say so, and whether MusicBrainz knows the word as a genre."""

    name: str
    count: int
    genre: bool


@dataclass(frozen=True, slots=True)
class ArtistFacts:
    """What is known of an artist; ``tags`` begin with the one most people agree on.

    ``country`` is two letters, ``area`` a place as MusicBrainz names it; years are birth and death of a person,
    founding and end of a group.
    """

    mbid: UUID
    area: str | None = None
    country: str | None = None
    type: str | None = None
    begin_year: int | None = None
    end_year: int | None = None
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class AlbumFacts:
    """What is known of an album; ``cover_id`` and ``cover_release_mbid`` name its front in the Cover Art Archive."""

    release_mbid: UUID | None = None
    release_group_mbid: UUID | None = None
    year: int | None = None
    cover_id: int | None = None
    cover_release_mbid: UUID | None = None


@dataclass(frozen=True, slots=True)
class TrackFacts:
    """What is known of a track: the recording's id, its length and tags."""

    mbid: UUID
    duration_ms: int | None = None
    tags: tuple[Tag, ...] = ()


Facts = ArtistFacts | AlbumFacts | TrackFacts


@dataclass(slots=True)
class Findings:
    """What asking about some things brought, by id; what is in none of the three was not asked about.

    ``failed`` maps to what was known before the failure: an id of MusicBrainz, or None.
    """

    found: dict[int, Facts] = field(default_factory=dict)
    missing: set[int] = field(default_factory=set)
    failed: dict[int, UUID | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return whether anything was settled."""
        return bool(self.found or self.missing or self.failed)


@dataclass(frozen=True, slots=True)
class Round:
    """How one round of asking went; ``found``, ``missing``, ``failed`` count what it settled."""

    began_at: datetime
    ended_at: datetime | None
    outcome: Outcome
    found: int = 0
    missing: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Calls:
    """What one service was asked in the last 24 hours, how much it may be, and until when it wants a pause."""

    service: str
    calls: int
    most: int
    closed_until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the facts are: things by kind and state, the last round, the calls it took."""

    enabled: bool
    counts: Mapping[Kind, Mapping[State, int]]
    last: Round | None
    calls: list[Calls] = field(default_factory=list)
