"""Charts as they are stored: some hundred snapshots at a time, each whole or not at all.

Whoever stores holds one lock until the end of the transaction: things are shared by all sources, and two who met the
same new one at once would make it twice.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from operator import attrgetter

import numpy as np
import psycopg

from core.domain.trends import ChartKey, Entry, Kind, Snapshot
from core.repositories import chart_packing as pack
from core.repositories.chart_columns import Columns, check, columns, row
from core.repositories.chart_things import Found, Names, Things, keys_of, names_of

LOCK = 0x7074  # class of the advisory lock of whoever writes charts
_BATCH_SNAPSHOTS, _BATCH_ENTRIES = 500, 100_000
_RANK = attrgetter("rank")
# Charts nobody had.
_SERIES = "insert into chart_series (source, kind, per, region) values (%s, %s, %s, %s) returning id"
_SERIES_ID = "select id from chart_series where (source, kind, per, region) = (%s, %s, %s, %s)"
# What is there already of some charts' snapshots.
_THERE = """
select s.series_id, s.starts_on, s.id, s.complete, s.computed_at
from unnest(%s::int[], %s::date[]) as g (series_id, starts_on)
join chart_snapshots s on s.series_id = g.series_id and s.starts_on = g.starts_on
"""
_IDS = "select nextval('chart_snapshots_id_seq')::int from generate_series(1, %s)"
# What running charts held goes when newer ones come: their rows, and their places where these stand alone.
_REPLACED = """
with gone as (delete from chart_snapshots where id = any(%(ids)s) returning id, things)
delete from chart_places p using gone
where p.thing_id = any(gone.things) and p.snapshots = array[gone.id]
"""
RAISE = """
insert into chart_sources (source, version) values (%s, 1)
on conflict (source) do update set version = chart_sources.version + 1
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """What came of some snapshots: ``new`` ones, ``replaced`` running ones, ``kept`` as they were."""

    new: int = 0
    replaced: int = 0
    kept: int = 0

    def __add__(self, other: "Stored") -> "Stored":
        return Stored(self.new + other.new, self.replaced + other.replaced, self.kept + other.kept)


@dataclass(slots=True)
class _Waiting:
    """A snapshot on its way: its chart, the row it takes the place of (0: none), what its entries are by rank."""

    series_id: int
    snapshot: Snapshot
    replaces: int
    entries: list[Entry]
    names: list[Names]
    found: list[Found]


