"""A person deleted while an import of theirs runs or waits: it ends, and nothing of them is left."""

import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from exports import AUDIO, Importer, as_zip, row
from sqlalchemy import text

from core.cache import Cache
from core.domain.errors import NotFound
from core.repositories.database import Database
from core.repositories.listens import Listens
from core.services.accounts import Accounts
from core.services.waiting import waiting_folder

ROWS = [
    row(number % 50, ts=f"2024-01-{1 + number // 1440:02d}T{number // 60 % 24:02d}:{number % 60:02d}:00Z")
    for number in range(20_000)
]


@pytest.fixture
def accounts(db: Database, redis_url: str, tmp_path: Path) -> Iterator[Accounts]:
    cache = Cache(redis_url)
    yield Accounts(db, cache, uploads=tmp_path)
    cache.close()


def waiting(db: Database) -> int:
    """Return how many connections to this database wait for a lock."""
    here = "(select oid from pg_database where datname = current_database())"
    query = f"select count(*) from pg_locks where not granted and database = {here}"
    with db.read() as connection:
        return int(connection.execute(text(query)).scalar_one())


def wait_for(db: Database, count: int) -> None:
    give_up = time.monotonic() + 30
    while waiting(db) < count:
        assert time.monotonic() < give_up, "nobody waits"
        threading.Event().wait(0.01)


def left(db: Database, user_id: int) -> int:
    with db.driver() as connection:
        counts = [
            connection.execute(f"select count(*) from {table} where user_id = %s", (user_id,)).fetchone()[0]
            for table in ("listens", "replaced_listens", "imports", "data_changes")
        ]
    return sum(counts)


def test_a_running_import_ends_and_leaves_nothing(
    accounts: Accounts, db: Database, person: Callable[..., int], tmp_path: Path
) -> None:
    user_id, importer = person(), Importer(db, tmp_path)
    deleting = threading.Thread(target=accounts.delete, args=(user_id,))
    states = []

    def while_it_runs(state: object) -> None:
        states.append(state)
        if len(states) == 3:
            deleting.start()
            wait_for(db, 1)

    with suppress(NotFound):  # when the person is gone before their import could say how it ended
        record = importer.run(user_id, importer.write("x.zip", as_zip({AUDIO: ROWS})), on_progress=while_it_runs)
        assert record.status == "cancelled"
    deleting.join()
    assert len(states) == 3
    assert left(db, user_id) == 0


def test_an_import_that_waited_finds_its_person_gone(
    accounts: Accounts, db: Database, person: Callable[..., int], tmp_path: Path
) -> None:
    user_id, importer, found = person(), Importer(db, tmp_path), []
    path = importer.write("x.zip", as_zip({AUDIO: [row()]}))

    def late() -> None:
        try:
            importer.run(user_id, path)
        except NotFound as error:
            found.append(error)

    deleting, importing = threading.Thread(target=accounts.delete, args=(user_id,)), threading.Thread(target=late)
    with Listens(db).writing(user_id):
        deleting.start()
        wait_for(db, 1)
        importing.start()
        wait_for(db, 2)
    deleting.join()
    importing.join()
    assert len(found) == 1
    assert left(db, user_id) == 0


def test_nobody_writes_listens_of_nobody(db: Database) -> None:
    with pytest.raises(NotFound), Listens(db).writing(2_000_000_000):
        pytest.fail("there is no such person")


def test_waiting_uploads_go_with_their_person(accounts: Accounts, person: Callable[..., int], tmp_path: Path) -> None:
    alice, charlie = person(), person()
    folders = {user_id: waiting_folder(tmp_path, user_id) for user_id in (alice, charlie, alice * 10 + 1)}
    for folder in folders.values():
        folder.mkdir()
        with zipfile.ZipFile(folder / "x.zip", "w"):
            pass
    accounts.delete(alice)
    assert [user_id for user_id, folder in folders.items() if folder.exists()] == [charlie, alice * 10 + 1]
