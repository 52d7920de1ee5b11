"""Trends on a real database and a real cache: every method on a full, an empty and a one-snapshot instance."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from uuid import UUID

import charted_house as house
import polars as pl
import pytest
from charted_house import MONDAY, WEEK
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert

from core.cache import Cache
from core.domain.errors import Unavailable
from core.domain.names import artist_key
from core.domain.trends import KINDS, SOURCES, WINDOWS, WORLD, ChartKey, Extra, TrendAsk
from core.repositories.chart_rows import ChartRows
from core.repositories.database import Database
from core.repositories.schema import artist_facts, artists
from core.services import trend_charts
from core.services.trends import Trends

TRACKS = TrendAsk(source="spotify", kind="track")
_names = iter(range(1_000_000))


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def full_db(another_db: Callable[[], AbstractContextManager[Database]]) -> Iterator[Database]:
    with another_db() as made:
        house.fill(ChartRows(made))
        yield made


def namespace() -> str:
    return f"trends-{os.getpid()}-{next(_names)}"


@pytest.fixture
def cache(redis_url: str) -> Iterator[Cache]:
    made = Cache(redis_url, namespace=namespace())
    yield made
    made.close()


@pytest.fixture
def full(full_db: Database, cache: Cache) -> Trends:
    return Trends(full_db, cache)


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def everything(trends: Trends, ask: TrendAsk) -> list[object]:
    """Ask every method."""
    id = ask.thing
    return [
        trends.available(),
        trends.settle(ask),
        trends.chart(ask),
        trends.courses(ask),
        trends.courses(ask, ask.ids, snapshots=3),
        trends.genres(ask),
        trends.genre_list(ask),
        trends.genre_curve("Jazz"),
        trends.genre_artists(ask, "house"),
        trends.origins(ask),
        trends.countries(ask),
        trends.place(ask, id),
        trends.thing(id),
        trends.curves(id),
        trends.related(id),
        trends.search("da"),
        trends.extra(ask, "eras"),
        trends.reference(),
        trends.health(),
    ]


def test_sources_come_in_order_and_invented_charts_hide(full: Trends) -> None:
    assert [each.info.id for each in full.available()] == ["listenbrainz", "spotify"]
    assert [series.key.region for series in full.available()[1].charts] == ["DE", "HK", WORLD]
    settled = full.settle(TrendAsk(source="demo"))
    assert settled is not None
    assert settled.info.id == "listenbrainz"


def test_invented_charts_show_until_there_are_real_ones(fresh_db: Database, cache: Cache) -> None:
    rows, clock = ChartRows(fresh_db), Clock()
    rows.store(house.demo())
    trends = Trends(fresh_db, cache, clock=clock)
    assert [each.info.id for each in trends.available()] == ["demo"]
    made_up = trends.search("made")["id"].to_list()
    assert trends.thing(made_up[0]) is not None
    rows.store(house.world())
    clock.now += 10
    assert [each.info.id for each in trends.available()] == ["listenbrainz"]
    assert trends.thing(made_up[0]) is None
    assert trends.search("made").is_empty()


def test_what_is_left_open_is_filled_in(full: Trends) -> None:
    settled = full.settle(TrendAsk())
    assert settled is not None
    assert settled.ask == TrendAsk("listenbrainz", "artist", "week", WORLD, MONDAY + 6 * WEEK)  # the last complete one
    assert (settled.until, settled.complete, settled.computed_at) == (MONDAY + 7 * WEEK, True, house.NOON)
    assert (settled.kinds, settled.windows, settled.regions) == (("artist", "genre"), ("week",), (WORLD,))
    songs = full.settle(TrendAsk(kind="track", region="HK", window="month"))
    assert songs is not None
    assert (songs.key.source, songs.key.window, songs.key.region) == ("spotify", "week", "HK")
    assert songs.regions == (WORLD, "DE", "HK")
    elsewhere = full.settle(TrendAsk(source="listenbrainz", kind="track", region="HK"))
    assert elsewhere is not None
    assert (elsewhere.key.kind, elsewhere.key.region) == ("artist", WORLD)


@pytest.mark.parametrize(
    ("day", "week"),
    [(MONDAY, 0), (date(2024, 1, 10), 1), (date(1999, 1, 1), 0), (date(2024, 2, 20), 7), (date(2100, 1, 1), 7)],
)
def test_any_day_finds_its_snapshot(full: Trends, day: date, week: int) -> None:
    settled = full.settle(TrendAsk(at=day))
    assert settled is not None
    assert settled.at == MONDAY + week * WEEK


def test_a_chart_with_its_moves(full: Trends) -> None:
    chart = full.chart(TrendAsk())
    assert chart is not None
    assert (chart.before, chart.size, chart.total) == (MONDAY + 5 * WEEK, 4, 10_000)
    found = chart.frame
    assert found["name"].to_list() == ["Daft Punk", "Björk", "Nobody Knows", "Aphex Twin"]
    assert found["previous_rank"].to_list() == [2, 3, 4, None]
    assert found["change"].to_list() == [1, 1, 1, None]
    assert found["entry"].to_list() == ["", "", "", "re-entry"]
    assert found["peak_rank"].to_list() == [1, 1, 1, 1]
    assert found["weeks_on_chart"].to_list() == [6, 6, 6, 5]
    assert found["ranks"].to_list()[0] == [2, 1, None, 4, 3, 2, 1]
    assert found["velocity"].null_count() == 1
    running = full.chart(TrendAsk(at=date(2024, 2, 20)))
    assert running is not None
    assert running.settled.complete is False
    assert running.frame["velocity"].null_count() == running.frame["burst"].null_count() == 4


def test_travelling_back_shows_what_was_known_then(full: Trends, fresh_db: Database, redis_url: str) -> None:
    ChartRows(fresh_db).store(house.world()[:3])
    early = Cache(redis_url, namespace=namespace())
    then, now = Trends(fresh_db, early).chart(TrendAsk()), full.chart(TrendAsk(at=MONDAY + 2 * WEEK))
    assert then is not None
    assert now is not None
    assert then.settled.at == now.settled.at
    assert then.frame.drop("id").equals(now.frame.drop("id"))
    early.close()


def test_courses_of_the_first_or_the_chosen(full: Trends) -> None:
    first = full.courses(TrendAsk(), n=1, snapshots=3)
    assert first.columns == ["first", "id", "name", "artist", "rank", "value"]
    assert first.select("first", "name", "rank").rows() == [
        (MONDAY + week * WEEK, "Daft Punk", rank) for week, rank in ((4, 3), (5, 2), (6, 1))
    ]
    chart = full.chart(TrendAsk())
    assert chart is not None
    ids = tuple(chart.frame["id"].to_list()[2:])
    assert set(full.courses(TrendAsk(), ids)["name"]) == {"Nobody Knows", "Aphex Twin"}


def test_genres_keep_the_unknown(full: Trends) -> None:
    shares = full.genres(TrendAsk(), snapshots=1)
    values = {"Daft Punk": 1006, "Björk": 806, "Nobody Knows": 606, "Aphex Twin": 406}
    assert shares["share"].sum() == pytest.approx(1)
    assert shares.filter(name="")["share"].to_list() == [pytest.approx(606 / sum(values.values()))]
    assert full.genres(TrendAsk())["first"].n_unique() == 7
    listed = full.genre_list(TrendAsk())
    assert listed.columns == ["name", "family", "share", "change", "artists"]
    assert listed["name"].to_list()[-1] == ""
    assert listed["change"].null_count() == 0
    assert full.genre_artists(TrendAsk(), "")["name"].to_list() == ["Nobody Knows"]
    assert "Daft Punk" in full.genre_artists(TrendAsk(), "Electronic")["name"].to_list()
    curve = full.genre_curve("Electronic")
    assert set(curve["source"]) == {"listenbrainz", "spotify"}
    assert full.genre_curve("no such genre").is_empty()


def test_genres_are_a_chart_of_their_own(full: Trends) -> None:
    chart = full.chart(TrendAsk(kind="genre"))
    assert chart is not None
    assert chart.settled.derived
    assert chart.frame["id"].to_list() == [0] * chart.size
    assert chart.frame["rank"].to_list() == list(range(1, chart.size + 1))
    assert chart.frame["name"].n_unique() == chart.size > 2
    assert not full.courses(TrendAsk(kind="genre"), n=2).is_empty()


def test_genres_given_by_people_count_unless_switched_off(fresh_db: Database, cache: Cache) -> None:
    rows = ChartRows(fresh_db)
    rows.store(house.world())
    miles = rows.thing_of("artist", "Miles Davis")
    assert miles is not None
    rows.tag({miles: ((("polka", 3), ("no such genre at all", 9)), "IS")}, now=house.NOON)
    with_tags, without = Trends(fresh_db, cache).thing(miles), Trends(fresh_db, cache, genre_tags=False).thing(miles)
    assert with_tags is not None
    assert without is not None
    assert (with_tags.genres, with_tags.country) == (("polka",), "IS")
    assert "polka" not in without.genres
    assert without.genres


def test_where_artists_come_from(full: Trends) -> None:
    found = full.origins(TrendAsk())
    assert found.columns == ["country", "share", "artists", "first"]
    assert found.filter(country="FR")["first"].to_list() == ["Daft Punk"]
    assert found.row(-1)[0] == ""
    assert found["artists"].sum() == 4


def test_countries_beside_each_other(full: Trends) -> None:
    found = full.countries(TRACKS)
    assert found.select("region", "name", "artist", "likeness", "size").rows() == [
        ("DE", "One More Time", "Daft Punk", 1.0, 3),
        ("HK", "So What", "Miles Davis", 1.0, 3),
    ]
    id = found["id"][0]
    assert full.place(TRACKS, id).select("region", "rank", "value").rows() == [
        ("DE", 1, 300),
        (WORLD, 2, 299),
        ("HK", 3, 298),
    ]
    assert full.countries(TRACKS.other(at=MONDAY))["name"].to_list() == ["So What", "Windowlicker, Live"]


def test_a_thing_and_its_life(full: Trends) -> None:
    song = full.search("one more")
    assert song.select("kind", "name", "artist", "peak_rank").rows() == [("track", "One More Time", "Daft Punk", 1)]
    thing = full.thing(song["id"][0])
    assert thing is not None
    assert (thing.kind, thing.name, thing.artist, thing.country) == ("track", "One More Time", "Daft Punk", "FR")
    assert "house" in thing.genres
    artist = full.thing(thing.artist_id or 0)
    assert artist is not None
    assert (artist.name, artist.artist_id) == ("Daft Punk", None)
    lives = {row["region"]: row for row in thing.charts.to_dicts()}
    assert lives[WORLD] == {
        "source": "spotify",
        "kind": "track",
        "window": "week",
        "region": WORLD,
        "peak_rank": 1,
        "peak_on": MONDAY,
        "weeks": 6,  # as the source tells: three are stored
        "first": MONDAY,
        "last": MONDAY + 2 * WEEK,
        "now_rank": 2,
    }
    assert full.curves(thing.id).height == 9
    kin = full.related(artist.id)
    assert kin.filter(why="Also by them")["name"].to_list() == ["One More Time"]
    assert set(kin.filter(why="On the same charts")["name"]) == set(house.ARTISTS) - {"Daft Punk"}


def test_names_are_found_however_they_are_written(full: Trends) -> None:
    assert full.search("BJÖRK", "artist")["name"].to_list() == ["Björk"]
    assert full.search("  ").is_empty()
    assert full.search("%").is_empty()
    assert full.search("\0").is_empty()


def test_what_is_not_there_is_none_or_empty(full: Trends) -> None:
    for id in (0, -5, 999_999, 2**40):
        assert full.thing(id) is None
        assert full.curves(id).is_empty()
        assert full.related(id).is_empty()
        assert full.place(TRACKS, id).is_empty()
        assert full.courses(TRACKS, (id,)).is_empty() or id <= 0 or id >= 2**31


def test_extras_of_another_window_stand_in(full: Trends) -> None:
    found = full.extra(TrendAsk(), "eras")
    assert found == house.eras()
    assert full.extra(TrendAsk(at=MONDAY), "eras") == house.eras()
    assert full.extra(TrendAsk(), "map") is None
    assert full.extra(TRACKS, "eras") is None


def test_the_reference_counts_everybody(full: Trends) -> None:
    found = full.reference()
    assert found is not None
    assert found.first == MONDAY + 6 * WEEK
    assert found.counts == {"Daft Punk": 1006, "Björk": 806, "Nobody Knows": 606, "Aphex Twin": 406}
    assert found.rest == 10_000 - sum(found.counts.values())
    assert full.reference("spotify") is None


def test_health_is_of_sources_that_are_on_or_have_data(full_db: Database, cache: Cache) -> None:
    found = {each.source: each for each in Trends(full_db, cache, enabled=("listenbrainz", "apple")).health()}
    assert set(found) == {"listenbrainz", "spotify", "apple"}
    assert (found["listenbrainz"].enabled, found["listenbrainz"].succeeded_at) == (True, house.NOON)
    assert (found["spotify"].enabled, found["apple"].checked_at) == (False, None)


def test_nothing_stored_is_nothing_shown(fresh_db: Database, cache: Cache) -> None:
    trends = Trends(fresh_db, cache)
    for found in everything(trends, TrendAsk(thing=1, ids=(1, 2))):
        assert found.is_empty() if isinstance(found, pl.DataFrame) else not found


def test_empty_answers_have_the_columns_of_full_ones(full: Trends, fresh_db: Database, redis_url: str) -> None:
    ask = TrendAsk(thing=int(full.search("One More")["id"][0]))
    other = Cache(redis_url, namespace=namespace())
    for empty, filled in zip(everything(Trends(fresh_db, other), ask), everything(full, ask), strict=True):
        if isinstance(empty, pl.DataFrame):
            assert empty.schema == filled.schema  # type: ignore[attr-defined]
    other.close()


def test_one_snapshot_is_enough(fresh_db: Database, cache: Cache) -> None:
    rows = ChartRows(fresh_db)
    rows.store(house.world(1))
    trends, miles = Trends(fresh_db, cache), rows.thing_of("artist", "Miles Davis")
    everything(trends, TrendAsk(thing=miles or 0, ids=(miles or 0,)))
    chart = trends.chart(TrendAsk())
    assert chart is not None
    assert (chart.settled.complete, chart.before, set(chart.frame["entry"])) == (False, None, {""})


asks = st.builds(
    TrendAsk,
    source=st.sampled_from(["", "nonsense", *SOURCES]),
    kind=st.sampled_from(KINDS),
    window=st.sampled_from(["", *WINDOWS]),
    region=st.sampled_from(["", WORLD, "DE", "HK", "XX", "d"]),
    at=st.none() | st.dates(),
    thing=st.integers(-1, 15) | st.sampled_from([10**9, 2**40]),
    ids=st.lists(st.integers(-1, 15), max_size=5).map(tuple),
)


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(asks)
def test_no_question_is_too_odd(full: Trends, ask: TrendAsk) -> None:
    settled = full.settle(ask)
    assert settled is not None
    again = full.settle(settled.ask)
    assert again is not None
    assert (again.series, again.at, again.key) == (settled.series, settled.at, settled.key)
    everything(full, ask)


def test_a_visitor_costs_no_query_once_answers_are_known(full_db: Database, full: Trends) -> None:
    ask = TrendAsk(thing=int(full.search("Daft")["id"][0]))
    everything(full, ask)
    with statements(full_db) as seen:
        everything(full, ask)
    assert seen == []


def test_another_process_takes_what_the_first_computed(full_db: Database, cache: Cache) -> None:
    ask = TrendAsk(thing=int(Trends(full_db, cache).search("Daft")["id"][0]))
    everything(Trends(full_db, cache), ask)
    with statements(full_db) as seen:
        everything(Trends(full_db, cache), ask)
    assert len([each for each in seen if "sum(version)" in each]) == 1
    assert len(seen) <= 2  # the version, and how sources are


def test_a_change_is_seen_within_ten_seconds(fresh_db: Database, cache: Cache) -> None:
    rows, clock = ChartRows(fresh_db), Clock()
    rows.store(house.world(3))
    trends = Trends(fresh_db, cache, clock=clock)

    def latest() -> date:
        settled = trends.settle(TrendAsk())
        assert settled is not None
        return settled.at

    assert latest() == MONDAY + WEEK
    rows.store(house.world(5))
    clock.now += 9.9
    assert latest() == MONDAY + WEEK
    clock.now += 0.1
    assert latest() == MONDAY + 3 * WEEK


def test_without_redis_it_is_slower_and_the_same(full_db: Database, full: Trends) -> None:
    ask = TrendAsk(thing=int(full.search("Daft")["id"][0]))
    alone = Trends(full_db, Cache("redis://127.0.0.1:1"))
    for here, there in zip(everything(alone, ask), everything(full, ask), strict=True):
        if isinstance(here, pl.DataFrame):
            assert here.equals(there)  # type: ignore[arg-type]
        else:
            assert type(here) is type(there)


def test_a_database_that_goes_away_leaves_what_is_known(full_db: Database, cache: Cache) -> None:
    clock, there = Clock(), [True]
    trends = Trends(full_db, cache, clock=clock)
    known = trends.chart(TrendAsk())

    def gone(*_: object) -> None:
        if not there[0]:
            raise Unavailable("PostgreSQL cannot be reached.")

    event.listen(full_db.engine, "engine_connect", gone)
    try:
        there[0] = False
        clock.now += 60
        again = trends.chart(TrendAsk())
    finally:
        event.remove(full_db.engine, "engine_connect", gone)
    assert known is not None
    assert again is not None
    assert again.frame.equals(known.frame)


def test_of_many_visitors_at_once_one_computes(
    full_db: Database, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[int] = []
    original = trend_charts.standing

    def counted(*args: object, **kwargs: object) -> pl.DataFrame:
        computed.append(1)
        return original(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(trend_charts, "standing", counted)
    trends, gate, found = Trends(full_db, cache), threading.Barrier(8), []

    def visit() -> None:
        gate.wait()
        found.append(trends.chart(TrendAsk()))

    visitors = [threading.Thread(target=visit) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert len(found) == 8
    assert computed == [1]


def test_what_is_kept_stays_within_its_room(full_db: Database, cache: Cache) -> None:
    trends = Trends(full_db, cache, memory_bytes=50_000)
    for day in range(200):
        trends.chart(TrendAsk(at=MONDAY - 4 * WEEK + day * (WEEK / 7)))
    assert trends._keeping._memory._size <= 50_000
    assert trends.chart(TrendAsk()) is not None


def test_a_chart_that_is_forgotten_is_gone(fresh_db: Database, cache: Cache) -> None:
    rows, clock = ChartRows(fresh_db), Clock()
    house.fill(rows)
    trends = Trends(fresh_db, cache, clock=clock)
    song = int(trends.search("One More")["id"][0])
    rows.forget("spotify")
    clock.now += 10
    assert [each.info.id for each in trends.available()] == ["listenbrainz"]
    assert trends.thing(song) is None
    everything(trends, TrendAsk(thing=song, ids=(song,)))


def test_charts_do_not_tell_whose_artists_are_in_somebodys_history(fresh_db: Database, cache: Cache) -> None:
    ChartRows(fresh_db).store([*house.world(), *house.tracks(WORLD)])

    def seen(tags: bool) -> list[object]:
        trends = Trends(fresh_db, cache, genre_tags=tags)
        things = [trends.thing(int(trends.search(words)["id"][0])) for words in ("Nobody Knows", "Windowlicker")]
        frames = (trends.genre_list(TrendAsk()), trends.genres(TrendAsk()), trends.origins(TrendAsk()))
        return [*((each.genres, each.country) for each in things if each), *(frame.to_dicts() for frame in frames)]

    before = [seen(tags) for tags in (True, False)]
    told = [{"name": "polka", "count": 2, "genre": True}]
    with fresh_db.begin() as connection:  # as when somebody here heard them: nobody else's artists have facts
        for name in ("Nobody Knows", "Aphex Twin"):
            made = insert(artists).values(name=name, key=UUID(bytes=artist_key(name))).returning(artists.c.id)
            id = connection.execute(made).scalar_one()
            facts = {"artist_id": id, "mbid": house.MILES, "country": "IS", "tags": told}
            state = {"state": "found", "ask_again_at": house.NOON}
            connection.execute(insert(artist_facts).values(**facts, **state))
    ChartRows(fresh_db).store([house.snapshot(ChartKey("deezer", "artist", "day"), 0, house.entry(1, "Nobody Knows"))])
    assert [seen(tags) for tags in (True, False)] == before
    for tags in (True, False):
        trends = Trends(fresh_db, cache, genre_tags=tags)
        assert "polka" not in trends.genre_list(TrendAsk(source="listenbrainz"))["name"].to_list()


def test_a_source_that_tells_ranks_alone_has_no_values_and_every_place_counts_one(
    fresh_db: Database, cache: Cache
) -> None:
    key = ChartKey("deezer", "artist", "day")
    names = ("Daft Punk", "Nobody Knows")
    ChartRows(fresh_db).store(
        [house.snapshot(key, week, *(house.entry(n + 1, name) for n, name in enumerate(names))) for week in range(5)]
    )
    trends = Trends(fresh_db, cache)
    chart = trends.chart(TrendAsk())
    assert chart is not None
    assert chart.total is None
    assert chart.frame.select("value", "velocity", "burst").null_count().row(0) == (2, 2, 2)
    assert trends.genre_list(TrendAsk()).filter(name="")["share"].to_list() == [0.5]
    assert trends.reference() is None
    genres = trends.chart(TrendAsk(kind="genre"))
    assert genres is not None
    assert genres.frame["value"].null_count() == genres.size > 0


def test_the_way_to_the_next_chart_leads_over_weeks_that_are_missing(fresh_db: Database, cache: Cache) -> None:
    key = house.streams("DE")
    made = [house.snapshot(key, week, house.entry(1, "So What", 9, "Miles Davis", peak=1, weeks=40)) for week in (0, 3)]
    ChartRows(fresh_db).store([*made, house.snapshot(key, 4, house.entry(1, "Creep", 9, "Radiohead"))])
    trends = Trends(fresh_db, cache)
    later = [
        settled.later for week in (0, 1, 3, 4) if (settled := trends.settle(TRACKS.other(at=MONDAY + week * WEEK)))
    ]
    assert later == [MONDAY + 3 * WEEK, MONDAY + 3 * WEEK, MONDAY + 4 * WEEK, None]


def test_what_a_source_tells_of_the_time_before_counts_on_pages_of_things_too(fresh_db: Database, cache: Cache) -> None:
    key = house.streams("DE")
    rows = ChartRows(fresh_db)
    rows.store([house.snapshot(key, 0, house.entry(7, "So What", 9, "Miles Davis", peak=2, weeks=40))])
    rows.store([house.snapshot(key, 1, house.entry(3, "So What", 9, "Miles Davis", peak=2, weeks=41))])
    rows.store([house.snapshot(key, 2, house.entry(2, "Creep", 9, "Radiohead", peak=1, weeks=9))])
    trends = Trends(fresh_db, cache)
    thing = trends.thing(trends.called("track", "So What", "Miles Davis") or 0)
    assert thing is not None
    assert thing.charts.select("peak_rank", "peak_on", "weeks", "now_rank").rows() == [(2, None, 41, None)]
    page = trends.chart(TRACKS.other(region="DE", at=MONDAY + WEEK))
    assert page is not None
    assert page.frame.select("peak_rank", "weeks_on_chart").rows() == [(2, 41)]


def test_who_travels_back_is_not_told_what_was_said_of_all_time_later(fresh_db: Database, cache: Cache) -> None:
    rows = ChartRows(fresh_db)
    rows.store(house.world(weeks=40))
    end = MONDAY + 39 * WEEK
    years = ({"year": 1999, "count": 5},)
    rows.store_extra(Extra("listenbrainz", "eras", "all", date(2002, 1, 1), end, house.NOON, years))
    trends = Trends(fresh_db, cache)
    opened = trends.settle(TrendAsk())
    assert opened is not None
    assert trends.extra(TrendAsk(), "eras") is not None
    assert trends.extra(opened.ask, "eras") is not None
    assert trends.extra(TrendAsk(at=end - 4 * WEEK), "eras") is not None
    assert trends.extra(TrendAsk(at=MONDAY + 3 * WEEK), "eras") is None
