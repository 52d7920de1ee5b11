"""What surrounds stored charts: versions, extras, genres, forgetting, and several who store at once."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from chart_snapshots import MONDAY, NOW, WEEK, named, number, own_key, series_id, snap, standing
from sqlalchemy import text

from core.domain.errors import Unavailable
from core.domain.trends import ChartKey, Entry, Extra, Snapshot
from core.repositories.chart_rows import ChartRows, Noted, Stored
from core.repositories.database import Database
from core.repositories.schema import metadata


@pytest.fixture
def rows(db: Database) -> ChartRows:
    return ChartRows(db)


@pytest.fixture
def key() -> ChartKey:
    return own_key()


def extra_of(source: str, n: int = 0) -> Extra:
    """Return a map of the week ``n``."""
    first = MONDAY + n * WEEK
    row = {"country": "DE", "artists": 3 + n, "count": 2**40, "mbid": UUID(int=7), "name": "a\0\ud800b", "none": None}
    return Extra(source, "map", "week", first, first + WEEK, NOW + n * WEEK, (row,))


def test_every_change_raises_the_version_and_a_note_does_not(rows: ChartRows, key: ChartKey) -> None:
    mbid = UUID(int=number())
    seen = [rows.version()]
    rows.store([snap(key, Entry(1, named("Grows"), mbid=mbid), complete=False)])
    seen.append(rows.version())
    rows.store([snap(key, Entry(1, named("Grows"), mbid=mbid), at=NOW + WEEK)])
    seen.append(rows.version())
    rows.store_extra(extra_of(key.source))
    seen.append(rows.version())
    rows.tag({standing(rows, key)[0]: ([("rock", 3)], "SE")}, now=NOW)
    seen.append(rows.version())
    rows.forget(key.source)
    seen.append(rows.version())
    assert seen == sorted(set(seen))
    rows.note(key.source, ok=True, now=NOW)
    rows.store_extra(replace(extra_of(key.source), computed_at=NOW))
    rows.store_extra(replace(extra_of(key.source), computed_at=NOW - WEEK))
    assert rows.version() == seen[-1] + 1


def test_a_source_says_how_it_is(rows: ChartRows, key: ChartKey) -> None:
    rows.note(key.source, ok=True, message="fine", now=NOW)
    rows.note(key.source, ok=False, message="gone\0", now=NOW + WEEK)
    assert rows.notes()[key.source] == Noted(NOW + WEEK, NOW, "gone")


def test_the_newest_extra_up_to_a_day(rows: ChartRows, key: ChartKey) -> None:
    for n in (2, 0):
        rows.store_extra(extra_of(key.source, n))
    found = rows.extra(key.source, "map", "week")
    assert found
    assert (found.first, found.until, found.computed_at) == (MONDAY + 2 * WEEK, MONDAY + 3 * WEEK, NOW + 2 * WEEK)
    row = {"country": "DE", "artists": 5, "count": 2**40, "mbid": str(UUID(int=7)), "name": "a\ufffdb", "none": None}
    assert found.rows == (row,)
    earlier = rows.extra(key.source, "map", "week", at=MONDAY + WEEK)
    assert earlier
    assert earlier.rows[0]["artists"] == 3
    assert rows.extra(key.source, "map", "week", at=MONDAY - WEEK) is None
    assert rows.extra(key.source, "map", "year") is None
    assert (key.source, "map", "week", NOW + 2 * WEEK) in rows.extras()


def test_genres_are_asked_for_once(fresh_db: Database, key: ChartKey) -> None:
    rows, ids = ChartRows(fresh_db), [UUID(int=n) for n in (1, 2, 3)]
    entries = (*(Entry(n + 1, f"Artist {n}", mbid=id) for n, id in enumerate(ids)), Entry(9, "Nobody"))
    of_artists = replace(key, kind="artist")
    rows.store([snap(of_artists, *entries)])
    rows.store([snap(of_artists, entries[2], first=MONDAY + WEEK)])
    (most, first), *_ = rows.untagged("artist", limit=10)
    assert (first, len(rows.untagged("artist", limit=2)), rows.untagged("track", limit=9)) == (ids[2], 2, [])
    rows.tag({most: ([("indie rock", 5), ('q"uote', 1)], "IS")}, now=NOW)
    (other, _), _ = rows.untagged("artist", limit=10)
    rows.tag({other: ((), None)}, now=NOW)
    assert len(rows.untagged("artist", limit=10)) == 1
    found = rows.things([most, other]).sort("mbid", descending=True)
    assert found["country"].to_list() == ["IS", None]
    assert found["tags"].to_list() == ['[["indie rock", 5], ["q\\"uote", 1]]', "[]"]


def test_forgetting_a_source_leaves_nothing_of_it_and_all_of_the_others(fresh_db: Database, key: ChartKey) -> None:
    rows, other = ChartRows(fresh_db), replace(key, source="other")
    shared, own, their = (Entry(n, named("Song")) for n in (1, 2, 3))
    rows.store([snap(key, shared, own), snap(other, shared, their)])
    for source in (key.source, "other"):
        rows.store_extra(extra_of(source))
        rows.note(source, ok=True, message="fine", now=NOW)
    before = rows.history(series_id(rows, other)).thing.tolist()
    rows.forget(key.source)
    assert [each.key for each in rows.series()] == [other]
    assert rows.history(series_id(rows, other)).thing.tolist() == before
    assert rows.things(before)["name"].to_list() == [shared.name, their.name]
    assert rows.of_things(before).height == 2
    assert rows.thing_of("track", own.name) is None
    assert rows.extras() == [("other", "map", "week", NOW)]
    with fresh_db.read() as connection:
        for table in metadata.sorted_tables:
            if table.name.startswith("chart_") and table.name != "chart_sources":
                assert key.source not in str(connection.execute(table.select()).all()), table.name
    assert rows.notes()[key.source] == Noted(None, None, "")
    rows.forget("never there")


def test_places_of_replaced_charts_do_not_pile_up(fresh_db: Database, key: ChartKey) -> None:
    rows = ChartRows(fresh_db)
    for n in range(5):
        entries = (Entry(1, "Stays"), Entry(2, f"Day {n}"))
        rows.store([snap(key, *entries, complete=False, at=NOW + n * timedelta(days=1))])
    with fresh_db.read() as connection:
        assert connection.execute(text("select count(*) from chart_places")).scalar_one() == 2


def test_a_database_lost_in_the_middle_is_told_and_nothing_is_stored(fresh_db: Database, key: ChartKey) -> None:
    rows = ChartRows(fresh_db)

    def lost() -> Iterator[Snapshot]:
        for n in range(600):
            yield snap(key, Entry(1, "Song"), first=MONDAY + n * WEEK)
        others = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
        with fresh_db.driver() as connection:
            connection.execute(f"{others} and pid <> pg_backend_pid()")

    with pytest.raises(Unavailable):
        rows.store(lost())
    assert rows.series() == []
    assert rows.store([snap(key, Entry(1, "Song"))]) == Stored(new=1)


def together(count: int, each: Callable[[int], object]) -> list[object]:
    """Run ``each(n)`` in ``count`` threads that begin at the same moment; return what comes of it."""
    start, work = threading.Barrier(count), list[object]()

    def run(n: int) -> None:
        start.wait()
        try:
            work.append(each(n))
        except Exception as error:
            work.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return work


def test_two_who_store_the_same_at_once_store_it_once(db: Database, key: ChartKey) -> None:
    word, ids = named("Race"), [UUID(int=number()) for _ in range(300)]
    weeks = [
        snap(key, *(Entry(k + 1, f"{word} {k}", mbid=ids[k]) for k in range(n % 7, 300)), first=MONDAY + n * WEEK)
        for n in range(20)
    ]
    done = together(4, lambda n: ChartRows(db).store(weeks if n % 2 else weeks[::-1]))
    assert sorted(map(str, done)) == sorted(map(str, [Stored(new=20), *[Stored(kept=20)] * 3]))
    rows = ChartRows(db)
    things = set(rows.history(series_id(rows, key)).thing.tolist())
    assert len(things) == 300
    assert len(rows.of_things(list(things))) == sum(len(week.entries) for week in weeks)


def test_sources_that_meet_the_same_new_things_at_once_share_them(db: Database, key: ChartKey) -> None:
    entries = [Entry(n + 1, named("Meet"), mbid=UUID(int=number())) for n in range(200)]
    keys = [replace(key, region=region) for region in ("DE", "FR", "IT", "ES")]

    def store(n: int) -> Stored:
        own = [entry._replace(name=f"{entry.name} {n}") for entry in entries]  # known by their ids alone
        return ChartRows(db).store([snap(keys[n], *own), snap(keys[n], *own[::-1], first=MONDAY + WEEK)])

    assert together(4, store) == [Stored(new=2)] * 4
    rows = ChartRows(db)
    assert len({tuple(standing(rows, each)) for each in keys}) == 1
