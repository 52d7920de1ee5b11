"""The demo's charts on real PostgreSQL: made once, extended by the week, gone as soon as a real source has any."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from core.analytics.charted import History
from core.demo import charts as simulator
from core.demo.chart_places import COUNTRIES
from core.domain.trends import COMMUNITY, DEMO, ChartKey, Entry, Series, Snapshot
from core.repositories.chart_rows import ChartRows
from core.repositories.database import Database
from core.services.demo_charts import DemoCharts

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)  # a Wednesday
RUNNING = date(2026, 11, 16)
WEEK = timedelta(days=7)
TRACKS = ChartKey(DEMO, "track", "week")
ENTRY = Entry(1, "Song", "Artist", 12)


@pytest.fixture(scope="module")
def seeded(another_db: Callable[[], AbstractContextManager[Database]]) -> Iterator[Database]:
    """Return a database of its own with the demo's charts of a moment, made by two processes at once."""
    with another_db() as db:
        with ThreadPoolExecutor() as both:
            assert sorted(both.map(lambda _: DemoCharts(db).refresh(NOW), range(2))) == [False, True]
        yield db


@pytest.fixture
def few_years(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the charts begin a few weeks ago, for what does not need years of them."""
    monkeypatch.setattr("core.demo.charts.beginning", lambda today: simulator.week_of(today) - 4 * WEEK)


def series(db: Database, key: ChartKey = TRACKS) -> Series | None:
    return next((each for each in ChartRows(db).series() if each.key == key), None)


def history(db: Database, key: ChartKey = TRACKS) -> History:
    found = series(db, key)
    assert found is not None
    return ChartRows(db).history(found.id)


def songs(db: Database, week: int) -> list[tuple[str, str, int]]:
    """Return what stands on the world's chart of a week, by place."""
    read = history(db)
    there = read.snapshot == range(len(read.starts))[week]
    things = read.thing[there].tolist()
    named = {row["id"]: row for row in ChartRows(db).things(things).iter_rows(named=True)}
    values = read.value[there].tolist()
    return [(named[id]["name"], named[id]["artist"], value) for id, value in zip(things, values, strict=True)]


def sources(db: Database) -> set[str]:
    rows = ChartRows(db)
    return {each.key.source for each in rows.series()} | {extra[0] for extra in rows.extras()}


def stand(db: Database, source: str) -> None:
    """Store a chart of another source."""
    key = ChartKey(source, "track", "week")
    ChartRows(db).store([Snapshot(key, RUNNING - WEEK, RUNNING, True, NOW, (ENTRY,))])


def test_everything_is_there_once(seeded: Database) -> None:
    stored = ChartRows(seeded).series()
    assert len(stored) == 2 * (1 + len(COUNTRIES)) + 1 + 6
    weekly = [each for each in stored if each.key.window == "week"]
    assert {each.snapshots for each in weekly} == {4 * 52 + 1}
    assert {(each.first, each.last) for each in weekly} == {(date(2022, 11, 21), RUNNING)}
    assert {name for _, name, _, _ in ChartRows(seeded).extras()} == {"activity", "eras", "map", "evolution", "fresh"}
    note = ChartRows(seeded).notes()[DEMO]
    assert note.succeeded_at == NOW


def test_the_same_again_changes_nothing(seeded: Database) -> None:
    version = ChartRows(seeded).version()
    assert not DemoCharts(seeded).refresh(NOW)
    assert not DemoCharts(seeded).refresh(NOW + timedelta(hours=3))
    assert ChartRows(seeded).version() == version


def test_what_is_stored_is_what_was_made(seeded: Database) -> None:
    from core.demo.catalogue import read_catalogue
    from core.services.demo import CATALOGUE

    made = simulator.Charts(read_catalogue(CATALOGUE)).snapshots(RUNNING - WEEK, NOW)
    whole = next(each for each in made if each.key == TRACKS)
    assert songs(seeded, -2) == [(entry.name, entry.artist, entry.value) for entry in whole.entries]


@pytest.mark.usefixtures("few_years")
def test_the_running_week_grows_and_a_week_later_there_is_one_more(fresh_db: Database) -> None:
    demo = DemoCharts(fresh_db)
    assert demo.refresh(NOW)
    before, running = history(fresh_db), songs(fresh_db, -1)
    assert demo.refresh(NOW + timedelta(days=1))
    grown = history(fresh_db)
    assert grown.starts == before.starts
    assert songs(fresh_db, -1)[0][2] > running[0][2]

    assert demo.refresh(NOW + WEEK)
    after = history(fresh_db)
    assert after.starts == (*before.starts, RUNNING + WEEK)
    assert after.complete == (True,) * 5 + (False,)
    there = before.snapshot < 4
    assert (after.value[: there.sum()] == before.value[there]).all(), "what was over stays as it was"
    assert songs(fresh_db, -2)[0][2] > songs(fresh_db, -3)[-1][2]


@pytest.mark.usefixtures("few_years")
def test_after_a_long_sleep_no_week_is_missing(fresh_db: Database) -> None:
    demo = DemoCharts(fresh_db)
    demo.refresh(NOW)
    demo.refresh(NOW + 9 * WEEK)
    starts = history(fresh_db).starts
    assert starts == tuple(RUNNING + n * WEEK for n in range(-4, 10))
    months = history(fresh_db, ChartKey(DEMO, "artist", "month"))
    assert months.starts == (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1))
    assert months.complete == (True, True, False)


