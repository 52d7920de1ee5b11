"""Asking open sources: its pace, its budget, what failing and not knowing mean, and what a cut-off round leaves."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote_plus

import psycopg
import pytest
from enriched import TOKEN, Instance, instance
from fakes.serving import Asked
from sqlalchemy import make_url

from core.domain.errors import Unavailable
from core.repositories.database import Database
from core.services.fact_gate import FactGate

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def here(fresh_db: Database) -> Iterator[Instance]:
    with instance(fresh_db) as made:
        yield made


def known_artists(here: Instance, count: int) -> int:
    """Let somebody hear so many artists that the sources know, each less than the one before; return who."""
    user = here.person()
    for number in range(count):
        here.music.add(f"Artist {number:02}", [("Song", "Album")], tags=[("rock", 3, True)])
        here.play(user, f"Artist {number:02}", "Song", times=count - number)
    return user


def refuse_connections(here: Instance, refuse: bool) -> None:
    """Let nobody into the database, or everybody again; those inside are put out."""
    url = make_url(here.db.url)
    with psycopg.connect(url.set(database="postgres").render_as_string(False), autocommit=True) as connection:
        connection.execute(f'alter database "{url.database}" with allow_connections {not refuse}')
        connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [url.database])


def states(here: Instance, kind: str = "artist") -> dict[str, int]:
    return dict(here.query(f"select state, count(*) from {kind}_facts group by state"))


class TestMissingAndFailed:
    def test_what_is_missing_is_asked_again_after_ninety_days(self, here: Instance) -> None:
        here.play(here.person(), "Nobody", "Nothing")
        here.run()
        assert states(here) == {"missing": 1}
        here.forget_requests()
        here.later(days=89)
        here.run()
        assert here.listenbrainz.calls == {}
        here.music.add("Nobody", [("Nothing", "Album")])
        here.later(days=2)
        assert here.run().found == 3

    def test_what_was_found_is_refreshed_after_half_a_year_by_its_id(self, here: Instance) -> None:
        known_artists(here, 1)
        here.run()
        here.forget_requests()
        here.later(days=179)
        here.run()
        assert here.listenbrainz.calls == {}
        here.music.artists[0].tags = [("krautrock", 5, True)]
        here.later(days=2)
        here.run()
        (found,) = here.facts.artists([here.id_of("Artist 00")]).values()
        assert [tag.name for tag in found.tags] == ["krautrock"]
        assert here.listenbrainz.calls["artist"] == 1
        assert here.listenbrainz.calls["lookup"] == 1, "the album alone: artist and track are known by their ids"

    def test_failures_wait_longer_each_time_and_keep_apart_from_missing(self, here: Instance) -> None:
        known_artists(here, 1)
        fault = here.listenbrainz.break_down("server", count=None)
        waits = []
        for _ in range(9):
            here.run()
            rows = here.query("select state, ask_again_at from artist_facts")
            assert [row[0] for row in rows] == ["failed"]
            waits.append((rows[0][1] - here.clock()).total_seconds() / 60)
            here.clock.now = rows[0][1] + timedelta(hours=1)
        assert [round(wait) for wait in waits] == [5, 10, 20, 40, 80, 160, 320, 640, 720]
        fault.count = 0
        here.run()
        assert states(here) == {"found": 1}
        assert here.query("select tries from artist_facts") == [(0,)]

    def test_a_refresh_that_fails_loses_nothing(self, here: Instance) -> None:
        known_artists(here, 1)
        here.run()
        before = here.facts.artists([here.id_of("Artist 00")])
        here.later(days=181)
        here.listenbrainz.break_down("server", count=None)
        here.run()
        assert states(here) == {"failed": 1}
        assert here.facts.artists([here.id_of("Artist 00")]) == before != {}

    def test_three_useless_answers_in_a_row_end_the_round_and_give_a_pause(self, here: Instance) -> None:
        known_artists(here, 40)
        here.musicbrainz.break_down("server", count=None)
        done = here.run(token="")
        assert done.outcome == "trouble"
        assert here.musicbrainz.calls.total() == 3
        assert states(here) == {"failed": 3, "waiting": 37}
        here.forget_requests()
        here.later(minutes=29)
        assert here.run(token="").outcome == "pause"
        assert here.musicbrainz.calls.total() + here.listenbrainz.calls.total() == 0
        here.musicbrainz.faults.clear()
        here.later(minutes=2)
        assert here.run(token="").found

    def test_a_useless_answer_now_and_then_ends_nothing(self, here: Instance) -> None:
        known_artists(here, 8)
        for skip in (1, 4, 7):
            here.musicbrainz.break_down("server", "recording search", skip=skip)
        done = here.run(token="", seconds=600)
        assert (done.outcome, done.failed, done.found) == ("done", 3, 21)

    def test_what_fails_is_asked_in_smaller_company_until_it_is_alone(self, here: Instance) -> None:
        known_artists(here, 30)
        poisoned = here.query("select id from artists where name = 'Artist 03'")[0][0]
        sizes: list[int] = []

        def poison(asked: Asked) -> None:
            if asked.path.endswith("/lookup/"):
                sizes.append(asked.body.count("artist_name"))
                if '"Artist 03"' in asked.body:
                    here.listenbrainz.break_down("status", "lookup", status=500)

        here.listenbrainz.on_request = poison
        for _ in range(12):
            here.run(seconds=600)
            here.later(hours=14)
        left = here.query("select artist_id, tries from artist_facts where state <> 'found'")
        assert [row[0] for row in left] == [poisoned]
        assert sizes[0] == 25
        assert 5 in sizes
        assert 1 in sizes


class TestPaceAndBudget:
    def test_musicbrainz_is_asked_once_a_second_by_all_together(self, here: Instance) -> None:
        known_artists(here, 6)
        here.musicbrainz.per_second = 1
        done = here.run(token="")
        assert (done.failed, here.musicbrainz.calls.total()) == (0, 19)
        at = [each.at for each in here.musicbrainz.requests]
        assert min(later - earlier for earlier, later in pairwise(at)) >= timedelta(seconds=1)

    def test_two_processes_never_get_the_same_turn(self, here: Instance) -> None:
        turns: list[datetime] = []

        def wait(seconds: float) -> None:
            turns.append(here.clock() + timedelta(seconds=seconds))

        options = {"pace": timedelta(seconds=1), "most": 100, "now": here.clock, "sleep": wait}
        gates = [FactGate(here.db, "musicbrainz", **options) for _ in range(4)]
        threads = [threading.Thread(target=lambda gate=gate: [gate.enter("x"), gate.enter("x")]) for gate in gates]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted((turn - here.clock()).total_seconds() for turn in turns) == [1, 2, 3, 4, 5, 6, 7]

    def test_a_clock_that_was_wrong_once_keeps_nobody_out(self, here: Instance) -> None:
        here.query("insert into callers (service, called_at) values ('x', :far)", far=here.clock() + timedelta(days=9))
        waits: list[float] = []
        options = {"pace": timedelta(seconds=1), "most": 100, "now": here.clock, "sleep": waits.append}
        FactGate(here.db, "x", **options).enter("y")
        assert waits == []

    def test_no_more_calls_a_day_than_allowed(self, here: Instance) -> None:
        known_artists(here, 40)
        done = here.run(token="", most=12, seconds=600)
        assert done.outcome == "pause"
        assert here.musicbrainz.calls.total() == 12
        here.later(hours=20)
        assert here.run(token="", most=12).outcome == "pause"
        assert here.musicbrainz.calls.total() == 12
        here.later(hours=6)
        here.run(token="", most=12)
        assert here.musicbrainz.calls.total() == 24
        musicbrainz, listenbrainz = here.enriching(most=12).standing().calls
        assert (musicbrainz.service, musicbrainz.calls, musicbrainz.most) == ("musicbrainz", 12, 12)
        assert listenbrainz.calls <= 12

    def test_a_refusal_for_speed_is_honoured_and_is_no_failure(self, here: Instance) -> None:
        known_artists(here, 3)
        here.listenbrainz.break_down("status", status=429, headers={"Retry-After": "3600"})
        assert here.run().outcome == "pause"
        assert states(here) == {"waiting": 3}
        here.forget_requests()
        here.later(minutes=59)
        assert here.run().outcome == "pause"
        assert here.listenbrainz.requests == here.musicbrainz.requests == []
        here.later(minutes=2)
        assert here.run().outcome == "done"
        assert states(here) == {"found": 3}

    def test_listenbrainz_windows_are_waited_for_without_a_refusal(self, here: Instance) -> None:
        known_artists(here, 60)
        here.listenbrainz.limit = 2
        statuses: list[int] = []
        right = here.listenbrainz.answer
        here.listenbrainz.answer = lambda asked, request: [
            statuses.append((r := right(asked, request)).status_code),
            r,
        ][1]  # type: ignore[method-assign]
        done = here.run(seconds=600)
        assert (done.outcome, done.failed, set(statuses)) == ("done", 0, {200})
        assert here.clock() - datetime(2026, 11, 22, 12, tzinfo=UTC) > timedelta(seconds=20)

    def test_a_round_ends_with_its_time_and_the_next_goes_on(self, here: Instance) -> None:
        known_artists(here, 20)
        began = here.clock()
        assert here.run(token="", seconds=5).outcome == "time"
        assert here.clock() - began < timedelta(seconds=8)
        found = states(here)["found"]
        assert 3 <= found <= 6
        here.run(token="", seconds=600)
        assert states(here) == {"found": 20}
        assert here.musicbrainz.calls["recording search"] == 60, "nobody was asked about twice"


class TestCutOff:
    def test_a_killed_round_loses_one_handful_and_the_next_goes_on(self, here: Instance) -> None:
        known_artists(here, 60)
        places = f"Places({here.musicbrainz.api_url!r}, {here.listenbrainz.url!r}, token={TOKEN!r})"
        code = (
            "from core.repositories.database import Database\n"
            "from core.services.enriching import Enriching, Places\n"
            f"Enriching(Database({here.db.url!r}), {places}).run()"
        )
        process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.DEVNULL)

        def kill(asked: Asked) -> None:
            if here.listenbrainz.calls["artist"] == 3:
                process.kill()

        here.listenbrainz.on_request = kill
        assert process.wait(60) == -signal.SIGKILL
        assert states(here) == {"found": 50, "waiting": 10}
        last = here.enriching().standing().last
        assert last is not None
        assert (last.found, last.ended_at) == (50, None)
        here.forget_requests()
        here.clock.now = datetime.now(UTC)
        here.run()
        assert states(here) == {"found": 60}
        assert here.listenbrainz.calls["artist"] == 1
        assert json.loads(here.listenbrainz.requests[0].body)["recordings"][0]["artist_name"] == "Artist 50"

    def test_a_database_that_goes_away_leaves_nothing_half(self, here: Instance) -> None:
        known_artists(here, 60)

        def cut(asked: Asked) -> None:
            if here.listenbrainz.calls["artist"] == 2:
                refuse_connections(here, True)

        here.listenbrainz.on_request = cut
        try:
            with pytest.raises(Unavailable):
                here.run()
        finally:
            refuse_connections(here, False)
        here.listenbrainz.on_request = lambda asked: None
        assert states(here) == {"found": 25, "waiting": 35}
        assert here.query("select found, ended_at from fact_rounds") == [(25, None)]
        assert here.run().outcome == "done"
        assert states(here) == {"found": 60}

    def test_a_database_that_was_away_for_a_moment_costs_a_round_at_most(self, here: Instance) -> None:
        known_artists(here, 60)

        def cut(asked: Asked) -> None:
            if here.listenbrainz.calls["artist"] == 2:
                refuse_connections(here, True)
                refuse_connections(here, False)

        here.listenbrainz.on_request = cut
        with pytest.raises(Unavailable):
            here.run()
        here.listenbrainz.on_request = lambda asked: None
        assert here.run().outcome == "done"
        assert states(here) == {"found": 60}

    def test_no_database_is_one_plain_sentence(self, here: Instance) -> None:
        away = Instance(Database("postgresql://nobody@127.0.0.1:9/x"), here.music, here.musicbrainz, here.listenbrainz)
        with pytest.raises(Unavailable):
            away.run()
        with pytest.raises(Unavailable):
            away.enriching().standing()

    def test_two_at_once_do_not_ask_the_same(self, here: Instance) -> None:
        known_artists(here, 3)
        outcomes = []
        here.listenbrainz.on_request = lambda asked: outcomes.append(here.run().outcome)
        assert here.run().outcome == "done"
        assert set(outcomes) == {"busy"}
        assert states(here) == {"found": 3}

    def test_a_round_stops_when_told_wherever_it_is(self, here: Instance) -> None:
        known_artists(here, 8)
        assert here.run(stop=lambda: True).outcome == "stopped"
        assert here.listenbrainz.requests == []
        told: list[bool] = []

        def sleep(seconds: float) -> None:
            here.clock.sleep(seconds)
            told.append(True)

        done = here.enriching(token="", sleep=sleep).run(stop=lambda: len(told) >= 7)
        assert done.outcome == "stopped"
        assert len(told) == 7, "in the middle of a wait of one second"

    def test_an_import_that_waits_goes_first(self, here: Instance) -> None:
        known_artists(here, 3)
        here.query(
            "insert into procrastinate_jobs (task_name, queue_name, status, args) "
            "values ('imports.run', 'imports', 'todo', '{}')"
        )
        assert here.run(make_way=True).outcome == "stopped"
        assert here.listenbrainz.requests == []
        assert here.run().outcome == "done"


class TestWhatLeaves:
    def test_nobody_is_asked_when_the_operator_wants_it(self, here: Instance) -> None:
        known_artists(here, 2)
        off = here.enriching(enabled=False)
        assert off.run().outcome == "off"
        assert here.musicbrainz.requests == here.listenbrainz.requests == []
        assert here.query("select count(*) from artist_facts") == [(0,)]
        assert not off.standing().enabled

    @pytest.mark.parametrize("token", ["", TOKEN])
    def test_only_names_of_music_and_public_ids_do(self, here: Instance, token: str) -> None:
        user = here.person()
        here.query("update users set name = 'Zebulon Secret', email = 'zeb@example.net' where id = :id", id=user)
        here.music.add("Slow Dive", [("Alison", "Souvlaki")], spotify_ids=["dive"])
        here.play(user, "Slow Dive", "Alison", "Souvlaki")
        here.play(user, "Nobody Known", "Hum", "Hums")
        here.query("insert into artist_uris select id, 'spotify:artist:dive' from artists where name = 'Slow Dive'")
        here.run(token=token)
        said = [unquote_plus(f"{each.path} {each.query} {each.body} {each.headers}") for each in _all(here)]
        assert len(said) >= 6
        for secret in ("Zebulon", "zeb@", "2025-01-01", "200000", "user", str(here.db.url)):
            assert not [words for words in said if secret in words.replace("user-agent", "")], secret
        assert all("me@example.org" in words for words in said)
        assert not [words for words in said if "cookie" in words]
        names = {"Slow Dive", "Alison", "Souvlaki", "Nobody Known", "Hum", "Hums", "dive"}
        assert all(any(name in words for name in names) or "mbid" in words or "arid" in words for words in said)


def _all(here: Instance) -> list[Asked]:
    return [*here.musicbrainz.requests, *here.listenbrainz.requests]
