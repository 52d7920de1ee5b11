"""The charts of an instance's own members: who agrees to count, and the weeks and months that are over."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta

import numpy as np

from core.analytics.community import (
    Ints,
    Place,
    Stretch,
    due,
    gathered,
    hidden_quarters,
    published,
)
from core.domain.errors import NotFound
from core.domain.names import is_various, name_key, recording_title
from core.domain.trends import COMMUNITY, ChartKey, Entry, Kind, Snapshot
from core.logs import logger
from core.repositories.chart_rows import ChartRows
from core.repositories.community import CommunityRows, Named
from core.repositories.database import Database
from core.repositories.locks import Work, trying_alone
from core.services.events import Events
from core.services.genre_map import read_artists, read_tree

_UNIT = "\x1f"  # between the parts of a key, as no name has it
log = logger(__name__)


class Community:
    """The members' charts; no method of it tells one person about another."""

    def __init__(
        self,
        db: Database,
        events: Events,
        *,
        listeners: int = 10,
        members: int = 50,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``listeners``: fewest behind a row; ``members``: fewest active ones behind a chart."""
        self._db, self._events, self._now = db, events, now
        self._rows, self._charts = CommunityRows(db), ChartRows(db)
        self.listeners, self.members = listeners, members

    def standing(self, user_id: int) -> datetime | None:
        """Return since when a person agrees to count, None where they do not."""
        return self._rows.since(user_id)

    def agree(self, user_id: int, *, address: str = "") -> None:
        """Let a person count from the next week and month on; who agrees already goes on as before.

        Raises:
            NotFound: there is no such person, or it is the demo's.
        """
        if self._rows.agree(user_id, now=self._now()):
            self._events.note(user_id, "community-joined", place=address)
        elif self._rows.since(user_id) is None:
            raise NotFound("There is no such profile; sign in again.")

    def leave(self, user_id: int, *, address: str = "") -> None:
        """Let a person count no more, from the next computing on; what is published holds rounded numbers alone."""
        if self._rows.leave(user_id):
            self._events.note(user_id, "community-left", place=address)

    def run(self, *, stop: Callable[[], bool] = lambda: False) -> int:
        """Compute every week and month that is due, each once for ever, and return how many.

        Of several processes that ask at once, one computes; the others do nothing.

        Raises:
            Unavailable: PostgreSQL cannot be reached.
        """
        with trying_alone(self._db, Work.COMMUNITY) as mine:
            stretches = self._due() if mine else []
            for nth, stretch in enumerate(stretches):
                self._note(done=datetime.combine(stretch.due, time(), UTC) - timedelta(days=1))
                if stop():
                    return nth
                self._store(list(self._snapshots(stretch)))
                log.info("community.computed", per=stretch.per, first=stretch.first.isoformat())
            if stretches:
                self._note(done=self._now())
            return len(stretches)

    def _due(self) -> list[Stretch]:
        """Return what is to be computed; nothing before the first consent that stands."""
        since, noted = self._rows.first(), self._charts.notes().get(COMMUNITY)
        done = noted.succeeded_at.astimezone(UTC).date() if noted and noted.succeeded_at else None
        return due(since, done=done, today=self._now().astimezone(UTC).date()) if since else []

    def _note(self, *, done: datetime) -> None:
        """Keep that everything due up to a moment is computed: what was hidden then stays hidden."""
        self._charts.note(COMMUNITY, ok=True, now=done)

    def _store(self, snapshots: list[Snapshot]) -> None:
        """Store the charts of a stretch, the empty ones beside others too; of a stretch with nothing to show nothing.

        A source that shows nothing must not take the place of one that does.
        """
        if any(snapshot.entries for snapshot in snapshots):
            self._charts.store(snapshots)

    def _snapshots(self, stretch: Stretch) -> Iterator[Snapshot]:
        """Yield the charts of artists, tracks and genres of a stretch, empty ones too."""
        hidden = [
            (user_id, quarter)
            for user_id, zone, hours in self._rows.hours(stretch.begins)
            for quarter in hidden_quarters(zone, hours, stretch)
        ]
        counted = self._rows.plays(stretch.begins, stretch.ends, hidden=hidden)
        active = len(np.unique(counted.member))
        ids, place = np.unique(counted.track, return_inverse=True)
        tables = _tables(ids.tolist(), self._rows.tracks(ids.tolist()))
        for kind, table in tables.items():
            plays = gathered(counted.member, table.of_track[place], counted.plays)
            rows = published(
                plays, table.keys, active=active, members=self.members, k=self.listeners, few_rows=kind == "genre"
            )
            yield self._snapshot(stretch, kind, [table.entry(row) for row in rows])

    def _snapshot(self, stretch: Stretch, kind: Kind, entries: list[Entry]) -> Snapshot:
        return Snapshot(
            ChartKey(COMMUNITY, kind, stretch.per),
            stretch.first,
            stretch.until,
            complete=True,
            computed_at=self._now(),
            entries=tuple(entries),
        )


class _Things:
    """What tracks stand for in one kind of chart: things by key, each named as its first track names it."""

    def __init__(self, tracks: int) -> None:
        self.of_track: Ints = np.full(tracks, -1, dtype=np.int64)
        self.keys: list[str] = []
        self._names: list[tuple[str, str]] = []
        self._known: dict[str, int] = {}

    def add(self, track: int, name: str, artist: str = "") -> None:
        """Let a track stand for the thing of this name; a blank name is nothing."""
        if not name:
            return
        key = f"{name_key(name)}{_UNIT}{name_key(artist)}"
        if key not in self._known:
            self._known[key] = len(self.keys)
            self.keys.append(key)
            self._names.append((name, artist))
        self.of_track[track] = self._known[key]

    def entry(self, row: Place) -> Entry:
        """Return a published row as an entry of a chart."""
        name, artist = self._names[row.thing]
        return Entry(row.rank, name, artist, row.listeners)


def _tables(ids: list[int], tracks: list[Named]) -> dict[Kind, _Things]:
    """Return what tracks stand for, by kind: ids are theirs, ascending."""
    found: dict[Kind, _Things] = {"artist": _Things(len(ids)), "track": _Things(len(ids)), "genre": _Things(len(ids))}
    place = {id: at for at, id in enumerate(ids)}
    for track in tracks:
        artist = track.first if is_various(track.artist) else track.artist
        if artist:
            found["artist"].add(place[track.id], artist)
            found["track"].add(place[track.id], recording_title(track.title), artist)
            found["genre"].add(place[track.id], _family(artist))
    return found


def _family(artist: str) -> str:
    """Return the family of an artist's main genre as Playprint's own map knows it, blank where it does not."""
    shipped, tree = read_artists().get(name_key(artist)), read_tree()
    return tree.families[int(tree.family[shipped.genres[0]])] if shipped and shipped.genres else ""
