"""ListenBrainz's statistics against its stand-in: what is asked, understood, and fails."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from asked_charts import MONDAY, NOW, SHARED, Notes, Said, asker, chart, extra, listenbrainz, now, some_music
from fakes.listenbrainz import FakeListenBrainz
from fakes.openmusic import OpenMusic

from core.asking.errors import NotNow, Refused, Trouble
from core.domain.trends import ChartKey, NotReady, Snapshot, Window
from core.trends.listenbrainz import ListenBrainzCharts


@pytest.fixture
def gate() -> Notes:
    return Notes()


@pytest.fixture
def music() -> OpenMusic:
    return some_music()


@pytest.fixture
def brainz(music: OpenMusic) -> Iterator[FakeListenBrainz]:
    with FakeListenBrainz(music, now=now) as fake:
        fake.limit = 1_000
        yield fake


class TestListenBrainz:
    def test_every_chart_comes_with_places_counts_and_ids(
        self, brainz: FakeListenBrainz, gate: Notes, music: OpenMusic
    ) -> None:
        source = listenbrainz(asker(brainz.url, gate))
        for key in source.charts():
            found = chart(source, key)
            values = [entry.value or 0 for entry in found.entries]
            assert values == sorted(values, reverse=True)
            assert values[0] > values[-1] > 0
            assert not found.complete
            assert all(entry.mbid for entry in found.entries)
        assert len(source.charts()) == 12
        artists = chart(source, ChartKey("listenbrainz", "artist", "week"))
        assert {(entry.name, entry.artist) for entry in artists.entries} == {(a.name, "") for a in music.artists}
        tracks = chart(source, ChartKey("listenbrainz", "track", "week"))
        assert ("Autobahn", "Kraftwerk") in {(entry.name, entry.artist) for entry in tracks.entries}
        albums = chart(source, ChartKey("listenbrainz", "album", "week"))
        groups = {UUID(r.group) for each in music.recordings for r in each.releases}
        assert {entry.mbid for entry in albums.entries} == groups
        assert "count=1000" in brainz.requests[0].query
        assert gate.entered == ["statistics"] * 15

    @pytest.mark.parametrize(
        ("window", "first", "until"),
        [
            ("week", MONDAY, date(2026, 11, 30)),
            ("month", date(2026, 11, 1), date(2026, 12, 1)),
            ("year", date(2026, 1, 1), date(2027, 1, 1)),
            ("all", date(2002, 1, 1), date(2026, 11, 26)),
        ],
    )
    def test_running_charts_say_their_time(
        self, window: Window, first: date, until: date, brainz: FakeListenBrainz, gate: Notes
    ) -> None:
        found = chart(listenbrainz(asker(brainz.url, gate)), ChartKey("listenbrainz", "artist", window))
        assert (found.first, found.until, found.complete) == (first, until, False)
        assert found.computed_at == datetime(2026, 11, 25, 2, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("window", "first", "until"),
        [
            ("week", MONDAY - timedelta(days=7), MONDAY),
            ("month", date(2026, 10, 1), date(2026, 11, 1)),
            ("year", date(2025, 1, 1), date(2026, 1, 1)),
        ],
    )
    def test_whole_charts_are_complete(
        self, window: Window, first: date, until: date, brainz: FakeListenBrainz, gate: Notes
    ) -> None:
        source = listenbrainz(asker(brainz.url, gate))
        found = chart(source, ChartKey("listenbrainz", "artist", window), whole=True)
        assert (found.first, found.until, found.complete) == (first, until, True)
        assert found.key in source.whole()

    def test_what_is_not_worked_out_is_not_ready(self, brainz: FakeListenBrainz, gate: Notes) -> None:
        brainz.charts.not_ready |= {"artists week", "artist-map all_time"}
        source = listenbrainz(asker(brainz.url, gate))
        assert source.fetch_whole(ChartKey("listenbrainz", "artist", "week")) == NotReady()
        assert source.fetch_extra("map", "all") == NotReady()
        assert isinstance(source.fetch(ChartKey("listenbrainz", "artist", "week")), Snapshot)

    def test_activity_ends_where_it_was_worked_out(self, brainz: FakeListenBrainz, gate: Notes) -> None:
        found = extra(listenbrainz(asker(brainz.url, gate)), "activity", "week")
        assert [row["at"][8:10] for row in found.rows] == [str(day) for day in range(16, 26)]  # the week before, too
        assert (found.first, found.until) == (date(2026, 11, 16), date(2026, 11, 30))
        assert {"at", "until", "count"} == set(found.rows[0])

    def test_eras_map_course_and_fresh_releases(self, brainz: FakeListenBrainz, gate: Notes) -> None:
        source = listenbrainz(asker(brainz.url, gate))
        assert len(source.extras()) == 11
        for name, window in source.extras():
            assert extra(source, name, window).rows
        years = [row["year"] for row in extra(source, "eras", "all").rows]
        assert years == sorted(years)
        assert {row["country"]: row["artists"] for row in extra(source, "map", "week").rows} == dict.fromkeys(
            ("US", "DE", "GB"), 1
        )
        week = extra(source, "evolution", "week")
        assert [(row["at"], row["place"]) for row in week.rows] == [("Monday", 1)] * 3 + [("Tuesday", 2)] * 3
        assert (week.first, week.until) == (MONDAY - timedelta(days=7), MONDAY)
        assert [row["at"] for row in extra(source, "evolution", "all").rows[::3]] == ["2019", "2020"]
        fresh = extra(source, "fresh", "day").rows
        assert fresh[0] | {"mbid": ""} == {
            "day": "2026-11-25",
            "artist": "Guns N’ Roses",
            "title": "Appetite",
            "type": "Album",
            "mbid": "",
        }
        assert len(fresh) == 4


class TestToleranceOfListenBrainz:
    TIME = {"from_ts": 1_795_392_000, "last_updated": 1_795_600_000, "to_ts": 1_795_600_000}

    def read(self, rows: object, key: str = "artists", kind: Any = "artist", **time: object) -> Snapshot:
        answer = {"payload": {key: rows} | self.TIME | time}
        return chart(listenbrainz(Said(answer)), ChartKey("listenbrainz", kind, "week"))

    def test_what_cannot_be_read_is_left_out_and_the_rest_moves_up(self) -> None:
        one = {"artist_name": "One", "listen_count": 9, "artist_mbid": str(UUID(int=1))}
        rows = [
            *(None, 7, {}, {"artist_name": None, "listen_count": 99}, {"artist_name": " \x00 "}, one, one),
            *({"artist_name": "Two", "listen_count": "8", "artist_mbid": "no id"}, {"artist_name": 3}),
            {"artist_name": "Three", "listen_count": -1, "artist_mbids": [str(UUID(int=3))]},
            {"artist_name": "Four", "listen_count": 5.0, "artist_mbids": [str(UUID(int=4)), str(UUID(int=5))]},
            {"artist_name": "ONE", "listen_count": 1, "artist_mbid": str(UUID(int=9))},
        ]
        found = self.read(rows).entries
        assert [(e.rank, e.name, e.value, e.mbid and e.mbid.int) for e in found] == [
            *((1, "One", 9, 1), (2, "Two", None, None), (3, "Three", None, 3), (4, "Four", 5, None), (5, "ONE", 1, 9)),
        ]

    def test_tracks_without_artist_are_left_out(self) -> None:
        rows = [{"track_name": "a", "artist_name": None}, {"track_name": "b", "artist_name": "B", "recording_mbid": ""}]
        assert [(e.name, e.artist) for e in self.read(rows, "recordings", "track").entries] == [("b", "B")]

    @pytest.mark.parametrize("rows", [[], None, 7, {}, [None], [{"listen_count": 3}]])
    def test_no_place_at_all_is_trouble(self, rows: object) -> None:
        with pytest.raises(Trouble):
            self.read(rows)

    @pytest.mark.parametrize("when", [None, "x", -5, True, 10**20, float("nan"), float("inf"), 7_000_000_000])
    def test_a_chart_of_no_time_is_trouble(self, when: object) -> None:
        with pytest.raises(Trouble):
            self.read([{"artist_name": "One"}], from_ts=when)

    @pytest.mark.parametrize("when", [None, "x", -5, 10**20, float("nan")])
    def test_without_when_it_was_worked_out_it_is_now(self, when: object) -> None:
        assert self.read([{"artist_name": "One"}], last_updated=when).computed_at == NOW

    def test_a_week_that_begins_in_another_timezone_begins_on_its_monday(self) -> None:
        assert self.read([{"artist_name": "One"}], from_ts=1_795_392_000 - 19_800).first == MONDAY

    @pytest.mark.parametrize("answer", [[], 7, "x", {}, {"payload": []}, {"payload": None}, {"payload": {}}])
    def test_any_json_is_trouble_and_nothing_else(self, answer: object) -> None:
        source = listenbrainz(Said(answer))
        with pytest.raises(Trouble):
            source.fetch(source.charts()[0])
        for name, window in source.extras():
            with pytest.raises(Trouble):
                source.fetch_extra(name, window)

    @pytest.mark.parametrize("rows", [[{}], [None, 3], [{"from_ts": "x", "year": [], "country": {}, "time_unit": {}}]])
    def test_rows_of_nonsense_are_trouble(self, rows: object) -> None:
        names = ("listening_activity", "era_activity", "artist_map", "artist_evolution_activity", "releases")
        source = listenbrainz(Said({"payload": dict.fromkeys(names, rows) | self.TIME}))
        for name, window in source.extras():
            with pytest.raises(Trouble):
                source.fetch_extra(name, window)


class TestWhatGoesWrong:
    @pytest.mark.parametrize("kind", ["server", "broken", "html", "cut", "redirect", "long"])
    def test_an_unusable_answer_is_trouble_and_asked_once(
        self, kind: Any, brainz: FakeListenBrainz, gate: Notes
    ) -> None:
        source = listenbrainz(asker(brainz.url, gate))
        brainz.break_down(kind, "statistics")
        with pytest.raises(Trouble):
            source.fetch(source.charts()[0])
        assert chart(source, source.charts()[0]).entries
        assert len(brainz.requests) == 2

    def test_an_answer_that_drips_is_given_up(
        self, brainz: FakeListenBrainz, gate: Notes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("core.asking.http.LONGEST_SECONDS", 0.05)
        source = listenbrainz(asker(brainz.url, gate))
        brainz.break_down("slow", "statistics", seconds=0.4)
        with pytest.raises(Trouble, match="too long"):
            source.fetch(source.charts()[0])

    def test_too_many_calls_close_the_gate_for_as_long_as_the_headers_say(
        self, brainz: FakeListenBrainz, gate: Notes
    ) -> None:
        source = listenbrainz(asker(brainz.url, gate))
        brainz.limit = 1
        source.fetch(source.charts()[0])
        assert gate.closed == [NOW + timedelta(seconds=11)]
        with pytest.raises(NotNow) as refused:
            source.fetch(source.charts()[1])
        assert refused.value.retry_at == NOW + timedelta(seconds=11)
        brainz.limit = 1_000
        brainz.break_down("status", "statistics", status=503, headers={"Retry-After": "3600"})
        with pytest.raises(NotNow) as refused:
            source.fetch(source.charts()[1])
        assert refused.value.retry_at == NOW + timedelta(hours=1)

    def test_a_refusal_says_so(self, brainz: FakeListenBrainz, gate: Notes) -> None:
        brainz.break_down("status", "fresh", status=401)
        with pytest.raises(Refused):
            listenbrainz(asker(brainz.url, gate)).fetch_extra("fresh", "day")


def sample(name: str) -> Any:
    path = SHARED / "fixtures" / "listenbrainz" / name
    if not path.exists():
        pytest.skip("the samples are not on this machine")
    return json.loads(path.read_text(encoding="utf-8"))


class TestSamples:
    """Real data, wrapped as the API wraps it."""

    TIME = {"from_ts": 1_795_392_000, "last_updated": 1_795_600_000, "to_ts": 1_795_600_000}

    def test_a_week_of_artists(self) -> None:
        rows = sample("sitewide_top_artists_db_data_for_api_test_week.json")["data"]
        payload = {"artists": rows, "range": "week", "offset": 0, "count": 1000, "total_artist_count": 200} | self.TIME
        found = chart(listenbrainz(Said({"payload": payload})), ChartKey("listenbrainz", "artist", "week"), whole=True)
        assert (found.entries[0].name, found.entries[0].value) == ("Clarence Clarity", 139)
        assert found.entries[1].mbid == UUID("45515fc0-28b4-4e9c-b530-47b0fc256ead")
        assert len(found.entries) == len({(row["artist_name"], row["artist_mbid"]) for row in rows})

    def test_artists_told_twice_and_artists_without_ids(self) -> None:
        twice = sample("sitewide_top_artists_db.json")
        found = chart(
            listenbrainz(Said({"payload": {"artists": twice["data"]} | self.TIME})),
            ChartKey("listenbrainz", "artist", "all"),
        )
        assert [(entry.name, entry.value) for entry in found.entries] == [("Judas Priest", 2521)]
        (spark,) = [each for each in sample("spark_sitewide_top_artists_all_time.json") if each["entity"] == "artists"]
        found = chart(
            listenbrainz(Said({"payload": {"artists": spark["data"]} | self.TIME})),
            ChartKey("listenbrainz", "artist", "all"),
        )
        assert ("Lucifer Cast, Tom Ellis", None) in {(entry.name, entry.mbid) for entry in found.entries}

    @pytest.mark.parametrize(
        ("file", "field", "name"),
        [
            ("user_listening_activity_db_data_for_api_test_week.json", "listening_activity", "activity"),
            ("user_era_activity_db_data_for_api_test_week.json", "era_activity", "eras"),
            ("user_artist_map_db_data_for_api_test_week.json", "artist_map", "map"),
            ("user_artist_evolution_activity_db_data_for_api_test_week.json", "artist_evolution_activity", "evolution"),
        ],
    )
    def test_what_is_said_beside_charts(self, file: str, field: str, name: Any) -> None:
        rows = sample(file)[0]["data"]
        found = extra(listenbrainz(Said({"payload": {field: rows} | self.TIME})), name, "week")
        counted = [row for row in rows if row.get("country", "GBR") in ("GBR", "DEU", "USA")]
        assert sum(row["count"] for row in found.rows) == sum(row["listen_count"] for row in counted)

    def test_fresh_releases(self) -> None:
        answer = sample("spark_sitewide_fresh_releases.json")
        source = ListenBrainzCharts(Said(answer), now=lambda: datetime(2022, 5, 29, 9, tzinfo=UTC), letters={})  # type: ignore[arg-type]
        found = extra(source, "fresh", "day").rows
        days = [row["day"] for row in found]
        assert days == sorted(days, reverse=True)
        assert (days[0], days[-1]) == ("2022-05-27", "2022-05-16")
        assert {row["title"] for row in found} >= {"Continuum", "dawn of infinity"}
