"""The gate every call to Spotify goes through: a day's budget, a pace, and a stop when Spotify says so.

PostgreSQL keeps all of it, so that a ban of hours outlives every restart; Redis only saves asking. Hours count whole:
a call counts for 24 to 25 hours, never for less.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from core.cache import Cache
from core.domain.spotify import Capability, Spending
from core.logs import logger
from core.repositories.calls import SEEN_STEP, CallRows, Ledger
from core.repositories.database import Database
from core.spotify.errors import Later, OverBudget, QuotaSpent, TooFast

# Turns lie this far apart so that calls arrive about a quarter of a second apart: a call leaves a little after its
# turn, when its thread wakes and its connection stands, and one that leaves late comes nearer to the next.
PACE = timedelta(milliseconds=350)
WINDOW = timedelta(hours=25)
# A slot further away than this was reserved by a clock that ran ahead.
_FURTHEST = timedelta(minutes=1)
log = logger(__name__)


class Calls:
    """The calls of this instance to Spotify; safe to share between threads, one and the same for all processes."""

    def __init__(
        self,
        db: Database,
        cache: Cache,
        *,
        most: int = 800,
        most_by_endpoint: int = 250,
        service: str = "spotify",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        """Let ``most`` calls through in a day, ``most_by_endpoint`` to one endpoint; ``wait`` passes seconds."""
        self._rows, self._cache, self._key = CallRows(db, service), cache, f"{service}:closed"
        self._most, self._most_by_endpoint = most, most_by_endpoint
        self._now, self._wait = now, wait
        self._noted: dict[str, tuple[int, bool, datetime]] = {}

    def gate(self, *, interactive: bool = False) -> "Gate":
        """Return the way out for one caller; a tenth of the budget is kept for those somebody waits for."""
        return Gate(self, interactive=interactive)

    def spending(self) -> Spending:
        """Return the calls of the last day, their limits, and until when Spotify wants none."""
        now, ledger = self._now(), self._rows.ledger()
        spent: Counter[str] = Counter()
        for endpoint, hour, calls in ledger.hours:
            spent[endpoint] += calls if hour > now - WINDOW else 0
        closed = ledger.closed_until if ledger.closed_until and ledger.closed_until > now else None
        by_endpoint = dict(sorted((+spent).items()))
        reason = ledger.reason if closed else ""
        return Spending(sum(by_endpoint.values()), by_endpoint, self._most, self._most_by_endpoint, closed, reason)

    def capabilities(self) -> list[Capability]:
        """Return what this app may and may not do, as the endpoints said themselves."""
        return self._rows.capabilities()

    def check(self, endpoint: str, *, interactive: bool = False) -> None:
        """Raise ``Later`` if a call could not go out now; nothing is counted."""
        self._closed_for_all()
        self._slot(self._rows.ledger(), endpoint, interactive)

    def enter(self, endpoint: str, *, interactive: bool) -> None:
        """Count a call and wait for its turn; raises ``Later`` when it is not to be made now."""
        self._closed_for_all()
        slot = self._rows.turn(endpoint, decide=lambda ledger: self._slot(ledger, endpoint, interactive))
        seconds = (slot - self._now()).total_seconds()
        if seconds > 0:
            self._wait(seconds)

    def answered(self, endpoint: str, *, status: int, works: bool | None) -> None:
        """Note whether this app may use an endpoint, where an answer said so; at most hourly while it stays."""
        if works is None:
            return
        now, known = self._now(), self._noted.get(endpoint)
        if known and known[:2] == (status, works) and now < known[2] + SEEN_STEP:
            return
        self._rows.note(endpoint, status=status, works=works, now=now)
        self._noted[endpoint] = (status, works, now)

    def close(self, until: datetime, *, quota: bool) -> None:
        """Let nobody call before ``until``, in any process."""
        closed_until, reason = self._rows.close(until, reason="quota" if quota else "rate")
        log.warning("spotify.closed", reason=reason, seconds=int((closed_until - self._now()).total_seconds()))
        self._tell(closed_until, reason)

    def _slot(self, ledger: Ledger, endpoint: str, interactive: bool) -> datetime:
        """Return when the next call may go out, by what was called so far; raises ``Later``."""
        now = self._now()
        if ledger.closed_until and ledger.closed_until > now:
            self._tell(ledger.closed_until, ledger.reason)
            raise _closed(ledger.closed_until, ledger.reason)
        recent = [(name, hour, calls) for name, hour, calls in ledger.hours if hour > now - WINDOW]
        kept = 0 if interactive else 10
        budgets = (
            _room(((hour, calls) for _, hour, calls in recent), _less(self._most, kept)),
            _room(((hour, n) for name, hour, n in recent if name == endpoint), _less(self._most_by_endpoint, kept)),
        )
        full = [moment for moment in budgets if moment is not None]
        if full:
            raise OverBudget(max(full))
        last = ledger.called_at
        return max(now, last + PACE) if last and last < now + _FURTHEST else now

    def _closed_for_all(self) -> None:
        """Raise what Redis remembers: that Spotify wants no calls."""
        stored = self._cache.get_bytes(self._key)
        if stored:
            kept = json.loads(stored)
            until = datetime.fromisoformat(kept["until"])
            if until > self._now():
                raise _closed(until, kept["reason"])

    def _tell(self, until: datetime, reason: str) -> None:
        """Let every process know without asking PostgreSQL."""
        kept = json.dumps({"until": until.isoformat(), "reason": reason}).encode()
        self._cache.set_bytes(self._key, kept, max(1.0, (until - self._now()).total_seconds()))


class Gate:
    """One caller's way out (``core.spotify.client.Gate``)."""

    def __init__(self, calls: Calls, *, interactive: bool) -> None:
        self._calls, self._interactive = calls, interactive
        self.answered, self.close = calls.answered, calls.close

    def enter(self, endpoint: str) -> None:
        """Count a call and wait for its turn; raises ``Later``."""
        self._calls.enter(endpoint, interactive=self._interactive)


def _closed(until: datetime, reason: str) -> Later:
    """Return why nobody may call."""
    return QuotaSpent(until) if reason == "quota" else TooFast(until)


def _less(most: int, percent: int) -> int:
    """Return a limit without so many percent of it, rounded in favour of the limit."""
    return most - most * percent // 100


def _room(spent: Iterable[tuple[datetime, int]], most: int) -> datetime | None:
    """Return None when one more call fits among those of (hour, calls), else when enough of them are a day old."""
    hours: Mapping[datetime, int] = _by_hour(spent)
    total = sum(hours.values())
    if total < most:
        return None
    for hour in sorted(hours):
        total -= hours[hour]
        if total < most:
            return hour + WINDOW
    raise ValueError("A budget lets at least one call through.")


def _by_hour(spent: Iterable[tuple[datetime, int]]) -> Counter[datetime]:
    found: Counter[datetime] = Counter()
    for hour, calls in spent:
        found[hour] += calls
    return found
