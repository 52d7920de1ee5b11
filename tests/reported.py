"""Plays as Spotify's API reports them, stored the way the sync does."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from core.repositories.database import Database
from core.repositories.listens import Listens
from core.services.plays import ApiPlay, store_plays

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)


def connect(db: Database, user_id: int) -> str:
    """Return the epoch of a new connection of a person."""
    statement = """
        insert into spotify_connections (user_id, scopes, tokens, terms_version, authorized_at)
        values (%s, '', '', '', now()) returning epoch::text
    """
    with db.driver() as connection:
        row = connection.execute(statement, (user_id,)).fetchone()
    assert row is not None
    return str(row[0])


def play(number: int = 0, *, late: float = 0.0, **changes: Any) -> ApiPlay:
    """Return the report of the play that ``exports.row`` makes of the same number, ``late`` seconds after its end."""
    facts: dict[str, Any] = {
        "uri": f"spotify:track:{number:022d}",
        "name": f"Track {number}",
        "artist": "Artist",
        "album": "Album",
        "played_at": NOON + timedelta(minutes=5 * number, seconds=late),
        "duration_ms": 200_000,
    }
    return ApiPlay(**facts | changes)


def poll(db: Database, user_id: int, plays: Iterable[ApiPlay], *, epoch: str | None = None) -> int:
    """Store the plays of one poll; return how many new listens there are."""
    epoch = epoch_of(db, user_id) if epoch is None else epoch
    return store_plays(Listens(db), user_id, epoch=epoch, plays=list(plays))


def epoch_of(db: Database, user_id: int) -> str:
    """Return the epoch of a person's connection, made where there is none."""
    with db.driver() as connection:
        row = connection.execute("select epoch::text from spotify_connections where user_id = %s", (user_id,))
        found = row.fetchone()
    return str(found[0]) if found else connect(db, user_id)
