"""Pages run by Streamlit's own test runner on the real parts: PostgreSQL, Valkey, three years of made-up listens."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import ui.context
import ui.identity
from benchmarks.person import add_catalogue, add_person
from core.bootstrap import Playprint, build
from core.repositories.database import Database
from core.settings import ROOT, Settings

Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def playing(
    another_db: Callable[[], AbstractContextManager[Database]], redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Playprint]:
    """Return a Playprint on a database of its own, with the demo profile switched off."""
    with another_db() as db:
        add_catalogue(db)
        settings = Settings(home=tmp_path_factory.mktemp("home"), demo=False)
        made = build(settings, database_url=db.url, redis_url=redis_url)
        yield made
        made.close()


@pytest.fixture(scope="session")
def listener(playing: Playprint) -> int:
    """Return somebody with 4,000 listens."""
    return add_person(playing.db, listens=4_000, name="listener")


@pytest.fixture(scope="session")
def newcomer(playing: Playprint) -> int:
    """Return somebody with nothing yet."""
    return playing.accounts.add("newcomer")[0].id


@pytest.fixture
def open_page(playing: Playprint, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return a function that opens a page by its file's name as somebody (or nobody), with an address's parameters."""
    monkeypatch.setattr(ui.context, "playprint", lambda: playing)
    monkeypatch.setattr(ui.identity, "playprint", lambda: playing)

    def open_as(file: str, user_id: int | None = None, /, **params: str) -> AppTest:
        token = playing.sessions.start(user_id, stay=False) if user_id else None
        monkeypatch.setattr(ui.identity, "read_session_cookie", lambda: token)
        test = AppTest.from_file(str(ROOT / "ui" / "shell.py"), default_timeout=30)
        test.run()
        if file != "overview":
            test.switch_page(str(Path("..") / "pages" / f"{file}.py"))
        for name, value in params.items():
            test.query_params[name] = value
        return test.run()

    return open_as
