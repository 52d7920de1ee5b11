"""A playlist beside a library: which of its songs somebody has heard, by address, else by names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from types import MappingProxyType

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
NAMED = ("track", "local")  # kinds that are known by artist and title, too
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

    def __init__(self, library: Library, aliases: Mapping[int, str] = MappingProxyType({})) -> None:
        """``aliases``: the names of artists, by id, that the person merged into others (see ``library.moved``)."""
        names = [name_key(name or "") for name in library.artists["name"].to_list()]
        self._artists = {name: code for code, name in reversed(list(enumerate(names))) if name and code}
        first = [self._artists.get(name, code) for code, name in enumerate(names)]  # artists of one name are one here
        self._take_aliases(library, aliases)
        tracks, heard = library.tracks, counts(library.column("track"), len(library.tracks))
        self._owners: list[int] = array(tracks["artist"]).tolist()
        self._recordings: list[int] = array(tracks["recording"]).tolist()
        titles, uris = tracks["name"].to_list(), tracks["uri"].to_list()
        self._by_uri: dict[str, int] = {}
        self._by_names: dict[tuple[int, str], int] = {}
        self._editions: dict[tuple[int, str], int] = {}  # by the title without the words of an edition
        self._titles: dict[str, str] = {}  # titles as they are written, for playlists mostly write them so, too
        for code in np.argsort(heard, kind="stable").tolist():  # the most heard of several comes last, and stays
            if uris[code]:
                self._by_uri[uris[code]] = code
            told = titles[code] or ""
            if title := name_key(told):
                self._titles[told] = title
                owner, bare = first[self._owners[code]], _bare(title)
                self._by_names[owner, title] = code
                if bare != title:
                    self._editions[owner, bare] = code

    def _take_aliases(self, library: Library, aliases: Mapping[int, str]) -> None:
        """Let names that the person merged away stand for the artist they went to."""
        codes = {id: code for code, id in enumerate(library.artists["id"].to_list())}
        for kind, old, new in library.moved.select("kind", "from_id", "to_id").iter_rows():
            if kind == "artist" and (name := name_key(aliases.get(old, ""))) and codes.get(new):
                self._artists.setdefault(name, codes[new])

    def match(self, items: Sequence[PlaylistItem], *, key: str, name: str) -> Listed:
        """Return a playlist's items beside the library: by address, else artist and title, else as another edition."""
        return self.match_all([(key, name, items)])[0]

    def match_all(self, lists: Sequence[tuple[str, str, Sequence[PlaylistItem]]]) -> list[Listed]:
        """Return several playlists, each a key, a name and items, as ``match`` does: in one go, which is faster."""
        entries = [item for _, _, items in lists for item in items]
        keys: dict[str, str] = {}  # playlists name the same few artists again and again
        artists = [keys.get(item.artist) or keys.setdefault(item.artist, name_key(item.artist)) for item in entries]
        codes = [self._track(item, artist) for item, artist in zip(entries, artists, strict=True)]
        places = [place for _, _, items in lists for place in range(len(items))]
        told = zip(entries, artists, codes, places, strict=True)  # no list: that is 80 ms slower
        columns: dict[str, Iterable[object]] = {
            "position": places,
            "name": [item.name for item in entries],
            "artist": [item.artist for item in entries],
            "album": [item.album for item in entries],
            "uri": [item.uri for item in entries],
            "kind": [item.kind for item in entries],
            "added": [item.added_on for item in entries],
            "track": codes,
            "recording": [self._recordings[code] if code >= 0 else -1 for code in codes],
            "artist_code": list(map(self._artist, artists, codes)),
            "same": [self._recordings[c] if c >= 0 else _number(item, artist, at) for item, artist, c, at in told],
        }
        frame, first, made = pl.DataFrame(columns, schema=COLUMNS), 0, []
        for key, name, items in lists:
            made.append(Listed(key, name, frame.slice(first, len(items))))
            first += len(items)
        return made

    def _track(self, item: PlaylistItem, artist: str) -> int:
        """Return the code of the track an item is; -1: it was never heard."""
        if item.uri and (code := self._by_uri.get(item.uri)) is not None:
            return code
        owner = self._artists.get(artist, -1)
        if owner < 0 or not item.name or item.kind not in NAMED:
            return -1
        title = self._titles.get(item.name) or name_key(item.name)
        if (code := self._by_names.get((owner, title))) is not None:
            return code
        bare = _bare(title)
        return self._by_names.get((owner, bare), self._editions.get((owner, bare), -1))

    def _artist(self, artist: str, code: int) -> int:
        """Return the code of an item's artist: of its track where it was heard, else by name; -1: unknown."""
        if code >= 0 and self._owners[code]:
            return self._owners[code]
        return self._artists.get(artist, -1)


def _bare(title: str) -> str:
    """Return a title, as a key, without the words that name an edition."""
    bare = recording_title(title)
    return title if bare == title else name_key(bare)


def _number(item: PlaylistItem, artist: str, place: int) -> int:
    """Return what stands for a song nobody heard, the same for the same recording: by its names, else its address.

    Of an entry without either nobody can say what it is: it is like none but itself.
    """
    if item.name and artist:
        words = ["song" if item.kind in NAMED else item.kind, artist, _bare(name_key(item.name))]
    else:
        words = [item.kind, item.uri, item.name] if item.name or item.uri else [item.kind, str(place)]
    digest = blake2b("\x1f".join(words).encode(errors="replace"), digest_size=6).digest()
    return _UNHEARD + int.from_bytes(digest)
