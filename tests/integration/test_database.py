"""The door to PostgreSQL, when it is open and when it is not."""

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from core.domain.errors import Conflict, Unavailable
from core.repositories.database import Database
from core.repositories.migrating import config, current, ensure_current, migrate, newest


def test_what_is_committed_stays_and_what_fails_does_not(fresh_db: Database) -> None:
    with fresh_db.begin() as connection:
        connection.execute(text("create table kept (number int)"))
    with pytest.raises(ZeroDivisionError), fresh_db.begin() as connection:
        _ = connection.execute(text("insert into kept values (1)")).rowcount / 0
    with fresh_db.begin() as connection:
        assert connection.scalar(text("select count(*) from kept")) == 0
    assert fresh_db.arrow("select 1 as one").to_pydict() == {"one": [1]}


def test_a_database_that_is_not_there_is_said_in_plain_words() -> None:
    absent = Database("postgresql://localhost:1/none")
    with pytest.raises(Unavailable, match="cannot be reached"), absent.begin():
        pass
    with pytest.raises(Unavailable, match="cannot be reached"), absent.driver():
        pass


def test_a_database_that_goes_away_is_said_in_plain_words(fresh_db: Database) -> None:
    with pytest.raises(Unavailable, match="cannot be reached"), fresh_db.begin() as connection:
        connection.execute(text("select pg_terminate_backend(pg_backend_pid())"))
    with fresh_db.begin() as connection:
        assert connection.scalar(text("select 1")) == 1


def test_other_troubles_keep_their_name(fresh_db: Database) -> None:
    url = make_url(fresh_db.url).update_query_dict({"options": "-cstatement_timeout=300"})
    impatient = Database(url.render_as_string(hide_password=False), pooled=False)
    with pytest.raises(OperationalError), impatient.begin() as connection:
        connection.execute(text("select pg_sleep(60)"))


def test_migrations_go_up_down_and_up_again(fresh_db: Database) -> None:
    from alembic import command

    assert current(fresh_db) == newest()
    with fresh_db.begin() as connection:
        command.downgrade(config(connection), "base")
    with fresh_db.begin() as connection:
        left = connection.scalar(
            text("select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'S')")
        )
    assert left == 1  # Alembic's own table
    migrate(fresh_db)
    ensure_current(fresh_db)
    assert current(fresh_db) == newest()


def test_a_newer_database_is_refused(fresh_db: Database) -> None:
    with fresh_db.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(Conflict, match="newer Playprint"):
        ensure_current(fresh_db)
