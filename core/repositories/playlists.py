"""Playlists as exports and the sync brought them: which there are, their versions, what is on them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Text, cast, func, select, text, true
from sqlalchemy.engine import Connection

from core.repositories.database import Database
from core.repositories.schema import (
    artists,
    imports,
    library_items,
    playlists,
    spotify_playlist_items,
    spotify_playlist_versions,
    spotify_playlists,
)

_SENT, _LIST, _ITEM = playlists.c, spotify_playlists.c, spotify_playlist_items.c
_VERSION, _KEPT = spotify_playlist_versions.c, library_items.c
# What changes when anything of a person's playlists or saved things does.
_STAMP = text(
    """
    select concat(
        (select string_agg(distinct import_id::text, ',') from playlists where user_id = :user_id), ':',
        (select string_agg(distinct import_id::text, ',') from library_items where user_id = :user_id), ':',
        (select md5(jsonb_agg(jsonb_build_array(playlist_id, position, name, description, total, contents, snapshot)
            order by playlist_id)::text) from spotify_playlists where user_id = :user_id))
    """
)


@dataclass(frozen=True, slots=True)
class Exported:
    """A playlist as one export told it; ``position`` is its place there.

    ``told``: the length of all that is told of its entries, and ``digest`` what stands for it. ``heard_until``: the
    moment (ISO) up to which the listening of the same import goes.
    """

    import_id: int
    position: int
    name: str
    description: str
    followers: int | None
    modified_on: str | None
    items: int
    imported_at: datetime
    told: int = 0
    digest: str = ""
    heard_until: str | None = None


@dataclass(frozen=True, slots=True)
class Synced:
    """A playlist as Spotify's API told it last.

    ``contents``: read, waiting or forbidden. ``versions`` of it are kept; the latest was new at ``changed_at``.
    """

    id: str
    position: int
    name: str
    description: str
    total: int
    contents: str
    snapshot: str
    fetched_at: datetime
    versions: int
    changed_at: datetime | None


class PlaylistRows:
    """The playlists of each person."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def stamp(self, user_id: int) -> str:
        """Return what changes whenever a person's playlists or saved things do."""
        with self._db.read() as connection:
            return str(connection.execute(_STAMP, {"user_id": user_id}).scalar_one())

    def exported(self, user_id: int) -> list[Exported]:
        """Return the playlists of every export, by import and place."""
        told = imports.c
        # Without the offset the text would be made twice; making it is most of the work.
        words = select(cast(_SENT["items"], Text).label("all")).correlate(playlists).offset(0).lateral("words")
        query = (
            select(
                _SENT.import_id,
                _SENT.position,
                _SENT.name,
                func.coalesce(_SENT.description, ""),
                _SENT.followers,
                _SENT.modified_on,
                func.jsonb_array_length(_SENT["items"]),
                func.coalesce(told.finished_at, told.created_at),
                func.length(words.c.all),
                func.md5(words.c.all),
                told.sheet["last"].astext,
            )
            .join(imports, (told.user_id == _SENT.user_id) & (told.id == _SENT.import_id))
            .join(words, true())
            .where(_SENT.user_id == user_id)
            .order_by(_SENT.import_id, _SENT.position)
        )
        with self._db.read() as connection:
            return [Exported(*row) for row in connection.execute(query)]

    def synced(self, user_id: int) -> list[Synced]:
        """Return the playlists Spotify's API told of, in its order."""
        mine = (_VERSION.user_id == _LIST.user_id) & (_VERSION.playlist_id == _LIST.playlist_id)
        kept, changed = (
            select(of).select_from(spotify_playlist_versions).where(mine).scalar_subquery()
            for of in (func.count(), func.max(_VERSION.seen_at))
        )
        query = (
            select(
                _LIST.playlist_id,
                _LIST.position,
                _LIST.name,
                func.coalesce(_LIST.description, ""),
                _LIST.total,
                _LIST.contents,
                func.coalesce(_LIST.snapshot, ""),
                _LIST.fetched_at,
                kept,
                changed,
            )
            .where(_LIST.user_id == user_id)
            .order_by(_LIST.position, _LIST.playlist_id)
        )
        with self._db.read() as connection:
            return [Synced(*tuple(row)) for row in connection.execute(query)]

    def exported_items(
        self, user_id: int, places: list[tuple[int, int]]
    ) -> dict[tuple[int, int], list[dict[str, Any]]]:
        """Return the entries of exported playlists by (import, place), as they were told."""
        if not places:
            return {}
        query = select(_SENT.import_id, _SENT.position, _SENT["items"]).where(
            _SENT.user_id == user_id,
            text("(import_id, position) in (select * from unnest(cast(:imports as bigint[]), cast(:places as int[])))"),
        )
        given = {"imports": [i for i, _ in places], "places": [p for _, p in places]}
        with self._db.read() as connection:
            return {(row[0], row[1]): row[2] for row in connection.execute(query, given)}

    def synced_items(self, user_id: int, ids: list[str]) -> dict[str, list[dict[str, Any]]]:
        """Return the entries of synced playlists by id, in their order, as exports have them."""
        query = (
            select(_ITEM.playlist_id, *_told(_ITEM))
            .where(_ITEM.user_id == user_id, _ITEM.playlist_id.in_(ids), _ITEM.position >= 0)
            .order_by(_ITEM.playlist_id, _ITEM.position)
        )
        found: dict[str, list[dict[str, Any]]] = {id: [] for id in ids}
        with self._db.read() as connection:
            for row in connection.execute(query).mappings():
                found[row["playlist_id"]].append(dict(row))
        return found

    def synced_versions(self, user_id: int, id: str) -> list[tuple[str, datetime, int]]:
        """Return (name, seen at, entries) of the versions of a synced playlist, the latest first."""
        query = (
            select(_VERSION.snapshot, _VERSION.seen_at, func.jsonb_array_length(_VERSION["items"]))
            .where(_VERSION.user_id == user_id, _VERSION.playlist_id == id)
            .order_by(_VERSION.seen_at.desc(), _VERSION.snapshot)
        )
        with self._db.read() as connection:
            return [(row[0], row[1], row[2]) for row in connection.execute(query)]

    def version_items(self, user_id: int, id: str, snapshot: str) -> list[dict[str, Any]]:
        """Return the entries of one version of a synced playlist."""
        query = select(_VERSION["items"]).where(
            _VERSION.user_id == user_id, _VERSION.playlist_id == id, _VERSION.snapshot == snapshot
        )
        with self._db.read() as connection:
            return connection.execute(query).scalar_one_or_none() or []

    def artist_names(self, ids: Collection[int]) -> dict[int, str]:
        """Return the names of artists by id."""
        query = select(artists.c.id, artists.c.name).where(artists.c.id.in_(ids))
        with self._db.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def saved(self, user_id: int) -> list[tuple[str, str, str, str, str]]:
        """Return (kind, name, artist, album, uri) of what the newest export with a library has saved.

        The newest is the one whose listening goes furthest; of a library that came alone, the day it was imported.
        """
        told = imports.c
        newest = (
            select(_KEPT.import_id)
            .join(imports, (told.user_id == _KEPT.user_id) & (told.id == _KEPT.import_id))
            .where(_KEPT.user_id == user_id)
            .order_by(func.coalesce(cast(told.sheet["last"].astext, DateTime(timezone=True)), told.created_at).desc())
            .order_by(_KEPT.import_id.desc())
            .limit(1)
            .scalar_subquery()
        )
        fields = (func.coalesce(field, "") for field in (_KEPT.name, _KEPT.artist, _KEPT.album, _KEPT.uri))
        query = (
            select(_KEPT.kind, *fields)
            .where(_KEPT.user_id == user_id, _KEPT.import_id == newest)
            .order_by(_KEPT.kind, _KEPT.position)
        )
        with self._db.read() as connection:
            return [(row[0], row[1], row[2], row[3], row[4]) for row in connection.execute(query)]


