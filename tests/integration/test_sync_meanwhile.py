"""What happens while a page is on its way: people leave, servers restart, a second process begins."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from spotify_house import SpotifyHouse, after

from core.cache import Cache
from core.domain.errors import Conflict, NotFound, Unavailable
from core.repositories.users import Users

TRACKS = "GET /me/tracks"
# Where something may be left of somebody.
OF_A_PERSON = ("connections", "parts", "gaps", "tops", "playlists", "playlist_items", "saved")
Someone = Callable[[str], int]


def left(house: SpotifyHouse, user_id: int) -> int:
    """Return how many rows there are that came from Spotify for a person."""
    tables = [*(f"spotify_{name}" for name in OF_A_PERSON), "listens", "replaced_listens"]
    counts = [house.rows(f"select count(*) from {table} where user_id = %s", user_id) for table in tables]
    return sum(int(str(count[0][0])) for count in counts)


@contextmanager
def on_its_way(house: SpotifyHouse, user_id: int, endpoint: str) -> Iterator[None]:
    """Run a person's sync in a thread; the block runs while Spotify takes its time to answer ``endpoint``."""
    house.fake.faults.add("slow", endpoint, seconds=0.6)
    failed: list[BaseException] = []

    def work() -> None:
        try:
            house.run(user_id)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    give_up = time.monotonic() + 30
    while not house.fake.calls[endpoint]:
        assert time.monotonic() < give_up, "nobody asks"
        threading.Event().wait(0.005)
    yield
    thread.join()
    assert failed == []


@pytest.mark.parametrize("endpoint", [TRACKS, "GET /me/player/recently-played"])
def test_nothing_is_left_of_somebody_who_disconnects(spotify: SpotifyHouse, someone: Someone, endpoint: str) -> None:
    user_id = someone("bob")
    spotify.connect(user_id, "bob")
    with on_its_way(spotify, user_id, endpoint):
        spotify.connecting.disconnect(user_id)
    assert left(spotify, user_id) == 0
    assert spotify.run(user_id) is None


@pytest.mark.parametrize("endpoint", [TRACKS, "GET /me/player/recently-played"])
def test_nothing_is_left_of_somebody_who_leaves(spotify: SpotifyHouse, someone: Someone, endpoint: str) -> None:
    user_id = someone("bob")
    spotify.connect(user_id, "bob")
    with on_its_way(spotify, user_id, endpoint):
        Users(spotify.db).erase(user_id)
    assert left(spotify, user_id) == 0


def test_disconnecting_between_any_two_pages_leaves_nothing(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id, pages = someone("bob"), 0
    while True:
        spotify.connect(user_id, "bob")
        spotify.run(user_id, should_stop=after(pages))
        unfinished = spotify.syncing.due()
        spotify.connecting.disconnect(user_id)
        assert left(spotify, user_id) == 0
        if not unfinished:
            break
        pages += 5
    assert pages >= 15


def test_work_begun_before_connecting_anew_stores_nothing(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    spotify.connect(user_id, "bob")
    with on_its_way(spotify, user_id, TRACKS):
        spotify.connect(user_id, "bob")
    assert spotify.syncing.state(user_id).kept.tracks == 0
    assert spotify.syncing.due() == [user_id]
    spotify.run(user_id)
    assert spotify.syncing.state(user_id).kept.tracks == 120


def test_of_two_at_once_one_works_and_no_page_is_asked_for_twice(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    spotify.connect(user_id, "bob")
    other = SpotifyHouse(spotify.db, spotify.cache, spotify.fake)
    with on_its_way(spotify, user_id, TRACKS), pytest.raises(Conflict, match="running already"):
        other.run(user_id)
    asked = [(call.path, str(call.query)) for call in spotify.fake.requests if call.path.startswith("/me/")]
    assert len(asked) == len(set(asked)) == 13


def test_a_database_that_throws_everybody_out_costs_no_page(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    spotify.connect(user_id, "bob")

    def thrown_out() -> bool:
        if spotify.fake.calls[TRACKS] == 2:
            with psycopg.connect(spotify.db.url) as connection:
                connection.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity "
                    "where datname = current_database() and pid <> pg_backend_pid()"
                )
            return True
        return False

    with pytest.raises(Unavailable):
        spotify.run(user_id, should_stop=thrown_out)
    spotify.run(user_id)
    assert (spotify.fake.calls[TRACKS], spotify.syncing.state(user_id).kept.tracks) == (3, 120)


def test_an_emptied_redis_forgets_no_budget_and_no_ban(spotify: SpotifyHouse, someone: Someone, redis_url: str) -> None:
    user_id = someone("bob")
    spotify.connect(user_id, "bob")
    spotify.fake.faults.add("quota", TRACKS, skip=1, retry_after=3600)
    spotify.run(user_id)
    spent = spotify.calls.spending()
    spotify.fake.reset_calls()
    emptied = Cache(redis_url, namespace=f"emptied-{time.monotonic_ns()}")
    again = SpotifyHouse(spotify.db, emptied, spotify.fake)
    again.syncing.begin(user_id)
    again.run(user_id)
    assert spotify.fake.api_calls == 0
    assert again.calls.spending() == spent
    assert set(again.outcomes(user_id).values()) == {"quota"}
    emptied.close()


def test_a_sync_goes_on_without_redis(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    spotify.connect(user_id, "bob")
    away = Cache("redis://127.0.0.1:1/0")
    SpotifyHouse(spotify.db, away, spotify.fake).run(user_id)
    assert set(spotify.outcomes(user_id).values()) == {"done"}
    assert spotify.fake.calls["POST /api/token"] <= 3
    away.close()


def test_a_stranger_gets_nothing_synced(spotify: SpotifyHouse, someone: Someone) -> None:
    assert spotify.run(someone("dora")) is None
    assert spotify.run(2_000_000_000) is None
    spotify.syncing.begin(2_000_000_000)
    with pytest.raises(NotFound):
        spotify.connecting.disconnect(2_000_000_000)
