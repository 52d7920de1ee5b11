"""The tables as the migrations make them: those of the code, their person in every key, empty once that one goes."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from filled import PERSONAL, fill, left
from sqlalchemy import Table, inspect, text

from core.cache import Cache
from core.queue import Queue
from core.repositories.database import Database
from core.repositories.migrating import config, migrate
from core.repositories.schema import metadata
from core.services.accounts import Accounts
from core.services.limits import Limits
from core.services.waiting import waiting_folder


def drift(db: Database) -> list[object]:
    """Return how the database differs from the tables of the code; the queue's own tables are left out."""

    def include(name: str | None, kind: str, parents: object) -> bool:
        return not (kind == "table" and name is not None and name.startswith("procrastinate_"))

    with db.begin() as connection:
        options = {"include_name": include, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def relations(db: Database) -> set[str]:
    """Return what there is in the schema: tables, sequences, types, functions, by name."""
    with db.begin() as connection:
        return set(
            connection.execute(
                text(
                    "select relkind::text || relname from pg_class where relnamespace = 'public'::regnamespace union "
                    "select 't' || typname from pg_type where typnamespace = 'public'::regnamespace union "
                    "select 'f' || proname from pg_proc where pronamespace = 'public'::regnamespace"
                )
            ).scalars()
        )


def test_the_migrations_make_exactly_the_tables_of_the_code(fresh_db: Database) -> None:
    assert drift(fresh_db) == []


@pytest.mark.parametrize(
    "change",
    [
        "alter table users add column shoe_size int",
        "alter table imports alter column label drop not null",
        "alter table users alter column role set default 'owner'",
        "create index another on listens (track_id)",
        "create table strange (id int)",
        "alter table users drop constraint uq_users_name_key",
    ],
)
def test_the_comparison_sees(fresh_db: Database, change: str) -> None:
    with fresh_db.begin() as connection:
        connection.execute(text(change))
    assert drift(fresh_db) != []


def test_down_to_nothing_and_up_again(fresh_db: Database) -> None:
    before = relations(fresh_db)
    with fresh_db.begin() as connection:
        command.downgrade(config(connection), "base")
    assert {name for name in relations(fresh_db) if "alembic_version" not in name} == set()
    migrate(fresh_db)
    assert relations(fresh_db) == before
    assert drift(fresh_db) == []


def test_listens_and_what_they_replaced_have_one_index_each(db: Database) -> None:
    with db.begin() as connection:
        for table in ("listens", "replaced_listens"):
            found = connection.execute(
                text("select indexdef from pg_indexes where tablename = :table"), {"table": table}
            )
            assert [row[0].partition(" USING ")[0] for row in found] == [
                f"CREATE UNIQUE INDEX pk_{table} ON public.{table}"
            ]
            assert inspect(connection).get_foreign_keys(table) == []


@pytest.mark.parametrize("table", PERSONAL, ids=lambda table: table.name)
class TestWhatBelongsToSomebody:
    """Read from the database, not from the code that describes it."""

    def test_has_its_person_first_in_every_key(self, db: Database, table: Table) -> None:
        with db.begin() as connection:
            look = inspect(connection)
            keys = [look.get_pk_constraint(table.name)["constrained_columns"]]
            keys += [unique["column_names"] for unique in look.get_unique_constraints(table.name)]
            keys += [index["column_names"] for index in look.get_indexes(table.name) if index["unique"]]
        assert {key[0] for key in keys} == {"user_id"}

    def test_refers_to_its_person_and_to_what_is_theirs_or_everybodys(self, db: Database, table: Table) -> None:
        personal = {each.name for each in PERSONAL}
        with db.begin() as connection:
            references = inspect(connection).get_foreign_keys(table.name)
        for reference in references:
            if reference["referred_table"] in personal:
                assert (reference["constrained_columns"][0], reference["referred_columns"][0]) == ("user_id", "user_id")
            elif reference["referred_table"] == "users":
                assert (reference["constrained_columns"], reference["referred_columns"]) == (["user_id"], ["id"])
                assert reference["options"] == {"ondelete": "CASCADE"}


def test_no_table_of_everybody_refers_to_a_person(db: Database) -> None:
    owned = {table.name for table in PERSONAL} | {"users"}
    with db.begin() as connection:
        look = inspect(connection)
        everybodys = set(look.get_table_names()) - owned
        assert {"artists", "tracks", "procrastinate_jobs"} <= everybodys
        assert not [r for name in everybodys for r in look.get_foreign_keys(name) if r["referred_table"] in owned]


@pytest.fixture
def cache(redis_url: str) -> Iterator[Cache]:
    made = Cache(redis_url, namespace=uuid.uuid4().hex[:12])
    yield made
    made.erase_person(1)
    made.erase_person(2)
    made.close()


def only_what_is_filled_in(db: Database) -> None:
    """Delete what adding people left: ``fill`` stores one of each."""
    with db.begin() as connection:
        connection.execute(text("delete from one_time_links"))
        connection.execute(text("delete from account_events"))


def test_deleting_a_person_empties_every_table_of_them_and_of_nobody_else(
    fresh_db: Database, cache: Cache, redis_url: str, tmp_path: Path
) -> None:
    accounts, queue = Accounts(fresh_db, cache, uploads=tmp_path), Queue(fresh_db.url)
    alice, charlie = (accounts.add(name)[0].id for name in ("Alice", "Charlie"))
    figure = cache.cached(ttl=60, name="figure")(lambda user_id, n: n)
    only_what_is_filled_in(fresh_db)
    for user_id in (alice, charlie):
        fill(fresh_db, user_id)
        queue.defer_import(user_id, import_id=1, files=[{"path": "/nowhere/x.zip", "label": "x.zip"}])
        queue.defer_sync(user_id)
        queue.defer_mail(user_id)  # names its person in its arguments alone
        cache.set_bytes(f"u:{user_id}:library", b"x", 60)
        figure(user_id=user_id, n=7)
        Limits(cache).take("upload", user_id)
        waiting_folder(tmp_path, user_id).mkdir()
    queue.close()
    everything = {table.name: 1 for table in PERSONAL} | {"users": 1, "procrastinate_jobs": 3}
    for user_id in (alice, charlie):
        assert left(fresh_db, user_id) == everything
    accounts.delete(alice)
    assert left(fresh_db, alice) == {}
    assert left(fresh_db, charlie) == everything
    assert [folder.name.split("-")[0] for folder in tmp_path.iterdir()] == [str(charlie)]
    with redis.Redis.from_url(redis_url) as client:
        assert list(client.scan_iter(match=f"{cache._prefix}u:{alice}:*")) == []
        assert len(list(client.scan_iter(match=f"{cache._prefix}u:{charlie}:*"))) == 3
