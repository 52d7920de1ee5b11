"""An instance with people of planted tastes who let models learn from them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy import insert, text

from core.domain.listen import Source
from core.repositories.database import Database
from core.repositories.schema import albums, artists, listens, recordings, tracks, users
from core.services.events import Events
from core.services.training import Training

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TASTES, ARTISTS = 4, 40  # artists of a taste; each has an album of two songs
VARIOUS = TASTES * ARTISTS + 1
REMASTER = 10_000  # added to the id of a song: another edition of it, on a later album


@dataclass
class Listeners:
    """The parts of one instance; its clocks stand still until a test moves them."""

    db: Database
    now: datetime = NOON
    seconds: float = 0.0
    people: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        names = {id: f"Artist {id}" for id in range(1, VARIOUS)} | {VARIOUS: "Various Artists"}
        songs = {2 * id + side: id for id in names for side in (0, 1)}
        with self.db.begin() as connection:
            connection.execute(insert(artists), [{"id": i, "name": n, "key": UUID(int=i)} for i, n in names.items()])
            made = [{"id": i, "artist_id": i, "name": f"Album {i}", "key": UUID(int=i)} for i in names]
            connection.execute(insert(albums), made)
            connection.execute(insert(recordings), [{"id": i, "key": UUID(int=i)} for i in songs])
            rows = [
                {"id": i + more, "name": f"Song {i}{' - Remastered' if more else ''}", "artist_id": a, "album_id": a}
                | {"recording_id": i, "key": UUID(int=i + more), "kind": 1, "uri": f"spotify:track:{i + more:022}"}
                for i, a in songs.items()
                for more in (0, REMASTER)
            ]
            connection.execute(insert(tracks), rows)

    def training(self, **thresholds: int) -> Training:
        """Return training as one process has it."""
        events = Events(self.db, secret=b"for tests alone", now=lambda: self.now)
        return Training(self.db, events, now=lambda: self.now, clock=lambda: self.seconds, **thresholds)

    def settle(self, people: int, *, agree: bool = True, role: str = "member") -> list[int]:
        """Add people, and let them agree; return their ids."""
        start = len(self.people)
        rows = [{"name": f"{role} {n}", "name_key": f"{role} {n}", "role": role} for n in range(start, start + people)]
        with self.db.begin() as connection:
            made = [
                int(connection.execute(insert(users).values(row).returning(users.c.id)).scalar_one()) for row in rows
            ]
        self.people += made
        for user_id in made if agree else ():
            self.training().agree(user_id)
        return made

    def village(self, people: int = 60) -> list[int]:
        """Add people of four tastes who agreed, each with 24 artists of theirs and two of all; return their ids."""
        made, generator = self.settle(people), np.random.default_rng(7)
        for nth, user_id in enumerate(made):
            low = 1 + nth % TASTES * ARTISTS
            picked = low + generator.choice(ARTISTS, 24, replace=False)
            others = generator.integers(1, VARIOUS, 2).tolist()
            for artist in dict.fromkeys([*picked.tolist(), *others]):
                self.play([user_id], 2 * artist, times=int(generator.integers(1, 9)))
                self.play([user_id], 2 * artist + 1)
        return made

    def play(self, people: Iterable[int], track: int, *, times: int = 1, hour: int = 12, **changes: int) -> None:
        """Let people play a track at an hour (UTC), so many days one after the other."""
        begin = datetime(2026, 6, 1, hour, track % 60, tzinfo=UTC)
        rows = [
            _listen(user_id, track, begin + timedelta(days=day)) | changes for user_id in people for day in range(times)
        ]
        with self.db.begin() as connection:
            connection.execute(insert(listens), rows)

    def bytes(self) -> dict[str, bytes]:
        """Return the content of all models, by kind."""
        return {kind: bytes(content) for kind, content in self.ask("select kind, content from models order by 1")}

    def items(self, kind: str = "artist") -> set[int]:
        """Return the things the model of a kind holds."""
        model = self.training().model(kind)  # type: ignore[arg-type]
        return set(model.recommender.items.tolist()) if model else set()

    def ask(self, query: str) -> list[tuple]:
        """Return the rows of a query."""
        with self.db.begin() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def do(self, statement: str) -> None:
        """Change something behind the services' backs."""
        with self.db.begin() as connection:
            connection.execute(text(statement))


def stopping(after: int) -> Callable[[], bool]:
    """Return what says at a call that it is time to stop."""
    calls = iter(range(10_000))
    return lambda: next(calls) >= after


def _listen(user_id: int, track: int, ended: datetime) -> dict[str, object]:
    """Return a stored listen of 200 s."""
    numbers = dict.fromkeys(("reason_start", "reason_end", "platform", "country", "flags"), 0)
    return numbers | {
        "user_id": user_id,
        "ended_at": ended,
        "began_at": ended - timedelta(seconds=200),
        "logged_at": ended,
        "track_id": track,
        "ms_played": 200_000,
        "import_id": 1,
        "kind": 1,
        "source": int(Source.SPOTIFY_EXPORT),
    }
