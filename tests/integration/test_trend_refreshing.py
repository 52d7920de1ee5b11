"""Refreshing charts from the stand-ins over HTTP: what is asked when, what is kept, and what goes wrong."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs

import pytest
from enriched import Clock
from fakes.apple import FakeApple
from fakes.deezer import FakeDeezer
from fakes.lastfm import KEY, FakeLastfm
from fakes.listenbrainz import FakeListenBrainz
from fakes.openmusic import OpenMusic
from pydantic import SecretStr
from sqlalchemy import text
from structlog.testing import capture_logs

from core.domain.trends import ChartKey, Entry, Snapshot
from core.repositories.chart_rows import ChartRows
from core.repositories.database import Database
from core.services.trend_places import by_name, letters
from core.services.trend_refreshing import Refreshed, TrendRefreshing
from core.services.trend_round import SourceReport
from core.services.trend_sources import Places
from core.settings import Settings

WEDNESDAY = datetime(2026, 11, 25, 12, tzinfo=UTC)
ARTISTS = ChartKey("listenbrainz", "artist", "week")


@dataclass
class Instance:
    """One database, the stand-ins, and a clock that moves by waiting alone."""

    db: Database
    brainz: FakeListenBrainz
    lastfm: FakeLastfm
    deezer: FakeDeezer
    apple: FakeApple
    clock: Clock = field(default_factory=Clock)

    @property
    def rows(self) -> ChartRows:
        return ChartRows(self.db)

    def refreshing(
        self, *sources: str, key: str = KEY, genre_tags: bool = False, sleep: Callable[[float], None] | None = None
    ) -> TrendRefreshing:
        addresses = {name: getattr(self, name).url for name in ("lastfm", "deezer", "apple")}
        addresses["listenbrainz"] = self.brainz.url
        places = Places(sources or ("listenbrainz",), addresses, ("DE", "KR"), "me@example.org", key)
        return TrendRefreshing(self.db, places, genre_tags=genre_tags, now=self.clock, sleep=sleep or self.clock.sleep)

    def run(self, *sources: str, **options: Any) -> SourceReport:
        """Run a round with one source and return its report."""
        done = self.refreshing(*sources, **options).run()
        assert done.outcome == "done"
        return done.sources[-1]

    def tomorrow(self, days: int = 1) -> None:
        """Go to six in the morning of a later day, when everybody's new statistics are asked for."""
        self.clock.now = self.clock.now.replace(hour=6, minute=0, second=0) + timedelta(days=days)
        self.brainz.forget()

    def asked(self) -> Counter[str]:
        """Return what ListenBrainz was asked for, by address and range."""
        found: Counter[str] = Counter()
        for each in self.brainz.requests:
            asked = parse_qs(each.query).get("range", [""])[0]
            found[f"{each.path.rstrip('/').rpartition('/')[2]} {asked}".strip()] += 1
        return found

    def snapshots(self, key: ChartKey = ARTISTS) -> list[tuple[date, bool]]:
        """Return the first days of a chart's snapshots, and whether each is complete."""
        (series,) = [each for each in self.rows.series() if each.key == key]
        history = self.rows.history(series.id)
        return list(zip(history.starts, history.complete, strict=True))

    def message(self, source: str = "listenbrainz") -> str:
        return self.rows.notes()[source].message

    def query(self, statement: str, **values: object) -> list[Any]:
        with self.db.begin() as connection:
            result = connection.execute(text(statement), values)
            return list(result) if result.returns_rows else []


@pytest.fixture
def here(fresh_db: Database) -> Iterator[Instance]:
    music, clock = OpenMusic(empty=True), Clock()
    clock.now = WEDNESDAY
    for number in range(60):
        tags = [("shoegaze", 9, True), ("seen live", 5, False)] if number % 2 else []
        music.add(f"Band {number}", [(f"Song {number}", f"Album {number}")], tags=tags, country="JP")
    with ExitStack() as stack:
        fakes = [
            stack.enter_context(kind(music, now=clock))
            for kind in (FakeListenBrainz, FakeLastfm, FakeDeezer, FakeApple)
        ]
        made = Instance(fresh_db, *fakes, clock)  # type: ignore[arg-type]
        made.brainz.limit = 1_000
        yield made


