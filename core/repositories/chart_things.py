"""Which thing an entry of a chart is: found by its id or its names, made where nobody has stood for it yet.

By the id of MusicBrainz first; else by its names, unless the thing of that name has another id; else it is new. Two
different entries of one snapshot are never one thing: the second gets one of its own, whose key also holds its ids.
"""

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

import psycopg

from core.domain.names import clean, name_key
from core.domain.trends import Entry, Kind

Names = tuple[str, str, UUID | None, str]  # name, artist, mbid, uri, as a source says them
_MOST = 300_000  # things kept in mind while one transaction lasts
# Things by their keys or, of one kind, by their ids of MusicBrainz.
_KNOWN = """
select id, key, kind, mbid, coalesce(uri, '') from chart_things where key = any(%(keys)s)
union
select id, key, kind, mbid, coalesce(uri, '') from chart_things where mbid = any(%(mbids)s)
order by id desc
"""
# New things, in the order they were met: of two with one id of MusicBrainz the first is found by it.
_NEW = """
insert into chart_things (kind, name, artist, folded, key, mbid, uri)
select * from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::uuid[], %s::text[])
on conflict (key) do nothing
returning id, key
"""
# What was learned about things.
_LEARNED = """
update chart_things t set mbid = coalesce(t.mbid, l.mbid), uri = coalesce(t.uri, nullif(l.uri, ''))
from unnest(%s::int[], %s::uuid[], %s::text[]) as l (id, mbid, uri) where t.id = l.id
"""


class Keys(NamedTuple):
    """The keys an entry may be found by: its names alone; with its mbid; with its mbid and uri."""

    plain: UUID
    known: UUID
    own: UUID


class Found:
    """A thing while a transaction lasts; ``id`` is 0 until it is stored."""

    __slots__ = ("id", "key", "mbid", "names", "uri")

    def __init__(self, id: int, key: UUID, mbid: UUID | None, uri: str, names: Names | None = None) -> None:
        self.id, self.key, self.mbid, self.uri, self.names = id, key, mbid, uri, names

    def strange(self, names: Names) -> bool:
        """Return whether an entry's ids are others than this thing's."""
        return (names[2], names[3]) != (self.mbid, self.uri)


def _digest(*parts: str) -> UUID:
    """Return an identity of the parts, not a secret."""
    return UUID(bytes=hashlib.md5("\x1f".join(parts).encode(errors="replace"), usedforsecurity=False).digest())


@lru_cache(maxsize=100_000)
def keys_of(kind: Kind, name: str, artist: str, mbid: UUID | None = None, uri: str = "") -> Keys:
    """Return the keys of an entry."""
    named = (kind, name_key(name), name_key(artist))
    plain = _digest(*named)
    told = str(mbid or "")
    return Keys(plain, _digest(*named, told) if mbid else plain, _digest(*named, told, uri))


def names_of(entry: Entry) -> Names:
    """Return what tells an entry from others."""
    return (entry.name, entry.artist, entry.mbid, entry.uri)


