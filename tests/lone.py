"""The listening service over one library in memory: panels tested without a database."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from core.analytics.library import Library
from core.services.listening import Listening
from core.services.memory import Memory


class OneLibrary:
    """Gives the same library for everybody."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def get(self, user_id: int) -> Library:
        return self._library

    def holds(self, user_id: int, library: Library) -> bool:
        return library is self._library

    @contextmanager
    def reading(self) -> Iterator[None]:
        yield


class Lone(Listening):
    """The service itself, its library given."""

    def __init__(self, library: Library) -> None:
        self.public = lambda: None
        self._libraries = OneLibrary(library)  # type: ignore[assignment]
        self._view_rows, self._views = 10**7, OrderedDict()
        self._guard, self._memory = threading.Lock(), Memory(10**7)