class TestADay:
    def test_the_first_day_brings_everything_and_a_common_day_what_runs(self, here: Instance) -> None:
        report = here.run()
        assert (report.stored, report.failed, report.not_ready, report.message) == (32, 0, 0, "")
        assert len(here.brainz.requests) == 32
        assert set(here.asked().values()) == {1}
        assert here.snapshots() == [(date(2026, 11, 16), True), (date(2026, 11, 23), False)]
        assert len(here.rows.extras()) == 11
        assert here.rows.notes()["listenbrainz"].succeeded_at == here.clock.now
        here.tomorrow()
        assert here.run().stored == 20
        assert len(here.brainz.requests) == 20
        assert not [name for name in here.asked() if name.endswith((" week", " month", " year"))]

    def test_nothing_is_asked_twice_a_day(self, here: Instance) -> None:
        next_ = here.run().next
        assert next_ is not None
        assert datetime(2026, 11, 26, 3, tzinfo=UTC) <= next_ < datetime(2026, 11, 26, 5, tzinfo=UTC)
        here.brainz.forget()
        for hours in (1, 5, 5):
            here.clock.now += timedelta(hours=hours)
            assert here.run() == SourceReport("listenbrainz", next=next_)
        assert here.brainz.requests == []
        here.clock.now = next_
        assert here.run().stored == 20

    def test_a_clock_that_was_a_year_ahead_stops_nothing(self, here: Instance) -> None:
        right = here.clock.now
        here.clock.now += timedelta(days=365)
        here.run()
        here.clock.now = right
        here.brainz.forget()
        report = here.run()
        assert len(here.brainz.requests) == 32
        assert report.failed == 0
        assert report.next is not None
        assert report.next < right + timedelta(days=2)

    def test_a_week_of_days_is_about_21_calls_each(self, here: Instance) -> None:
        here.brainz.charts.places = 2
        here.run()
        days = []
        for _ in range(7):  # a Monday and a first of the month among them
            here.tomorrow()
            here.run()
            days.append(len(here.brainz.requests))
        assert days == [20, 20, 20, 20, 26, 23, 20]
        assert sum(days) / len(days) == pytest.approx(21, abs=0.5)

    def test_a_new_week_is_asked_for_when_the_old_one_is_over(self, here: Instance) -> None:
        here.run()
        here.tomorrow(5)
        here.run()
        assert (
            here.asked()["artists week"] == here.asked()["artists this_week"] == here.asked()["era-activity week"] == 1
        )
        assert here.snapshots() == [(date(2026, 11, 16), True), (date(2026, 11, 23), True), (date(2026, 11, 30), False)]

    def test_old_statistics_on_a_monday_are_asked_for_again_in_six_hours(self, here: Instance) -> None:
        here.run()
        here.brainz.charts.late = timedelta(days=1)
        here.tomorrow(5)
        here.run()
        assert here.snapshots()[-1] == (date(2026, 11, 23), False)
        here.brainz.charts.late = timedelta(0)
        here.brainz.forget()
        here.clock.now += timedelta(hours=6, minutes=1)
        here.run()
        assert here.asked()["artists week"] == here.asked()["artists this_week"] == here.asked()["map week"] + 1 == 1
        assert here.snapshots()[1:] == [(date(2026, 11, 23), True), (date(2026, 11, 30), False)]

    def test_what_was_forgotten_is_asked_for_again(self, here: Instance) -> None:
        here.run()
        here.rows.forget("listenbrainz")
        assert here.run().stored == 32

    def test_it_says_who_asks_and_no_more(self, here: Instance) -> None:
        here.run()
        headers = here.brainz.requests[0].headers
        assert headers["user-agent"].startswith("Playprint/")
        assert "me@example.org" in headers["user-agent"]
        assert "authorization" not in headers

    def test_a_round_as_of_another_moment(self, here: Instance) -> None:
        later = here.refreshing().run(now=WEDNESDAY + timedelta(days=3))
        assert later.began_at == WEDNESDAY + timedelta(days=3)
        assert here.rows.notes()["listenbrainz"].checked_at == later.ended_at


