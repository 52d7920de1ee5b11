"""A playlist beside a library: which of its songs somebody has heard, by address, else by names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import polars as pl

from core.analytics.arrays import array, counts
from core.analytics.library import Library
from core.domain.names import name_key, recording_title
from core.domain.playlists import PlaylistItem

COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "position": pl.Int64, "name": pl.String, "artist": pl.String, "album": pl.String, "uri": pl.String,
    "kind": pl.String, "added": pl.Date, "track": pl.Int64, "recording": pl.Int64, "artist_code": pl.Int64,
    "same": pl.Int64,
}  # fmt: skip
_UNHEARD = 1 << 40  # from here on numbers stand for songs nobody heard, below for codes of recordings


@dataclass(frozen=True, eq=False)
class Listed:
    """One version of a playlist, matched with a person's library.

    ``frame``: position i64 (from 0), name, artist, album, uri (str, "" unknown), kind (str, see ``ItemKind``), added
    (date, null unknown), track i64 (code in ``library.tracks``, -1 never heard), recording i64 (code, -1), artist_code
    i64 (in ``library.artists``, -1), same i64 (equal for the same recording, also of songs never heard).
    """

    key: str
    name: str
    frame: pl.DataFrame

    def __len__(self) -> int:
        return self.frame.height


class Matcher:
    """Finds the songs of playlists in one library; made once for it, safe to share between threads."""

    def __init__(self, library: Library) -> None:
        names = [name_key(name or "") for name in library.artists["name"].to_list()]
        self._artists = {name: code for code, name in reversed(list(enumerate(names))) if name and code}
        tracks, heard = library.tracks, counts(library.column("track"), len(library.tracks))
        titles = [name_key(name or "") for name in tracks["name"].to_list()]
        owners: list[int] = array(tracks["artist"]).tolist()
        self._owners = owners
        self._recordings: list[int] = array(tracks["recording"]).tolist()
        order = np.argsort(heard, kind="stable").tolist()  # the most heard of several comes last, and stays
        uris = tracks["uri"].to_list()
        self._by_uri: dict[str, int] = {uris[code]: code for code in order if uris[code]}
        self._by_names: dict[tuple[int, str], int] = {
            (owners[code], titles[code]): code for code in order if titles[code]
        }
        self._by_recording: dict[tuple[int, str], int] = {
            (owners[code], _bare(titles[code])): code for code in order if titles[code]
        }

    def match(self, items: Sequence[PlaylistItem], *, key: str, name: str) -> Listed:
        """Return a playlist's items beside the library: by address, else artist and title, else the bare title."""
        codes = [self._track(item) for item in items]
        owners = [self._artist(item, code) for item, code in zip(items, codes, strict=True)]
        recordings = [self._recordings[code] if code >= 0 else -1 for code in codes]
        columns: dict[str, Iterable[object]] = {
            "position": range(len(items)),
            "name": [item.name for item in items],
            "artist": [item.artist for item in items],
            "album": [item.album for item in items],
            "uri": [item.uri for item in items],
            "kind": [item.kind for item in items],
            "added": [item.added_on for item in items],
            "track": codes,
            "recording": recordings,
            "artist_code": owners,
            "same": [r if r >= 0 else _number(item) for r, item in zip(recordings, items, strict=True)],
        }
        return Listed(key, name, pl.DataFrame(columns, schema=COLUMNS))

    def _track(self, item: PlaylistItem) -> int:
        """Return the code of the track an item is; -1: it was never heard."""
        if item.uri and (code := self._by_uri.get(item.uri)) is not None:
            return code
        artist = self._artists.get(name_key(item.artist), -1)
        if artist < 0 or not item.name or item.kind not in ("track", "local"):
            return -1
        title = name_key(item.name)
        code = self._by_names.get((artist, title))
        return code if code is not None else self._by_recording.get((artist, _bare(title)), -1)

    def _artist(self, item: PlaylistItem, code: int) -> int:
        """Return the code of an item's artist: of its track where it was heard, else by name; -1: unknown."""
        if code >= 0 and self._owners[code]:
            return self._owners[code]
        return self._artists.get(name_key(item.artist), -1) if item.artist else -1


def _bare(title: str) -> str:
    return name_key(recording_title(title))


def _number(item: PlaylistItem) -> int:
    """Return what stands for a song nobody heard, the same for the same recording: by its names, else its address."""
    named = item.name and item.artist
    words = ("song", name_key(item.artist), _bare(item.name)) if named else (item.kind, item.uri, item.name)
    digest = blake2b("\x1f".join(words).encode(errors="replace"), digest_size=6).digest()
    return _UNHEARD + int.from_bytes(digest)
