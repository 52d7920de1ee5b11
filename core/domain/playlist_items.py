"""Entries of playlists as exports and Spotify's API told them, in one form."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import unquote_plus

from core.domain.names import clean
from core.domain.playlists import ItemKind, PlaylistItem

_KINDS: dict[str, ItemKind] = {"episode": "episode", "chapter": "chapter", "audiobook": "chapter", "local": "local"}


def item_of(told: Mapping[str, object]) -> PlaylistItem:
    """Return an entry; what is missing or cannot be read is unknown, never an error.

    A local file has its names in its address: ``spotify:local:artist:album:title:seconds``.
    """
    uri = _text(told.get("uri"))
    parts = uri.split(":")
    said = parts[1] if len(parts) > 1 and parts[0] == "spotify" else _text(told.get("kind"))
    kind = _KINDS.get(said, "track")
    name, artist, album = (_text(told.get(field)) for field in ("name", "artist", "album"))
    if kind == "local" and len(parts) >= 5 and not name:
        artist, album, name = (_text(unquote_plus(part)) for part in parts[2:5])
    return PlaylistItem(name, artist, album, uri, kind, _day(told.get("added_on")))


def _text(value: object) -> str:
    return (clean(value) or "") if isinstance(value, str) else ""


def _day(value: object) -> date | None:
    """Return the day a text begins with; None for none."""
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def day_of(value: str | None) -> date | None:
    """Return the day a text of an export begins with; None where it cannot be read."""
    return _day(value)
