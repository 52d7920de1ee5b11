"""People's libraries: from memory, else from Redis, else from PostgreSQL, never older than the data."""

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from core.analytics.building import append
from core.analytics.building import build as build_library
from core.analytics.codec import decode, encode, version_of
from core.analytics.library import Library
from core.cache import Cache
from core.cache.keys import person
from core.domain.errors import NotFound
from core.logs import logger
from core.repositories.database import Database
from core.repositories.library import LibraryReader
from core.services.knowledge import Knowing

KEPT_SECONDS = 7 * 86_400
log = logger(__name__)


class Libraries:
    """The libraries of this process: those used last, within ``memory_bytes``; safe to share between threads.

    A library comes with what is known about its music, which Redis does not hold: it is looked up when the library is
    made, and again when facts were stored since; where nothing else is known now, the very same library stays.
    """

    def __init__(self, db: Database, cache: Cache, *, memory_bytes: int, knowing: Knowing | None = None) -> None:
        self._reader = LibraryReader(db)
        self._knowing = knowing or Knowing(db)
        self._marks: dict[int, Hashable] = {}
        self._cache = cache
        self._memory_bytes = memory_bytes
        self._held: OrderedDict[int, Library] = OrderedDict()
        self._guard = threading.Lock()
        self._seen: ContextVar[dict[int, Library | int] | None] = ContextVar("seen libraries", default=None)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Within the block a person's library is looked for once: all panels of a page show one data version.

        A block inside a block is part of it.
        """
        if self._seen.get() is not None:
            yield
            return
        token = self._seen.set({})
        try:
            yield
        finally:
            self._seen.reset(token)

    def get(self, user_id: int) -> Library:
        """Return the person's library at their current data version.

        Raises:
            NotFound: there is no such person.
        """
        seen = self._seen.get()
        if seen is None:
            return self._current(user_id, self._reader.version(user_id))
        known = seen.get(user_id)
        if not isinstance(known, Library):
            version = self._reader.version(user_id) if known is None else known
            known = seen[user_id] = self._current(user_id, version)
        return known

    def expect(self, user_id: int, version: int) -> None:
        """Within ``reading``, take this for the person's data version: it was read a moment ago with their lens."""
        seen = self._seen.get()
        if seen is not None:
            seen.setdefault(user_id, version)

    def _current(self, user_id: int, version: int) -> Library:
        """Return the library at this version or a newer one."""
        held, mark = self._take(user_id), self._knowing.mark()
        if held is not None and held.version >= version and self._marks.get(user_id) == mark:
            return held
        with self._cache.lock(_key(user_id)):
            held = self._take(user_id) or held
            current = held is not None and held.version >= version
            if held is not None and current and self._marks.get(user_id) == mark:
                return held
            library = held if held is not None and current else self._renewed(user_id, held, version)
            return self._keep(user_id, self._knowingly(user_id, library), mark)

    def _knowingly(self, user_id: int, library: Library) -> Library:
        """Return the library with what is known now; the same one where it knows that already."""
        knowledge = self._knowing.of(user_id, library)
        return library if knowledge.stamp == library.knowledge.stamp else library.knowing(knowledge)

    def holds(self, user_id: int, library: Library) -> bool:
        """Return whether this very library is the one in memory."""
        with self._guard:
            return self._held.get(user_id) is library

    def forget(self, user_id: int) -> None:
        """Drop a person's library from memory and Redis."""
        with self._guard:
            self._held.pop(user_id, None)
            self._marks.pop(user_id, None)
        self._cache.delete(_key(user_id))

    def _renewed(self, user_id: int, held: Library | None, version: int) -> Library:
        """Return the library at ``version`` or newer by the cheapest way: Redis, the missing rows, or all rows."""
        began = time.perf_counter()
        data = self._cache.get_bytes(_key(user_id))
        stored = version_of(data) if data is not None else None
        if data is not None and stored is not None and (held is None or stored > held.version):
            held = decode(data)
        way = "redis"
        if held is None or held.version != version:
            way, held = self._from_database(user_id, held, version)
            self._cache.set_bytes(_key(user_id), encode(held), KEPT_SECONDS)
            self._of_somebody(user_id)
        log.info("library.loaded", user_id=user_id, way=way, listens=held.listens.height, took_ms=_since(began))
        return held

    def _of_somebody(self, user_id: int) -> None:
        """Raise ``NotFound`` for a person deleted meanwhile, and forget again what was just stored of them."""
        try:
            self._reader.version(user_id)
        except NotFound:
            self.forget(user_id)
            raise

    def _from_database(self, user_id: int, old: Library | None, version: int) -> tuple[str, Library]:
        """Return the library with what was added since appended, or read as a whole; and which of the two it was."""
        if old is not None and old.version < version:
            imports = self._reader.additions(user_id, since=old.version, version=version)
            if imports:
                read = self._reader.read(user_id, imports=imports)
                if read.version == version:
                    return "append", append(old, read.rows, version=version)
        read = self._reader.read(user_id)
        return "build", build_library(read.rows, version=read.version)

    def _take(self, user_id: int) -> Library | None:
        """Return the held library, now the most recently used."""
        with self._guard:
            library = self._held.get(user_id)
            if library is not None:
                self._held.move_to_end(user_id)
            return library

    def _keep(self, user_id: int, library: Library, mark: Hashable) -> Library:
        """Hold the library and let the least recently used go until the rest fits; the newest always stays."""
        with self._guard:
            self._held[user_id], self._marks[user_id] = library, mark
            self._held.move_to_end(user_id)
            while len(self._held) > 1 and sum(kept.nbytes for kept in self._held.values()) > self._memory_bytes:
                self._marks.pop(self._held.popitem(last=False)[0], None)
        return library


def _key(user_id: int) -> str:
    return f"{person(user_id)}library"


def _since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
