"""The cache: results of expensive functions in Redis, computed once, never stale, never needed."""

import functools
import inspect
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar, cast

import redis
from dogpile.cache import CacheRegion, make_region
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.cache import codec, counting, keys
from core.cache.fail_open import FailOpen, Locks, Outage

P = ParamSpec("P")
R = TypeVar("R")
__all__ = ["Cache"]


class Cache:
    """One Redis; safe to share between threads. Nothing here raises when Redis is away: then the function runs."""

    def __init__(self, redis_url: str, *, namespace: str = "") -> None:
        """Prepare connections to ``redis_url`` (``redis://…``, ``unix://…``); nothing is opened yet.

        ``namespace`` begins every key: two databases that share a Redis never read each other's values.
        """
        self._prefix = f"{namespace}:" if namespace else ""
        self._pool = redis.ConnectionPool.from_url(
            redis_url, socket_timeout=2.0, socket_connect_timeout=0.5, retry=Retry(NoBackoff(), 1)
        )
        self._client = redis.Redis(connection_pool=self._pool)
        self._outage = Outage()
        self._locks = Locks(self._client, self._outage)
        self._regions: dict[float, CacheRegion] = {}
        self._guard = threading.Lock()

    def cached(self, *, ttl: float, name: str | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Return a decorator that keeps a function's results for ``ttl`` seconds.

        The key is the function's name and code, the arguments ``user_id`` and ``data_version`` where it has them, and
        all other arguments but ``self``. Results are frames, Arrow tables, bytes or plain JSON (None included). While
        one caller computes, the others wait for its result, in all processes. With Redis away results are kept in the
        process for 30 s.
        """

        def decorate(function: Callable[P, R]) -> Callable[P, R]:
            signature = inspect.signature(function)
            code, label = keys.code_version(function), name or function.__qualname__
            region = self._region(ttl)

            @functools.wraps(function)
            def call(*args: P.args, **kwargs: P.kwargs) -> R:
                bound = signature.bind(*args, **kwargs)
                bound.apply_defaults()
                values = {k: v for k, v in bound.arguments.items() if k != "self"}
                key = self._prefix + keys.key(label, code, values)
                return cast("R", region.get_or_create(key, lambda: function(*args, **kwargs)))

            return call

        return decorate

    def get_bytes(self, key: str) -> bytes | None:
        """Return what ``set_bytes`` stored, or ``None``."""
        key = self._prefix + key
        value: Any = self._outage.attempt(lambda: self._client.get(key), None)
        return self._outage.take(key) if value is None and self._outage.on else value

    def set_bytes(self, key: str, value: bytes, ttl: float) -> None:
        """Store bytes for ``ttl`` seconds (in the process, for at most 30 s, while Redis is away)."""
        key = self._prefix + key
        self._outage.attempt(lambda: self._client.set(key, value, px=max(1, int(ttl * 1000))), None)
        if self._outage.on:
            self._outage.put(key, value)

    def delete(self, key: str) -> None:
        """Forget a key."""
        key = self._prefix + key
        self._outage.attempt(lambda: self._client.delete(key), None)
        self._outage.forget(key)

    def take(self, key: str, *, most: int, seconds: float, now: float) -> float | None:
        """Take one of ``most`` places within the last ``seconds``: None, or when the oldest was taken if all are.

        Moments are seconds since 1970. While Redis is away every place is free: callers count for themselves, too.
        """
        key = self._prefix + key
        ask = functools.partial(counting.take, self._client, key, most=most, seconds=seconds, now=now)
        return self._outage.attempt(ask, None)

    @contextmanager
    def lock(self, key: str) -> Iterator[None]:
        """Hold a lock of this name: one at a time in all processes (in this process alone while Redis is away)."""
        mutex = self._locks.mutex(self._prefix + key)
        mutex.acquire()
        try:
            yield
        finally:
            mutex.release()

    def erase_person(self, user_id: int) -> bool:
        """Forget everything about a person; return whether Redis was there (else it forgets by itself in time)."""
        prefix = self._prefix + keys.person(user_id)
        self._outage.forget(prefix)

        def erase() -> bool:
            for key in self._client.scan_iter(match=f"{prefix}*", count=1000):
                self._client.unlink(key)
            return True

        return self._outage.attempt(erase, False)

    def close(self) -> None:
        """Close the connections."""
        self._pool.disconnect()

    def _region(self, ttl: float) -> CacheRegion:
        """Return dogpile's region for a time to live; Redis itself drops the keys a little later."""
        with self._guard:
            if ttl not in self._regions:
                self._regions[ttl] = make_region(serializer=codec.encode, deserializer=codec.decode).configure(
                    "dogpile.cache.redis",
                    expiration_time=ttl,
                    wrap=[FailOpen(self._client, self._outage, self._locks, seconds=int(ttl) + 60)],
                    arguments={
                        "connection_pool": self._pool,
                        "distributed_lock": True,
                        "thread_local_lock": False,
                        "redis_expiration_time": int(ttl) + 60,
                    },
                )
            return self._regions[ttl]
