"""Libraries from PostgreSQL, Redis and memory: always current, by the cheapest way, never somebody else's."""

import dataclasses
import threading
from collections.abc import Iterator

import pytest
from heard import Heard, histories, library, listen
from hypothesis import HealthCheck, given, settings
from stored import add, add_catalogue, add_person, undo

from core.analytics.building import append, build
from core.analytics.codec import decode, encode, version_of
from core.analytics.library import Library
from core.cache import Cache
from core.domain.errors import NotFound, Unavailable
from core.repositories.database import Database
from core.repositories.library import LibraryReader
from core.repositories.users import Users
from core.services.library import Libraries

OLD = [listen("2024-05-01T10:00", track=3), listen("2024-05-02T10:00", track=5, ms=10_000, reason_end=2)]
NEW = [
    listen("2024-05-01T09:59", track=1),
    listen("2024-05-03T10:00", track=3, ms=5),
    listen("2024-05-01T10:00", track=8),
]
FRAMES = ("listens", "tracks", "recordings", "artists", "albums", "reasons")


def same(one: Library, other: Library) -> bool:
    """Return whether two libraries hold the same, to the last code."""
    frames = [(getattr(one, name), getattr(other, name)) for name in FRAMES]
    return one.version == other.version and all(a.equals(b) and a.schema == b.schema for a, b in frames)


@pytest.fixture
def stored(fresh_db: Database) -> Database:
    add_catalogue(fresh_db)
    return fresh_db


@pytest.fixture
def cache(redis_url: str) -> Iterator[Cache]:
    made = Cache(redis_url)
    yield made
    for user_id in range(1, 20):
        made.delete(f"u:{user_id}:library")
    made.close()


@dataclasses.dataclass
class Counted:
    """What was read from PostgreSQL: rows per read, and how many times the version was asked for."""

    rows: list[int] = dataclasses.field(default_factory=list)
    versions: int = 0


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """Return counters of what the real reader reads."""
    counted, read, version = Counted(), LibraryReader.read, LibraryReader.version

    def counting_read(self: LibraryReader, *args: object, **kwargs: object) -> object:
        found = read(self, *args, **kwargs)
        counted.rows.append(found.rows.listens.height)
        return found

    def counting_version(self: LibraryReader, user_id: int) -> int:
        counted.versions += 1
        return version(self, user_id)

    monkeypatch.setattr(LibraryReader, "read", counting_read)
    monkeypatch.setattr(LibraryReader, "version", counting_version)
    return counted


def libraries(db: Database, cache: Cache, memory_bytes: int = 10**8) -> Libraries:
    return Libraries(db, cache, memory_bytes=memory_bytes)


def test_the_library_from_the_database_is_the_one_of_its_rows(stored: Database, cache: Cache) -> None:
    alice = add_person(stored, "alice")
    add(stored, alice, OLD + NEW, import_id=1)
    found = libraries(stored, cache).get(alice)
    assert found.listens.equals(library(OLD + NEW).listens)
    assert same(found, build(LibraryReader(stored).read(alice).rows, version=1))


def test_a_warm_library_costs_one_query_and_no_rows(stored: Database, cache: Cache, reads: Counted) -> None:
    alice = add_person(stored, "alice")
    add(stored, alice, OLD, import_id=1)
    kept = libraries(stored, cache)
    first = kept.get(alice)
    reads.versions = 0
    assert kept.get(alice) is first
    assert (reads.rows, reads.versions) == ([2], 1)


def test_another_process_takes_the_library_from_redis(stored: Database, cache: Cache, reads: Counted) -> None:
    alice = add_person(stored, "alice")
    add(stored, alice, OLD + NEW, import_id=1)
    first = libraries(stored, cache).get(alice)
    second = libraries(stored, cache).get(alice)
    assert same(first, second)
    assert reads.rows == [5]


def test_added_rows_are_appended_and_only_they_are_read(stored: Database, cache: Cache, reads: Counted) -> None:
    alice = add_person(stored, "alice")
    add(stored, alice, OLD, import_id=1)
    here, there = libraries(stored, cache), libraries(stored, cache)
    here.get(alice), there.get(alice)
    add(stored, alice, NEW[:2], import_id=2)
    add(stored, alice, NEW[2:], import_id=3)
    appended = here.get(alice)
    assert reads.rows == [2, 3]
    assert same(there.get(alice), appended)  # from Redis
    assert reads.rows == [2, 3]
    assert same(appended, build(LibraryReader(stored).read(alice).rows, version=3))


def test_an_undone_import_is_gone(stored: Database, cache: Cache, reads: Counted) -> None:
    alice = add_person(stored, "alice")
    add(stored, alice, OLD, import_id=1)
    add(stored, alice, NEW, import_id=2)
    kept = libraries(stored, cache)
    kept.get(alice)
    undo(stored, alice, import_id=2)
    found = kept.get(alice)
    assert reads.rows == [5, 2]
    assert found.listens.equals(library(OLD).listens)


def test_an_import_after_an_undo_does_not_hide_it(stored: Database, cache: Cache) -> None:
    alice = add_person(stored, "alice")
    add(stored, alice, OLD, import_id=1)
    kept = libraries(stored, cache)
    kept.get(alice)
    undo(stored, alice, import_id=1)
    add(stored, alice, NEW, import_id=2)
    assert kept.get(alice).listens.equals(library(NEW).listens)


