"""The worker as a process: imports run, and run again after kills, stops and a lost database."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest

from core.bootstrap import Playprint
from core.queue import Queue
from core.repositories.database import Database
from core.settings import Settings
from worker.tasks import MOST_ATTEMPTS

ROOT = Path(__file__).resolve().parents[2]
ROWS = 150_000
T = TypeVar("T")


def eventually(condition: Callable[[], T], seconds: float = 90) -> T:
    give_up = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < give_up, "it never happened"
        time.sleep(0.01)
    return answer


@pytest.fixture
def house(fresh_db: Database, redis_url: str, tmp_path: Path) -> Iterator[Playprint]:
    made = Playprint(Settings(home=tmp_path), fresh_db, redis_url)
    yield made
    made.queue.close()


@pytest.fixture
def start(house: Playprint) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    """Return a function that starts a worker on the house's servers."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PLAYPRINT_")},
        "PLAYPRINT_DATABASE_URL": house.db.url,
        "PLAYPRINT_REDIS_URL": house.redis_url,
        "PLAYPRINT_HOME": str(house.settings.home),
        "PLAYPRINT_FACTS": "false",
        "PLAYPRINT_TREND_SOURCES": "",
    }
    started: list[subprocess.Popen[bytes]] = []

    def begin(code: str = "main()") -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-c", f"from worker.app import main; {code}"]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL))
        return started[-1]

    yield begin
    for each in started:
        each.kill()
        each.wait()


def upload(house: Playprint, rows: int) -> Path:
    """Put an extended history of ``rows`` plays where uploads wait."""
    path = house.uploads / "one" / "history.zip"
    path.parent.mkdir(parents=True)
    base = json.dumps(
        {
            "ts": "@",
            "ms_played": 60_000,
            "master_metadata_track_name": "Song",
            "master_metadata_album_artist_name": "Band",
            "master_metadata_album_album_name": "Album",
            "spotify_track_uri": "spotify:track:0000000000000000000000",
        }
    )
    moments = (time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_500_000_000 + 100 * number)) for number in range(rows))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "Streaming_History_Audio_2017_0.json", f"[{','.join(base.replace('@', at) for at in moments)}]"
        )
    return path


def ask(house: Playprint, path: Path) -> tuple[int, int]:
    """Queue an import of ``path`` for a new person; return their id and the import's."""
    user, _ = house.accounts.add("Anna")
    import_id = house.importing.create(user.id, label="history.zip", bytes_total=path.stat().st_size)
    files = [{"path": str(path), "label": "history.zip"}]
    house.queue.defer_import(user.id, import_id=import_id, files=files)  # type: ignore[arg-type]
    return user.id, import_id


def status(house: Playprint, user_id: int, import_id: int) -> str:
    return house.importing.record(user_id, import_id=import_id).status


def stored(house: Playprint, user_id: int) -> int:
    with house.db.driver() as connection:
        counted = connection.execute("select count(*) from listens where user_id = %s", [user_id]).fetchone()
    assert counted is not None
    return int(counted[0])


def jobs(house: Playprint) -> list[tuple[object, ...]]:
    with house.db.driver() as connection:
        return connection.execute("select status, lock, queue_name from procrastinate_jobs").fetchall()


def test_an_import_is_queued_under_its_persons_lock(house: Playprint) -> None:
    user_id, _ = ask(house, upload(house, 1))
    assert jobs(house) == [("todo", f"user:{user_id}", "imports")]


def test_a_queue_without_a_database_says_so() -> None:
    from core.domain.errors import Unavailable

    queue = Queue("postgresql://nobody@localhost:1/none?connect_timeout=2")
    with pytest.raises(Unavailable, match="try again"):
        queue.defer_import(1, import_id=1, files=[])
    queue.close()


def test_an_import_runs_and_its_files_go(house: Playprint, start: Callable[[], object]) -> None:
    path = upload(house, 10)
    start()
    user_id, import_id = ask(house, path)
    eventually(lambda: status(house, user_id, import_id) == "done")
    assert stored(house, user_id) == 10
    eventually(lambda: not path.parent.exists() and jobs(house) == [])


def test_files_of_a_refused_import_go_too(house: Playprint, start: Callable[[], object]) -> None:
    path = upload(house, 1)
    path.write_bytes(b"PK\x03\x04")
    user_id, import_id = ask(house, path)
    start()
    eventually(lambda: status(house, user_id, import_id) == "rejected")
    eventually(lambda: not path.parent.exists() and jobs(house) == [])


def test_files_of_a_deleted_person_go_too(house: Playprint, start: Callable[[], object]) -> None:
    """Deleting takes waiting jobs along; one that was just being run when its worker died is left to the next."""
    path = upload(house, 1)
    user_id, _ = ask(house, path)
    with house.db.driver() as connection:
        connection.execute("delete from users where id = %s", (user_id,))
    start()
    eventually(lambda: not path.parent.exists() and jobs(house) == [])


def test_a_killed_workers_import_runs_again(house: Playprint, start: Callable[[], "subprocess.Popen[bytes]"]) -> None:
    path = upload(house, ROWS)
    user_id, import_id = ask(house, path)
    worker = start()
    eventually(lambda: status(house, user_id, import_id) == "running")
    worker.kill()
    worker.wait()
    assert (stored(house, user_id), path.exists()) == (0, True)
    start()
    eventually(lambda: status(house, user_id, import_id) == "done")
    assert stored(house, user_id) == ROWS
    eventually(lambda: not path.exists())


def test_a_stopped_worker_ends_soon_and_its_import_runs_again(
    house: Playprint, start: Callable[..., "subprocess.Popen[bytes]"]
) -> None:
    path = upload(house, ROWS * 4)
    user_id, import_id = ask(house, path)
    worker = start("main(stop_seconds=0.1)")
    eventually(lambda: house.importing.record(user_id, import_id=import_id).rows_read > 0)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    assert (stored(house, user_id), path.exists()) == (0, True)
    start()
    eventually(lambda: status(house, user_id, import_id) == "done")
    assert stored(house, user_id) == ROWS * 4


def test_an_import_that_kills_every_worker_is_given_up(house: Playprint, start: Callable[[], object]) -> None:
    path = upload(house, 1)
    user_id, import_id = ask(house, path)
    with house.db.driver() as connection:
        connection.execute("update procrastinate_jobs set attempts = %s", [MOST_ATTEMPTS])
    start()
    eventually(lambda: status(house, user_id, import_id) == "failed")
    assert stored(house, user_id) == 0
    eventually(lambda: not path.exists())


def test_a_worker_comes_back_to_a_database_that_threw_everybody_out(
    house: Playprint, start: Callable[[], "subprocess.Popen[bytes]"]
) -> None:
    worker = start()
    path = upload(house, 10)
    eventually(lambda: _workers(house) == 1)
    with house.db.driver() as connection, pytest.raises(psycopg.OperationalError):
        connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()")
    house.db.dispose()
    user_id, import_id = ask(house, path)
    eventually(lambda: status(house, user_id, import_id) == "done")
    assert worker.poll() is None


def _workers(house: Playprint) -> int:
    with house.db.driver() as connection:
        counted = connection.execute("select count(*) from procrastinate_workers").fetchone()
    assert counted is not None
    return int(counted[0])
