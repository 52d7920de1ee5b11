"""Stored charts as they are read: any entries come back, each question has its own answer."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from chart_snapshots import MONDAY, NOW, WEEK, named, own_key, series_id, snap
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.domain.names import name_key
from core.domain.trends import ChartKey, Entry, Series
from core.repositories import chart_histories
from core.repositories.chart_rows import ChartRows
from core.repositories.database import Database

NAMES = st.text(min_size=1, max_size=12)
TOLD = st.none() | st.integers(1, 32_767)
ENTRIES = st.lists(
    st.builds(
        Entry,
        rank=st.integers(1, 10_000),
        name=NAMES,
        artist=NAMES | st.just(""),
        value=st.none() | st.integers(0, 2**63 - 1),
        mbid=st.none(),
        uri=st.just(""),
        previous=TOLD,
        peak=TOLD,
        weeks=TOLD,
    ),
    max_size=8,
    unique_by=lambda entry: (name_key(entry.name), name_key(entry.artist)),
)


@pytest.fixture
def rows(db: Database) -> ChartRows:
    return ChartRows(db)


@given(weeks=st.lists(ENTRIES, min_size=1, max_size=4), total=st.none() | st.integers(0, 2**63 - 1))
@example(weeks=[[], [Entry(1, "\0\ud800"), Entry(2, "\ufeff\u0130\x1f")], []], total=0)
@example(weeks=[[Entry(5, "a", value=0)], [Entry(5, "a", previous=1), Entry(9, "b", peak=2, weeks=3)]], total=None)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_stored_is_what_is_read(rows: ChartRows, weeks: list[list[Entry]], total: int | None) -> None:
    key = own_key()
    given = [
        replace(snap(key, *entries, first=MONDAY + n * WEEK, complete=n % 2 == 0), total=total)
        for n, entries in enumerate(weeks)
    ]
    rows.store(given)
    history = rows.history(series_id(rows, key))
    assert history.starts == tuple(each.first for each in given)
    assert history.ends == tuple(each.until for each in given)
    assert history.complete == tuple(each.complete for each in given)
    names = {row["id"]: (row["name"], row["artist"]) for row in rows.things(history.thing.tolist()).to_dicts()}
    for n, snapshot in enumerate(given):
        where = history.places(n, n)
        columns = (getattr(history, f"told_{name}")[where].tolist() for name in ("previous", "peak", "weeks"))
        told = zip(*columns, strict=True)
        found = zip(history.rank[where].tolist(), history.value[where].tolist(), told, strict=True)
        expected = sorted(snapshot.entries, key=lambda entry: entry.rank)
        assert list(found) == [
            (e.rank, -1 if e.value is None else e.value, (e.previous or 0, e.peak or 0, e.weeks or 0)) for e in expected
        ]
        keys = [(name_key(names[id][0]), name_key(names[id][1])) for id in history.thing[where].tolist()]
        assert keys == [(name_key(e.name), name_key(e.artist)) for e in expected]
    places = rows.of_things(sorted(names)).filter(pl.col("series_id") == series_id(rows, key))
    assert places.height == len(history.rank)
    assert sorted(places["rank"]) == sorted(history.rank.tolist())


def test_a_chart_of_ten_thousand_ranks_with_gaps(rows: ChartRows) -> None:
    key, word = own_key("artist"), named("Deep")
    entries = [Entry(rank, f"{word} {rank}", "", 10_001 - rank) for rank in range(1, 10_001) if rank % 7]
    rows.store([snap(key, *reversed(entries))])
    history = rows.history(series_id(rows, key))
    assert history.rank.tolist() == [entry.rank for entry in entries]
    assert history.value.tolist() == [entry.value for entry in entries]


@pytest.fixture
def charted(fresh_db: Database) -> tuple[ChartRows, ChartKey]:
    """Return a chart of four weeks, the second of them missing, and a song that rises on it."""
    rows, key = ChartRows(fresh_db), own_key()
    for n in (0, 2, 3, 4):
        entries = (Entry(9 - n, "Rising", "Somebody", 100 * n), Entry(10, f"Other {n}", "Else", None))
        rows.store([snap(key, *entries, first=MONDAY + n * WEEK, at=NOW + n * WEEK)])
    return rows, key


class TestEachQuestion:
    def test_what_charts_there_are(self, charted: tuple[ChartRows, ChartKey]) -> None:
        rows, key = charted
        (found,) = rows.series()
        assert found == Series(found.id, key, MONDAY, MONDAY + 4 * WEEK, 4, NOW + 4 * WEEK)

    @pytest.mark.parametrize(
        ("until", "last", "weeks"),
        [(None, None, [0, 2, 3, 4]), (None, 2, [3, 4]), (2, None, [0, 2]), (3, 2, [2, 3]), (1, 5, [0]), (-1, None, [])],
    )
    def test_through_time(
        self, charted: tuple[ChartRows, ChartKey], until: int | None, last: int | None, weeks: list[int]
    ) -> None:
        rows, key = charted
        day = None if until is None else MONDAY + until * WEEK
        history = rows.history(series_id(rows, key), until=day, last=last)
        assert [(start - MONDAY) // WEEK for start in history.starts] == weeks
        assert history.rank.tolist() == [rank for n in weeks for rank in (9 - n, 10)]

    @pytest.mark.parametrize(
        ("day", "week"), [(0, 0), (6, 0), (13, 0), (14, 2), (34, 4), (35, 4), (69, 4), (70, None), (-1, None)]
    )
    def test_on_a_day(self, charted: tuple[ChartRows, ChartKey], day: int, week: int | None) -> None:
        rows, key = charted
        chart = series_id(rows, key)
        found = rows.at([chart, chart, 999_999], MONDAY + timedelta(days=day))
        assert list(found) == ([] if week is None else [chart])
        if week is not None:
            assert found[chart].starts == (MONDAY + week * WEEK,)
            assert found[chart].snapshot.tolist() == [0, 0]

    def test_every_place_of_a_thing(self, charted: tuple[ChartRows, ChartKey]) -> None:
        rows, key = charted
        thing = rows.thing_of("track", "rising", "SOMEBODY")
        assert thing
        places = rows.of_things([thing, 999_999])
        starts = [MONDAY + n * WEEK for n in (0, 2, 3, 4)]
        expected = [
            (series_id(rows, key), s, s + WEEK, thing, 9 - n, 100 * n)
            for s, n in zip(starts, (0, 2, 3, 4), strict=True)
        ]
        assert places.rows() == expected
        other = rows.thing_of("track", "Other 2", "Else")
        assert other
        assert rows.of_things([other])["value"].to_list() == [None]
        assert rows.of_things([]).schema == places.schema

    def test_every_place_of_things_read_either_way(
        self, charted: tuple[ChartRows, ChartKey], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rows, key = charted
        rows.store([snap(replace(key, region="FR"), Entry(1, "Rising", "Somebody"), Entry(2, "Other 2", "Else"))])
        ids = rows.history(series_id(rows, key)).thing.tolist()
        one_by_one = rows.of_things(ids)
        monkeypatch.setattr(chart_histories, "_FEW", 0)
        assert rows.of_things(ids).equals(one_by_one)
        assert one_by_one.height == 10

    def test_things_nobody_knows(self, rows: ChartRows) -> None:
        assert rows.things([]).is_empty()
        assert rows.thing_of("track", named("Nobody's")) is None
        assert rows.history(999_999).starts == ()


class TestFinding:
    @pytest.fixture
    def charted(self, fresh_db: Database) -> ChartRows:
        rows, key = ChartRows(fresh_db), own_key()
        names = ("Loveless", "100% Love", "Love", "Glove", "Love", "A_B", "AxB", "Back\\slash", "Señorita")
        artists = ("One", "Two", "Three", "Four", "Five", "Love", "Seven", "Eight", "Nine")
        entries = [Entry(n + 1, name, by) for n, (name, by) in enumerate(zip(names, artists, strict=True))]
        rows.store([snap(key, *entries), snap(replace(key, kind="artist"), Entry(1, "Love"))])
        rows.store([snap(key, entries[4], first=MONDAY + WEEK)])
        return rows

    def test_just_so_before_beginning_so_before_inside_and_the_most_charted_first(self, charted: ChartRows) -> None:
        found = charted.find("LOVE", kind="track")
        assert list(zip(found["name"], found["artist"], strict=True)) == [
            ("Love", "Five"),
            ("Love", "Three"),
            ("Loveless", "One"),
            ("A_B", "Love"),
            ("Glove", "Four"),
            ("100% Love", "Two"),
        ]
        assert charted.find("love", limit=1)["kind"].to_list() == ["track"]
        assert charted.find("love", kind="artist")["name"].to_list() == ["Love"]

    @pytest.mark.parametrize(
        ("words", "names"),
        [
            ("0%", ["100% Love"]),
            ("%", ["100% Love"]),
            ("a_b", ["A_B"]),
            ("\\", ["Back\\slash"]),
            ("SEN\u0303OR", ["Señorita"]),
            ("eight back", ["Back\\slash"]),
            ("love seven", []),
            ("  ", []),
            ("\0", []),
            ("'; drop table chart_things; --", []),
        ],
    )
    def test_words_are_words(self, charted: ChartRows, words: str, names: list[str]) -> None:
        assert charted.find(words, kind="track")["name"].to_list() == names
