"""How often something may be asked for, counted for a person or an address."""

import hashlib
import hmac
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Literal, Protocol

from core.domain.people import SlowDown

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_REMEMBERED = 10_000
What = Literal[
    "upload", "download", "picture", "visitor-download", "visitor-picture", "register", "forgot-name",
    "forgot-address", "spotify-sign-in", "spotify-playlist", "trend-download", "preview",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` times within any stretch of ``window``."""

    most: int
    window: timedelta


# Every limit but those on guessing, which core/services/throttle.py holds.
LIMITS: dict[What, Limit] = {
    "upload": Limit(20, _HOUR),  # a person's
    "download": Limit(30, _HOUR),  # a person's: listens, lists and sheets
    "picture": Limit(120, _HOUR),  # a person's
    "visitor-download": Limit(30, _HOUR),  # an address's: what the demo profile shows
    "visitor-picture": Limit(60, _HOUR),  # an address's
    "trend-download": Limit(120, _HOUR),  # an address's: public charts
    "preview": Limit(300, _HOUR),  # an address's; a messenger's server asks for many people
    "register": Limit(5, _DAY),  # an address's: accounts made
    "forgot-name": Limit(3, _HOUR),  # a name's or mail address's, whether it exists or not
    "forgot-address": Limit(10, _HOUR),  # an address's
    "spotify-sign-in": Limit(30, _HOUR),  # an address's: ways to Spotify begun
    "spotify-playlist": Limit(10, _HOUR),  # a person's: playlists made there, whose calls are everybody's
}


class Counts(Protocol):
    """What is used of ``core.cache.Cache``."""

    def take(self, key: str, *, most: int, seconds: float, now: float) -> float | None:
        """Take a place and return None, or return when the oldest place was taken."""


class Limits:
    """Counts in Redis, and in this process for when Redis is away; safe to share between threads."""

    def __init__(
        self, cache: Counts, now: Callable[[], datetime] = lambda: datetime.now(UTC), *, secret: bytes = b""
    ) -> None:
        """Count in ``cache``; ``secret`` is the key of the hashes that stand for names and addresses there."""
        self._cache, self._now, self._secret = cache, now, secret
        self._local: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, what: What, subject: int | str) -> None:
        """Count once for a person (their id) or anything else (an address, a name).

        Raises:
            SlowDown: it was asked for too often; nothing is counted then.
        """
        limit, key, now = LIMITS[what], self._key(what, subject), self._now().timestamp()
        seconds = limit.window.total_seconds()
        with self._lock:
            taken = self._places(key, oldest=now - seconds)
            if len(taken) >= limit.most:
                raise SlowDown(_wait(taken[0], seconds, now))
            oldest = self._cache.take(key, most=limit.most, seconds=seconds, now=now)
            if oldest is not None:
                raise SlowDown(_wait(oldest, seconds, now))
            taken.append(now)

    def _places(self, key: str, *, oldest: float) -> deque[float]:
        """Return the moments this process counted within the window; what was asked for longest ago is forgotten."""
        taken = self._local.setdefault(key, deque())
        self._local.move_to_end(key)
        while taken and taken[0] <= oldest:
            taken.popleft()
        if len(self._local) > _REMEMBERED:
            self._local.popitem(last=False)
        return taken

    def _key(self, what: What, subject: int | str) -> str:
        """Return the key of a subject: a person's goes with them; names and addresses are keyed hashes."""
        if isinstance(subject, int):
            return f"u:{subject}:limit:{what}"
        return f"limit:{what}:{hmac.new(self._secret, subject.encode(), hashlib.sha256).hexdigest()}"


def _wait(oldest: float, seconds: float, now: float) -> int:
    """Return in how many whole seconds the oldest place is free again."""
    return max(1, ceil(oldest + seconds - now))
