"""Gaps, rankings and saved things as the sync stores them, a page at a time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from core.domain.names import artist_key
from core.domain.spotify import TimeRange
from core.repositories.schema import artist_uris, artists, spotify_gaps, spotify_saved, spotify_tops
from core.repositories.spotify_parts import Storing

Kind = Literal["track", "album", "artist"]
Rows = Sequence[Mapping[str, Any]]
_SAVED = spotify_saved.c
_SEEN = insert(spotify_saved)
# A saved thing as it was just seen, in place of the one stored.
_SAVE = _SEEN.on_conflict_do_update(
    index_elements=["user_id", "kind", "uri"],
    set_={name: _SEEN.excluded[name] for name in ("name", "artist", "album", "saved_at", "pass", "fetched_at")},
)


def keep_gap(to: Storing, *, began_at: datetime, ended_at: datetime) -> None:
    """Store a stretch in which plays happened that nobody told us of."""
    made = insert(spotify_gaps).values(user_id=to.user_id, began_at=began_at, ended_at=ended_at)
    again = made.on_conflict_do_update(index_elements=["user_id", "began_at"], set_={"ended_at": ended_at})
    to.connection.execute(again)


def keep_top(to: Storing, *, day: date, kind: Literal["artist", "track"], time_range: TimeRange, items: Rows) -> None:
    """Store a day's ranking in place of an earlier one of that day."""
    values = {"user_id": to.user_id, "day": day, "kind": kind, "time_range": time_range, "items": list(items)}
    made = insert(spotify_tops).values(values)
    keys = ["user_id", "day", "kind", "time_range"]
    to.connection.execute(made.on_conflict_do_update(index_elements=keys, set_={"items": values["items"]}))


def keep_saved(to: Storing, *, kind: Kind, rows: Rows, run: int) -> int:
    """Store a page of saved things as seen by ``run``; return how many were not here before."""
    by_uri = {row["uri"]: row for row in rows}  # a page may name a thing twice, a statement may not
    if not by_uri:
        return 0
    mine = {"user_id": to.user_id, "kind": kind, "pass": run, "fetched_at": to.now}
    here = select(func.count()).where(_SAVED.user_id == to.user_id, _SAVED.kind == kind, _SAVED.uri.in_(by_uri))
    known = int(to.connection.execute(here).scalar_one())
    to.connection.execute(_SAVE, [{**row, **mine} for row in by_uri.values()])
    return len(by_uri) - known


def sweep_saved(to: Storing, *, kind: Kind, run: int) -> None:
    """Delete the saved things that a whole pass did not see."""
    gone = delete(spotify_saved).where(_SAVED.user_id == to.user_id, _SAVED.kind == kind, _SAVED["pass"] != run)
    to.connection.execute(gone)


def saved(to: Storing, *, kind: Kind) -> tuple[int, int]:
    """Return how many saved things are here, and which run saw the one that was seen longest ago (0: none)."""
    query = select(func.count(), func.min(_SAVED["pass"])).where(_SAVED.user_id == to.user_id, _SAVED.kind == kind)
    count, oldest = to.connection.execute(query).one()
    return int(count), int(oldest or 0)


def keep_artist_uris(to: Storing, *, uris: Mapping[str, str]) -> None:
    """Store Spotify's addresses (by name) of artists that somebody's history names."""
    by_key = {UUID(bytes=artist_key(name)): uri for name, uri in uris.items()}
    known = select(artists.c.id, artists.c.key).where(artists.c.key.in_(by_key))
    values = [{"artist_id": number, "uri": by_key[key]} for number, key in to.connection.execute(known)]
    if values:
        to.connection.execute(insert(artist_uris).values(values).on_conflict_do_nothing())