class Things:
    """The things one transaction meets; not to be kept beyond it."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._by_key: dict[UUID, Found | None] = {}
        self._by_mbid: dict[tuple[Kind, UUID], Found | None] = {}
        self._met: dict[Kind, dict[Names, Found]] = {}
        self._new: list[tuple[Kind, Found]] = []
        self._learned: dict[int, Found] = {}

    def met(self, kind: Kind) -> dict[Names, Found]:
        """Return what entries of a kind were found to be."""
        return self._met.setdefault(kind, {})

    def learn(self, kind: Kind, entries: Iterable[Names]) -> None:
        """Find what entries are, all of them at once; what is new waits for ``settle``."""
        if len(self._by_key) > _MOST:
            for kept in (self._by_key, self._by_mbid, self._met):
                kept.clear()
        met = self.met(kind)
        fresh = [names for names in dict.fromkeys(entries) if names not in met]
        self._look(kind, fresh)
        for names in fresh:
            met[names] = self._found(kind, names)

    def _look(self, kind: Kind, fresh: Sequence[Names]) -> None:
        """Read what is stored under the keys and ids of entries."""
        keys = {key for names in fresh for key in keys_of(kind, *names)} - self._by_key.keys()
        mbids = {names[2] for names in fresh if names[2] and (kind, names[2]) not in self._by_mbid}
        self._by_key |= dict.fromkeys(keys)
        self._by_mbid |= dict.fromkeys((kind, mbid) for mbid in mbids)
        if not keys and not mbids:
            return
        cursor = self._connection.cursor(binary=True)
        for id, key, of, mbid, uri in cursor.execute(_KNOWN, {"keys": list(keys), "mbids": list(mbids)}):
            found = self._by_key.get(key) or Found(id, key, mbid, uri)
            self._by_key[key] = found
            if mbid and of == kind:
                self._by_mbid[kind, mbid] = found

    def _found(self, kind: Kind, names: Names) -> Found:
        """Return what an entry is by itself, the other entries of its snapshot aside."""
        keys, mbid, uri = keys_of(kind, *names), names[2], names[3]
        found = self._by_key.get(keys.own) if mbid or uri else None
        if found is None and mbid:
            found = self._by_mbid.get((kind, mbid))
        if found is None:
            found = self._by_key.get(keys.plain)
            if found and found.mbid and mbid and found.mbid != mbid:
                found = self._by_key.get(keys.known)
                return found or self._make(kind, keys.known, names)
        if found is None:
            return self._make(kind, keys.plain, names)
        self._fill(kind, found, mbid, uri)
        return found

    def apart(self, kind: Kind, names: Names) -> Found:
        """Return a thing of an entry's own, as another of its snapshot is what it would be."""
        key = keys_of(kind, *names).own
        self._look(kind, [names])
        return self._by_key.get(key) or self._make(kind, key, names)

    def _make(self, kind: Kind, key: UUID, names: Names) -> Found:
        made = Found(0, key, names[2], names[3], names)
        self._by_key[key] = made
        if made.mbid:
            self._by_mbid[kind, made.mbid] = self._by_mbid.get((kind, made.mbid)) or made
        self._new.append((kind, made))
        return made

    def _fill(self, kind: Kind, found: Found, mbid: UUID | None, uri: str) -> None:
        """Learn a thing's blank ids."""
        if (mbid and not found.mbid) or (uri and not found.uri):
            found.mbid, found.uri = found.mbid or mbid, found.uri or uri
            if mbid:
                self._by_mbid[kind, mbid] = self._by_mbid.get((kind, mbid)) or found
            if found.id:
                self._learned[found.id] = found

    def settle(self) -> None:
        """Store what is new and what was learned."""
        cursor = self._connection.cursor(binary=True)
        if self._new:
            by_key = {made.key: made for _, made in self._new}
            rows = [_row(kind, made) for kind, made in self._new]
            for id, key in cursor.execute(_NEW, [list(column) for column in zip(*rows, strict=True)]):
                by_key[key].id = id
            self._new = []
        if self._learned:
            learned = sorted(self._learned.items())
            ids = [id for id, _ in learned]
            cursor.execute(_LEARNED, (ids, [each.mbid for _, each in learned], [each.uri for _, each in learned]))
            self._learned = {}


def _row(kind: Kind, made: Found) -> tuple[str, str, str, str, UUID, UUID | None, str | None]:
    name, artist, *_ = made.names or ("", "", None, "")
    return kind, clean(name) or "", clean(artist) or "", folded(name, artist), made.key, made.mbid, clean(made.uri)


def folded(name: str, artist: str) -> str:
    """Return what a thing is searched by: its names, folded, a line each, with a line's end around both."""
    return f"\n{name_key(name)}\n{name_key(artist)}\n"
