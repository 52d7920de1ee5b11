"""Which thing an entry of a chart is: found by its id or its names, made where nobody has stood for it yet.

By the id of MusicBrainz first; else by its names, unless the thing of that name has another id; else it is new. Two
different entries of one snapshot are never one thing: the second gets one of its own, whose key also holds its ids.
"""

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

import psycopg

from core.domain.names import clean, name_key
from core.domain.trends import Kind
from core.repositories import chart_packing as pack
from core.repositories.arrays import integers

Names = tuple[str, str, UUID | None, str]  # name, artist, mbid, uri, as a source says them
names_of = attrgetter("name", "artist", "mbid", "uri")  # of an entry
_MOST = 400_000  # keys kept in mind while one transaction lasts
_NO_ID = bytes(16)
# Things by their keys or by their ids of MusicBrainz, as columns; of two with one id the first made comes last.
_KNOWN = r"""
with asked as (
    select string_to_array(%(keys)s, ',')::uuid[] as keys, string_to_array(%(mbids)s, ',')::uuid[] as mbids
), known as (
    select t.* from asked, chart_things t where t.key = any(asked.keys)
    union
    select t.* from asked, chart_things t where t.mbid = any(asked.mbids)
)
select array_send(array_agg(id order by id desc)), string_agg(uuid_send(key), '' order by id desc),
    string_agg(uuid_send(coalesce(mbid, '00000000-0000-0000-0000-000000000000')), '' order by id desc),
    string_agg(kind, ' ' order by id desc), string_agg(coalesce(uri, ''), E'\x1f' order by id desc)
from (select id, key, mbid, kind, uri from known) k
"""
_IDS = "select array_send(array_agg(nextval('chart_things_id_seq'))) from generate_series(1, %s)"
_COPY = "copy chart_things (id, kind, name, artist, folded, key, mbid, uri) from stdin (format binary)"
# What was learned about things.
_LEARNED = """
update chart_things t set mbid = coalesce(t.mbid, l.mbid), uri = coalesce(t.uri, nullif(l.uri, ''))
from unnest(%s::int[], %s::uuid[], %s::text[]) as l (id, mbid, uri) where t.id = l.id
"""


class Keys(NamedTuple):
    """The keys an entry may be found by: names; these and mbid; these and mbid and uri. And what is searched."""

    plain: bytes
    known: bytes
    own: bytes
    folded: str


class Found:
    """A thing while a transaction lasts; ``id`` is 0 until it is stored. ``mbid``: 16 bytes, or none."""

    __slots__ = ("id", "mbid", "uri")

    def __init__(self, id: int, mbid: bytes, uri: str) -> None:
        self.id, self.mbid, self.uri = id, mbid, uri

    def strange(self, names: Names) -> bool:
        """Return whether an entry's ids are others than this thing's."""
        return (names[2].bytes if names[2] else b"", names[3]) != (self.mbid, self.uri)


def _digest(text: str) -> bytes:
    """Return an identity of a text, not a secret."""
    return hashlib.md5(text.encode(errors="replace"), usedforsecurity=False).digest()


@lru_cache(maxsize=150_000)
def keys_of(kind: Kind, name: str, artist: str, mbid: UUID | None = None, uri: str = "") -> Keys:
    """Return the keys of an entry, and its names as they are searched: folded, each a line."""
    folded = f"\n{name_key(name)}\n{name_key(artist)}\n"
    named = f"{kind}{folded}"
    plain = _digest(named)
    known = _digest(f"{named}{mbid}") if mbid else plain
    return Keys(plain, known, _digest(f"{named}{mbid or ''}\n{uri}"), folded)