@pytest.mark.usefixtures("few_years")
def test_what_was_made_by_a_clock_a_year_ahead_is_made_anew(fresh_db: Database) -> None:
    demo = DemoCharts(fresh_db)
    demo.refresh(NOW + 52 * WEEK)
    assert demo.refresh(NOW)
    assert history(fresh_db).starts == tuple(RUNNING + n * WEEK for n in range(-4, 1))
    assert not demo.refresh(NOW)
    assert not demo.refresh(NOW - timedelta(hours=20)), "a day is no wrong clock"


@pytest.mark.usefixtures("few_years")
def test_a_real_source_takes_their_place_for_good(fresh_db: Database) -> None:
    demo = DemoCharts(fresh_db)
    demo.refresh(NOW)
    stand(fresh_db, COMMUNITY)
    assert not demo.refresh(NOW)
    assert sources(fresh_db) == {DEMO, COMMUNITY}
    stand(fresh_db, "listenbrainz")
    assert demo.refresh(NOW)
    assert sources(fresh_db) == {COMMUNITY, "listenbrainz"}
    assert ChartRows(fresh_db).notes()[DEMO].message == ""
    assert not demo.refresh(NOW + WEEK)
    assert sources(fresh_db) == {COMMUNITY, "listenbrainz"}


@pytest.mark.usefixtures("few_years")
def test_a_real_source_that_comes_meanwhile_wins(fresh_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def noted(rows: ChartRows, source: str, **said: object) -> None:
        stand(fresh_db, "listenbrainz")

    monkeypatch.setattr(ChartRows, "note", noted)
    assert DemoCharts(fresh_db).refresh(NOW)
    assert sources(fresh_db) == {"listenbrainz"}


@pytest.mark.usefixtures("few_years")
def test_a_new_simulator_makes_them_anew(fresh_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    DemoCharts(fresh_db).refresh(NOW)
    before = songs(fresh_db, 0)
    made = simulator.Charts.snapshots

    def halved(charts: simulator.Charts, *asked: object, **more: object) -> Iterator[Snapshot]:
        for each in made(charts, *asked, **more):
            yield replace(each, entries=each.entries[:50])

    monkeypatch.setattr(simulator.Charts, "snapshots", halved)
    assert not DemoCharts(fresh_db).refresh(NOW)
    monkeypatch.setattr(simulator, "VERSION", simulator.VERSION + 1)
    assert DemoCharts(fresh_db).refresh(NOW)
    assert songs(fresh_db, 0) == before[:50]
    assert not DemoCharts(fresh_db).refresh(NOW)


@pytest.mark.usefixtures("few_years")
def test_what_was_cut_short_is_made_anew(fresh_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(ChartRows, "store_extra", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            DemoCharts(fresh_db).refresh(NOW)
    assert DemoCharts(fresh_db).refresh(NOW)
    assert {name for _, name, _, _ in ChartRows(fresh_db).extras()} == {"activity", "eras", "map", "evolution", "fresh"}


@pytest.mark.usefixtures("few_years")
def test_switched_off_there_is_nothing(fresh_db: Database) -> None:
    off = DemoCharts(fresh_db, enabled=False)
    assert not off.refresh(NOW)
    assert sources(fresh_db) == set()
    DemoCharts(fresh_db).refresh(NOW)
    assert off.refresh(NOW)
    assert sources(fresh_db) == set()
