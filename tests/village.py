"""An instance with many invented members, and what its charts hold."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select, text

from core.domain.listen import Source
from core.domain.trends import Kind
from core.repositories.chart_rows import ChartRows
from core.repositories.database import Database
from core.repositories.schema import albums, artists, listens, recordings, tracks, users
from core.services.community import Community
from core.services.events import Events

MONDAY = date(2026, 11, 16)
AGREED = datetime(2026, 11, 10, 12, tzinfo=UTC)
TUESDAY_AFTER = datetime(2026, 11, 24, 3, 23, tzinfo=UTC)
# id: (name, artist's id); 1 and 2 are editions of one recording. Radiohead and Björk are on Playprint's own map.
ARTISTS = {1: "Radiohead", 2: "Miles Davis", 3: "Nobody The Map Knows", 4: "Various Artists"}
TRACKS = {
    1: ("Creep", 1, 1),
    2: ("Creep - Remastered 2009", 1, 1),
    3: ("So What", 2, 3),
    4: ("Unheard", 3, 4),
    5: ("Lotus Flower", 1, 5),
    6: ("On a Sampler", 4, 6),
}
Row = tuple[int, str, str, int]  # rank, name, artist, listeners


@dataclass
class Village:
    """The parts of one instance; its clock stands still until a test moves it."""

    db: Database
    now: datetime = AGREED
    people: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.db.begin() as connection:
            connection.execute(insert(artists), [{"id": i, "name": n, "key": UUID(int=i)} for i, n in ARTISTS.items()])
            connection.execute(insert(albums), [{"id": 1, "artist_id": 1, "name": "Pablo Honey", "key": UUID(int=1)}])
            rows = [{"id": recording, "key": UUID(int=recording)} for recording in {t[2] for t in TRACKS.values()}]
            connection.execute(insert(recordings), rows)
            names = [
                {"id": i, "name": n, "artist_id": a, "recording_id": r, "album_id": 1 if a == 1 else None}
                for i, (n, a, r) in TRACKS.items()
            ]
            connection.execute(insert(tracks), [each | {"key": UUID(int=each["id"]), "kind": 1} for each in names])

    def community(self, **thresholds: int) -> Community:
        """Return the charts as one process has them."""
        events = Events(self.db, secret=b"for tests alone", now=lambda: self.now)
        return Community(self.db, events, now=lambda: self.now, **thresholds)

    def settle(
        self, people: int, *, since: date = date(2026, 6, 1), role: str = "member", agree: bool = True
    ) -> list[int]:
        """Add people who made their accounts on a day, and let them agree now; return their ids."""
        start = len(self.people)
        made_on = datetime(*since.timetuple()[:3], tzinfo=UTC)
        names = [f"{role} {n}" for n in range(start, start + people)]
        rows = [{"name": name, "name_key": name, "role": role, "created_at": made_on} for name in names]
        with self.db.begin() as connection:
            made = [
                int(connection.execute(insert(users).values(row).returning(users.c.id)).scalar_one()) for row in rows
            ]
        self.people += made
        if agree:
            for user_id in made:
                self.community().agree(user_id)
        return made

    def play(
        self,
        people: Iterable[int],
        track: int = 1,
        *,
        first: date = MONDAY,
        days: int = 3,
        hour: int = 12,
        times: int = 1,
        **changes: int,
    ) -> None:
        """Let people play a track at an hour (UTC) on some days, from ``first`` on."""
        rows = []
        for user_id in people:
            for day in range(days):
                for nth in range(times):
                    ended = datetime(*first.timetuple()[:3], hour, nth, track, tzinfo=UTC) + timedelta(days=day)
                    rows.append(_listen(user_id, track, ended) | changes)
        with self.db.begin() as connection:
            connection.execute(insert(listens), rows)

    def charts(self) -> dict[tuple[str, str, date], list[Row]]:
        """Return (kind, window, first day) → rows of everything stored."""
        rows, found = ChartRows(self.db), {}
        for series in rows.series():
            history = rows.history(series.id)
            things = rows.things(history.thing.tolist())
            names = {each["id"]: (each["name"], each["artist"]) for each in things.iter_rows(named=True)}
            for at, first in enumerate(history.starts):
                part = history.places(at, at)
                columns = (history.rank[part], history.thing[part], history.value[part])
                found[series.key.kind, series.key.window, first] = [
                    (rank, *names[id], value) for rank, id, value in zip(*(c.tolist() for c in columns), strict=True)
                ]
        return found

    def week(self, kind: Kind, first: date = MONDAY) -> list[Row] | None:
        """Return the rows of a week's chart, None where it was not computed."""
        return self.charts().get((kind, "week", first))

    def bytes(self) -> str:
        """Return everything the chart tables hold, as text."""
        names = ("chart_series", "chart_snapshots", "chart_things", "chart_places", "chart_sources")
        with self.db.begin() as connection:
            there = connection.execute(text("select tablename from pg_tables")).scalars().all()
            return "\n".join(
                str(sorted(connection.execute(text(f"select t::text from {name} t")).scalars().all()))
                for name in names
                if name in there
            )

    def ask(self, query: str) -> list[tuple]:
        """Return the rows of a query."""
        with self.db.begin() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def do(self, statement: str) -> None:
        """Change something behind the services' backs."""
        with self.db.begin() as connection:
            connection.execute(text(statement))


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


def demo_person(db: Database) -> int:
    """Return the id of a demo person made now."""
    with db.begin() as connection:
        made = insert(users).values(name="Demo", name_key=" demo", role="demo").returning(users.c.id)
        connection.execute(made)
        return int(connection.execute(select(users.c.id).where(users.c.role == "demo")).scalar_one())
