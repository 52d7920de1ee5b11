"""A house of its own for each test of the Spotify sync, with a stand-in for Spotify."""

from collections.abc import Callable, Iterator

import pytest
from fakes.spotify import FakeSpotify
from spotify_house import SpotifyHouse

from core.cache import Cache
from core.repositories.database import Database
from core.repositories.migrating import instance_id

pytest.register_assert_rewrite("panels_checked")  # a failure there says what it saw


@pytest.fixture
def spotify(fresh_db: Database, redis_url: str, request: pytest.FixtureRequest) -> Iterator[SpotifyHouse]:
    """Return a house whose Spotify app is in the mode a test is parametrized with."""
    cache = Cache(redis_url, namespace=instance_id(fresh_db))
    with FakeSpotify(mode=getattr(request, "param", "dev_2026")) as fake:
        yield SpotifyHouse(fresh_db, cache, fake)
    cache.close()


@pytest.fixture
def someone(fresh_db: Database) -> Callable[..., int]:
    """Return a function that adds a person to the house and returns their id."""

    def add(name: str) -> int:
        with fresh_db.driver() as connection:
            added = "insert into users (name, name_key, password_hash) values (%s, %s, 'x') returning id"
            row = connection.execute(added, (name, name)).fetchone()
        assert row is not None
        return int(row[0])

    return add
