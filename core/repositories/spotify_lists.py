"""Playlists as the sync stores them: listed first; new items stand beside the shown ones until all are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from core.repositories.playlists import keep_version
from core.repositories.schema import spotify_playlist_items, spotify_playlists
from core.repositories.spotify_parts import Storing

Rows = Sequence[Mapping[str, Any]]
_LIST, _ITEM = spotify_playlists.c, spotify_playlist_items.c
MOST_VERSIONS = 100  # of a playlist


@dataclass(frozen=True, slots=True)
class Waiting:
    """A playlist whose items have to be read: its id and the version that was listed."""

    playlist_id: str
    snapshot: str


def keep_playlists(to: Storing, *, rows: Rows, run: int) -> None:
    """Store lists as they were listed.

    Whose contents we may not have are ``forbidden``; one that was refused is tried again once its version changed.
    """
    if not rows:
        return
    mine = {"user_id": to.user_id, "pass": run, "fetched_at": to.now}
    made = upsert(spotify_playlists).values([{**row, **mine} for row in rows])
    new = made.excluded
    changed = (_LIST.contents == "forbidden") & _LIST.snapshot.is_distinct_from(new.listed_snapshot)
    contents = case((new.contents == "forbidden", "forbidden"), (changed, "waiting"), else_=_LIST.contents)
    kept = ("position", "name", "description", "own", "collaborative", "public", "total", "listed_snapshot", "pass")
    values = {name: new[name] for name in (*kept, "fetched_at")} | {"contents": contents}
    to.connection.execute(made.on_conflict_do_update(index_elements=["user_id", "playlist_id"], set_=values))
    closed = [row["playlist_id"] for row in rows if row["contents"] == "forbidden"]
    if closed:
        _forget_items(to, closed)


def sweep_playlists(to: Storing, *, run: int) -> None:
    """Delete the lists that a whole pass did not see."""
    to.connection.execute(delete(spotify_playlists).where(_LIST.user_id == to.user_id, _LIST["pass"] != run))


def next_playlist(to: Storing) -> Waiting | None:
    """Return the smallest list whose items are not those of its listed version."""
    query = (
        select(_LIST.playlist_id, _LIST.listed_snapshot)
        .where(
            _LIST.user_id == to.user_id,
            _LIST.own | _LIST.collaborative,
            _LIST.snapshot.is_distinct_from(_LIST.listed_snapshot),
        )
        .order_by(_LIST.total, _LIST.position)
        .limit(1)
    )
    row = to.connection.execute(query).one_or_none()
    return Waiting(row.playlist_id, row.listed_snapshot) if row else None


def keep_items(to: Storing, *, playlist_id: str, first: int, rows: Rows) -> None:
    """Store a page of a list beside the items that are shown: at places below zero, until all are here."""
    mine = (_ITEM.user_id == to.user_id) & (_ITEM.playlist_id == playlist_id)
    to.connection.execute(delete(spotify_playlist_items).where(mine, _ITEM.position <= -1 - first))
    values = [
        {**row, "user_id": to.user_id, "playlist_id": playlist_id, "position": -1 - first - place}
        for place, row in enumerate(rows)
    ]
    if values:
        to.connection.execute(insert(spotify_playlist_items), values)


def settle_items(to: Storing, *, playlist_id: str, snapshot: str) -> None:
    """Let the items that were read take the place of those that were shown."""
    mine = (_ITEM.user_id == to.user_id) & (_ITEM.playlist_id == playlist_id)
    to.connection.execute(delete(spotify_playlist_items).where(mine, _ITEM.position >= 0))
    to.connection.execute(update(spotify_playlist_items).where(mine).values(position=-1 - _ITEM.position))
    _change_list(to, playlist_id, {"snapshot": snapshot, "contents": "read"})
    keep_version(to.connection, to.user_id, playlist_id, snapshot, most=MOST_VERSIONS)


def forbid_playlist(to: Storing, *, playlist_id: str, snapshot: str) -> None:
    """Note that this version of a list was refused."""
    _forget_items(to, [playlist_id])
    _change_list(to, playlist_id, {"snapshot": snapshot, "contents": "forbidden"})


def drop_playlist(to: Storing, *, playlist_id: str) -> None:
    """Delete a list that is no longer there."""
    to.connection.execute(
        delete(spotify_playlists).where(_LIST.user_id == to.user_id, _LIST.playlist_id == playlist_id)
    )


def has_playlist(to: Storing, *, playlist_id: str) -> bool:
    """Return whether a list is here, and keep it so until the page is stored."""
    here = select(_LIST.playlist_id).where(_LIST.user_id == to.user_id, _LIST.playlist_id == playlist_id)
    return to.connection.execute(here.with_for_update()).one_or_none() is not None


def count_playlists(to: Storing) -> int:
    """Return how many lists are here."""
    counted = select(func.count()).select_from(spotify_playlists).where(_LIST.user_id == to.user_id)
    return int(to.connection.execute(counted).scalar_one())


def _change_list(to: Storing, playlist_id: str, values: Mapping[str, Any]) -> None:
    mine = (_LIST.user_id == to.user_id) & (_LIST.playlist_id == playlist_id)
    to.connection.execute(update(spotify_playlists).where(mine).values(values))


def _forget_items(to: Storing, playlist_ids: Sequence[str]) -> None:
    mine = (_ITEM.user_id == to.user_id) & _ITEM.playlist_id.in_(playlist_ids)
    to.connection.execute(delete(spotify_playlist_items).where(mine))
