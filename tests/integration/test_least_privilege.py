"""The role that deploy/database-role.sql makes: everything works for it, and it can change no table."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from exports import Importer, row
from sqlalchemy import make_url

from core.bootstrap import build
from core.repositories.database import Database
from core.settings import ROOT, Settings

SCRIPT = ROOT / "deploy" / "database-role.sql"
ROLE = f"pp_app_{os.getpid()}"


def statements(role: str, database: str) -> list[str]:
    lines = [line for line in SCRIPT.read_text().splitlines() if not line.startswith("--")]
    filled = "\n".join(lines).replace(':"role"', f'"{role}"').replace(':"DBNAME"', f'"{database}"')
    return [statement for statement in filled.split(";") if statement.strip()]


@pytest.fixture
def limited(fresh_db: Database) -> Iterator[str]:
    """Return the address under which the limited role reaches a database of this test's own."""
    owner = make_url(fresh_db.url)
    with fresh_db.driver() as connection:
        connection.execute(f"create role {ROLE} login password 'words-of-a-test'")  # type: ignore[arg-type]
        for statement in statements(ROLE, owner.database or ""):
            connection.execute(statement)  # type: ignore[arg-type]
    yield owner.set(username=ROLE, password="words-of-a-test").render_as_string(hide_password=False)
    with fresh_db.driver() as connection:
        connection.execute(f"drop owned by {ROLE}")  # type: ignore[arg-type]
        connection.execute(f"drop role {ROLE}")  # type: ignore[arg-type]


def test_everything_works_with_it(limited: str, redis_url: str, tmp_path: Path) -> None:
    house = build(Settings(home=tmp_path, demo=False), database_url=limited, redis_url=redis_url)
    user, token = house.accounts.add("Alice")
    house.accounts.redeem(token, password="four words in a row")
    house.queue.defer_import(user.id, import_id=1, files=[])
    record = Importer(house.db, tmp_path).rows(user.id, [row(1), row(2)])
    assert record.status == "done"
    assert house.listening.span(user.id, lens=house.profiles.lens(user.id)) is not None
    house.accounts.delete(user.id)
    house.close()


@pytest.mark.parametrize(
    "statement",
    [
        "create table more (id int)",
        "drop table listens",
        "alter table users add column admin boolean",
        "create function f() returns int language sql as 'select 1'",
        "truncate users",
        "update account_events set result = 'ok'",
        "alter table account_events disable trigger all",
    ],
)
def test_it_changes_no_table(limited: str, statement: str) -> None:
    with psycopg.connect(limited) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)  # type: ignore[arg-type]
