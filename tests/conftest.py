"""What every ring shares: one real PostgreSQL and one real Valkey per run, a migrated database, people to test with."""

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import bcrypt
import psycopg
import pytest
from sqlalchemy import insert, make_url

from core.repositories.database import Database
from core.repositories.migrating import migrate
from core.repositories.schema import users
from core.services import passwords

SHARED = Path(__file__).resolve().parents[2] / "shared"
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def quick_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let passwords be hashed at bcrypt's lowest cost, but in tests about passwords (marked ``real_passwords``).

    The hashes are real ones; only the quarter of a second each is meant to cost is saved, a thousand times a run.
    """
    if request.node.get_closest_marker("real_passwords"):
        passwords._decoy.cache_clear()  # one of another test would be as quick as its password
        yield
        passwords._decoy.cache_clear()
        return
    dear = bcrypt.gensalt
    monkeypatch.setattr(bcrypt, "gensalt", lambda rounds=4, prefix=b"2b": dear(4, prefix))
    yield


@pytest.fixture(scope="session")
def servers() -> Iterator[tuple[str, str]]:
    """Return the addresses of PostgreSQL and Redis: the configured test servers or the embedded ones."""
    database, redis = os.environ.get("PLAYPRINT_TEST_DATABASE_URL"), os.environ.get("PLAYPRINT_TEST_REDIS_URL")
    if database and redis:
        yield database, redis
        return
    from core.embedded.servers import attach

    with tempfile.TemporaryDirectory(prefix="pp-") as home, attach(Path(home), linger=0) as attachment:
        yield database or attachment.urls.database, redis or attachment.urls.redis


@pytest.fixture(scope="session")
def redis_url(servers: tuple[str, str]) -> str:
    return servers[1]


def _admin(url: str) -> psycopg.Connection:
    return psycopg.connect(url, autocommit=True)


@pytest.fixture(scope="session")
def template(servers: tuple[str, str]) -> Iterator[str]:
    """Return the name of a migrated, empty database to clone from; nobody connects to it."""
    name = f"pp_template_{os.getpid()}"
    with _admin(servers[0]) as connection:
        connection.execute(f'drop database if exists "{name}"')
        connection.execute(f'create database "{name}"')
    db = Database(_named(servers[0], name), pooled=False)
    migrate(db)
    db.dispose()
    yield name
    with _admin(servers[0]) as connection:
        connection.execute(f'drop database if exists "{name}" with (force)')


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


@contextmanager
def _clone(server: str, template: str) -> Iterator[Database]:
    name = f"pp_{os.getpid()}_{next(_numbers)}"
    with _admin(server) as connection:
        connection.execute(f'create database "{name}" template "{template}"')
    db = Database(_named(server, name))
    yield db
    db.dispose()
    with _admin(server) as connection:
        connection.execute(f'drop database "{name}" with (force)')


@pytest.fixture(scope="session")
def db(servers: tuple[str, str], template: str) -> Iterator[Database]:
    """Return the run's shared database: tests keep apart by making their own people."""
    with _clone(servers[0], template) as made:
        yield made


@pytest.fixture(scope="session")
def another_db(servers: tuple[str, str], template: str) -> Callable[[], AbstractContextManager[Database]]:
    """Return a function that opens one more empty migrated database, for a ring that wants its own."""
    return lambda: _clone(servers[0], template)


@pytest.fixture
def fresh_db(servers: tuple[str, str], template: str) -> Iterator[Database]:
    """Return an empty migrated database of this test's own."""
    with _clone(servers[0], template) as made:
        yield made


@pytest.fixture
def person(db: Database) -> Callable[..., int]:
    """Return a function that makes a person and returns their id."""

    def make(name: str = "alice", **fields: object) -> int:
        unique = f"{name}-{os.getpid()}-{next(_numbers)}"
        with db.begin() as connection:
            statement = insert(users).values(name=unique, name_key=unique, **fields).returning(users.c.id)
            return int(connection.execute(statement).scalar_one())

    return make


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real and hostile inputs; the test skips where it is absent."""
    if not (SHARED / "fixtures").is_dir():
        pytest.skip("the folder with real inputs is not here")
    return SHARED / "fixtures"