class ChartWriting:
    """What one transaction stores; not to be kept beyond it."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._things = Things(connection)
        self._series: dict[ChartKey, int] = {}

    def store(self, snapshots: Iterable[Snapshot]) -> Stored:
        """Store snapshots, a batch at a time; raises ``InvalidInput`` for what is no chart."""
        stored, sources = Stored(), set[str]()
        for batch in _batches(snapshots):
            self._connection.execute("select pg_advisory_xact_lock(%s, 0)", (LOCK,))
            waiting, counts = self._wanted(batch)
            self._things.forget_if_many()
            self._write(waiting)
            sources |= {each.snapshot.key.source for each in waiting}
            stored += counts
        for source in sorted(sources):
            self._connection.execute(RAISE, (source,))
        return stored

    def _wanted(self, batch: Sequence[Snapshot]) -> tuple[list[_Waiting], Stored]:
        """Return the snapshots that bring something, with the count of all."""
        series = [self._series_of(each.key) for each in batch]
        cursor = self._connection.cursor(binary=True)
        there: dict[tuple[int, date], tuple[int, bool, datetime]] = {
            (row[0], row[1]): row[2:] for row in cursor.execute(_THERE, (series, [each.first for each in batch]))
        }
        waiting, new, replaced = [], 0, 0
        for series_id, each in zip(series, batch, strict=True):
            known = there.get((series_id, each.first))
            if known is None or _better(each, known[1], known[2]):
                entries = sorted(each.entries, key=_RANK)
                names = list(map(names_of, entries))
                waiting.append(_Waiting(series_id, each, known[0] if known else 0, entries, names, []))
                new, replaced = new + (known is None), replaced + (known is not None)
        return waiting, Stored(new, replaced, len(batch) - len(waiting))

    def _series_of(self, key: ChartKey) -> int:
        """Return the id of a chart, made where it is new."""
        if key not in self._series:
            given = (key.source, key.kind, key.window, key.region)
            if not (found := self._connection.execute(_SERIES_ID, given).fetchall()):
                found = self._connection.execute(_SERIES, given).fetchall()
            self._series[key] = int(found[0][0])
        return self._series[key]

    def _write(self, waiting: Sequence[_Waiting]) -> None:
        """Write snapshots: first what stands on them, then they themselves."""
        if not waiting:
            return
        for kind in dict.fromkeys(each.snapshot.key.kind for each in waiting):
            mine = (each.names for each in waiting if each.snapshot.key.kind == kind)
            self._things.learn(kind, chain.from_iterable(mine))
        for each in waiting:
            self._place(each)
        if self._things.parted():
            for each in waiting:
                self._place(each)
        self._things.settle()
        if replaced := [each.replaces for each in waiting if each.replaces]:
            self._connection.execute(_REPLACED, {"ids": replaced})
        self._copy(waiting)

    def _place(self, waiting: _Waiting) -> None:
        """Say what stands on each place, by rank and each thing once."""
        met = self._things.met(waiting.snapshot.key.kind)
        waiting.found = [met[names] for names in waiting.names]
        if len(set(waiting.found)) < len(waiting.found):
            self._apart(waiting)

    def _apart(self, waiting: _Waiting) -> None:
        """Give different entries that are one thing things of their own, but the one it fits best."""
        kind = waiting.snapshot.key.kind
        met, places = self._things.met(kind), list(_once(kind, waiting.entries, waiting.names))
        holders: dict[Found, Names] = {}
        for _, names in sorted(places, key=lambda place: met[place[1]].strange(place[1])):
            holders.setdefault(met[names], names)
        settled: dict[Found, tuple[Entry, Names]] = {}
        for entry, names in places:
            thing = met[names]
            held = holders[thing] is names
            settled.setdefault(thing if held else self._things.apart(kind, names), (entry, names))
        waiting.entries, waiting.names = ([*column] for column in zip(*settled.values(), strict=True))
        waiting.found = list(settled)

    def _copy(self, waiting: Sequence[_Waiting]) -> None:
        """Write snapshots, and the same places by thing."""
        cursor = self._connection.cursor(binary=True)
        ids = [id for (id,) in cursor.execute(_IDS, (len(waiting),))]
        made = [columns(each.entries, [found.id for found in each.found]) for each in waiting]
        rows = [row(id, w.series_id, w.snapshot, c) for id, w, c in zip(ids, waiting, made, strict=True)]
        with cursor.copy(pack.SNAPSHOTS) as copy:
            copy.write(pack.copied(rows))
        sources = [each.snapshot.key.source for each in waiting]
        with cursor.copy(pack.PLACES) as copy:
            copy.write(pack.copied(chain(*(_by_thing(s, sources, ids, made) for s in dict.fromkeys(sources)))))


def _by_thing(source: str, sources: Sequence[str], ids: Sequence[int], made: Sequence[Columns]) -> Iterable[bytes]:
    """Return the places of one source's snapshots by thing."""
    mine = [(id, columns) for of, id, columns in zip(sources, ids, made, strict=True) if of == source]
    snapshots = np.repeat([id for id, _ in mine], [len(each.things) for _, each in mine])
    things, ranks, amounts = (
        np.concatenate([getattr(each, name) for _, each in mine]) for name in ("things", "ranks", "amounts")
    )
    return pack.places(source, things, snapshots, ranks, amounts)


def _once(kind: Kind, entries: Iterable[Entry], named: Iterable[Names]) -> Iterable[tuple[Entry, Names]]:
    """Return entries without those that are others again, further down."""
    first: dict[Hashable, tuple[Entry, Names]] = {}
    for entry, names in zip(entries, named, strict=True):
        told = entry.mbid or keys_of(kind, entry.name, entry.artist).plain
        first.setdefault((told, entry.uri), (entry, names))
    return first.values()


def _better(snapshot: Snapshot, complete: bool, computed_at: datetime) -> bool:
    """Return whether a snapshot takes the place of one that is there."""
    newer = snapshot.computed_at > computed_at or (snapshot.complete and snapshot.computed_at == computed_at)
    return newer and not complete


def _batches(snapshots: Iterable[Snapshot]) -> Iterator[list[Snapshot]]:
    """Yield snapshots, checked, some hundred at a time; none twice in one batch."""
    batch: dict[tuple[ChartKey, date], Snapshot] = {}
    entries = 0
    for snapshot in snapshots:
        check(snapshot)
        key = (snapshot.key, snapshot.first)
        if key in batch or len(batch) == _BATCH_SNAPSHOTS or entries > _BATCH_ENTRIES:
            yield list(batch.values())
            batch, entries = {}, 0
        batch[key] = snapshot
        entries += len(snapshot.entries)
    if batch:
        yield list(batch.values())
