"""Keeps the cache harmless when Redis is away: slower, never broken."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar, cast

import redis
from dogpile.cache.api import NO_VALUE, CacheMutex
from dogpile.cache.proxy import ProxyBackend

from core.logs import logger

RETRY_AFTER = 2.0
STAND_IN_SECONDS = 30.0
STAND_IN_BYTES = 64_000_000
T = TypeVar("T")
log = logger(__name__)


class Outage:
    """Remembers that Redis is away, and holds values in the process meanwhile; shared by threads."""

    def __init__(self) -> None:
        self._until = 0.0
        self._values: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._bytes = 0
        self._guard = threading.Lock()

    @property
    def on(self) -> bool:
        """Return whether Redis failed within the last two seconds and is not to be asked."""
        return time.monotonic() < self._until

    def attempt(self, ask: Callable[[], T], otherwise: T) -> T:
        """Return what Redis answers, or ``otherwise`` when it is away."""
        if self.on:
            return otherwise
        try:
            return ask()
        except redis.exceptions.LockError:
            raise  # Redis is well: somebody else has the lock by now
        except (redis.RedisError, OSError) as error:
            self._until = time.monotonic() + RETRY_AFTER
            log.warning("cache.unavailable", error=type(error).__name__, retry_s=RETRY_AFTER)
            return otherwise

    def put(self, key: str, value: bytes) -> None:
        """Hold a value for 30 s; the oldest make room when 64 MB are held."""
        with self._guard:
            self._drop(key)
            self._values[key] = (time.monotonic() + STAND_IN_SECONDS, value)
            self._bytes += len(value)
            while self._bytes > STAND_IN_BYTES:
                self._drop(next(iter(self._values)))

    def take(self, key: str) -> bytes | None:
        """Return a held value that is not too old."""
        with self._guard:
            until, value = self._values.get(key, (0.0, b""))
            return value if time.monotonic() < until else None

    def forget(self, prefix: str) -> None:
        """Drop all held values whose key begins so."""
        with self._guard:
            for key in [key for key in self._values if key.startswith(prefix)]:
                self._drop(key)

    def _drop(self, key: str) -> None:
        _, value = self._values.pop(key, (0.0, b""))
        self._bytes -= len(value)


class FailOpen(ProxyBackend):
    """A dogpile backend around the Redis one that answers "nothing there" when Redis is away."""

    def __init__(self, client: "redis.Redis", outage: Outage, locks: "Locks", *, seconds: int) -> None:
        self._client, self._outage, self._locks = client, outage, locks
        self._seconds = seconds

    def get_serialized(self, key: str) -> Any:
        """Return the stored bytes, or dogpile's token for a miss."""
        value: Any = self._outage.attempt(lambda: self.proxied.get_serialized(key), cast("Any", NO_VALUE))
        if value is NO_VALUE and self._outage.on:
            held = self._outage.take(key)
            return NO_VALUE if held is None else held
        return value

    def set_serialized(self, key: str, value: bytes) -> None:
        """Store bytes, in the process when Redis is away; not by dogpile's own way, which uses a deprecated command."""
        self._outage.attempt(lambda: self._client.set(key, value, ex=self._seconds), None)
        if self._outage.on:
            self._outage.put(key, value)

    def delete(self, key: str) -> None:
        """Forget a key."""
        self._outage.attempt(lambda: self.proxied.delete(key), None)
        self._outage.forget(key)

    def get_mutex(self, key: str) -> CacheMutex:
        """Return the lock that lets one caller compute while the others wait, in this process and the others."""
        return self._locks.mutex(key)


class Locks:
    """Locks by name: across threads always, across processes while Redis is there."""

    def __init__(self, client: "redis.Redis", outage: Outage, *, timeout: float = 20.0, sleep: float = 0.01) -> None:
        self._client, self._outage = client, outage
        self._timeout, self._sleep = timeout, sleep
        self._threads: dict[str, list[Any]] = {}  # name -> [lock, how many hold or want it]
        self._guard = threading.Lock()

    def mutex(self, name: str) -> "Mutex":
        """Return a new handle on the lock of this name; one handle may be shared by threads."""
        return Mutex(self, name)

    def acquire(self, name: str, wait: bool) -> Any:
        """Return a token of the held lock: the Redis lock, or True for one between threads alone; None if not got."""
        with self._guard:
            entry = self._threads.setdefault(name, [threading.Lock(), 0])
            entry[1] += 1
        if not entry[0].acquire(wait):
            self._leave(name)
            return None
        distant = self._client.lock(f"lock:{name}", timeout=self._timeout, sleep=self._sleep, thread_local=False)
        got = self._outage.attempt(lambda: distant.acquire(blocking=wait), None)
        if got is False:
            entry[0].release()
            self._leave(name)
            return None
        return distant if got else True

    def release(self, name: str, token: Any) -> None:
        """Let go; a lock whose time ran out in Redis is gone already, and that is well."""
        if token is not True:
            with suppress(redis.exceptions.LockError):
                self._outage.attempt(token.release, None)
        self._threads[name][0].release()
        self._leave(name)

    def _leave(self, name: str) -> None:
        with self._guard:
            self._threads[name][1] -= 1
            if self._threads[name][1] == 0:
                del self._threads[name]


class Mutex(CacheMutex):
    """dogpile's idea of a lock; it hands one object to all threads, so only the holder may touch the token."""

    def __init__(self, locks: Locks, name: str) -> None:
        self._locks, self._name = locks, name
        self._token: Any = None

    def acquire(self, wait: bool = True) -> bool:
        """Return whether the lock was got."""
        token = self._locks.acquire(self._name, wait)
        if token is None:
            return False
        self._token = token
        return True

    def release(self) -> None:
        """Let the next caller in."""
        token, self._token = self._token, None
        self._locks.release(self._name, token)

    def locked(self) -> bool:
        """Return whether somebody in this process holds the lock."""
        return self._token is not None