class TestWhoAsks:
    def test_of_two_at_once_one_asks(self, here: Instance) -> None:
        results: list[Refreshed] = []
        first = here.refreshing()
        began, goes_on = threading.Event(), threading.Event()

        def hold(asked: object) -> None:
            began.set()
            assert goes_on.wait(30)

        here.brainz.on_request = hold
        thread = threading.Thread(target=lambda: results.append(first.run()))
        thread.start()
        assert began.wait(30)
        assert here.refreshing().run().outcome == "busy"
        goes_on.set()
        thread.join(60)
        assert [each.outcome for each in results] == ["done"]
        assert len(here.brainz.requests) == 32

    def test_without_sources_nobody_is_asked(self, here: Instance) -> None:
        refreshing = TrendRefreshing(here.db, Places((), {}), now=here.clock, sleep=here.clock.sleep)
        assert (refreshing.run().outcome, refreshing.asked) == ("off", ())
        assert here.brainz.requests == []

    def test_told_to_stop_it_keeps_what_it_has_and_goes_on_later(self, here: Instance) -> None:
        done = here.refreshing().run(stop=lambda: len(here.brainz.requests) >= 7)
        assert (done.outcome, done.sources[0].stored, done.sources[0].waiting) == ("stopped", 7, 25)
        assert here.run().stored == 25
        assert set(here.asked().values()) == {1}

    def test_a_killed_round_loses_nothing_that_was_stored(self, here: Instance) -> None:
        def die(seconds: float) -> None:
            here.clock.sleep(seconds)
            if len(here.brainz.requests) == 7:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            here.refreshing(sleep=die).run()
        assert here.run().stored == 25


