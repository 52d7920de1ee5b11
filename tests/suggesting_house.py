"""An instance whose people are suggested things: planted tastes, models, open lists, charts."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from listeners import ARTISTS, NOON, Listeners
from sqlalchemy import text

from core.cache import Cache
from core.domain.lens import Lens
from core.domain.listen import Source
from core.domain.names import album_key, artist_key, recording_key
from core.domain.recommending import DEFAULT_DIAL, Dial, Kind
from core.repositories.database import Database
from core.repositories.similar import SimilarRows
from core.services.crowd import Crowd
from core.services.feedback import Tastes
from core.services.listening import Listening
from core.services.playlists import Playlists
from core.services.recommending import Recommending, Suggested
from core.services.suggest_charts import ChartVoice
from core.services.suggest_crowd import CrowdVoice
from core.services.suggest_people import PeopleVoice
from core.services.suggest_shelf import ShelfVoice

LENS = Lens()


class SuggestingHouse:
    """The parts of one instance, as one process has them."""

    def __init__(self, db: Database, redis_url: str) -> None:
        self.db, self.people = db, Listeners(db)
        self.cache = Cache(redis_url, namespace=uuid.uuid4().hex[:12])
        self.listening = Listening(db, self.cache, memory_bytes=10**8)
        self.training, self.tastes = self.people.training(), Tastes(db)
        self.playlists, self.charts = Playlists(db, self.listening, counts_api=False), 1
        self.recommending = Recommending(
            self.listening,
            self.tastes,
            people=PeopleVoice(self.training, self.listening),
            crowd=CrowdVoice(Crowd(db)),
            charts=ChartVoice(db, lambda: self.charts),
            shelf=ShelfVoice(self.playlists),
            playlists=self.playlists,
            now=lambda: NOON,
        )
        self._keys()

    def _keys(self) -> None:
        """Give all names the keys an import gives them."""
        with self.db.begin() as connection:
            for id, name in connection.execute(text("select id, name from artists")).all():
                songs = [(2 * id + side, f"Song {2 * id + side}") for side in (0, 1)]
                for table, at, key in (
                    ("artists", id, artist_key(name)),
                    ("albums", id, album_key(name, f"Album {id}")),
                    *(("recordings", song, recording_key(name, title)) for song, title in songs),
                ):
                    statement = text(f"update {table} set key = :key where id = :id")
                    connection.execute(statement, {"key": UUID(bytes=key), "id": at})

    def someone(self, artists: Iterable[int] = (), *, times: int = 3, agrees: bool = False) -> int:
        """Return a new person who played the songs of some artists."""
        [user_id] = self.people.settle(1, agree=False)
        for artist in artists:
            self.hear(user_id, 2 * artist, times=times)
        if agrees:
            self.training.agree(user_id)
        return user_id

    def hear(
        self, user_id: int, track: int, *, times: int = 1, hour: int = 12, source: Source = Source.SPOTIFY_EXPORT
    ) -> None:
        """Let somebody play a track, as a later import tells of it."""
        self.people.play([user_id], track, times=times, hour=hour, source=int(source))
        with self.db.begin() as connection:
            raised = text("update users set data_version = data_version + 1 where id = :id returning data_version")
            version = connection.execute(raised, {"id": user_id}).scalar_one()
            noted = text("insert into data_changes (user_id, version, import_id) values (:id, :version, null)")
            connection.execute(noted, {"id": user_id, "version": version})

    def told(self, lists: dict[int, dict[int, int]], listeners: dict[int, int] | None = None) -> None:
        """Store open lists: for artists (by id) whom others play beside them, with scores; ids are the same there."""
        rows, again = SimilarRows(self.db), NOON + timedelta(days=30)
        with self.db.begin() as connection:
            for id in lists:
                fact = "insert into artist_facts (artist_id, mbid, state, ask_again_at) values (:id, :m, 'found', :at)"
                connection.execute(text(f"{fact} on conflict do nothing"), {"id": id, "m": UUID(int=id), "at": again})
        for id, others in lists.items():
            found = [(UUID(int=other), f"Artist {other}", score) for other, score in others.items()]
            rows.keep(UUID(int=id), "found", found, now=datetime.now(UTC), again=again)
        rows.keep_listeners({UUID(int=id): count for id, count in (listeners or {}).items()}, now=datetime.now(UTC))

    def ask(
        self, user_id: int, *, kind: Kind = "artist", dial: Dial = DEFAULT_DIAL, lens: Lens = LENS, n: int = 10
    ) -> Suggested:
        """Return what somebody is suggested."""
        return self.recommending.suggest(user_id, kind=kind, dial=dial, lens=lens, n=n)

    def names(self, user_id: int, *, kind: Kind = "artist", lens: Lens = LENS, n: int = 10) -> list[str]:
        """Return the names of what somebody is suggested."""
        return [each.name for each in self.ask(user_id, kind=kind, lens=lens, n=n).items]


def taste(number: int) -> range:
    """Return the artists of a planted taste."""
    return range(1 + number * ARTISTS, 1 + (number + 1) * ARTISTS)
