"""The list of what to ask open sources about: everything people here played, with how often, the demo person left out.

It is made by one pass over all listens, and only when they have changed: asking itself reads the list.
"""

import re
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from core.domain.listen import Kind
from core.domain.names import artist_key
from core.repositories.database import Database

LIST_EVERY = timedelta(minutes=10)  # at most, however much changes
SHORTEST_PLAY_MS = 30_000
_SPOTIFY_ID = re.compile(r"^spotify:artist:([0-9A-Za-z]{1,64})$")

# The state of everybody's listens in a few letters: another text, other listens.
_STATE = text(
    """
    select concat_ws(' ', count(*), coalesce(max(id), 0), coalesce(sum(data_version), 0))
    from users where role <> 'demo'
    """
)
_LISTED = text("select listed_at, listed_as from fact_rounds where id = 1")
_NOTE = text(
    """
    insert into fact_rounds (id, listed_at, listed_as) values (1, :now, :state)
    on conflict (id) do update set listed_at = excluded.listed_at, listed_as = excluded.listed_as
    """
)
# How often each track was played, by everybody but the demo person.
_HEARD = text(
    """
    create temporary table heard on commit drop as
    select l.track_id, count(*)::int as plays
    from listens l
    where l.ms_played >= :shortest and l.kind = any(:kinds)
      and l.user_id not in (select id from users where role = 'demo')
    group by l.track_id
    """
)
_ANALYZE = text("analyze heard")
# New things wait from now on; known ones get their new number of plays.
_ADD = """
    insert into {facts} as f ({id}, plays, state, ask_again_at)
    select {of}, sum(h.plays)::int, 'waiting', :now
    from heard h join tracks t on t.id = h.track_id
    where t.name is not null and t.artist_id is not null and {of} is not null
    group by {of}
    on conflict ({id}) do update set plays = excluded.plays where f.plays <> excluded.plays
"""
# What nobody has played any more (an import was undone, somebody left) is not asked about.
_DROP = """
    update {facts} f set plays = 0
    where plays > 0 and not exists (select from heard h join tracks t on t.id = h.track_id where {of} = f.{id})
"""
_KINDS = (
    {"facts": "artist_facts", "id": "artist_id", "of": "t.artist_id"},
    {"facts": "album_facts", "id": "album_id", "of": "t.album_id"},
    {"facts": "track_facts", "id": "track_id", "of": "t.id"},
)
# Spotify's addresses of artists somebody saved; the demo person's are invented.
_SAVED = text(
    """
    select distinct i.name, i.uri from library_items i join users u on u.id = i.user_id
    where i.kind = 'artist' and i.name is not null and i.uri is not null and u.role <> 'demo'
    """
)
_ADDRESSES = text(
    """
    insert into artist_uris (artist_id, uri)
    select a.id, s.uri
    from unnest(cast(:keys as uuid[]), cast(:uris as text[])) as s (key, uri) join artists a on a.key = s.key
    on conflict do nothing
    """
)


def spotify_id(uri: str) -> str | None:
    """Return the id in Spotify's address of an artist, None for any other text."""
    found = _SPOTIFY_ID.match(uri)
    return found[1] if found else None


class FactList:
    """The list, brought up to date when it is old."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def refresh(self, *, now: datetime, at_once: bool = False) -> bool:
        """Bring the list up to date where listens have changed; return whether it was.

        Not more often than ``LIST_EVERY``, unless ``at_once``.
        """
        with self._db.begin() as connection:
            state = connection.execute(_STATE).scalar_one()
            row = connection.execute(_LISTED).one_or_none()
            if row is not None and row.listed_at is not None:
                recent = not at_once and timedelta(0) <= now - row.listed_at < LIST_EVERY
                if recent or row.listed_as == state:
                    return False
            _list(connection, now)
            connection.execute(_NOTE, {"now": now, "state": state})
        return True


def _list(connection: Connection, now: datetime) -> None:
    """Count plays and store them."""
    connection.execute(_HEARD, {"shortest": SHORTEST_PLAY_MS, "kinds": [int(Kind.MUSIC), int(Kind.VIDEO)]})
    connection.execute(_ANALYZE)
    for kind in _KINDS:
        connection.execute(text(_ADD.format(**kind)), {"now": now})
        connection.execute(text(_DROP.format(**kind)))
    saved = [(artist_key(name), uri) for name, uri in connection.execute(_SAVED) if spotify_id(uri)]
    if saved:
        keys, uris = [UUID(bytes=key) for key, _ in saved], [uri for _, uri in saved]
        connection.execute(_ADDRESSES, {"keys": keys, "uris": uris})
