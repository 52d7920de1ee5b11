"""Asking open sources as processes do it: the worker's job and the command ``playprint facts``."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from enriched import TOKEN, Instance, instance
from procrastinate import App, SyncPsycopgConnector

from core.repositories.database import Database

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def here(fresh_db: Database) -> Iterator[Instance]:
    """Return an instance where two artists were heard, one of them unknown to everybody; its clock is the real one."""
    with instance(fresh_db) as made:
        made.musicbrainz.now = made.listenbrainz.now = lambda: datetime.now(UTC)
        made.music.add("Slow Dive", [("Alison", "Souvlaki")], tags=[("shoegaze", 9, True)])
        user = made.person()
        made.play(user, "Slow Dive", "Alison", "Souvlaki")
        made.play(user, "Nobody", "Nothing")
        yield made


@pytest.fixture
def environment(here: Instance, redis_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PLAYPRINT_")},
        "PLAYPRINT_DATABASE_URL": here.db.url,
        "PLAYPRINT_REDIS_URL": redis_url,
        "PLAYPRINT_HOME": str(tmp_path / "home"),
        "PLAYPRINT_MUSICBRAINZ_URL": here.musicbrainz.api_url,
        "PLAYPRINT_SIMILAR": "false",
        "PLAYPRINT_LISTENBRAINZ_URL": here.listenbrainz.url,
        "PLAYPRINT_LISTENBRAINZ_TOKEN": TOKEN,
        "PLAYPRINT_OPERATOR": "ann@example.org",
        "PLAYPRINT_TREND_SOURCES": "",
        "COLUMNS": "120",
    }


@pytest.fixture
def playprint(environment: dict[str, str]) -> Run:
    """Return a function that runs ``playprint``."""

    def run(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "cli", *arguments]
        done = subprocess.run(
            command, check=False, cwd=ROOT, env={**environment, **more}, capture_output=True, text=True, timeout=120
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done

    return run


def test_the_command_asks_and_says_how_far_it_is(playprint: Run, here: Instance) -> None:
    assert "No round has run yet." in playprint("facts").stdout
    answer = json.loads(playprint("facts", "--run", "--json").stdout)
    assert answer["artists"] == {"found": 1, "missing": 1, "failed": 0, "waiting": 0}
    assert answer["tracks"] == answer["albums"] == answer["artists"]
    assert answer["this_round"] == answer["last_round"]
    assert (answer["this_round"]["outcome"], answer["this_round"]["found"]) == ("done", 3)
    assert [(each["service"], each["calls"] > 0, each["most"]) for each in answer["calls"]] == [
        ("musicbrainz", True, 5000),
        ("listenbrainz", True, 5000),
    ]
    agents = {each.headers["user-agent"] for each in here.listenbrainz.requests}
    assert agents == {"Playprint/0.1.0 ( ann@example.org )"}
    table = playprint("facts").stdout
    assert "Artists" in table
    assert "3 found, 3 missing, 0 failed; nothing is left to ask for now." in table
    assert TOKEN not in table


def test_switched_off_it_says_so_and_asks_nobody(playprint: Run, here: Instance) -> None:
    said = playprint("facts", "--run", PLAYPRINT_FACTS="false").stdout
    assert "switched off (PLAYPRINT_FACTS=false)" in said
    answer = json.loads(playprint("facts", "--run", "--json", PLAYPRINT_FACTS="false").stdout)
    assert (answer["enabled"], answer["this_round"]["outcome"]) == (False, "off")
    assert here.musicbrainz.requests == here.listenbrainz.requests == []


def test_the_worker_runs_a_round_and_stops_in_the_middle_of_one(here: Instance, environment: dict[str, str]) -> None:
    queue = App(connector=SyncPsycopgConnector(conninfo=here.db.url))
    with queue.open():
        queue.configure_task("facts:enrich", queue="facts").defer(timestamp=0)
    environment.pop("PLAYPRINT_LISTENBRAINZ_TOKEN")
    environment["PLAYPRINT_LOG_LEVEL"] = "DEBUG"
    command = [sys.executable, "-m", "worker"]
    worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + 60
        while "found" not in {row[0] for row in here.query("select state from track_facts")}:
            assert time.monotonic() < until, "the worker asked nobody"
            time.sleep(0.05)
        for number in range(30):
            here.play(1, f"Later {number}", "Song")
        here.query("update fact_rounds set listed_at = null")
        with queue.open():
            queue.configure_task("facts:enrich", queue="facts").defer(timestamp=0)
        asked = here.musicbrainz.calls.total()
        while here.musicbrainz.calls.total() < asked + 2:
            assert time.monotonic() < until, "the worker asked no more"
            time.sleep(0.05)
        began = time.monotonic()
        worker.terminate()
        said = worker.communicate(timeout=30)[0].decode()
        assert time.monotonic() - began < 8
    finally:
        worker.kill()
        worker.wait()
    assert "facts.round" in said
    for secret in ("Slow Dive", "Alison", "Nobody", "Later 1", "ann@example.org", here.musicbrainz.url):
        assert secret not in said