class Things:
    """The things one transaction meets; not to be kept beyond it."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._by_key: dict[bytes, Found | None] = {}
        self._by_mbid: dict[tuple[Kind, bytes], Found | None] = {}
        self._met: dict[Kind, dict[Names, Found]] = {}
        self._new: list[tuple[Kind, bytes, Names, Found]] = []
        self._learned: dict[int, Found] = {}
        self._parted: list[tuple[Kind, bytes]] = []

    def met(self, kind: Kind) -> dict[Names, Found]:
        """Return what entries of a kind were found to be."""
        return self._met.setdefault(kind, {})

    def learn(self, kind: Kind, entries: Iterable[Names]) -> None:
        """Find what entries are, all of them at once; what is new waits for ``settle``."""
        met = self.met(kind)
        fresh = [names for names in dict.fromkeys(entries) if names not in met]
        self._look(kind, fresh)
        for names in fresh:
            met[names] = self._found(kind, names)

    def forget_if_many(self) -> None:
        """Forget what was met, before memory runs out."""
        if len(self._by_key) > _MOST:
            for kept in (self._by_key, self._by_mbid, self._met):
                kept.clear()

    def _look(self, kind: Kind, fresh: Sequence[Names]) -> None:
        """Read what is stored under the keys and ids of entries."""
        keys = {key for names in fresh for key in keys_of(kind, *names)[:3]} - self._by_key.keys()
        mbids = {mbid.bytes for _, _, mbid, _ in fresh if mbid and (kind, mbid.bytes) not in self._by_mbid}
        self._by_key |= dict.fromkeys(keys)
        self._by_mbid |= dict.fromkeys((kind, mbid) for mbid in mbids)
        given = {"keys": ",".join(map(bytes.hex, keys)), "mbids": ",".join(map(bytes.hex, mbids))}
        row = self._connection.cursor(binary=True).execute(_KNOWN, given).fetchone() if keys or mbids else None
        if row is None or row[0] is None:
            return
        uris = row[4].split("\x1f")
        for n, (id, of, uri) in enumerate(zip(integers(row[0], 4).tolist(), row[3].split(" "), uris, strict=True)):
            key, mbid = row[1][n * 16 : n * 16 + 16], row[2][n * 16 : n * 16 + 16]
            found = self._by_key.get(key) or Found(id, b"" if mbid == _NO_ID else mbid, uri)
            self._by_key[key] = found
            if found.mbid and of == kind:
                self._by_mbid[kind, found.mbid] = found

    def _found(self, kind: Kind, names: Names) -> Found:
        """Return what an entry is by itself, the other entries of its snapshot aside."""
        keys, mbid, uri = keys_of(kind, *names), names[2].bytes if names[2] else b"", names[3]
        found = self._by_key.get(keys.own) if mbid or uri else None
        if found is None and mbid:
            found = self._by_mbid.get((kind, mbid))
        if found is None:
            found = self._by_key.get(keys.plain)
            if found and found.mbid and mbid and found.mbid != mbid:
                return self._by_key.get(keys.known) or self._make(kind, keys.known, names)
        if found is None:
            return self._make(kind, keys.plain, names)
        if (mbid and not found.mbid) or (uri and not found.uri):
            self._fill(kind, found, mbid, uri)
        return found

    def apart(self, kind: Kind, names: Names) -> Found:
        """Return a thing of an entry's own, as another of its snapshot is what it would be."""
        key = keys_of(kind, *names).own
        found = self._by_key.get(key) or self._make(kind, key, names)
        self.met(kind)[names] = found
        self._parted.append((kind, key))
        return found

    def parted(self) -> bool:
        """Return whether things were parted since this was asked last; whoever is one of those then is met as it."""
        parted, self._parted = set(self._parted), []
        for kind in {kind for kind, _ in parted}:
            met = self.met(kind)
            for names in met:
                if (kind, own := keys_of(kind, *names).own) in parted:
                    met[names] = self._by_key[own] or met[names]
        return bool(parted)

    def _make(self, kind: Kind, key: bytes, names: Names) -> Found:
        made = Found(0, names[2].bytes if names[2] else b"", names[3])
        self._by_key[key] = made
        if made.mbid:
            self._by_mbid[kind, made.mbid] = self._by_mbid.get((kind, made.mbid)) or made
        self._new.append((kind, key, names, made))
        return made

    def _fill(self, kind: Kind, found: Found, mbid: bytes, uri: str) -> None:
        """Learn a thing's blank ids."""
        found.mbid, found.uri = found.mbid or mbid, found.uri or uri
        if mbid:
            self._by_mbid[kind, mbid] = self._by_mbid.get((kind, mbid)) or found
        if found.id:
            self._learned[found.id] = found

    def settle(self) -> None:
        """Store what is new and what was learned."""
        cursor = self._connection.cursor(binary=True)
        if self._new:
            (sent,) = cursor.execute(_IDS, (len(self._new),)).fetchone() or (b"",)
            for (_, _, _, made), id in zip(self._new, integers(sent, 8).tolist(), strict=True):
                made.id = id
            with cursor.copy(_COPY) as copy:
                copy.write(pack.copied(_row(*new) for new in self._new))
            self._new = []
        if self._learned:
            learned = sorted(self._learned.items())
            mbids = [UUID(bytes=each.mbid) if each.mbid else None for _, each in learned]
            cursor.execute(_LEARNED, ([id for id, _ in learned], mbids, [_address(each.uri) for _, each in learned]))
            self._learned = {}


def _address(uri: str) -> str:
    """Return an address fit for storing, without blanks."""
    return "".join((clean(uri) or "").split())


def _row(kind: Kind, key: bytes, names: Names, made: Found) -> bytes:
    """Return the row of ``chart_things``."""
    words = (kind, clean(names[0]) or "", clean(names[1]) or "", keys_of(kind, *names).folded)
    uri = _address(made.uri)
    return b"".join(
        (
            b"\0\x08",
            pack.number(made.id),
            *(pack.words(each) for each in words),
            pack.cell(key),
            pack.cell(made.mbid) if made.mbid else pack.NULL,
            pack.words(uri) if uri else pack.NULL,
        )
    )
