"""A few things at a time: never more at once, some wait, the rest is told to come back."""

import asyncio
import threading

import looping
import pytest

from core.domain.people import SlowDown
from web.few import Few


def test_never_more_at_once_than_allowed() -> None:
    few, lock, now, most = Few(2, 20), threading.Lock(), 0, 0
    both = threading.Barrier(2, timeout=10)

    def work(number: int) -> int:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        both.wait()  # goes on only when two are here
        with lock:
            now -= 1
        return number

    async def all_of_them() -> list[int]:
        return await asyncio.gather(*(few.run(work, number) for number in range(10)))

    assert looping.run(all_of_them()) == list(range(10))
    assert most == 2


def test_who_finds_too_many_waiting_is_told_to_come_back() -> None:
    few, go = Few(1, 1), threading.Event()

    async def crowd() -> None:
        first, second = (asyncio.ensure_future(few.run(go.wait, 10)) for _ in range(2))
        await asyncio.sleep(0)
        with pytest.raises(SlowDown):
            await few.run(go.wait, 10)
        go.set()
        assert await first
        assert await second
        assert await few.run(lambda: 5) == 5, "there is room again"

    looping.run(crowd())


def test_a_failure_is_the_askers_and_takes_no_place_for_good() -> None:
    few = Few(1, 0)

    def broken() -> None:
        raise RuntimeError("no")

    async def again_and_again() -> None:
        for _ in range(5):
            with pytest.raises(RuntimeError):
                await few.run(broken)

    looping.run(again_and_again())
