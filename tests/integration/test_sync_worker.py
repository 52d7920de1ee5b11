"""The sync in real worker processes: it runs by itself, alone, and goes on after stops and kills."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes.spotify import Clock, FakeSpotify
from pydantic import SecretStr
from spotify_house import agree

from core.bootstrap import Playprint
from core.repositories.database import Database
from core.repositories.users import Users
from core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
TRACKS = "GET /me/tracks"
# A worker that is quick to ask, and to miss another one.
QUICK = """
from datetime import timedelta
import core.services.spotify_calls as calls, worker.app as app, worker.rescue as rescue
calls.PACE = timedelta(milliseconds=60)
app.HEARTBEAT_SECONDS = 0.3
rescue.STALLED_SECONDS, rescue.ROUND_SECONDS = 1.5, 0.4
app.main(stop_seconds=0.1)
"""
Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def fake() -> Iterator[FakeSpotify]:
    with FakeSpotify(clock=Clock()) as made:
        yield made


@pytest.fixture
def house(fresh_db: Database, redis_url: str, tmp_path: Path, fake: FakeSpotify) -> Iterator[Playprint]:
    settings = Settings(
        home=tmp_path,
        spotify_client_id=fake.client_id,
        spotify_client_secret=SecretStr(fake.client_secret),
        spotify_api_url=fake.api_url,
        spotify_accounts_url=fake.url,
    )
    made = Playprint(settings, fresh_db, redis_url)
    yield made
    made.close()


@pytest.fixture
def start(house: Playprint) -> Iterator[Start]:
    """Return a function that starts a worker on the house's servers."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PLAYPRINT_")},
        "PLAYPRINT_DATABASE_URL": house.db.url,
        "PLAYPRINT_REDIS_URL": house.redis_url,
        "PLAYPRINT_HOME": str(house.settings.home),
        "PLAYPRINT_SPOTIFY_CLIENT_ID": house.settings.spotify_client_id,
        "PLAYPRINT_SPOTIFY_CLIENT_SECRET": house.settings.spotify_client_secret.get_secret_value(),
        "PLAYPRINT_SPOTIFY_API_URL": house.settings.spotify_api_url,
        "PLAYPRINT_SPOTIFY_ACCOUNTS_URL": house.settings.spotify_accounts_url,
        "PLAYPRINT_FACTS": "false",
        "PLAYPRINT_TREND_SOURCES": "",
    }
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-c", QUICK]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL))
        return started[-1]

    yield begin
    for each in started:
        each.kill()
        each.wait()


def eventually(condition: Callable[[], object], seconds: float = 60) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "it never happened"
        threading.Event().wait(0.01)


def connected(house: Playprint) -> int:
    """Return a person whose first sync is due."""
    user, _ = house.accounts.add("Bob")
    house.credentials  # noqa: B018 - made here, not in the worker
    agree(house.connecting, user.id, "bob")
    house.syncing.begin(user.id)
    return user.id


def outcomes(house: Playprint, user_id: int) -> set[str]:
    return {part.outcome for part in house.syncing.state(user_id).parts}


def pages(fake: FakeSpotify) -> list[tuple[str, str]]:
    """Return what was asked of the Web API after connecting."""
    asked = [call for call in fake.requests if call.path not in ("/me", "/authorize", "/api/token")]
    return [(call.path, str(sorted(call.query.items()))) for call in asked]


def jobs(house: Playprint) -> list[tuple[object, ...]]:
    query = "select status::text, lock, queueing_lock, queue_name, priority from procrastinate_jobs"
    with house.db.driver() as connection:
        return connection.execute(query).fetchall()


def test_a_sync_is_queued_once_behind_imports_and_goes_with_its_person(house: Playprint) -> None:
    user, _ = house.accounts.add("Bob")
    house.queue.defer_sync(user.id)
    house.queue.defer_sync(user.id)
    assert jobs(house) == [("todo", f"user:{user.id}", f"spotify:{user.id}", "spotify", -1)]
    Users(house.db).erase(user.id)
    assert jobs(house) == []


def test_a_worker_syncs_by_itself_and_two_do_not_ask_twice(house: Playprint, fake: FakeSpotify, start: Start) -> None:
    user_id = connected(house)
    start()
    start()
    eventually(lambda: outcomes(house, user_id) == {"done"})
    kept = house.syncing.state(user_id).kept
    assert (kept.tracks, kept.albums, kept.artists, kept.own_playlists) == (120, 20, 15, 3)
    assert len(pages(fake)) == len(set(pages(fake))) == 1 + 6 + 1 + 4 + 3 + 1 + 1
    eventually(lambda: jobs(house) == [])


def test_a_sync_goes_on_after_a_stop_and_after_a_kill(house: Playprint, fake: FakeSpotify, start: Start) -> None:
    user_id = connected(house)
    worker = start()
    eventually(lambda: fake.calls["GET /me/top/tracks"])
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    asked = len(pages(fake))
    house.queue.defer_sync(user_id)
    killed = start()
    eventually(lambda: fake.calls[TRACKS])
    killed.kill()
    killed.wait()
    assert outcomes(house, user_id) != {"done"}
    start()
    eventually(lambda: outcomes(house, user_id) == {"done"})
    assert house.syncing.state(user_id).kept.tracks == 120
    assert asked < len(set(pages(fake))) == 17
    assert len(pages(fake)) <= 17 + 1  # the page that was on its way when its worker was killed


def test_a_killed_sync_makes_way_for_the_one_that_waits_behind_it(
    house: Playprint, fake: FakeSpotify, start: Start
) -> None:
    user_id = connected(house)
    house.queue.defer_sync(user_id)
    killed = start()
    eventually(lambda: fake.calls[TRACKS])
    house.queue.defer_sync(user_id)
    killed.kill()
    killed.wait()
    assert {job[0] for job in jobs(house) if job[1] == f"user:{user_id}"} == {"doing", "todo"}
    start()
    start()
    eventually(lambda: outcomes(house, user_id) == {"done"}, seconds=30)
    assert house.syncing.state(user_id).kept.tracks == 120
