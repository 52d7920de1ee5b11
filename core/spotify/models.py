"""What Spotify tells, in our words; moments are aware, lengths are milliseconds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Me:
    """Whose account it is; ``account_id`` never changes, where Spotify gives it."""

    id: str
    account_id: str | None
    display_name: str | None


@dataclass(frozen=True, slots=True)
class Track:
    """Something that was played: ``kind`` is track, episode or local.

    ``artist`` is the album's first artist, as exports name it; the track's own where that is absent or "Various
    Artists". Of an episode it is the show. ``artists``: everybody the track itself names, in its order.
    """

    uri: str
    name: str | None
    artist: str | None
    artist_uri: str | None
    album: str | None
    duration_ms: int | None
    kind: str
    artists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Play:
    """A track and the moment Spotify gives for its play."""

    track: Track
    played_at: datetime


@dataclass(frozen=True, slots=True)
class RecentPage:
    """The latest plays, newest first; ``full`` when there were as many as asked for, so more may have been lost."""

    plays: list[Play]
    full: bool


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; ``next_offset`` is where the next one begins, None on the last."""

    items: list[T]
    total: int
    next_offset: int | None


@dataclass(frozen=True, slots=True)
class TopItem:
    """An artist or a track of Spotify's own ranking; ``artist`` and ``album`` are None for artists."""

    uri: str
    name: str | None
    artist: str | None
    album: str | None


@dataclass(frozen=True, slots=True)
class Playlist:
    """A playlist as the list of playlists shows it; ``snapshot`` is new whenever its contents are."""

    id: str
    name: str
    description: str | None
    owner_id: str | None
    collaborative: bool
    public: bool | None
    snapshot: str
    total: int


@dataclass(frozen=True, slots=True)
class PlaylistItem:
    """An entry of a playlist: ``kind`` is track, episode, local, or gone where Spotify shows nothing any more."""

    kind: str
    uri: str | None
    name: str | None
    artist: str | None
    album: str | None
    duration_ms: int | None
    added_at: datetime | None


@dataclass(frozen=True, slots=True)
class SavedItem:
    """A saved track or album, or a followed artist (``kind``); Spotify does not say since when one follows."""

    kind: str
    uri: str
    name: str | None
    artist: str | None
    album: str | None
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Followed:
    """One page of followed artists; ``after`` is where the next one begins, None on the last."""

    items: list[SavedItem]
    after: str | None
