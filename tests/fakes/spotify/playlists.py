"""Playlists and saved things of people."""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from .clock import milliseconds
from .music import Album, Thing, Track


@dataclass
class Saved:
    """Something a person saved."""

    added_at: datetime
    thing: Track | Album


@dataclass
class Entry:
    """One line of a playlist; its thing is None where it is no longer to be had."""

    thing: Thing | None
    added_at: datetime | None
    added_by: str | None


@dataclass
class Playlist:
    """A playlist; ``owner`` is a user id. ``gone`` ones are listed but cannot be opened."""

    id: str
    name: str
    owner: str
    owner_name: str | None = None
    description: str | None = ""
    public: bool | None = False
    collaborative: bool = False
    collaborators: set[str] = field(default_factory=set)
    gone: bool = False
    items: list[Entry | None] = field(default_factory=list)

    @property
    def uri(self) -> str:
        """Return its Spotify URI."""
        return f"spotify:playlist:{self.id}"

    @property
    def snapshot_id(self) -> str:
        """Return the id of its present state; it changes whenever name or items do."""
        lines = [self.id, self.name, self.description or ""]
        for entry in self.items:
            if entry is None:
                lines.append("-")
            else:
                at = milliseconds(entry.added_at) if entry.added_at else "-"
                lines.append(f"{entry.thing.uri if entry.thing else '-'} {at}")
        return base64.b64encode(hashlib.sha1("\n".join(lines).encode()).digest()).decode()

    def add(self, *things: Thing, at: datetime | None = None, by: str | None = None) -> None:
        """Put things at its end."""
        self.items += [Entry(thing, at, by or self.owner) for thing in things]

    def open_to(self, user: str) -> bool:
        """Return whether a user owns it or works on it."""
        return user == self.owner or user in self.collaborators
