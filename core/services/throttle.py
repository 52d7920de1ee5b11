"""A brake on guessing: after five failures each further try has to wait longer, and never for good."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

FREE_TRIES = 5
WINDOW = timedelta(minutes=15)
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=15), timedelta(minutes=15)
_REMEMBERED = 10_000


class Bytes(Protocol):
    """What is used of ``core.cache.Cache``."""

    def get_bytes(self, key: str) -> bytes | None:
        """Return what is stored under a key, None when there is nothing."""

    def set_bytes(self, key: str, value: bytes, ttl: int) -> object:
        """Store bytes under a key for ``ttl`` seconds."""

    def delete(self, key: str) -> object:
        """Forget a key."""


class Throttle:
    """Counts tries per subject (a name and an address) in Redis, and in this process for when Redis is away."""

    def __init__(self, cache: Bytes, now: Callable[[], datetime]) -> None:
        self._cache, self._now = cache, now
        self._local: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    def enter(self, *subject: str) -> bool:
        """Count a try and return True, or return False (uncounted) while this subject has to wait.

        A try counts before its outcome is known, so that many at once do not count as one.
        """
        key, now = self._key(subject), self._now().timestamp()
        with self._lock:
            tries, last = self._read(key)
            if now - last > WINDOW.total_seconds():
                tries = 0
            if now < last + _delay(tries).total_seconds():
                return False
            self._local[key] = (tries + 1, now)
            self._local.move_to_end(key)
            if len(self._local) > _REMEMBERED:
                self._local.popitem(last=False)
            kept = json.dumps([tries + 1, now]).encode()
            self._cache.set_bytes(key, kept, int((WINDOW + LONGEST_DELAY).total_seconds()))
        return True

    def forget(self, *subject: str) -> None:
        """Start counting afresh: the try succeeded."""
        key = self._key(subject)
        with self._lock:
            self._local.pop(key, None)
            self._cache.delete(key)

    def _read(self, key: str) -> tuple[int, float]:
        """Return the number of tries and the moment of the last, whichever memory knows more."""
        stored = self._cache.get_bytes(key)
        shared = tuple(json.loads(stored)) if stored else (0, 0.0)
        return max((int(shared[0]), float(shared[1])), self._local.get(key, (0, 0.0)))

    @staticmethod
    def _key(subject: tuple[str, ...]) -> str:
        """Return the key of a subject; neither names nor addresses are written anywhere."""
        return "throttle:" + hashlib.sha256(json.dumps(subject).encode()).hexdigest()


def _delay(tries: int) -> timedelta:
    """Return how long to wait after so many tries: nothing, then 15 s, 30 s, 1 min … 15 min."""
    if tries < FREE_TRIES:
        return timedelta(0)
    return min(FIRST_DELAY * float(2 ** min(tries - FREE_TRIES, 20)), LONGEST_DELAY)
