"""Writes made-up listens into a test database, the way an import does: rows, a new data version, what it changed."""

from collections.abc import Iterable
from uuid import UUID

from heard import ALBUMS, ARTISTS, REASONS, TRACKS, Heard
from sqlalchemy import delete, insert, update

from core.repositories.database import Database
from core.repositories.schema import albums, artists, data_changes, listens, reasons, recordings, tracks, users


def add_catalogue(db: Database) -> None:
    """Store the catalogue of ``heard`` with its own ids."""
    with db.begin() as connection:
        connection.execute(
            insert(artists), [{"id": i, "name": name, "key": UUID(int=i)} for i, name in ARTISTS.items()]
        )
        rows = [
            {"id": i, "name": name, "artist_id": artist, "key": UUID(int=i)} for i, (name, artist) in ALBUMS.items()
        ]
        connection.execute(insert(albums), rows)
        connection.execute(insert(recordings), [{"id": i, "key": UUID(int=i)} for i in {t[3] for t in TRACKS.values()}])
        names = ("name", "artist_id", "album_id", "recording_id")
        entries = [dict(zip(names, track, strict=True)) | {"id": i} for i, track in TRACKS.items()]
        connection.execute(
            insert(tracks), [e | {"key": UUID(int=e["id"]), "uri": f"uri:{e['id']}", "kind": 1} for e in entries]
        )
        connection.execute(insert(reasons), [{"id": i, "name": name} for i, name in REASONS.items()])


def add_person(db: Database, name: str) -> int:
    """Return the id of a new person without listens."""
    with db.begin() as connection:
        return int(
            connection.execute(insert(users).values(name=name, name_key=name).returning(users.c.id)).scalar_one()
        )


def _raise_version(db: Database, user_id: int, import_id: int | None, *statements: tuple) -> None:
    """Run statements and record a new data version, in one transaction."""
    with db.begin() as connection:
        for statement in statements:
            connection.execute(*statement)
        raised = update(users).where(users.c.id == user_id).values(data_version=users.c.data_version + 1)
        version = connection.execute(raised.returning(users.c.data_version)).scalar_one()
        connection.execute(insert(data_changes).values(user_id=user_id, version=version, import_id=import_id))


def add(db: Database, user_id: int, heard: Iterable[Heard], *, import_id: int) -> None:
    """Store listens as one import."""
    rows = [
        {
            "user_id": user_id,
            "ended_at": h.ended,
            "began_at": h.began,
            "logged_at": h.ended,
            "track_id": h.track,
            "ms_played": h.ms,
            "import_id": import_id,
            "reason_start": 0,
            "reason_end": h.reason_end,
            "platform": h.platform,
            "country": h.country,
            "kind": h.kind,
            "source": h.source,
            "flags": h.flags,
        }
        for h in heard
    ]
    _raise_version(db, user_id, import_id, *([(insert(listens), rows)] if rows else []))


def undo(db: Database, user_id: int, *, import_id: int) -> None:
    """Remove an import's listens."""
    mine = (listens.c.user_id == user_id) & (listens.c.import_id == import_id)
    _raise_version(db, user_id, None, (delete(listens).where(mine),))
