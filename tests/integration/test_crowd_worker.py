"""Open lists as processes ask for them: two at once, the worker's job, and suggestions that come of it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from enriched import TOKEN, Instance, instance

from core.repositories.database import Database
from core.repositories.similar import SimilarRows
from core.services.crowd import Crowd

ROOT = Path(__file__).resolve().parents[2]
ROUND = """
import sys
from core.bootstrap import playprint
print("ready", flush=True)
sys.stdin.readline()
print(playprint().crowd_asking.run(seconds=4))
"""
COUNT = 8


@pytest.fixture
def here(fresh_db: Database) -> Iterator[Instance]:
    with instance(fresh_db) as made:
        user = made.person()
        for number in range(COUNT):
            made.music.add(f"Artist {number}", [("Song", "Album")], tags=[("rock", 3, True)])
            made.play(user, f"Artist {number}", "Song")
        made.run()
        made.forget_requests()
        made.musicbrainz.now = made.listenbrainz.now = lambda: datetime.now(UTC)
        made.query("delete from callers")  # its clock stood still
        made.query("delete from calls")
        yield made


@pytest.fixture
def environment(here: Instance, redis_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PLAYPRINT_")},
        "PLAYPRINT_DATABASE_URL": here.db.url,
        "PLAYPRINT_REDIS_URL": redis_url,
        "PLAYPRINT_HOME": str(tmp_path / "home"),
        "PLAYPRINT_MUSICBRAINZ_URL": here.musicbrainz.api_url,
        "PLAYPRINT_LISTENBRAINZ_URL": here.listenbrainz.url,
        "PLAYPRINT_LISTENBRAINZ_TOKEN": TOKEN,
        "PLAYPRINT_LABS_URL": here.listenbrainz.url,
        "PLAYPRINT_OPERATOR": "ann@example.org",
        "PLAYPRINT_TREND_SOURCES": "",
        "PLAYPRINT_DEMO": "false",
        "PLAYPRINT_LOG_FORMAT": "json",
    }


def asked_for(here: Instance) -> list[str]:
    return [each.query for each in here.listenbrainz.requests if each.path == "/similar-artists/json"]


def test_of_two_processes_one_asks_and_nothing_is_asked_twice(environment: dict[str, str], here: Instance) -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    both = [
        subprocess.Popen([sys.executable, "-c", ROUND], cwd=ROOT, env=environment, **pipes)  # type: ignore[call-overload]
        for _ in range(2)
    ]
    for each in both:
        assert each.stdout.readline() == "ready\n"
    said = []
    for each in both:
        out, error = each.communicate("go\n", timeout=60)
        assert each.returncode == 0, error
        said.append(out.split()[-1])
    assert {*said} <= {"busy", "time", "done"}
    asked = asked_for(here)
    assert len(asked) == len(set(asked)) > 0
    assert "ann@example.org" in here.listenbrainz.requests[0].headers["user-agent"]


def test_switched_off_a_process_asks_nobody(environment: dict[str, str], here: Instance) -> None:
    for name in ("PLAYPRINT_SIMILAR", "PLAYPRINT_FACTS"):
        done = subprocess.run(
            [sys.executable, "-c", ROUND], check=False, cwd=ROOT, env={**environment, name: "false"},
            input="go\n", capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.stdout.split()[-1] == "off"
    assert here.listenbrainz.requests == []


def test_the_worker_asks_and_a_stop_in_the_middle_keeps_what_was_told(
    environment: dict[str, str], here: Instance
) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", "from worker.app import main; main()"],
        cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    here.query(
        "select procrastinate_defer_jobs_v1(array[row('facts', 'crowd:ask', 0, null, null, "
        "'{\"timestamp\": 0}'::jsonb, null)::procrastinate_job_to_defer_v1])"
    )
    give_up = time.monotonic() + 60
    while len(asked_for(here)) < 3:
        assert time.monotonic() < give_up, "it never asked"
        time.sleep(0.05)
    worker.terminate()
    _, error = worker.communicate(timeout=30)
    assert worker.returncode == 0
    assert len(asked_for(here)) < COUNT, "it ended in the middle"
    kept = here.query("select mbid from similar_artists where outcome = 'found'")
    assert len(kept) >= 2
    assert Crowd(here.db).known([row[0] for row in kept]).keys() == {row[0] for row in kept}
    logged = [json.loads(line) for line in error.splitlines() if line.startswith("{")]
    assert "crowd.round" in {each["event"] for each in logged}
    assert "Artist 0" not in error


def test_the_command_about_facts_says_how_many_lists_there_are(environment: dict[str, str], here: Instance) -> None:
    first, second = UUID(int=1), UUID(int=2)
    rows, now = SimilarRows(here.db), datetime.now(UTC)
    rows.keep(first, "found", [(second, "Other", 5)], now=now, again=now)
    rows.keep(first, "failed", [], now=now, again=now)
    rows.keep(second, "missing", [], now=now, again=now)
    rows.keep_listeners({first: 7, second: None}, now=now)
    said = [
        subprocess.run(
            [sys.executable, "-m", "cli", "facts", *more], check=True, cwd=ROOT, env=environment,
            capture_output=True, text=True, timeout=60,
        ).stdout
        for more in ([], ["--json"])
    ]  # fmt: skip
    assert "Similar artists: 1 lists, 1 not known there, 1 failed; listeners of 1 artists." in said[0]
    assert json.loads(said[1])["similar_artists"] == {"lists": 1, "missing": 1, "failed": 1, "listeners": 1}
