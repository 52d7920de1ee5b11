"""Deleting listens at the command line and taking it back."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from exports import Importer, row
from typer.testing import CliRunner

import cli
import commands.deleting
from core.bootstrap import Playprint, build
from core.domain.errors import InvalidInput
from core.domain.lens import Lens
from core.repositories.database import Database
from core.settings import Settings


@pytest.fixture
def playing(fresh_db: Database, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Playprint]:
    made = build(Settings(home=tmp_path, demo=False), database_url=fresh_db.url, redis_url=redis_url)

    @contextmanager
    def house() -> Iterator[Playprint]:
        yield made

    monkeypatch.setattr(commands.deleting, "house", house)
    user = made.accounts.add("Alice", role="owner")[0]
    Importer(fresh_db, tmp_path).rows(user.id, [row(0), row(1, ts="2024-02-01T12:00:00Z"), row(2)])
    yield made
    made.close()


def total(playing: Playprint) -> int:
    user = playing.accounts.list()[0]
    return playing.listening.page(user.id, lens=Lens(), limit=0).total


def test_days_are_deleted_and_restored(playing: Playprint) -> None:
    run = CliRunner().invoke
    refused = run(cli.app, ["listens", "delete", "--user", "Alice", "--from", "2024-02-01"], input="n\n")
    assert refused.exit_code == 1
    assert total(playing) == 3
    made = run(cli.app, ["listens", "delete", "--user", "alice", "--from", "2024-02-01", "--yes", "--json"])
    answer = json.loads(made.output[made.output.index("{\n") :])
    assert answer["listens"] == 1
    assert total(playing) == 2
    back = run(cli.app, ["listens", "restore", str(answer["deletion"]), "--user", "Alice"])
    assert back.output.endswith("1 listen back.\n")
    assert total(playing) == 3


def test_nothing_said_deletes_nothing(playing: Playprint) -> None:
    failed = CliRunner().invoke(cli.app, ["listens", "delete", "--user", "Alice", "--yes"])
    assert isinstance(failed.exception, InvalidInput)
    assert total(playing) == 3
