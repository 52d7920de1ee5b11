"""Charts asked for as processes do it: two at once, and the worker's job."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.listenbrainz import FakeListenBrainz
from fakes.openmusic import OpenMusic

from core.repositories.chart_rows import ChartRows
from core.repositories.database import Database

ROOT = Path(__file__).resolve().parents[2]
ROUND = """
import sys
from core.bootstrap import playprint
print("ready", flush=True)
sys.stdin.readline()
done = playprint().trend_refreshing.run(seconds=2)
print(done.outcome)
"""


@pytest.fixture
def brainz() -> Iterator[FakeListenBrainz]:
    music = OpenMusic(empty=True)
    music.add("Slow Dive", [("Alison", "Souvlaki")])
    with FakeListenBrainz(music) as fake:
        fake.limit = 1_000
        yield fake


@pytest.fixture
def environment(fresh_db: Database, redis_url: str, tmp_path: Path, brainz: FakeListenBrainz) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PLAYPRINT_")},
        "PLAYPRINT_DATABASE_URL": fresh_db.url,
        "PLAYPRINT_REDIS_URL": redis_url,
        "PLAYPRINT_HOME": str(tmp_path / "home"),
        "PLAYPRINT_LISTENBRAINZ_URL": brainz.url,
        "PLAYPRINT_FACTS": "false",
        "PLAYPRINT_DEMO": "false",
        "PLAYPRINT_OPERATOR": "ann@example.org",
        "PLAYPRINT_LOG_FORMAT": "json",
    }


def test_of_two_processes_one_asks_and_nothing_is_asked_twice(
    environment: dict[str, str], brainz: FakeListenBrainz, fresh_db: Database
) -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    both = [
        subprocess.Popen([sys.executable, "-c", ROUND], cwd=ROOT, env=environment, **pipes)  # type: ignore[call-overload]
        for _ in range(2)
    ]
    for each in both:
        assert each.stdout.readline() == "ready\n"
    said = []
    for each in both:
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in both:
        out, error = each.communicate(timeout=60)
        assert each.returncode == 0, error
        said.append(out.split()[-1])
    asked = [f"{each.path}?{each.query}" for each in brainz.requests]
    assert sorted(said) in (["busy", "stopped"], ["stopped", "stopped"])  # the second may come when the first is done
    assert len(asked) == len(set(asked)) > 0
    assert "ann@example.org" in brainz.requests[0].headers["user-agent"]
    assert len(ChartRows(fresh_db).series()) > 0


def test_the_worker_asks_and_ends_when_told(
    environment: dict[str, str], brainz: FakeListenBrainz, fresh_db: Database
) -> None:
    code = "from worker.app import main; main()"
    worker = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    with fresh_db.driver() as connection:
        connection.execute(
            "select procrastinate_defer_jobs_v1(array[row('trends', 'trends:refresh', 0, null, null, "
            "'{\"timestamp\": 0}'::jsonb, null)::procrastinate_job_to_defer_v1])"
        )
    give_up = time.monotonic() + 60
    while len(brainz.requests) < 3:
        assert time.monotonic() < give_up, "it never asked"
        time.sleep(0.05)
    worker.terminate()
    _, error = worker.communicate(timeout=30)
    assert worker.returncode == 0
    assert len(brainz.requests) < 32, "it ended in the middle"
    logged = [json.loads(line) for line in error.splitlines() if line.startswith("{")]
    assert {"trends.asked"} <= {each["event"] for each in logged}
    assert "Slow Dive" not in error
