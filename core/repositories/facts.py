"""What open sources said about music: what is due to be asked, what was found."""

import json
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, TextClause, text

from core.domain.facts import (
    FOUND_LASTS,
    MISSING_LASTS,
    AlbumFacts,
    ArtistFacts,
    Due,
    Facts,
    Findings,
    Kind,
    Song,
    Tag,
    TrackFacts,
    retry_after,
)
from core.repositories.database import Database
from core.repositories.fact_list import spotify_id
from core.repositories.fact_rounds import add_tally

SONGS = 2  # by so many of its songs an artist or an album is looked for

# What is due, most played first.
_ARTISTS_DUE = text(
    """
    select f.artist_id as id, f.tries, a.name, a.name as artist, f.mbid, null::uuid as artist_mbid,
      (select array_agg(uri order by uri) from artist_uris u where u.artist_id = f.artist_id) as uris
    from artist_facts f join artists a on a.id = f.artist_id
    where f.plays > 0 and f.ask_again_at <= :now order by f.plays desc, f.artist_id limit :limit
    """
)
_ALBUMS_DUE = text(
    """
    select f.album_id as id, f.tries, l.name, a.name as artist, f.release_mbid as mbid, af.mbid as artist_mbid
    from album_facts f join albums l on l.id = f.album_id join artists a on a.id = l.artist_id
    left join artist_facts af on af.artist_id = a.id
    where f.plays > 0 and f.ask_again_at <= :now order by f.plays desc, f.album_id limit :limit
    """
)
_TRACKS_DUE = text(
    """
    select f.track_id as id, f.tries, t.name, a.name as artist, f.mbid, af.mbid as artist_mbid, l.name as album
    from track_facts f join tracks t on t.id = f.track_id join artists a on a.id = t.artist_id
    left join albums l on l.id = t.album_id left join artist_facts af on af.artist_id = a.id
    where f.plays > 0 and f.ask_again_at <= :now order by f.plays desc, f.track_id limit :limit
    """
)
# The most played songs of artists or albums; several editions of one recording are one song.
_SONGS = """
    select whole, title, album from (
      select t.{of} as whole, (array_agg(t.name order by f.plays desc, t.id))[1] as title,
        (array_agg(l.name order by f.plays desc, t.id))[1] as album,
        row_number() over (partition by t.{of} order by sum(f.plays) desc, min(t.id)) as place
      from tracks t join track_facts f on f.track_id = t.id left join albums l on l.id = t.album_id
      where t.{of} = any(:ids) and f.plays > 0 group by t.{of}, t.recording_id
    ) as ranked where place <= :most order by whole, place
"""
_SONGS_OF = {kind: text(_SONGS.format(of=f"{kind}_id")) for kind in ("artist", "album")}
_DUE: Mapping[Kind, TextClause] = {"artist": _ARTISTS_DUE, "album": _ALBUMS_DUE, "track": _TRACKS_DUE}
# What figures use of the facts about some artists and albums: a row an artist, its genres among the tags as lists of
# words and votes beside each other; unpacked here, which takes a third of the time it takes outside.
_ARTISTS_KNOWN = text(
    """
    select artist_id, coalesce(country, '') as country, words, votes from artist_facts, lateral (
      select array_agg(each.name order by each.count desc, each.name) as words,
        array_agg(each.count order by each.count desc, each.name) as votes
      from jsonb_to_recordset(tags) as each(name text, count int, genre bool) where each.genre and each.count > 0
    ) as tag where artist_id = any(:ids) and mbid is not null and (country is not null or words is not null)
    order by artist_id
    """
)
_YEARS_KNOWN = text(
    "select album_id, year from album_facts where album_id = any(:ids) and release_mbid is not null "
    "and year is not null order by album_id"
)
# What differs whenever a fact may have been stored since: one row.
_MARK = text("select listed_at, began_at, found, missing, failed from fact_rounds where id = 1")
# Which columns hold what was found, and which of them is kept from a failure.
_VALUES: Mapping[Kind, tuple[str, ...]] = {
    "artist": ("mbid", "area", "country", "type", "begin_year", "end_year", "tags"),
    "album": ("release_mbid", "release_group_mbid", "year", "cover_id", "cover_release_mbid"),
    "track": ("mbid", "duration_ms", "tags"),
}
_KEPT: Mapping[Kind, str] = {"artist": "mbid", "album": "release_mbid", "track": "mbid"}


