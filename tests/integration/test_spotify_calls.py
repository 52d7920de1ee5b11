"""The gate before Spotify on a real PostgreSQL and Redis: budgets, pace, stops and what an app may do."""

import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from core.cache import Cache
from core.repositories.calls import FORGET_AFTER
from core.repositories.database import Database
from core.repositories.schema import calls as counted
from core.services.spotify_calls import PACE, WINDOW, Calls
from core.spotify.errors import OverBudget, QuotaSpent, TooFast

HOUR = timedelta(hours=1)
START = datetime(2026, 11, 20, 21, 10, tzinfo=UTC)


class Clock:
    """A clock that waiting moves."""

    def __init__(self) -> None:
        self.now = START
        self.waited: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(redis_url: str) -> Iterator[Cache]:
    made = Cache(redis_url, namespace=uuid.uuid4().hex[:12])
    yield made
    made.close()


@pytest.fixture
def service() -> str:
    return f"service-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def make(db: Database, cache: Cache, clock: Clock, service: str) -> Callable[..., Calls]:
    """Return a function that opens the gate, as another process would."""

    def made(**fields: object) -> Calls:
        given = {"most": 800, "most_by_endpoint": 250, "service": service, "now": clock, "wait": clock.wait}
        return Calls(db, cache, **(given | fields))  # type: ignore[arg-type]

    return made


def spend(db: Database, service: str, endpoint: str, calls: int, *, hour: datetime = START) -> None:
    """Store calls as made in an hour."""
    whole = hour.replace(minute=0, second=0, microsecond=0)
    with db.begin() as connection:
        connection.execute(insert(counted).values(service=service, endpoint=endpoint, hour=whole, calls=calls))


