"""What Spotify's API told of a person, as the Spotify page shows it; and what is too old to be kept."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Integer, Select, cast, delete, exists, func, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from core.domain.listen import Source
from core.domain.spotify import Gap, Part, TimeRange
from core.repositories.database import Database
from core.repositories.schema import (
    listens,
    oauth_states,
    replaced_listens,
    spotify_connections,
    spotify_gaps,
    spotify_parts,
    spotify_playlist_items,
    spotify_playlists,
    spotify_saved,
    spotify_tops,
)

_LIST, _ITEM, _SAVED, _TOP = spotify_playlists.c, spotify_playlist_items.c, spotify_saved.c, spotify_tops.c
_HEARD = (listens, replaced_listens)
_PART_OF: dict[str, Part] = {"track": "saved_tracks", "album": "saved_albums", "artist": "followed"}


@dataclass(frozen=True, slots=True)
class Kept:
    """How many rows of each kind the API brought and we keep; ``days`` are the days with a ranking."""

    plays: int = 0
    days: int = 0
    own_playlists: int = 0
    other_playlists: int = 0
    playlist_items: int = 0
    tracks: int = 0
    albums: int = 0
    artists: int = 0


@dataclass(frozen=True, slots=True)
class Ranking:
    """Spotify's own ranking of one day, best first; each item has uri, name, artist and album."""

    day: date
    items: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class KeptPlaylist:
    """A playlist as the page shows it; ``contents``: read, waiting or forbidden (somebody else's)."""

    id: str
    name: str
    own: bool
    collaborative: bool
    total: int
    contents: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class SpotifyLibrary:
    """What is kept of everybody."""

    db: Database

    def kept(self, user_id: int) -> Kept:
        """Return how much of a person is kept."""
        api = int(Source.SPOTIFY_API)
        plays = [select(t.c.user_id).where(t.c.user_id == user_id, t.c.source == api) for t in _HEARD]
        own, mine = _LIST.own | _LIST.collaborative, _LIST.user_id == user_id
        counts: list[Select[Any]] = [
            select(func.count()).select_from(union_all(*plays).subquery()),
            select(func.count(func.distinct(_TOP.day))).where(_TOP.user_id == user_id),
            select(func.count()).select_from(spotify_playlists).where(mine, own),
            select(func.count()).select_from(spotify_playlists).where(mine, ~own),
            select(func.count())
            .select_from(spotify_playlist_items)
            .where(_ITEM.user_id == user_id, _ITEM.position >= 0),
            *(
                select(func.count()).select_from(spotify_saved).where(_SAVED.user_id == user_id, _SAVED.kind == kind)
                for kind in ("track", "album", "artist")
            ),
        ]
        with self.db.read() as connection:
            return Kept(*connection.execute(select(*(count.scalar_subquery() for count in counts))).one())

    def latest_play(self, user_id: int, *, since: datetime) -> datetime | None:
        """Return when the latest play the API told of ended, at or after ``since``; None for none."""
        api = int(Source.SPOTIFY_API)
        ends = [
            select(t.c.ended_at).where(t.c.user_id == user_id, t.c.ended_at >= since, t.c.source == api) for t in _HEARD
        ]
        found = union_all(*ends).subquery()
        with self.db.read() as connection:
            latest = connection.execute(select(func.max(found.c.ended_at))).scalar_one()
        return latest if isinstance(latest, datetime) else None

    def usual_hours(self, user_id: int, *, now: datetime, days: int) -> set[int]:
        """Return the hours of a day, counted from ``now``, in which something ended on one of the last days."""
        since = now - timedelta(days=days)
        seconds = func.extract("epoch", listens.c.ended_at - since)
        hour = cast(func.floor(func.mod(seconds, 86_400) / 3_600), Integer)
        query = (
            select(hour)
            .distinct()
            .where(listens.c.user_id == user_id, listens.c.ended_at >= since, listens.c.ended_at < now)
        )
        with self.db.read() as connection:
            return set(connection.execute(query).scalars())

    def gaps(self, user_id: int) -> list[Gap]:
        """Return the gaps of a person that no export has filled, latest first."""
        own, heard = spotify_gaps.c, listens.c
        inside = (heard.ended_at > own.began_at) & (heard.ended_at < own.ended_at)
        filled = exists().where(heard.user_id == user_id, inside, heard.source != int(Source.SPOTIFY_API))
        query = select(own.began_at, own.ended_at).where(own.user_id == user_id, ~filled)
        with self.db.read() as connection:
            return [Gap(*row) for row in connection.execute(query.order_by(own.began_at.desc()))]

    def latest_top(
        self, user_id: int, *, kind: Literal["artist", "track"], time_range: TimeRange, limit: int
    ) -> Ranking | None:
        """Return the first items of the newest ranking of its kind, None before the first."""
        query = (
            select(_TOP.day, _TOP["items"])
            .where(_TOP.user_id == user_id, _TOP.kind == kind, _TOP.time_range == time_range)
            .order_by(_TOP.day.desc())
            .limit(1)
        )
        with self.db.read() as connection:
            row = connection.execute(query).one_or_none()
        return Ranking(row[0], row[1][:limit]) if row else None

    def playlists(self, user_id: int, *, limit: int) -> list[KeptPlaylist]:
        """Return a person's playlists in Spotify's order."""
        fields = (_LIST.playlist_id, _LIST.name, _LIST.own, _LIST.collaborative, _LIST.total, _LIST.contents)
        query = select(*fields, _LIST.fetched_at).where(_LIST.user_id == user_id).order_by(_LIST.position).limit(limit)
        with self.db.read() as connection:
            return [KeptPlaylist(*row) for row in connection.execute(query)]

    def purge(self, *, before: datetime) -> int:
        """Delete lists last refreshed before a moment that no sync refreshes any more; return how many rows."""
        old_lists = delete(spotify_playlists).where(_LIST.fetched_at < before, ~_refreshed(_LIST.user_id, "playlists"))
        old_saved = [
            delete(spotify_saved).where(
                _SAVED.kind == kind, _SAVED.fetched_at < before, ~_refreshed(_SAVED.user_id, part)
            )
            for kind, part in _PART_OF.items()
        ]
        with self.db.begin() as connection:
            return sum(connection.execute(statement).rowcount for statement in (old_lists, *old_saved))

    def forget_states(self, *, now: datetime) -> None:
        """Delete the ways to Spotify nobody came back from."""
        with self.db.begin() as connection:
            connection.execute(delete(oauth_states).where(oauth_states.c.expires_at <= now))


def _refreshed(user_id: ColumnElement[int], part: Part) -> ColumnElement[bool]:
    """Return the condition that a connected person's sync has this part."""
    own, state = spotify_parts.c, spotify_connections.c
    return exists(
        select(own.user_id)
        .join(spotify_connections, state.user_id == own.user_id)
        .where(own.user_id == user_id, own.part == part, state.state == "connected")
    )
