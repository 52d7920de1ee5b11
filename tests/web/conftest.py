"""The routes on the real parts: PostgreSQL, Valkey, files in a folder of the test's own."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from someone import GOOD, Someone, TestClient, visitor
from starlette.applications import Starlette

from core.bootstrap import Playprint, build
from core.domain.people import Role
from core.repositories.database import Database
from core.settings import Settings
from web.routes import middleware, routes

_counter = itertools.count(1)


@pytest.fixture(scope="module")
def playing(db: Database, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playprint]:
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, max_upload_mb=2, max_files=5, demo=False, allowed_hosts="testserver")
    made = build(settings, database_url=db.url, redis_url=redis_url)
    yield made
    made.close()


@pytest.fixture
def browser(playing: Playprint) -> Callable[..., TestClient]:
    """Return a function that opens a browser of its own: cookies are kept, redirects are looked at."""
    # One address each, so that one test's tries do not slow another's.
    app = Starlette(routes=routes(lambda: playing), middleware=middleware(lambda: playing))

    def open_browser() -> TestClient:
        address = f"10.{uuid4().int % 250}.{uuid4().int % 250}.{next(_counter) % 250}"
        return TestClient(app, follow_redirects=False, client=(address, 1234))

    return open_browser


@pytest.fixture
def somebody(playing: Playprint, browser: Callable[..., TestClient]) -> Callable[..., Someone]:
    """Return a function that makes a person with a password and signs them in through the form."""

    def make(name: str = "Alice", role: Role = "member") -> Someone:
        user, token = playing.accounts.add(f"{name} {uuid4().hex[:8]}", role=role)
        client = browser()
        fields = {"csrf": visitor(client), "link": token, "password": GOOD, "repeat": GOOD}
        assert client.post("/auth/redeem", data=fields).headers["location"] == "/"
        session = playing.accounts.session(client.cookies["playprint"])
        assert session is not None
        return Someone(user.id, user.name, client, session.csrf)

    return make


@pytest.fixture
def stored(playing: Playprint) -> Callable[[], list[Path]]:
    """Return a function that lists every uploaded file on disk."""
    return lambda: sorted(path for path in playing.uploads.rglob("*") if path.is_file())
