"""The shared look-ups of an import: artists, albums, recordings, tracks and reasons, found or made set-wise.

Every statement inserts in the order of the keys and the tables always come in the same order, so that two people's
imports wait for each other but never in a circle. What is there already is left out first: an attempted insert would
use up a number of the sequence.

A track has the names of whoever brought its address first. For a person whose export names it otherwise the address
becomes another track under those names: nobody sees what another person's file says. Whoever heard an address before
keeps the track they have, so that a play always meets itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import psycopg
from numpy.typing import NDArray

from core.domain.listen import Kind
from core.repositories.arrays import HEADER, TRAILER, integers
from core.repositories.credits import Guests, store

# number, key, uri, name, kind, artist, artist's key, album, album's key, recording's key
TrackRow = tuple[int, bytes, str | None, str | None, int, str | None, bytes | None, str | None, bytes | None, bytes]

_SUNG = (Kind.MUSIC, Kind.VIDEO)  # what has guests in its titles
_INCOMING = """
create temporary table incoming_tracks (
    number int not null, key uuid not null, uri text, name text, kind smallint not null,
    artist text, artist_key uuid, album text, album_key uuid, recording_key uuid not null
) on commit drop
"""
# Artists nobody had, those of tracks and their guests in one go.
_ARTISTS = """
insert into artists (name, key)
select distinct on (key) name, key from (
    select artist as name, artist_key as key, number from incoming_tracks where artist_key is not null
    union all
    select name, key, null from unnest(%(names)s::text[], %(keys)s::uuid[]) as guest (name, key)
) i
where not exists (select from artists a where a.key = i.key)
order by key, number nulls last
on conflict (key) do nothing
"""
# Albums nobody had.
_ALBUMS = """
insert into albums (artist_id, name, key)
select distinct on (i.album_key) a.id, i.album, i.album_key
from incoming_tracks i join artists a on a.key = i.artist_key
where i.album_key is not null and not exists (select from albums l where l.key = i.album_key)
order by i.album_key, i.number
on conflict (key) do nothing
"""
# Recordings nobody had.
_RECORDINGS = """
insert into recordings (key)
select distinct recording_key from incoming_tracks i
where not exists (select from recordings r where r.key = i.recording_key)
order by recording_key
on conflict (key) do nothing
"""
# Tracks nobody had; of several rows about one, the first with a name.
_TRACKS = """
insert into tracks (key, uri, name, artist_id, album_id, recording_id, kind)
select distinct on (i.key) i.key, i.uri, i.name, a.id, l.id, r.id, i.kind
from incoming_tracks i
join recordings r on r.key = i.recording_key
left join artists a on a.key = i.artist_key
left join albums l on l.key = i.album_key
where not exists (select from tracks t where t.key = i.key)
order by i.key, i.name is null, i.number
on conflict (key) do nothing
"""
# Tracks known by their address alone get the names this import holds.
_NAMED = """
with nameless as (
    select t.id, t.key from tracks t
    where t.name is null and exists (select from incoming_tracks i where i.key = t.key and i.name is not null)
    order by t.key for update
), named as (
    select distinct on (i.key) n.id, i.name, a.id as artist_id, l.id as album_id, r.id as recording_id
    from nameless n
    join incoming_tracks i on i.key = n.key and i.name is not null
    join recordings r on r.key = i.recording_key
    left join artists a on a.key = i.artist_key
    left join albums l on l.key = i.album_key
    order by i.key, i.number
)
update tracks t set name = d.name, artist_id = d.artist_id, album_id = d.album_id, recording_id = d.recording_id
from named d where t.id = d.id
"""
# What this person heard under the import's addresses before: it stays what it is for them, whatever it is called now.
_HEARD = """
create temporary table heard_tracks on commit drop as
select t.uri, min(t.id) as id
from (
    select track_id from listens where user_id = %(user)s
    union
    select track_id from replaced_listens where user_id = %(user)s
    union
    select track_id from deleted_listens where user_id = %(user)s
) l
join tracks t on t.id = l.track_id
where t.uri in (select uri from incoming_tracks where uri is not null)
group by t.uri
"""
# Addresses that are another track for this person than the look-up says: one they heard, or one of other names.
_STRANGE = """
create temporary table strange_tracks on commit drop as
select distinct on (i.key) i.key, i.number, h.id,
    substr(encode(sha256(convert_to(
        i.uri || E'\\x1f' || coalesce(i.artist, '') || E'\\x1f' || i.name || E'\\x1f' || coalesce(i.album, ''), 'UTF8'
    )), 'hex'), 1, 32)::uuid as naming_key
