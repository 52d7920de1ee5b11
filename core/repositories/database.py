"""The door to PostgreSQL: SQLAlchemy Core for rows, ADBC for frames."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from core.domain.errors import Unavailable

if TYPE_CHECKING:
    import pyarrow as pa

# The class of the advisory locks, one per person, that whoever changes what is stored of their listening holds.
PERSON_LOCK = 0x706C
UNREACHABLE = "PostgreSQL cannot be reached; is the address right and the server running?"


class Database:
    """Connections to one PostgreSQL; safe to share between threads."""

    def __init__(self, url: str, *, pool_size: int = 8, pooled: bool = True) -> None:
        """Prepare connections to ``url`` (``postgresql://…``); nothing is opened yet."""
        self.url = url
        sqlalchemy_url = make_url(url).set(drivername="postgresql+psycopg")
        options = {"pool_size": pool_size, "max_overflow": pool_size, "pool_pre_ping": True} if pooled else {}
        self.engine: Engine = create_engine(sqlalchemy_url, **options, **({} if pooled else {"poolclass": NullPool}))
        self._reading = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Yield a connection inside one transaction: committed at the end, rolled back on any error.

        Raises:
            Unavailable: the database cannot be reached, or went away meanwhile.
        """
        with _connected(self.engine) as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection for single queries, each seeing what is committed when it runs: no transaction's cost.

        Raises:
            Unavailable: the database cannot be reached, or went away meanwhile.
        """
        with _connected(self._reading) as connection:
            yield connection

    @contextmanager
    def driver(self) -> Iterator[psycopg.Connection]:
        """Yield a psycopg connection of its own, for binary COPY; commits at the end, rolls back on any error."""
        try:
            connection = psycopg.connect(self.url)
        except psycopg.OperationalError as error:
            raise Unavailable(UNREACHABLE) from error
        with connection:
            yield connection

    def arrow(self, query: str, parameters: tuple[object, ...] = ()) -> "pa.Table":
        """Return the rows of ``query`` (``$1``-style parameters) as an Arrow table, several times faster than rows."""
        from adbc_driver_postgresql import dbapi  # 100 MB that the worker and most commands never need

        with dbapi.connect(self.url) as connection, connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return cursor.fetch_arrow_table()

    def dispose(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    """Yield a pooled connection; a database that is not there, or goes away, becomes one plain sentence."""
    try:
        connection = engine.connect()
    except OperationalError as error:
        raise Unavailable(UNREACHABLE) from error
    try:
        with connection:
            yield connection
    except OperationalError as error:
        if error.connection_invalidated:
            raise Unavailable(UNREACHABLE) from error
        raise
