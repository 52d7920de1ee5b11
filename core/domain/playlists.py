"""The words of playlists: where they come from, their versions, and songs on the way to another program."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from core.domain.selection import Selection

Origin = Literal["export", "spotify"]
ItemKind = Literal["track", "episode", "chapter", "local"]


@dataclass(frozen=True, slots=True)
class PlaylistItem:
    """One entry as it was told; ``added_on`` is the day somebody put it there, where that is known."""

    name: str
    artist: str
    album: str = ""
    uri: str = ""
    kind: ItemKind = "track"
    added_on: date | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A playlist at a moment; ``told_by``: an import's id as text, or Spotify's own name of the version."""

    origin: Origin
    told_by: str
    seen_at: datetime
    modified_on: date | None
    items: int


@dataclass(frozen=True, slots=True)
class PlaylistHead:
    """A playlist without its items.

    ``key`` stands for it in addresses and stays the same from version to version. ``gone``: the newest export, or
    Spotify, no longer has it. ``readable``: whether its contents are known; ``counted``: whether figures are made of
    it (lists that only Spotify's API told of are shown, and counted where the operator allows it).
    """

    key: str
    name: str
    description: str
    origin: Origin
    items: int
    versions: int
    modified_on: date | None
    followers: int | None = None
    gone: bool = False
    readable: bool = True
    counted: bool = True
    spotify_id: str = ""


@dataclass(frozen=True, slots=True)
class ListedSong:
    """A song on its way into a list of another program: names, and the ids that are known."""

    name: str
    artist: str
    album: str = ""
    uri: str = ""
    mbid: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ListAsk:
    """What a panel of playlists shows: the key of one (blank: of all), in which selection."""

    key: str
    selection: Selection
