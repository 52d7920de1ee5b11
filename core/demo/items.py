"""What a row of an export is about: a track, an episode, a chapter or nothing at all."""

import hashlib
from dataclasses import dataclass
from typing import Literal

from core.demo.catalogue import Catalogue

ItemKind = Literal["music", "podcast", "audiobook", "nothing"]
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to listen to: ``within`` is its album, show or book, ``by`` an album's artist."""

    kind: ItemKind
    name: str = ""
    within: str = ""
    by: str = ""

    @property
    def key(self) -> str:
        """Return the 22 letters of its address; invented, not Spotify's."""
        return invented_key(self.kind, self.by, self.within, self.name)

    @property
    def within_key(self) -> str:
        """Return the 22 letters of the address of what it is within."""
        return invented_key(self.kind, self.by, self.within)


def invented_key(*names: str) -> str:
    """Return 22 base-62 digits made of names: the same names always give the same digits."""
    number = int.from_bytes(hashlib.sha256("\0".join(names).encode()).digest()) % 62**22
    digits = []
    for _ in range(22):
        number, digit = divmod(number, 62)
        digits.append(_DIGITS[digit])
    return "".join(digits)


def music(catalogue: Catalogue) -> list[Item]:
    """Return an item for each track of a catalogue, in its order."""
    by = catalogue.track_artist
    return [
        Item("music", title, catalogue.albums[album], catalogue.artists[artist])
        for title, album, artist in zip(catalogue.tracks, catalogue.track_album, by, strict=True)
    ]
