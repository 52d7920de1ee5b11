"""Limits and brakes: exactly so many, then a wait that ends; the same with and without Redis, in two processes."""

import hashlib
import json
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from doubles import Clock, Memory, NoCache
from household import GOOD, Household, Somebody, refusal

from core.cache import Cache
from core.domain.people import SlowDown
from core.repositories.database import Database
from core.services.limits import LIMITS, Limits, What
from core.services.throttle import FREE_TRIES, Throttle, by_address, by_name

WRONG = "wrong wrong wrong"


@pytest.fixture
def cache(redis_url: str) -> Iterator[Cache]:
    made = Cache(redis_url, namespace=uuid.uuid4().hex[:12])
    yield made
    made.close()


@pytest.fixture
def house(db: Database) -> Household:
    return Household(db, Memory())


@pytest.fixture
def alice(house: Household) -> Somebody:
    return house.join()


def waits(limits: Limits, what: What, subject: int | str) -> int:
    """Return how many seconds something is refused for."""
    with pytest.raises(SlowDown) as caught:
        limits.take(what, subject)
    assert caught.value.code == "slow-down"
    return caught.value.seconds


@pytest.mark.parametrize("what", LIMITS)
def test_at_the_limit_and_one_more(cache: Cache, what: What) -> None:
    clock, limit = Clock(), LIMITS[what]
    limits, began = Limits(cache, clock), clock.now
    for _ in range(limit.most):
        limits.take(what, 7)
        clock.forward(timedelta(seconds=1))
    assert waits(limits, what, 7) == limit.window.total_seconds() - limit.most
    limits.take(what, 8)
    clock.now = began + limit.window - timedelta(milliseconds=1)
    assert waits(limits, what, 7) == 1
    clock.now = began + limit.window
    limits.take(what, 7)
    assert waits(limits, what, 7) == 1


def test_a_refusal_does_not_make_the_wait_longer(cache: Cache) -> None:
    clock = Clock()
    limits = Limits(cache, clock)
    for _ in range(LIMITS["forgot-name"].most):
        limits.take("forgot-name", "alice")
    for _ in range(100):
        waits(limits, "forgot-name", "alice")
    clock.forward(timedelta(hours=1))
    limits.take("forgot-name", "alice")


