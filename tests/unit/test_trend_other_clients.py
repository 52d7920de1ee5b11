"""Last.fm, Deezer and Apple Music against their stand-ins: what is asked, understood, and fails; no key is seen."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from asked_charts import MONDAY, NOW, SHARED, Notes, Said, asker, chart, lastfm, now, some_music
from fakes.apple import FakeApple
from fakes.deezer import FakeDeezer
from fakes.lastfm import KEY, FakeLastfm

from core.asking.errors import NotNow, Refused, Trouble
from core.domain.trends import ChartKey, NotReady
from core.trends.apple import Apple
from core.trends.deezer import Deezer


@pytest.fixture
def gate() -> Notes:
    return Notes()


@pytest.fixture
def fm() -> Iterator[FakeLastfm]:
    with FakeLastfm(some_music(), now=now) as fake:
        yield fake


@pytest.fixture
def deezer() -> Iterator[FakeDeezer]:
    with FakeDeezer(some_music(), now=now) as fake:
        yield fake


@pytest.fixture
def apple() -> Iterator[FakeApple]:
    with FakeApple(some_music(), now=now) as fake:
        yield fake


WORLD, GERMANY = ChartKey("lastfm", "artist", "week"), ChartKey("lastfm", "track", "week", "DE")


class TestLastfm:
    def test_the_world_has_listeners_and_countries_have_ranks_alone(self, fm: FakeLastfm, gate: Notes) -> None:
        source = lastfm(asker(fm.url, gate), gate)
        world = chart(source, WORLD)
        assert {entry.name for entry in world.entries} == {"Guns N’ Roses", "Kraftwerk", "Portishead"}
        assert [entry.value for entry in world.entries] == [4_000_000, 3_999_999, 3_999_998]
        assert all(entry.mbid for entry in world.entries)
        assert (world.first, world.complete, world.computed_at) == (MONDAY, False, NOW)
        there = chart(source, GERMANY)
        assert ("Autobahn", "Kraftwerk") in {(entry.name, entry.artist) for entry in there.entries}
        assert {(entry.value, entry.mbid) for entry in there.entries} == {(None, None)}
        assert gate.entered == ["chart", "geo"]

    def test_what_is_asked(self, fm: FakeLastfm, gate: Notes) -> None:
        source = lastfm(asker(fm.url, gate), gate)
        assert len(source.charts()) == 3 + 2 * 3
        assert (source.whole(), source.extras()) == ((), ())
        source.fetch(ChartKey("lastfm", "artist", "week", "KR"))
        assert "country=Korea%2C+Republic+of" in fm.requests[0].query
        assert source.fetch(ChartKey("lastfm", "artist", "week", "XX")) == NotReady(), "a country it does not know"

    def test_tags_that_name_no_music_are_left_out(self, fm: FakeLastfm, gate: Notes) -> None:
        found = chart(lastfm(asker(fm.url, gate), gate), ChartKey("lastfm", "genre", "week"))
        assert [(entry.rank, entry.name) for entry in found.entries] == [(1, "rock"), (2, "electronic")]

    def test_a_single_place_is_no_list(self, fm: FakeLastfm, gate: Notes) -> None:
        fm.places = 1
        assert len(chart(lastfm(asker(fm.url, gate), gate), WORLD).entries) == 1

    def test_too_many_questions_close_the_gate(self, fm: FakeLastfm, gate: Notes) -> None:
        fm.error = 29
        with pytest.raises(NotNow) as refused:
            lastfm(asker(fm.url, gate), gate).fetch(WORLD)
        assert gate.closed == [refused.value.retry_at]

    @pytest.mark.parametrize(
        ("number", "kind"), [(26, Refused), (10, Refused), (8, Trouble), (11, Trouble), (3, Trouble)]
    )
    def test_errors_come_as_good_answers(self, number: int, kind: type[Exception], fm: FakeLastfm, gate: Notes) -> None:
        fm.error = number
        with pytest.raises(kind) as error:
            lastfm(asker(fm.url, gate), gate).fetch(WORLD)
        assert KEY not in str(error.value)

    def test_a_wrong_key_is_refused(self, fm: FakeLastfm, gate: Notes) -> None:
        with pytest.raises(Refused):
            lastfm(asker(fm.url, gate), gate, key="wrong").fetch(WORLD)

    @pytest.mark.parametrize("kind", ["server", "broken", "html", "cut", "redirect", "status"])
    def test_the_key_is_in_no_error_log_or_name(
        self, kind: Any, fm: FakeLastfm, gate: Notes, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        caplog.set_level(logging.WARNING, logger="urllib3")  # as core.logs has it, whatever the level
        source = lastfm(asker(fm.url, gate), gate)
        fm.break_down(kind, status=403)
        with pytest.raises(Trouble) as error:
            source.fetch(WORLD)
        assert f"api_key={KEY}" in fm.requests[0].query, "it was sent"
        logged = [each.getMessage() for each in caplog.records if not each.name.startswith("uvicorn")]  # the stand-in's
        shown = [repr(source), str(source), str(error.value), repr(error.value), *logged]
        assert not any(KEY in each for each in shown)
        assert error.value.__cause__ is None
        with pytest.raises(Trouble) as error:
            lastfm(asker("http://127.0.0.1:9", gate), gate).fetch(WORLD)
        assert KEY not in str(error.value)

    @pytest.mark.parametrize(
        "answer",
        [[], 7, "x", {}, {"artists": None}, {"artists": {"artist": [None, {"name": 3}]}}, {"error": "x"}],
    )
    def test_any_json_is_trouble_and_nothing_else(self, answer: object, gate: Notes) -> None:
        with pytest.raises(Trouble):
            lastfm(Said(answer), gate).fetch(WORLD)

    def test_odd_numbers_are_none(self, gate: Notes) -> None:
        rows = [
            {"name": str(at), "listeners": told} for at, told in enumerate(["12", 12, "", "-3", "1e5", None, "٣", []])
        ]
        found = chart(lastfm(Said({"artists": {"artist": rows}}), gate), WORLD)
        assert [entry.value for entry in found.entries] == [12, 12, None, None, None, None, None, None]

    @pytest.mark.parametrize(
        ("file", "kind", "first"),
        [
            ("chart.getTopArtists_2016.json", "artist", ("David Bowie", "", 4116353)),
            ("chart.getTopTracks_2014_one_track.json", "track", ("Happy", "Pharrell Williams", 51531)),
        ],
    )
    def test_samples(self, file: str, kind: Any, first: tuple[str, str, int], gate: Notes) -> None:
        path = SHARED / "fixtures" / "lastfm" / file
        if not path.exists():
            pytest.skip("the samples are not on this machine")
        found = chart(lastfm(Said(json.loads(path.read_text())), gate), ChartKey("lastfm", kind, "week")).entries
        assert (found[0].name, found[0].artist, found[0].value) == first


class TestDeezer:
    def test_charts_of_today_have_ranks_alone(self, deezer: FakeDeezer, gate: Notes) -> None:
        source = Deezer(asker(deezer.url, gate), gate, now=now)
        found = [chart(source, key) for key in source.charts()]
        assert [(each.key.kind, len(each.entries)) for each in found] == [("artist", 3), ("track", 4), ("album", 3)]
        assert all((each.first, each.complete) == (NOW.date(), True) for each in found)
        assert {entry.value for each in found for entry in each.entries} == {None}
        assert (found[1].entries[0].name, found[1].entries[0].artist) == ("Sweet Child", "Guns N’ Roses")

    @pytest.mark.parametrize(("number", "kind"), [(4, NotNow), (700, Trouble)])
    def test_errors_come_as_good_answers(
        self, number: int, kind: type[Exception], deezer: FakeDeezer, gate: Notes
    ) -> None:
        deezer.error = number
        source = Deezer(asker(deezer.url, gate), gate, now=now)
        with pytest.raises(kind):
            source.fetch(source.charts()[0])
        assert bool(gate.closed) == (number == 4)

    @pytest.mark.parametrize("answer", [[], 7, {}, {"data": 3}, {"data": [{}]}, {"data": [{"name": None}]}])
    def test_any_json_is_trouble_and_nothing_else(self, answer: object, gate: Notes) -> None:
        source = Deezer(Said(answer), gate, now=now)  # type: ignore[arg-type]
        with pytest.raises(Trouble):
            source.fetch(source.charts()[0])


class TestApple:
    def test_charts_by_country_have_ranks_alone(self, apple: FakeApple, gate: Notes) -> None:
        source = Apple(asker(apple.url, gate), countries=["DE", "KP"], now=now)
        assert [(key.kind, key.region) for key in source.charts()] == [
            *(("track", "DE"), ("album", "DE"), ("track", "KP"), ("album", "KP")),
        ]
        songs, albums = chart(source, source.charts()[0]), chart(source, source.charts()[1])
        assert (len(songs.entries), len(albums.entries)) == (4, 3)
        assert (songs.first, songs.complete, songs.computed_at.hour) == (NOW.date(), True, 4)
        assert source.fetch(source.charts()[2]) == NotReady(), "no shop, no feed"

    @pytest.mark.parametrize(
        "answer", [[], 7, {}, {"feed": 3}, {"feed": {"results": [{"name": 1}, None], "updated": 3}}]
    )
    def test_any_json_is_trouble_and_nothing_else(self, answer: object) -> None:
        source = Apple(Said(answer), countries=["DE"], now=now)  # type: ignore[arg-type]
        with pytest.raises(Trouble):
            source.fetch(source.charts()[0])

    @pytest.mark.parametrize("updated", [None, 3, "yesterday", "Fri, 99 Nov 2026 08:02:36 +0000", ""])
    def test_without_when_it_is_now(self, updated: object) -> None:
        answer = {"feed": {"results": [{"name": "a", "artistName": "b"}], "updated": updated}}
        source = Apple(Said(answer), countries=["DE"], now=now)  # type: ignore[arg-type]
        assert chart(source, source.charts()[0]).computed_at == NOW
