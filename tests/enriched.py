"""An instance whose people listened to music, stand-ins for the open sources, a clock that moves by waiting alone."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from fakes.listenbrainz import TOKEN, FakeListenBrainz
from fakes.musicbrainz import FakeMusicBrainz
from fakes.openmusic import OpenMusic
from sqlalchemy import insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from core.domain.facts import Round
from core.domain.names import album_key, artist_key, recording_key, track_key
from core.repositories.database import Database
from core.repositories.schema import albums, artists, listens, recordings, tracks, users
from core.services.enriching import Enriching, Places
from core.services.facts import Facts

_moments = itertools.count()


class Clock:
    """A clock that stands still but for waiting."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Instance:
    """One database with its stand-ins."""

    db: Database
    music: OpenMusic
    musicbrainz: FakeMusicBrainz
    listenbrainz: FakeListenBrainz
    clock: Clock = field(default_factory=Clock)

    @property
    def facts(self) -> Facts:
        return Facts(self.db)

    def enriching(self, *, token: str = TOKEN, **options: Any) -> Enriching:
        places = Places(self.musicbrainz.api_url, self.listenbrainz.url, "me@example.org", token)
        return Enriching(self.db, places, **({"now": self.clock, "sleep": self.clock.sleep} | options))

    def run(self, *, token: str = TOKEN, most: int = 5_000, **options: Any) -> Round:
        """Run a round, looking for new listens first."""
        return self.enriching(token=token, most=most).run(**({"list_now": True} | options))

    def person(self, role: str = "member") -> int:
        name = f"Person {next(_moments)}"
        with self.db.begin() as connection:
            made = insert(users).values(name=name, name_key=name.lower(), role=role).returning(users.c.id)
            return int(connection.execute(made).scalar_one())

    def play(self, user: int, artist: str, title: str, album: str = "Album", *, times: int = 1, **more: int) -> int:
        """Let somebody play something; return the track's id."""
        with self.db.begin() as connection:
            who = self._id(connection, artists, artist_key(artist), name=artist)
            on = self._id(connection, albums, album_key(artist, album), name=album, artist_id=who)
            music = self._id(connection, recordings, recording_key(artist, title))
            names = {
                "name": title,
                "artist_id": who,
                "album_id": on,
                "recording_id": music,
                "kind": more.get("kind", 1),
            }
            track = self._id(connection, tracks, track_key(None, 1, f"{artist}\x1f{album}", title), **names)
            rows = [self._listen(user, track, **more) for _ in range(times)]
            connection.execute(insert(listens), rows)
            raised = update(users).where(users.c.id == user).values(data_version=users.c.data_version + 1)
            connection.execute(raised)
        return track

    @staticmethod
    def _listen(user: int, track: int, ms_played: int = 200_000, kind: int = 1) -> dict[str, Any]:
        ended = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=next(_moments))
        blank = dict.fromkeys(("import_id", "reason_start", "reason_end", "platform", "country", "flags"), 0)
        moments = dict.fromkeys(("ended_at", "began_at", "logged_at"), ended)
        return blank | moments | {"user_id": user, "track_id": track, "ms_played": ms_played, "kind": kind, "source": 1}

    @staticmethod
    def _id(connection: Any, table: Any, key: bytes, **values: Any) -> int:
        row = upsert(table).values(key=UUID(bytes=key), **values).on_conflict_do_nothing()
        connection.execute(row)
        return int(connection.execute(select(table.c.id).where(table.c.key == UUID(bytes=key))).scalar_one())

    def id_of(self, artist: str) -> int:
        with self.db.read() as connection:
            return int(connection.execute(select(artists.c.id).where(artists.c.name == artist)).scalar_one())

    def state(self, artist: str) -> str:
        return str(self.query("select state from artist_facts where artist_id = :id", id=self.id_of(artist))[0][0])

    def query(self, statement: str, **values: Any) -> list[Any]:
        with self.db.begin() as connection:
            result = connection.execute(text(statement), values)
            return list(result.all()) if result.returns_rows else []

    def later(self, **span: float) -> None:
        self.clock.now += timedelta(**span)

    def forget_requests(self) -> None:
        self.musicbrainz.forget()
        self.listenbrainz.forget()


@contextmanager
def instance(db: Database, music: OpenMusic | None = None) -> Iterator[Instance]:
    """Open an instance on an empty database; its open sources know nothing until told."""
    clock, known = Clock(), music or OpenMusic(empty=True)
    with FakeMusicBrainz(known, now=clock) as musicbrainz, FakeListenBrainz(known, now=clock) as listenbrainz:
        listenbrainz.limit = 1_000
        yield Instance(db, known, musicbrainz, listenbrainz, clock)