def test_two_processes_share_a_limit(cache: Cache) -> None:
    clock = Clock()
    one, two = Limits(cache, clock), Limits(cache, clock)
    for _ in range(LIMITS["upload"].most // 2):
        one.take("upload", 7)
        two.take("upload", 7)
    assert waits(one, "upload", 7) == waits(two, "upload", 7) == 3600


def test_without_redis_a_process_counts_for_itself() -> None:
    clock = Clock()
    limits, other = Limits(NoCache(), clock), Limits(NoCache(), clock)
    for _ in range(LIMITS["upload"].most):
        limits.take("upload", 7)
    assert waits(limits, "upload", 7) == 3600
    other.take("upload", 7)
    clock.forward(timedelta(hours=1))
    limits.take("upload", 7)


def test_redis_going_away_forgets_nothing_this_process_counted(redis_url: str) -> None:
    gone = Cache("redis://127.0.0.1:1")
    limits = Limits(gone, Clock())
    for _ in range(LIMITS["upload"].most):
        limits.take("upload", 7)
    assert waits(limits, "upload", 7) == 3600
    gone.close()


def test_counts_name_no_address_and_no_name(cache: Cache) -> None:
    limits, brake = Limits(cache, Clock(), secret=b"one"), Throttle(cache, Clock(), secret=b"one")
    limits.take("forgot-name", "zebulon@example.org")
    limits.take("register", "203.0.113.77")
    brake.enter(by_address("203.0.113.77"))
    keys = " ".join(key.decode() for key in cache._client.scan_iter(match=f"{cache._prefix}*"))
    assert "limit:register:" in keys
    assert "throttle:" in keys
    plain = ("203.0.113.77", json.dumps(("address", "203.0.113.77")))
    assert not [text for text in plain if hashlib.sha256(text.encode()).hexdigest() in keys], "all can be tried"
    assert "zebulon" not in keys
    assert "203.0" not in keys


def test_an_address_that_fails_under_many_names_is_slowed(house: Household, alice: Somebody) -> None:
    sign_in, seen = house.accounts.sign_in, []
    for number in range(31):
        seen.append(refusal(lambda n=number: sign_in(f"nobody {n} {alice.id}", WRONG, address="1.2.3.4")))
    assert seen == ["wrong"] * 30 + ["wait"]
    assert refusal(lambda: sign_in(alice.name, GOOD, address="1.2.3.4")) == "wait"
    assert sign_in(alice.name, GOOD, address="5.6.7.8").token
    house.clock.forward(timedelta(seconds=15))
    assert sign_in(alice.name, GOOD, address="1.2.3.4").token
    house.clock.forward(timedelta(hours=1, seconds=1))
    for number in range(30):
        assert refusal(lambda n=number: sign_in(f"somebody {n} {alice.id}", WRONG, address="1.2.3.4")) == "wrong"


def test_a_name_tried_from_everywhere_is_slowed_and_never_locked(house: Household, alice: Somebody) -> None:
    sign_in, seen = house.accounts.sign_in, []
    known = sign_in(alice.name, GOOD, address="7.7.7.7").known
    for number in range(101):
        seen.append(refusal(lambda n=number: sign_in(alice.name, WRONG, address=f"10.0.0.{n}")))
    assert seen == ["wrong"] * 100 + ["wait"]
    assert refusal(lambda: sign_in(alice.name, GOOD, address="10.1.1.1")) == "wait"
    assert sign_in(alice.name, GOOD, address="7.7.7.7", known=known).token, "a browser she has used waits for nobody"
    house.clock.forward(timedelta(seconds=15))
    assert sign_in(alice.name, GOOD, address="10.1.1.1").token


def test_a_name_written_with_nuls_is_the_same_name(house: Household, alice: Somebody) -> None:
    sign_in, half = house.accounts.sign_in, len(alice.name) // 2
    names = [alice.name[:half] + "\0" * number + alice.name[half:] for number in range(6)]
    seen = [refusal(lambda n=name: sign_in(n, WRONG, address="10.9.9.9")) for name in names]
    assert seen == ["wrong"] * 5 + ["wait"]


@pytest.mark.parametrize("tries", [5, 50])
def test_strangers_behind_the_same_address_do_not_keep_a_known_browser_out(
    house: Household, alice: Somebody, tries: int
) -> None:
    """As behind a proxy, where everybody comes from one address."""
    known = house.accounts.sign_in(alice.name, GOOD, address="192.0.2.1").known
    for _ in range(tries):
        refusal(lambda: house.accounts.sign_in(alice.name, WRONG, address="192.0.2.1"))
    assert refusal(lambda: house.accounts.sign_in(alice.name, GOOD, address="192.0.2.1")) == "wait"
    assert house.accounts.sign_in(alice.name, GOOD, address="192.0.2.1", known=known).token


def test_a_known_browser_has_a_brake_of_its_own_and_knows_one_person(house: Household, alice: Somebody) -> None:
    charlie, sign_in = house.join("Charlie"), house.accounts.sign_in
    known = sign_in(alice.name, GOOD).known
    for _ in range(FREE_TRIES):
        assert refusal(lambda: sign_in(alice.name, WRONG, known=known)) == "wrong"
    assert refusal(lambda: sign_in(alice.name, GOOD, known=known)) == "wait"
    for _ in range(FREE_TRIES):
        assert refusal(lambda: sign_in(charlie.name, WRONG, address="1.1.1.1", known=known)) == "wrong"
    assert refusal(lambda: sign_in(charlie.name, GOOD, address="1.1.1.1", known=known)) == "wait"


def test_forged_known_browsers_are_strangers(house: Household, alice: Somebody) -> None:
    sign_in = house.accounts.sign_in
    known = sign_in(alice.name, GOOD).known
    texts, ends, _ = known.rsplit(".", 2)
    for _ in range(FREE_TRIES):
        refusal(lambda: sign_in(alice.name, WRONG))
    for each in ("", "x", f"{texts}.{ends}.{'A' * 43}", known[:-1], f"{known}\n", "y" * 9000):
        assert refusal(lambda each=each: sign_in(alice.name, GOOD, known=each)) == "wait"
    house.clock.forward(timedelta(days=181))
    for _ in range(FREE_TRIES):
        refusal(lambda: sign_in(alice.name, WRONG))
    assert refusal(lambda: sign_in(alice.name, GOOD, known=known)) == "wait"


def test_successes_do_not_count(house: Household, alice: Somebody) -> None:
    for _ in range(40):
        house.accounts.sign_in(alice.name, GOOD, address="1.2.3.4")
    for number in range(30):
        name = f"nobody {number} {alice.id}"
        assert refusal(lambda n=name: house.accounts.sign_in(n, WRONG, address="1.2.3.4")) == "wrong"


def test_a_success_does_not_wash_an_address_clean(house: Household, alice: Somebody) -> None:
    for number in range(30):
        refusal(lambda n=number: house.accounts.sign_in(f"n{n} {alice.id}", WRONG, address="1.2.3.4"))
    house.clock.forward(timedelta(minutes=2))
    house.accounts.sign_in(alice.name, GOOD, address="1.2.3.4")
    assert refusal(lambda: house.accounts.sign_in(f"x {alice.id}", WRONG, address="1.2.3.4")) == "wait"


def test_the_wide_brakes_begin_afresh_after_an_hour(cache: Cache) -> None:
    for guess, free in ((by_address("1.2.3.4"), 30), (by_name("alice"), 100)):
        clock = Clock()
        brake = Throttle(cache, clock)
        assert [brake.enter(guess) for _ in range(free + 1)] == [True] * free + [False]
        clock.forward(timedelta(hours=1, seconds=1))
        assert [brake.enter(guess) for _ in range(free + 1)] == [True] * free + [False]