def _told(item: Any) -> tuple[Any, ...]:
    """Return the fields of a synced entry under the names exports have."""
    added = func.to_char(func.timezone("UTC", item.added_at), "YYYY-MM-DD").label("added_on")
    return item.uri, item.name, item.artist, item.album, added


def keep_version(connection: Connection, user_id: int, playlist_id: str, snapshot: str, *, most: int) -> None:
    """Store what is on a synced playlist now as a version, unless its latest one is the same; the oldest go."""
    given = {"user_id": user_id, "playlist_id": playlist_id, "snapshot": snapshot, "most": most}
    connection.execute(_KEEP, given)
    connection.execute(_DROP, given)


_KEEP = text(
    """
    with now as (
        select coalesce(jsonb_agg(jsonb_build_object('uri', uri, 'name', name, 'artist', artist, 'album', album,
            'added_on', to_char(added_at at time zone 'UTC', 'YYYY-MM-DD')) order by position), '[]'::jsonb) as items
        from spotify_playlist_items where user_id = :user_id and playlist_id = :playlist_id and position >= 0
    ), latest as (
        select items from spotify_playlist_versions where user_id = :user_id and playlist_id = :playlist_id
        order by seen_at desc limit 1
    )
    insert into spotify_playlist_versions (user_id, playlist_id, snapshot, items)
    select :user_id, :playlist_id, :snapshot, now.items from now left join latest on true
    where latest.items is distinct from now.items
    on conflict (user_id, playlist_id, snapshot) do update set items = excluded.items, seen_at = excluded.seen_at
    """
)
# What goes: beyond the newest few; of a list with very many songs fewer.
_DROP = text(
    """
    delete from spotify_playlist_versions where user_id = :user_id and playlist_id = :playlist_id and snapshot in (
        select snapshot from spotify_playlist_versions where user_id = :user_id and playlist_id = :playlist_id
        order by seen_at desc, snapshot
        offset case when (select count(*) from spotify_playlist_items
            where user_id = :user_id and playlist_id = :playlist_id) > 10000 then least(:most, 10) else :most end
    )
    """
)
