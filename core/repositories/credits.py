"""Who else is on tracks, found in their titles and kept beside them: inside an import, and once for what was there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import psycopg

from core.domain.guests import announced, guests, hinted, wholes
from core.domain.names import artist_key, is_various

_BATCH = 50_000
# Which of these keys somebody's name has: here already, or in the running import.
_KNOWN = "select key from artists where key = any(%(keys)s)"
_INCOMING = "select artist_key from incoming_tracks where artist_key = any(%(keys)s)"
# Artists nobody had; in the order of their keys, as everybody adds them.
_ARTISTS = """
insert into artists (name, key)
select distinct on (key) name, key from unnest(%(names)s::text[], %(keys)s::uuid[]) as given (name, key)
where not exists (select from artists a where a.key = given.key)
order by key
on conflict (key) do nothing
"""
# Who is on a track besides its own artist, where the track is still called as its guests were read from.
_CREDITS = """
insert into track_credits (track_id, artist_id, place)
select distinct on (t.id, a.id) t.id, a.id, given.place
from unnest(%(tracks)s::int[], %(titles)s::text[], %(keys)s::uuid[], %(places)s::smallint[])
    as given (track_id, title, key, place)
join tracks t on t.id = given.track_id and t.name = given.title
join artists a on a.key = given.key
where a.id is distinct from t.artist_id
  and not exists (select from track_credits c where c.track_id = t.id and c.artist_id = a.id)
order by t.id, a.id, given.place
on conflict (track_id, artist_id) do nothing
"""
# Titles of music, a stretch of tracks at a time.
_TITLES = "select id, name from tracks where id > %s and kind in (1, 4) and name is not null order by id limit %s"


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody on a track besides its artist; ``track`` is its number or id, ``place`` 0 the metadata's first name."""

    track: int
    title: str
    name: str
    key: UUID
    place: int


@dataclass(slots=True)
class Guests:
    """The guests of the tracks of one import, until the database knows the tracks."""

    _titles: dict[int, str] = field(default_factory=dict)
    _named: list[Guest] = field(default_factory=list)

    def look(self, number: int, title: str | None) -> None:
        """Keep a title that may name guests."""
        if title and hinted(title):
            self._titles[number] = title

    def name(self, number: int, title: str, names: Sequence[str]) -> None:
        """Keep the artists whom the metadata of a track names, in their order."""
        found = [name for name in names if name and not is_various(name)]
        self._named += [Guest(number, title, name, _key(name), place) for place, name in enumerate(found)]

    def read(self, connection: psycopg.Connection, *, importing: bool = True) -> list[Guest]:
        """Return all guests; the artists known decide which names stay whole."""
        texts = {number: announced(title) for number, title in self._titles.items()}
        runs = {run: _key(run) for found in texts.values() for text in found for run in wholes(text)}
        query = f"{_KNOWN} union {_INCOMING}" if importing else _KNOWN
        rows = connection.execute(query, {"keys": list(set(runs.values()))}) if runs else ()
        known = {key for (key,) in rows}
        read = list(self._named)
        for number, found in texts.items():
            names = [name for text in found for name in guests(text, lambda run: _key(run) in known)]
            read += [
                Guest(number, self._titles[number], name, _key(name), place)
                for place, name in enumerate(names, 1)
                if not is_various(name)
            ]
        return read


def store(connection: psycopg.Connection, found: Iterable[Guest]) -> int:
    """Credit guests on tracks (by their ids) whose artists are there; return how many credits are new."""
    rows = list(found)
    given = {
        "tracks": [guest.track for guest in rows],
        "titles": [guest.title for guest in rows],
        "keys": [guest.key for guest in rows],
        "places": [guest.place for guest in rows],
    }
    return connection.execute(_CREDITS, given).rowcount if rows else 0


def backfill(connection: psycopg.Connection) -> int:
    """Credit the guests in the titles of all tracks there are; return how many credits are new."""
    after, new = 0, 0
    while page := connection.execute(_TITLES, (after, _BATCH)).fetchall():
        after, waiting = page[-1][0], Guests()
        for id, title in page:
            waiting.look(id, title)
        found = waiting.read(connection, importing=False)
        connection.execute(_ARTISTS, {"names": [g.name for g in found], "keys": [g.key for g in found]})
        new += store(connection, found)
    return new


def _key(name: str) -> UUID:
    return UUID(bytes=artist_key(name))