def test_unknown_changes_mean_reading_everything(stored: Database, cache: Cache) -> None:
    alice = add_person(stored, "alice")
    reader = LibraryReader(stored)
    add(stored, alice, OLD, import_id=1)
    add(stored, alice, NEW, import_id=1)
    assert reader.additions(alice, since=0, version=2) == [1]
    assert reader.additions(alice, since=0, version=3) is None
    undo(stored, alice, import_id=1)
    assert reader.additions(alice, since=2, version=3) is None
    assert reader.additions(alice, since=3, version=3) == []


def test_an_older_library_in_redis_is_brought_up_to_date(stored: Database, cache: Cache, reads: Counted) -> None:
    alice = add_person(stored, "alice")
    add(stored, alice, OLD, import_id=1)
    libraries(stored, cache).get(alice)
    add(stored, alice, NEW, import_id=2)
    found = libraries(stored, cache).get(alice)
    assert reads.rows == [2, 3]
    assert found.listens.equals(library(OLD + NEW).listens)


def test_bytes_of_another_release_are_not_read(stored: Database, cache: Cache) -> None:
    alice = add_person(stored, "alice")
    add(stored, alice, OLD, import_id=1)
    cache.set_bytes(f"u:{alice}:library", b"\xff" * 200, 60)
    assert libraries(stored, cache).get(alice).listens.height == 2


def test_charlie_gets_nothing_of_alices(stored: Database, cache: Cache) -> None:
    alice, charlie = add_person(stored, "alice"), add_person(stored, "charlie")
    add(stored, alice, OLD, import_id=1)
    kept = libraries(stored, cache)
    kept.get(alice)
    empty = kept.get(charlie)
    assert (empty.listens.height, empty.tracks.height) == (0, 0)
    assert (empty.artists["id"].to_list(), empty.albums["id"].to_list()) == ([0], [0])
    with pytest.raises(NotFound):
        kept.get(charlie + 1)
    # The same import number of somebody else brings nothing either.
    add(stored, charlie, [NEW[0]], import_id=1)
    assert kept.get(charlie).listens.height == 1


def test_memory_holds_the_last_used_within_its_bytes(stored: Database, cache: Cache, reads: Counted) -> None:
    people = [add_person(stored, name) for name in ("a", "b", "c")]
    for person in people:
        add(stored, person, OLD, import_id=1)
    one = libraries(stored, cache).get(people[0]).nbytes
    kept = libraries(stored, cache, memory_bytes=int(one * 2.5))
    first, second = kept.get(people[0]), kept.get(people[1])
    assert kept.get(people[0]) is first
    kept.get(people[2])
    assert kept.get(people[0]) is first
    assert kept.get(people[1]) is not second
    kept.forget(people[0])
    assert kept.get(people[0]) is not first


def test_many_threads_read_a_cold_library_once(stored: Database, cache: Cache, reads: Counted) -> None:
    alice, found = add_person(stored, "alice"), []
    add(stored, alice, OLD, import_id=1)
    kept = libraries(stored, cache)
    threads = [threading.Thread(target=lambda: found.append(kept.get(alice))) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(found) == 8
    assert len({id(each) for each in found}) == 1
    assert reads.rows == [2]


def test_it_works_without_redis(stored: Database, tmp_path: object) -> None:
    alice = add_person(stored, "alice")
    add(stored, alice, OLD, import_id=1)
    kept = libraries(stored, Cache(f"unix://{tmp_path}/nobody.sock"))
    assert kept.get(alice).listens.height == 2
    add(stored, alice, NEW, import_id=2)
    assert kept.get(alice).listens.height == 5


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories, histories)
def test_appending_gives_what_rebuilding_gives(old: list[Heard], new: list[Heard]) -> None:
    from heard import rows

    both = {(h.ended, h.track, h.ms, h.began): h for h in [*new, *old]}.values()
    appended = append(build(rows(old), version=1), rows(new), version=2)
    assert same(appended, build(rows(both), version=2))


@settings(max_examples=25, deadline=None)
@given(histories)
def test_a_library_comes_back_from_bytes_as_it_was(heard: list[Heard]) -> None:
    made = library(heard, version=2**40 + 3)
    data = encode(made)
    assert version_of(data) == 2**40 + 3
    assert same(decode(data), made)
    assert version_of(b"short") is None


def test_a_person_deleted_while_they_are_read_leaves_nothing(
    stored: Database, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = add_person(stored, "soon gone")
    add(stored, user_id, OLD, import_id=1)
    store = cache.set_bytes

    def late(key: str, value: bytes, ttl: float) -> None:
        Users(stored).erase(user_id)
        cache.erase_person(user_id)
        store(key, value, ttl)

    monkeypatch.setattr(cache, "set_bytes", late)
    libraries = Libraries(stored, cache, memory_bytes=10**9)
    with pytest.raises(NotFound):
        libraries.get(user_id)
    assert cache.get_bytes(f"u:{user_id}:library") is None


def read_while_dying(db: Database) -> None:
    """Read on a connection that PostgreSQL ends in the middle."""
    with LibraryReader(db)._snapshot() as frame:
        pid = frame("select pg_backend_pid() as pid", ())["pid"][0]
        with db.driver() as another:
            another.execute("select pg_terminate_backend(%s)", (pid,))
        for _ in range(50):
            frame("select 1 as one", ())


def test_a_connection_that_dies_while_reading_is_an_outage(db: Database) -> None:
    with pytest.raises(Unavailable):
        read_while_dying(db)