class TestBudget:
    @pytest.mark.parametrize(("interactive", "most"), [(True, 250), (False, 225)])
    def test_of_an_endpoint_ends_at_its_limit(
        self, db: Database, make: Callable[..., Calls], service: str, interactive: bool, most: int
    ) -> None:
        spend(db, service, "/a", most - 1)
        gate = make().gate(interactive=interactive)
        gate.enter("/a")
        with pytest.raises(OverBudget):
            gate.enter("/a")
        gate.enter("/b")
        assert make().spending().by_endpoint == {"/a": most, "/b": 1}

    @pytest.mark.parametrize(("interactive", "most"), [(True, 800), (False, 720)])
    def test_of_all_ends_at_its_limit(
        self, db: Database, make: Callable[..., Calls], service: str, interactive: bool, most: int
    ) -> None:
        for n in range(9):
            spend(db, service, f"/{n}", (most - 1) // 9)
        spend(db, service, "/rest", most - 1 - (most - 1) // 9 * 9)
        gate = make().gate(interactive=interactive)
        gate.enter("/new")
        with pytest.raises(OverBudget):
            gate.enter("/another")
        assert make().spending().total == most

    def test_has_room_again_once_enough_calls_are_a_day_old(
        self, db: Database, make: Callable[..., Calls], service: str, clock: Clock
    ) -> None:
        for ago, calls in ((20, 10), (3, 200), (0, 60)):
            spend(db, service, "/a", calls, hour=START - ago * HOUR)
        gate = make().gate(interactive=True)
        with pytest.raises(OverBudget) as refused:
            gate.enter("/a")
        # Ten gone would leave 260: the calls of three hours ago have to go as well.
        assert refused.value.retry_at == START.replace(minute=0) - 3 * HOUR + WINDOW
        clock.now = refused.value.retry_at - timedelta(seconds=1)
        with pytest.raises(OverBudget):
            gate.enter("/a")
        clock.now = refused.value.retry_at
        gate.enter("/a")
        assert make().spending().by_endpoint == {"/a": 61}

    def test_asks_for_the_later_of_both_moments(self, db: Database, make: Callable[..., Calls], service: str) -> None:
        spend(db, service, "/a", 5, hour=START - 2 * HOUR)
        spend(db, service, "/b", 5, hour=START - 9 * HOUR)
        with pytest.raises(OverBudget) as refused:
            make(most=10, most_by_endpoint=5).gate(interactive=True).enter("/a")
        assert refused.value.retry_at == START.replace(minute=0) - 2 * HOUR + WINDOW

    def test_never_counts_a_call_for_less_than_a_day(
        self, db: Database, make: Callable[..., Calls], clock: Clock
    ) -> None:
        calls = make(most_by_endpoint=1)
        calls.gate().enter("/a")
        clock.now += timedelta(hours=23, minutes=59)
        with pytest.raises(OverBudget):
            calls.gate().enter("/a")
        clock.now += timedelta(hours=1)
        calls.gate().enter("/a")

    def test_is_not_spent_by_what_is_refused(self, db: Database, make: Callable[..., Calls], service: str) -> None:
        spend(db, service, "/a", 250)
        calls = make()
        for _ in range(3):
            with pytest.raises(OverBudget):
                calls.gate(interactive=True).enter("/a")
        assert calls.spending().total == 250

    def test_can_be_asked_without_spending(self, db: Database, make: Callable[..., Calls], service: str) -> None:
        calls = make()
        calls.check("/a")
        assert calls.spending().total == 0
        spend(db, service, "/a", 225)
        with pytest.raises(OverBudget):
            calls.check("/a")
        calls.check("/a", interactive=True)

    def test_is_kept_by_many_at_once(self, db: Database, make: Callable[..., Calls], clock: Clock) -> None:
        calls = [make(most_by_endpoint=20, wait=lambda seconds: None) for _ in range(4)]
        through: list[int] = []

        def ask(which: int) -> None:
            for _ in range(8):
                try:
                    calls[which].gate(interactive=True).enter("/a")
                    through.append(1)
                except OverBudget:
                    pass

        threads = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(through) == 20
        assert make().spending().total == 20

    def test_old_hours_are_forgotten(self, db: Database, make: Callable[..., Calls], service: str) -> None:
        hour = START.replace(minute=0)
        for ago in (FORGET_AFTER + 2 * HOUR, FORGET_AFTER - HOUR):
            spend(db, service, "/a", 1, hour=hour - ago)
        make().gate().enter("/a")
        with db.read() as connection:
            left = select(func.count()).select_from(counted).where(counted.c.service == service)
            assert connection.execute(left).scalar_one() == 2


class TestPace:
    def test_keeps_calls_apart_in_all_processes(self, make: Callable[..., Calls], clock: Clock) -> None:
        one, other = make(), make()
        for calls in (one, other, one):
            calls.gate().enter("/a")
        assert clock.waited == [0.35, 0.35]
        clock.now += PACE
        other.gate().enter("/b")
        assert len(clock.waited) == 2

    def test_gives_each_of_many_a_slot_of_its_own(self, make: Callable[..., Calls]) -> None:
        slots: list[float] = []
        calls = make(wait=slots.append)
        threads = [threading.Thread(target=calls.gate().enter, args=("/a",)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(slots) == pytest.approx([0.35 * n for n in range(1, 8)])

    def test_does_not_wait_for_a_clock_that_ran_ahead(self, make: Callable[..., Calls], clock: Clock) -> None:
        clock.now += 9 * HOUR
        make().gate().enter("/a")
        clock.now = START
        make().gate().enter("/a")
        assert clock.waited == []


class TestStop:
    def test_holds_for_everybody_until_the_moment(self, make: Callable[..., Calls], clock: Clock) -> None:
        until = START + 14 * HOUR
        make().gate().close(until, quota=True)
        for interactive in (True, False):
            with pytest.raises(QuotaSpent) as refused:
                make().gate(interactive=interactive).enter("/a")
            assert refused.value.retry_at == until
        spending = make().spending()
        assert (spending.closed_until, spending.reason, spending.total) == (until, "quota", 0)
        clock.now = until
        make().gate().enter("/a")
        assert (make().spending().closed_until, make().spending().reason) == (None, "")

    def test_for_a_moment_is_told_apart(self, make: Callable[..., Calls]) -> None:
        make().gate().close(START + timedelta(seconds=3), quota=False)
        with pytest.raises(TooFast) as refused:
            make().gate().enter("/a")
        assert refused.value.retry_at == START + timedelta(seconds=3)

    def test_outlives_redis(self, make: Callable[..., Calls], cache: Cache, service: str) -> None:
        make().gate().close(START + 14 * HOUR, quota=True)
        cache.delete(f"{service}:closed")
        with pytest.raises(QuotaSpent):
            make().gate().enter("/a")
        assert cache.get_bytes(f"{service}:closed") is not None

    def test_works_without_redis(self, db: Database, service: str, clock: Clock) -> None:
        away = Cache("redis://127.0.0.1:1/0", namespace=uuid.uuid4().hex)
        calls = Calls(db, away, service=service, now=clock, wait=clock.wait)
        calls.gate().enter("/a")
        calls.gate().close(START + HOUR, quota=True)
        other = Calls(db, Cache("redis://127.0.0.1:1/0"), service=service, now=clock, wait=clock.wait)
        with pytest.raises(QuotaSpent):
            other.gate().enter("/a")

    def test_needs_no_query_once_redis_knows(self, make: Callable[..., Calls], cache: Cache, service: str) -> None:
        make().gate().close(START + HOUR, quota=True)
        nowhere = Database("postgresql://nobody@127.0.0.1:1/nothing", pooled=False)
        calls = Calls(nowhere, cache, service=service, now=Clock())
        with pytest.raises(QuotaSpent):
            calls.gate().enter("/a")

    def test_is_not_shortened_by_another(self, make: Callable[..., Calls]) -> None:
        make().gate().close(START + 14 * HOUR, quota=True)
        make().gate().close(START + timedelta(seconds=2), quota=False)
        spending = make().spending()
        assert (spending.closed_until, spending.reason) == (START + 14 * HOUR, "quota")
        make().gate().close(START + 15 * HOUR, quota=False)
        assert make().spending().reason == "rate"


class TestWhatAnAppMay:
    def test_is_known_from_answers(self, make: Callable[..., Calls], clock: Clock) -> None:
        calls = make()
        calls.answered("/b", status=403, works=False)
        calls.answered("/a", status=200, works=True)
        calls.answered("/c", status=429, works=None)
        found = make().capabilities()
        assert [(c.endpoint, c.works, c.status) for c in found] == [("/a", True, 200), ("/b", False, 403)]
        assert all(c.first_seen == c.last_seen == START for c in found)

    def test_is_noted_hourly_while_it_stays(self, make: Callable[..., Calls], clock: Clock) -> None:
        for minutes, seen in ((0, 0), (59, 0), (60, 60), (119, 60), (120, 120)):
            clock.now = START + timedelta(minutes=minutes)
            make().answered("/a", status=200, works=True)
            (found,) = make().capabilities()
            assert (found.first_seen, found.last_seen) == (START, START + timedelta(minutes=seen))

    def test_changes_at_once(self, make: Callable[..., Calls], clock: Clock) -> None:
        calls = make()
        calls.answered("/a", status=200, works=True)
        clock.now += timedelta(minutes=5)
        calls.answered("/a", status=403, works=False)
        (found,) = make().capabilities()
        assert (found.works, found.status, found.first_seen, found.last_seen) == (False, 403, clock.now, clock.now)
