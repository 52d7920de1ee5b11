"""Brakes on guessing: after some failures each further try has to wait longer, and never for good."""

import hashlib
import hmac
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Brake:
    """``free`` tries within ``window``; each further one waits ``FIRST_DELAY``, twice that, … up to ``longest``.

    The window begins anew with each try where ``lasting``, else with the first.
    """

    free: int
    window: timedelta
    longest: timedelta
    lasting: bool

    def delay(self, tries: int) -> timedelta:
        """Return how long to wait after so many tries."""
        if tries < self.free:
            return timedelta(0)
        return min(FIRST_DELAY * float(2 ** min(tries - self.free, 20)), self.longest)

    def over(self, since: float, last: float, now: float) -> bool:
        """Return whether counting begins afresh."""
        return now - (last if self.lasting else since) > self.window.total_seconds()


@dataclass(frozen=True, slots=True)
class Guess:
    """What tries are counted for: texts, and how they are slowed."""

    brake: Brake
    what: tuple[str, ...]


_PAIR = Brake(FREE_TRIES, WINDOW, LONGEST_DELAY, lasting=True)
_ADDRESS = Brake(30, timedelta(hours=1), timedelta(minutes=1), lasting=False)
_NAME = Brake(100, timedelta(hours=1), timedelta(minutes=1), lasting=False)
# Of a million codes three fit at any moment: from many addresses at once a hundred tries a day are enough.
_CODE = Brake(30, timedelta(days=1), LONGEST_DELAY, lasting=False)


def by_pair(*what: str) -> Guess:
    """Return the narrow count: of a name and an address, of a browser known to us."""
    return Guess(_PAIR, what)


def by_address(address: str) -> Guess:
    """Return the count of an address over all names."""
    return Guess(_ADDRESS, ("address", address))


def by_name(*what: str) -> Guess:
    """Return the count of a name over all addresses."""
    return Guess(_NAME, ("name", *what))


def by_code(person: str) -> Guess:
    """Return the count of a person's codes over all addresses; only who knows the password gets to guess these."""
    return Guess(_CODE, ("code of", person))


class Throttle:
    """Counts tries in Redis, and in this process for when Redis is away."""

    def __init__(self, cache: Bytes, now: Callable[[], datetime], *, secret: bytes = b"") -> None:
        """Count in ``cache``; ``secret`` is the key of the hashes that stand for names and addresses there."""
        self._cache, self._now, self._secret = cache, now, secret
        self._local: OrderedDict[str, tuple[int, float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def enter(self, *guesses: Guess) -> bool:
        """Count a try and return True, or return False (uncounted) while any of these has to wait.

        A try counts before its outcome is known, so that many at once do not count as one.
        """
        now = self._now().timestamp()
        with self._lock:
            counted = [(guess, self._read(guess, now)) for guess in guesses]
            if any(now < last + guess.brake.delay(tries).total_seconds() for guess, (tries, _, last) in counted):
                return False
            for guess, (tries, since, _) in counted:
                self._write(guess, (tries + 1, since or now, now))
        return True

    def forget(self, guess: Guess) -> None:
        """Start counting afresh: the try succeeded."""
        with self._lock:
            self._local.pop(self._key(guess), None)
            self._cache.delete(self._key(guess))

    def give_back(self, guess: Guess) -> None:
        """Take one try back: it succeeded, which says nothing about the others."""
        with self._lock:
            tries, since, last = self._read(guess, self._now().timestamp())
            self._write(guess, (max(0, tries - 1), since, last))

    def _read(self, guess: Guess, now: float) -> tuple[int, float, float]:
        """Return the tries, the moments of the first and of the last, whichever memory knows more of."""
        key = self._key(guess)
        stored = self._cache.get_bytes(key)
        tries, since, last = json.loads(stored) if stored else (0, 0.0, 0.0)
        known = max((int(tries), float(since), float(last)), self._local.get(key, (0, 0.0, 0.0)))
        return (0, 0.0, 0.0) if guess.brake.over(known[1], known[2], now) else known

    def _write(self, guess: Guess, counted: tuple[int, float, float]) -> None:
        key = self._key(guess)
        self._local[key] = counted
        self._local.move_to_end(key)
        if len(self._local) > _REMEMBERED:
            self._local.popitem(last=False)
        lasts = guess.brake.window + guess.brake.longest
        self._cache.set_bytes(key, json.dumps(counted).encode(), int(lasts.total_seconds()))

    def _key(self, guess: Guess) -> str:
        """Return the key of a guess: addresses are few enough to try them all, so their hash is a keyed one."""
        return "throttle:" + hmac.new(self._secret, json.dumps(guess.what).encode(), hashlib.sha256).hexdigest()
