"""Alice (owner), Bob (admin) and Charlie (member) on an instance of their own, Alice with something of everything."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import exports
import polars as pl
import pyarrow as pa
from filled import everything_of, fill
from sqlalchemy import delete, null, select, update

from core.bootstrap import Playprint, build
from core.domain.people import Role, Session
from core.repositories.database import Database
from core.repositories.schema import albums, artists, imports, listens, tracks, users
from core.services.importing import Upload
from core.settings import Settings

GOOD = "four words in a row"
MARK = "Alices"  # every text of Alice's begins so


@dataclass
class Stage:
    """The instance and who is on it."""

    playing: Playprint
    alice: int
    bob: int
    charlie: int
    tokens: dict[int, str]
    import_id: int

    def session(self, user_id: int) -> Session:
        found = self.playing.accounts.session(self.tokens[user_id])
        assert found is not None
        return found

    def of_alice(self) -> dict[str, list[str]]:
        """Return everything stored of Alice."""
        return everything_of(self.playing.db, self.alice)

    @cached_property
    def artist_id(self) -> int:
        return self._look(select(artists.c.id).where(artists.c.name == f"{MARK} Artist"))

    @cached_property
    def album_id(self) -> int:
        return self._look(select(albums.c.id).where(albums.c.name == f"{MARK} Album"))

    @cached_property
    def track_id(self) -> int:
        return self._look(select(tracks.c.id).where(tracks.c.name == f"{MARK} Song"))

    def _look(self, query: object) -> int:
        with self.playing.db.begin() as connection:
            return int(connection.execute(query).scalar_one())  # type: ignore[call-overload]


@contextmanager
def staged(db: Database, redis_url: str, home: Path) -> Iterator[Stage]:
    """Yield the stage on an empty database."""
    settings = Settings(home=home, demo=False, allowed_hosts="testserver", spotify_client_id="an app")
    playing = build(settings, database_url=db.url, redis_url=redis_url)
    people: list[tuple[str, Role]] = [("Alice Owner", "owner"), ("Bob Admin", "admin"), ("Charlie Member", "member")]
    tokens = {}
    for name, role in people:
        user, link = playing.accounts.add(name, role=role)
        tokens[user.id] = playing.accounts.redeem(link, password=GOOD).token
    alice, bob, charlie = tokens
    import_id = _listen(playing, alice, MARK, home)
    _listen(playing, charlie, "Charlies", home)
    fill(db, alice, mark=MARK)
    with db.begin() as connection:
        theirs = {"email": "alice@mail.example", "spotify_key": b"alice"}
        connection.execute(update(users).where(users.c.id == alice).values(**theirs))
        # What ``fill`` made and nobody can read: a listen of a track there is not, a sheet that is none.
        connection.execute(delete(listens).where(listens.c.user_id == alice, listens.c.import_id != import_id))
        filled = (imports.c.user_id == alice) & (imports.c.id != import_id)
        connection.execute(update(imports).where(filled).values(sheet=null(), status="done"))
    yield Stage(playing, alice, bob, charlie, tokens, import_id)
    playing.close()


def _listen(playing: Playprint, user_id: int, whose: str, home: Path) -> int:
    """Import three days of one artist and return the import's id."""
    rows = [
        exports.row(
            day,
            ts=f"2024-03-{day:02}T12:00:00Z",
            ms_played=200_000,
            master_metadata_track_name=f"{whose} Song",
            master_metadata_album_artist_name=f"{whose} Artist",
            master_metadata_album_album_name=f"{whose} Album",
            spotify_track_uri=f"spotify:track:{whose:0<22}",
        )
        for day in (1, 2, 3)
    ]
    path = home / f"{whose}.json"
    path.write_text(json.dumps(rows))
    import_id = playing.importing.create(user_id, label=f"{whose}.json", bytes_total=path.stat().st_size)
    upload = Upload(path, "Streaming_History_Audio_2024_0.json")
    assert playing.importing.run(user_id, import_id=import_id, uploads=[upload]).status == "done"
    return import_id


def said(answer: object) -> str:
    """Return everything an answer holds, as text."""
    if isinstance(answer, pl.DataFrame):
        return str(answer.to_dicts())
    if isinstance(answer, pa.Table):
        return str(answer.to_pylist())
    if isinstance(answer, Mapping):
        return " ".join(f"{said(key)} {said(value)}" for key, value in answer.items())
    if isinstance(answer, list | tuple | set | frozenset):
        return " ".join(map(said, cast("list[object]", answer)))
    if is_dataclass(answer) and not isinstance(answer, type):
        return " ".join(said(getattr(answer, field.name)) for field in fields(answer))
    return str(answer)
