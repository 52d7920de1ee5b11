"""The words of the invented person's lists and saved library, as the account data of an export tells them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.demo.items import Item, invented_key


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: a track or episode, or a file of the person's own (``local``)."""

    kind: Literal["track", "episode", "local"]
    name: str
    by: str
    within: str
    uri: str
    added: date | None


@dataclass(frozen=True, slots=True)
class MadeList:
    """A playlist with its entries in order."""

    name: str
    modified: date
    entries: tuple[Entry, ...]
    description: str | None = None
    followers: int = 0


@dataclass(frozen=True, slots=True)
class Shelves:
    """The saved library: pieces of music, albums, artists' names, shows and episodes; ``banned`` are artists."""

    tracks: tuple[Item, ...]
    albums: tuple[Item, ...]
    artists: tuple[str, ...]
    shows: tuple[Item, ...]
    episodes: tuple[Item, ...]
    banned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """What the account data holds beside plays."""

    lists: tuple[MadeList, ...]
    shelves: Shelves


def of_track(item: Item, added: date | None) -> Entry:
    """Return the entry of a track of an album."""
    return Entry("track", item.name, item.by, item.within, f"spotify:track:{item.key}", added)


def as_single(item: Item, added: date | None) -> Entry:
    """Return the entry of a track's single: the same recording, another address, a release named after it."""
    return of_track(Item("music", item.name, item.name, item.by), added)


def of_episode(item: Item, added: date | None) -> Entry:
    """Return the entry of an episode."""
    return Entry("episode", item.name, item.within, "", f"spotify:episode:{item.key}", added)


def of_file(name: str, by: str, within: str, seconds: int, added: date | None) -> Entry:
    """Return the entry of a file of the person's own; its address has plus signs for blanks, as exports write it."""
    parts = (each.replace(" ", "+") for each in (by, within, name))
    return Entry("local", name, by, within, f"spotify:local:{':'.join(parts)}:{seconds}", added)


def address(kind: str, *names: str) -> str:
    """Return the invented address of an album, artist or show."""
    return f"spotify:{kind}:{invented_key(kind, *names)}"