class FactRows:
    """The facts and the work on them; each call is one transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def due(self, kind: Kind, *, now: datetime, limit: int) -> list[Due]:
        """Return what is to be asked about now, most played first, with the songs to tell it by."""
        with self._db.read() as connection:
            rows = connection.execute(_DUE[kind], {"now": now, "limit": limit}).all()
            songs = _songs(connection, kind, [row.id for row in rows])
        return [_due(row, songs.get(row.id)) for row in rows]

    def settle(self, kind: Kind, findings: Findings, *, due: Iterable[Due], now: datetime) -> None:
        """Store what asking about some things brought, all of it at once."""
        tries = {each.id: each.tries for each in due}
        with self._db.begin() as connection:
            _store(connection, kind, [_found(kind, key, facts, now) for key, facts in findings.found.items()])
            _store(connection, kind, [_missing(kind, key, now) for key in findings.missing])
            if findings.failed:
                failed = [_failed(key, kept, tries[key], now) for key, kept in findings.failed.items()]
                connection.execute(_failing(kind), failed)
            add_tally(connection, findings)

    def artists(self, ids: Collection[int]) -> dict[int, ArtistFacts]:
        """Return what is known of artists; unknown ones are left out."""
        return {row.id: _artist(row) for row in self._known("artist", ids)}

    def albums(self, ids: Collection[int]) -> dict[int, AlbumFacts]:
        """Return what is known of albums; unknown ones are left out."""
        return {row.id: AlbumFacts(*row[1:]) for row in self._known("album", ids)}

    def tracks(self, ids: Collection[int]) -> dict[int, TrackFacts]:
        """Return what is known of tracks; unknown ones are left out."""
        return {row.id: TrackFacts(row.mbid, row.duration_ms, _tags(row.tags)) for row in self._known("track", ids)}

    def mark(self) -> Hashable:
        """Return what differs from the last answer whenever facts were stored in between."""
        with self._db.read() as connection:
            row = connection.execute(_MARK).one_or_none()
        return tuple(row) if row else ()

    def of_artists(self, ids: Collection[int]) -> list[tuple[int, str, list[str] | None, list[int] | None]]:
        """Return artist_id, country ("": unknown), words and votes (None: no genres) of the artists known."""
        with self._db.read() as connection:
            return [(*row,) for row in connection.execute(_ARTISTS_KNOWN, {"ids": list(ids)})]

    def years(self, ids: Collection[int]) -> list[tuple[int, int]]:
        """Return album_id and year of the albums whose year is known."""
        with self._db.read() as connection:
            return [(*row,) for row in connection.execute(_YEARS_KNOWN, {"ids": list(ids)})]

    def _known(self, kind: Kind, ids: Collection[int]) -> list[Row[Any]]:
        """Return the rows of things with an id of MusicBrainz; also when asking anew has failed meanwhile."""
        columns = ", ".join(_VALUES[kind])
        query = text(
            f"select {kind}_id as id, {columns} from {kind}_facts "  # noqa: S608 names from above
            f"where {kind}_id = any(:ids) and {_KEPT[kind]} is not null"
        )
        with self._db.read() as connection:
            return list(connection.execute(query, {"ids": list(ids)}).all())


def _songs(connection: Connection, kind: Kind, ids: list[int]) -> dict[int, list[tuple[str, str | None]]]:
    """Return (title, album) of the most played songs of artists or albums; a track is its own song."""
    if kind == "track" or not ids:
        return {}
    songs: dict[int, list[tuple[str, str | None]]] = {}
    for row in connection.execute(_SONGS_OF[kind], {"ids": ids, "most": SONGS}):
        songs.setdefault(row.whole, []).append((row.title, row.album))
    return songs


def _due(row: Row[Any], songs: list[tuple[str, str | None]] | None) -> Due:
    """Return a row as something to ask about."""
    fields = row._mapping
    titles = songs if songs is not None else [(row.name, fields["album"])] if "album" in fields else []
    addresses = (spotify_id(uri) for uri in fields.get("uris") or ())
    return Due(
        id=row.id,
        tries=row.tries,
        name=row.name,
        artist=row.artist,
        mbid=row.mbid,
        artist_mbid=row.artist_mbid,
        songs=tuple(Song(row.artist, title, album) for title, album in titles),
        spotify_ids=tuple(each for each in addresses if each),
    )


def _store(connection: Connection, kind: Kind, rows: list[dict[str, object]]) -> None:
    """Store settled answers."""
    if rows:
        values = ", ".join(f"{name} = {_bound(name)}" for name in _VALUES[kind])
        connection.execute(
            text(
                f"update {kind}_facts set {values}, state = :state, tries = 0, asked_at = :now, ask_again_at = :again "  # noqa: S608
                f"where {kind}_id = :id"
            ),
            rows,
        )


def _failing(kind: Kind) -> TextClause:
    """Return the statement that stores a failure; values known before stay."""
    kept = _KEPT[kind]
    return text(
        f"update {kind}_facts set state = 'failed', tries = tries + 1, asked_at = :now, ask_again_at = :again, "  # noqa: S608
        f"{kept} = coalesce(cast(:kept as uuid), {kept}) where {kind}_id = :id"
    )


def _bound(name: str) -> str:
    return f"cast(:{name} as jsonb)" if name == "tags" else f":{name}"


def _found(kind: Kind, key: int, facts: Facts, now: datetime) -> dict[str, object]:
    values = {name: getattr(facts, name) for name in _VALUES[kind]}
    if "tags" in values:
        values["tags"] = json.dumps([asdict(tag) for tag in values["tags"]])
    return values | {"id": key, "state": "found", "now": now, "again": now + FOUND_LASTS}


def _missing(kind: Kind, key: int, now: datetime) -> dict[str, object]:
    nothing: dict[str, object] = {name: "[]" if name == "tags" else None for name in _VALUES[kind]}
    return nothing | {"id": key, "state": "missing", "now": now, "again": now + MISSING_LASTS}


def _failed(key: int, kept: UUID | None, tries: int, now: datetime) -> dict[str, object]:
    return {"id": key, "kept": kept, "now": now, "again": now + retry_after(tries + 1)}


def _artist(row: Row[Any]) -> ArtistFacts:
    tags = _tags(row.tags)
    return ArtistFacts(row.mbid, row.area, row.country, row.type, row.begin_year, row.end_year, tags)


def _tags(stored: list[dict[str, Any]]) -> tuple[Tag, ...]:
    return tuple(Tag(each["name"], each["count"], each["genre"]) for each in stored)
