"""A lost database as the one error a service can act on: run it again later."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import InterfaceError, OperationalError

from core.domain.errors import Unavailable


@contextmanager
def reaching() -> Iterator[None]:
    """Turn a connection that is lost or refused into ``Unavailable``."""
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError) as error:
        raise Unavailable(
            "PostgreSQL was lost in the middle of an import; run it again once the server is up."
        ) from error