from incoming_tracks i
join tracks t on t.key = i.key
left join heard_tracks h on h.uri = i.uri
left join artists a on a.id = t.artist_id
left join albums l on l.id = t.album_id
where i.uri is not null and h.id is distinct from t.id and (
    h.id is not null
    or t.name is not null
    and (i.name is null or (t.name, a.key, l.key) is distinct from (i.name, i.artist_key, i.album_key))
)
order by i.key, i.name is null, i.number
"""
# Else the address under this import's names.
_NAMESAKES = """
insert into tracks (key, uri, name, artist_id, album_id, recording_id, kind)
select s.naming_key, i.uri, i.name, a.id, l.id, r.id, i.kind
from strange_tracks s
join incoming_tracks i on i.key = s.key and i.number = s.number and i.name is not null
join recordings r on r.key = i.recording_key
left join artists a on a.key = i.artist_key
left join albums l on l.key = i.album_key
where s.id is null and s.naming_key is not null and not exists (select from tracks n where n.key = s.naming_key)
order by s.naming_key
on conflict (key) do nothing
"""
# The database's id of each number.
_FOUND = """
create temporary table found_tracks on commit drop as
select i.number, coalesce(s.id, n.id, t.id) as id
from (select distinct number, key from incoming_tracks) i
join tracks t on t.key = i.key
left join strange_tracks s on s.key = i.key
left join tracks n on n.key = s.naming_key
"""
_IDS = "select array_send(array_agg(number)), array_send(array_agg(id)) from found_tracks"
# Reasons nobody had.
_REASONS = """
insert into reasons (name)
select name from unnest(%s::text[]) as given (name)
where not exists (select from reasons r where r.name = given.name)
order by name
on conflict (name) do nothing
"""
_PAIRS = """
select t.id, coalesce(case when t.kind = 3 then l.name end, a.name), t.name
from tracks t left join artists a on a.id = t.artist_id left join albums l on l.id = t.album_id
where t.id = any(%s)
"""
# What this import itself calls tracks: the look-up keeps the names of whoever brought an address first.
_OWN_PAIRS = """
select distinct on (t.id) t.id, coalesce(case when i.kind = 3 then i.album end, i.artist), i.name
from incoming_tracks i join found_tracks t on t.number = i.number
where i.name is not null and t.id = any(%s)
order by t.id, i.number
"""


def _packed(row: TrackRow) -> bytes:
    """Return a row as binary COPY wants it."""
    number, key, uri, name, kind, artist, artist_key, album, album_key, recording_key = row
    return b"".join(
        (
            b"\0\x0a\0\0\0\4",
            number.to_bytes(4),
            _cell(key),
            _text(uri),
            _text(name),
            b"\0\0\0\2",
            kind.to_bytes(2),
            _text(artist),
            _cell(artist_key),
            _text(album),
            _cell(album_key),
            _cell(recording_key),
        )
    )


def _cell(value: bytes | None) -> bytes:
    """Return one value with its length; null has the length -1."""
    return b"\xff\xff\xff\xff" if value is None else len(value).to_bytes(4) + value


def _text(value: str | None) -> bytes:
    """Return one text with its length."""
    return _cell(None if value is None else value.encode())


class Names:
    """The look-ups inside one import's transaction."""

    def __init__(self, connection: psycopg.Connection, user_id: int) -> None:
        self._connection = connection
        self._user_id = user_id
        self._begun = False
        self._guests = Guests()

    def add_tracks(self, rows: Iterable[TrackRow]) -> None:
        """Hand over tracks with the import's own numbers; nothing shared is touched yet."""
        cursor = self._connection.cursor()
        if not self._begun:
            cursor.execute(_INCOMING)
            self._begun = True
        with cursor.copy("copy incoming_tracks from stdin (format binary)") as copy:
            copy.write(HEADER + b"".join(map(self._looked_at, rows)) + TRAILER)

    def _looked_at(self, row: TrackRow) -> bytes:
        """Return a row as binary COPY wants it; a title that may name guests is kept until the tracks are settled."""
        if row[4] in _SUNG:
            self._guests.look(row[0], row[3])
        return _packed(row)

    def add_guests(self, number: int, title: str, names: Sequence[str]) -> None:
        """Hand over the artists whom the metadata of a track names, in their order."""
        self._guests.name(number, title, names)

    def settle(self, highest: int) -> tuple[NDArray[np.int32], int]:
        """Make what is missing; return each number's track id (0: none) and how many known tracks got names."""
        ids = np.zeros(highest + 1, np.int32)
        if not self._begun:
            return ids, 0
        cursor = self._connection.cursor(binary=True)
        cursor.execute("analyze incoming_tracks")
        guests = self._guests.read(self._connection)
        cursor.execute(_ARTISTS, {"names": [g.name for g in guests], "keys": [g.key for g in guests]})
        for statement in (_ALBUMS, _RECORDINGS, _TRACKS):
            cursor.execute(statement)
        named = cursor.execute(_NAMED).rowcount
        cursor.execute(_HEARD, {"user": self._user_id})
        if cursor.execute(_STRANGE).rowcount:
            cursor.execute(_NAMESAKES)
        cursor.execute(_FOUND)
        found = cursor.execute(_IDS).fetchone()
        if found and found[0] is not None:
            ids[integers(found[0], 4)] = integers(found[1], 4)
        store(self._connection, (replace(guest, track=int(ids[guest.track])) for guest in guests))
        return ids, named

    def reasons(self, words: list[str]) -> dict[str, int]:
        """Return the id of each reason, made where it is missing."""
        if not words:
            return {}
        cursor = self._connection.cursor()
        cursor.execute(_REASONS, (words,))
        return dict(cursor.execute("select name, id from reasons where name = any(%s)", (words,)).fetchall())

    def pairs(self, track_ids: list[int]) -> list[tuple[int, str | None, str | None]]:
        """Return (track id, artist, title); an audiobook's artist is the book, for packages name its author apart."""
        return self._connection.execute(_PAIRS, (track_ids,)).fetchall()

    def own_pairs(self, track_ids: list[int]) -> list[tuple[int, str | None, str | None]]:
        """Return (track id, artist, title) as ``pairs`` does, but of the tracks this import names, by its names."""
        return self._connection.execute(_OWN_PAIRS, (track_ids,)).fetchall() if self._begun else []
