"""Open lists of a process that is killed in the middle of a round."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from enriched import TOKEN, Instance, instance

from core.repositories.database import Database

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("Slow Dive", "Low Tide", "Far Field", "Dim Room")
ROUND = """
import sys
from core.bootstrap import playprint
print("ready", flush=True)
sys.stdin.readline()
print(playprint().crowd_asking.run(seconds=60))
"""


@pytest.fixture
def here(fresh_db: Database) -> Iterator[Instance]:
    """Return an instance where the ids of four artists are known; the clock of its stand-ins is the real one."""
    with instance(fresh_db) as made:
        user = made.person()
        for place, name in enumerate(NAMES):
            made.music.add(name, [("Song", "Album")], tags=[("shoegaze", 9, True)])
            made.play(user, name, "Song", times=9 - place)
        made.run()
        made.forget_requests()
        made.query("delete from callers")  # its clock stood still
        made.query("delete from calls")
        made.musicbrainz.now = made.listenbrainz.now = lambda: datetime.now(UTC)
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
        "PLAYPRINT_LABS_URL": here.listenbrainz.url,
        "PLAYPRINT_LISTENBRAINZ_TOKEN": TOKEN,
        "PLAYPRINT_OPERATOR": "ann@example.org",
        "PLAYPRINT_TREND_SOURCES": "",
        "PLAYPRINT_DEMO": "false",
    }


def started(environment: dict[str, str]) -> "subprocess.Popen[str]":
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    made = subprocess.Popen([sys.executable, "-c", ROUND], cwd=ROOT, env=environment, **pipes)  # type: ignore[call-overload]
    assert made.stdout.readline() == "ready\n"
    return made  # type: ignore[no-any-return]


def say(process: "subprocess.Popen[str]") -> None:
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()


def asked_for(here: Instance) -> list[str]:
    paths = [each for each in here.listenbrainz.requests if each.path == "/similar-artists/json"]
    return [parse_qs(each.query)["artist_mbids"][0] for each in paths]


def wait_for(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not true():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.02)


def test_what_a_killed_process_was_told_is_kept_and_the_next_asks_for_the_rest(
    here: Instance, environment: dict[str, str]
) -> None:
    first = started(environment)
    say(first)
    wait_for(lambda: here.query("select count(*) from similar_artists")[0][0] == 2)
    first.kill()
    first.communicate()
    kept = {str(row[0]) for row in here.query("select mbid from similar_artists")}
    here.forget_requests()
    second = started(environment)
    say(second)
    out, error = second.communicate(timeout=60)
    assert out.split()[-1] == "done", error
    assert not kept & {*asked_for(here)}
    assert here.query("select count(*) from similar_artists where outcome = 'found'")[0][0] == len(NAMES)
