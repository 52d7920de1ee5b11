"""A few things at a time: work of visitors that takes long, apart from the threads that answer everybody."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from core.domain.people import SlowDown

P = ParamSpec("P")
R = TypeVar("R")
AT_ONCE, WAITING = 2, 60
_LATER = 10  # seconds


class Few:
    """Runs ``AT_ONCE`` functions at once and lets ``WAITING`` more wait; made once for all routes that draw."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="few")
        self._most, self._now, self._lock = at_once + waiting, 0, threading.Lock()

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Return what a function returns.

        Raises:
            SlowDown: too many wait already.
        """
        with self._lock:
            if self._now >= self._most:
                raise SlowDown(_LATER)
            self._now += 1
        try:
            running = self._pool.submit(function, *args, **kwargs)
        except BaseException:
            self._left()
            raise
        running.add_done_callback(lambda _: self._left())
        return await asyncio.wrap_future(running)

    def _left(self) -> None:
        with self._lock:
            self._now -= 1
