"""The saved library and the playlists of an account package, as far as they are kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.domain.names import clean
from core.importing import refusals
from core.importing.archive import Budget, Tick
from core.importing.detect import Format
from core.importing.plan import Part
from core.importing.text import NotJson, as_utf8, parse

# The lists of YourLibrary.json and where each keeps (name, artist, album).
_LISTS: dict[str, tuple[str, tuple[str, str, str]]] = {
    "tracks": ("track", ("track", "artist", "album")),
    "albums": ("album", ("album", "artist", "")),
    "artists": ("artist", ("name", "", "")),
    "shows": ("show", ("name", "publisher", "")),
    "episodes": ("episode", ("name", "show", "")),
    "bannedTracks": ("banned_track", ("track", "artist", "album")),
    "bannedArtists": ("banned_artist", ("name", "", "")),
}
# Where an entry of a playlist keeps what it is, and the kind that says; a track's goes without saying.
_ENTRIES = {"track": None, "episode": "episode", "audiobook": "chapter", "localTrack": "local"}


@dataclass(frozen=True, slots=True)
class LibraryItem:
    """One saved thing; ``position`` counts from 0 within its kind."""

    kind: str
    position: int
    uri: str | None
    artist: str | None
    album: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class SavedPlaylist:
    """One playlist.

    Each item holds ``name``, ``artist``, ``album``, ``uri``, ``added_on``, as far as known, and ``kind`` where it is no
    track (see ``core.domain.playlists.ItemKind``).
    """

    name: str
    description: str | None
    followers: int | None
    modified_on: str | None
    items: list[dict[str, str | None]]


@dataclass(slots=True)
class Saved:
    """What is kept of all such files of an upload."""

    library: list[LibraryItem] = field(default_factory=list)
    playlists: list[SavedPlaylist] = field(default_factory=list)

    def add(self, part: Part, budget: Budget, tick: Tick) -> None:
        """Read one file.

        Raises:
            ImportRejected: it is not JSON, or its container is broken.
        """
        try:
            value = parse(b"".join(as_utf8(part.source.blocks(budget, tick))))
        except NotJson as error:
            raise refusals.bad_json(part.source.label, error.problem) from error
        if not isinstance(value, dict):
            return
        if part.format is Format.LIBRARY:
            self.library += self._library(value)
        else:
            self.playlists += [_playlist(p) for p in _dicts(value.get("playlists"))]

    def counts(self) -> dict[str, int]:
        """Return how many of each kind there are."""
        counts: dict[str, int] = {}
        for kind in [item.kind for item in self.library] + ["playlist"] * len(self.playlists):
            counts[kind] = counts.get(kind, 0) + 1
        return counts

    def _library(self, value: dict[str, Any]) -> Iterator[LibraryItem]:
        """Yield the items of one library file; positions go on where an earlier file's ended."""
        had = self.counts()
        for list_, (kind, (name, artist, album)) in _LISTS.items():
            for at, item in enumerate(_dicts(value.get(list_)), start=had.get(kind, 0)):
                yield LibraryItem(
                    kind,
                    at,
                    _text(item.get("uri")),
                    _text(item.get(artist)),
                    _text(item.get(album)),
                    _text(item.get(name)),
                )


def _dicts(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list, none of anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    """Return a text without what no database takes; ``None`` for anything else."""
    return clean(value) if isinstance(value, str) else None


def _playlist(value: dict[str, Any]) -> SavedPlaylist:
    """Return one playlist; who made it or shares it is left out."""
    followers = value.get("numberOfFollowers")
    return SavedPlaylist(
        name=_text(value.get("name")) or "",
        description=_text(value.get("description")),
        followers=followers if isinstance(followers, int) and 0 <= followers < 2**31 else None,
        modified_on=_text(value.get("lastModifiedDate")),
        items=[_item(item) for item in _dicts(value.get("items") or value.get("tracks"))],
    )


def _item(item: dict[str, Any]) -> dict[str, str | None]:
    """Return one track, episode, chapter or local file of a playlist, in any generation's words."""
    place = next((key for key in _ENTRIES if item.get(key) and isinstance(item[key], dict)), "")
    inner = item[place] if place else item
    kind = _ENTRIES.get(place)

    def first(*names: str) -> str | None:
        return next((text for name in names if (text := _text(inner.get(name)))), None)

    return {
        "name": first("trackName", "episodeName", "chapterName", "name", "audiobookName"),
        "artist": first("artistName", "showName", "podcastName", "authorName"),
        "album": first("albumName", "audiobookName"),
        "uri": first("trackUri", "episodeUri", "audiobookUri", "chapterUri", "uri"),
        "added_on": _text(item.get("addedDate")),
        **({"kind": kind} if kind else {}),
    }