class TestWhatGoesWrong:
    def test_a_failing_source_keeps_its_last_charts_and_says_why(self, here: Instance) -> None:
        here.run()
        before, succeeded = here.snapshots(), here.rows.notes()["listenbrainz"].succeeded_at
        here.tomorrow()
        fault = here.brainz.break_down("server", count=None)
        report = here.run()
        assert (report.stored, report.failed) == (0, 20)
        assert len(here.brainz.requests) == 3, "after three useless answers the rest is not tried"
        assert (
            report.message == here.message() == "ListenBrainz gave no usable answer (502); Playprint asks again later."
        )
        assert here.rows.notes()["listenbrainz"].succeeded_at == succeeded
        assert here.snapshots() == before
        here.clock.now += timedelta(minutes=59)
        assert here.run().failed == 0
        fault.count = 0
        here.clock.now += timedelta(minutes=2)
        assert (here.run().stored, here.message()) == (20, "")

    @pytest.mark.parametrize("kind", ["server", "broken", "html", "cut", "redirect", "long"])
    def test_one_useless_answer_costs_one_chart_an_hour(self, kind: Any, here: Instance) -> None:
        here.brainz.break_down(kind, skip=4)
        report = here.run()
        assert (report.stored, report.failed) == (31, 1)
        assert here.message().startswith("ListenBrainz gave no usable answer")
        here.brainz.forget()
        here.clock.now += timedelta(minutes=61)
        assert (here.run().stored, len(here.brainz.requests), here.message()) == (1, 1, "")

    def test_what_is_not_ready_is_asked_for_again_in_six_hours(self, here: Instance) -> None:
        here.brainz.charts.not_ready |= {"artists week", "recordings all_time"}
        report = here.run()
        assert (report.stored, report.not_ready, report.message) == (30, 2, "")
        here.brainz.forget()
        here.clock.now += timedelta(hours=5)
        here.run()
        assert here.brainz.requests == []
        here.brainz.charts.not_ready.clear()
        here.clock.now += timedelta(hours=1, minutes=1)
        assert here.run().stored == 2

    def test_a_pause_ends_the_round_and_the_next_goes_on(self, here: Instance) -> None:
        here.brainz.break_down("status", status=429, headers={"X-RateLimit-Reset-In": "900"}, skip=3)
        report = here.run()
        assert (report.stored, report.waiting, report.failed) == (3, 29, 0)
        assert report.next == here.clock.now + timedelta(seconds=900)
        assert "wants no questions until 2026-11-25 12:15 UTC" in here.message()
        assert here.run().waiting == 29
        assert len(here.brainz.requests) == 4, "nobody asks in a pause"
        here.clock.now += timedelta(seconds=901)
        assert (here.run().stored, here.message()) == (29, "")

    def test_no_more_calls_go_out_than_the_headers_leave(self, here: Instance) -> None:
        here.brainz.limit = 5
        assert here.run().stored == 32
        moments = [each.at.timestamp() for each in here.brainz.requests]
        windows = Counter(int(at // 10) for at in moments)
        assert max(windows.values()) <= 5
        assert all(later - earlier >= 0.399 for earlier, later in pairwise(moments))
        assert here.query("select count(*) from capabilities")[0][0] == 0


class TestLastfm:
    def test_without_a_key_it_is_off(self) -> None:
        with_key = Settings(lastfm_key=SecretStr("k"))
        assert (Settings().charts_from, with_key.charts_from) == (("listenbrainz",), ("listenbrainz", "lastfm"))

    def test_its_week_runs_until_it_is_over(self, here: Instance) -> None:
        key = ChartKey("lastfm", "artist", "week")
        assert here.run("lastfm").stored == 3 + 2 + 2  # the world's, Germany's, South Korea's
        assert here.snapshots(key) == [(date(2026, 11, 23), False)]
        here.tomorrow()
        assert here.run("lastfm").stored == 7
        assert here.snapshots(key) == [(date(2026, 11, 23), False)]
        here.tomorrow(4)
        here.run("lastfm")
        assert here.snapshots(key) == [(date(2026, 11, 23), True), (date(2026, 11, 30), False)]

    def test_after_90_days_it_is_forgotten_with_what_stood_there_alone(self, here: Instance) -> None:
        old = Entry(1, "Long gone"), Entry(2, "Still here")
        first = date(2026, 8, 17)
        key = ChartKey("lastfm", "artist", "week")
        kept = ChartKey("files", "artist", "week")
        moment = datetime(2026, 8, 20, tzinfo=UTC)
        here.rows.store([Snapshot(key, first, first + timedelta(days=7), True, moment, old)])
        here.rows.store([Snapshot(kept, first, first + timedelta(days=7), True, moment, old[1:])])
        version = here.rows.version()
        here.clock.now = datetime(2026, 11, 22, 12, tzinfo=UTC)  # 90 days after its week was over
        here.refreshing("deezer").run()
        assert here.rows.thing_of("artist", "Long gone") is not None
        here.clock.now += timedelta(days=1)
        here.refreshing("deezer").run()
        assert [each.key for each in here.rows.series() if each.key in (key, kept)] == [kept]
        assert here.rows.thing_of("artist", "Long gone") is None
        assert here.rows.thing_of("artist", "Still here") is not None
        assert here.rows.version() > version

    def test_the_key_is_in_no_log_and_no_message(self, here: Instance, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("INFO")
        with capture_logs() as logs:
            report = here.run("lastfm", key="wrong-key")
            here.lastfm.error = 8
            here.clock.now += timedelta(hours=2)
            here.run("lastfm", key="wrong-key")
        assert report.message == "Last.fm does not accept the key; check PLAYPRINT_LASTFM_KEY."
        assert any("api_key=wrong-key" in each.query for each in here.lastfm.requests)
        told = [each.getMessage() for each in caplog.records if not each.name.startswith("uvicorn")]
        shown = [str(logs), here.message("lastfm"), str(here.query("select * from chart_asks")), *told]
        assert not any("wrong-key" in each for each in [*shown, repr(here.refreshing("lastfm", key="wrong-key"))])
        assert "wrong-key" not in repr(Places(("lastfm",), {}, lastfm_key="wrong-key"))

    def test_its_rate_limit_is_a_pause(self, here: Instance) -> None:
        here.lastfm.error = 29
        report = here.run("lastfm")
        assert (report.failed, report.waiting, len(here.lastfm.requests)) == (0, 7, 1)
        here.lastfm.error = 0
        here.clock.now += timedelta(minutes=6)
        assert here.run("lastfm").stored == 7


class TestOthers:
    def test_deezer_and_apple_tell_days(self, here: Instance) -> None:
        done = here.refreshing("deezer", "apple").run()
        assert [(each.source, each.stored, each.not_ready) for each in done.sources] == [
            ("deezer", 3, 0),
            ("apple", 2, 2),
        ]
        assert here.snapshots(ChartKey("apple", "track", "day", "DE")) == [(date(2026, 11, 25), True)]
        here.tomorrow()
        here.run("deezer")
        days = here.snapshots(ChartKey("deezer", "album", "day"))
        assert days == [(date(2026, 11, 25), True), (date(2026, 11, 26), True)]

    def test_a_failing_source_holds_up_no_other(self, here: Instance) -> None:
        here.brainz.break_down("server", count=None)
        done = here.refreshing("listenbrainz", "deezer").run()
        assert [(each.source, each.stored) for each in done.sources] == [("listenbrainz", 0), ("deezer", 3)]


class TestGenres:
    def things(self, here: Instance) -> dict[str, tuple[Any, Any]]:
        found = here.query("select name, tags, country from chart_things where kind = 'artist'")
        return {name: (tags, country) for name, tags, country in found}

    def test_artists_on_charts_get_genres_and_countries_once(self, here: Instance) -> None:
        report = here.run(genre_tags=True)
        assert report.tagged == 60
        assert here.asked()["artist"] == 2, "fifty at once"
        things = self.things(here)
        assert things["Band 1"] == ([["shoegaze", 9]], "JP")
        assert things["Band 2"] == ([], "JP")
        here.brainz.music.add("Newcomer", tags=[("drone", 3, True)], country="JP")
        here.tomorrow()
        here.run(genre_tags=True)
        assert here.asked()["artist"] == 0, "once a week"
        here.tomorrow(7)
        assert here.run(genre_tags=True).tagged == 1
        assert self.things(here)["Newcomer"] == ([["drone", 3]], "JP")

    def test_whom_nobody_knows_is_not_asked_about_again(self, here: Instance) -> None:
        here.run()
        here.brainz.music.artists = here.brainz.music.artists[:55]
        here.brainz.forget()
        assert here.run(genre_tags=True).tagged == 60
        assert here.rows.untagged("artist", limit=5) == []

    def test_an_answer_without_artists_is_a_failure(self, here: Instance) -> None:
        here.brainz.break_down("said", "artist", body=[])
        report = here.run(genre_tags=True)
        assert (report.failed, report.tagged) == (1, 0)
        here.clock.now += timedelta(minutes=61)
        assert here.run(genre_tags=True).tagged == 60

    def test_switched_off_nobody_is_asked(self, here: Instance) -> None:
        here.run()
        assert here.asked()["artist"] == 0


def test_every_country_has_three_letters_and_a_name() -> None:
    assert set(letters().values()) <= set(by_name().values())
    assert (letters()["DEU"], letters()["XKX"], by_name()["Scotland"]) == ("DE", "XK", "GB")
