"""The gate before each open source: its pace and its calls of a day hold over all processes, and pauses it asks for."""

from collections.abc import Callable
from datetime import datetime, timedelta

from core.asking.errors import NotNow
from core.domain.facts import Calls
from core.repositories.calls import CallRows, Ledger
from core.repositories.database import Database

# Waits up to this long are waited for; a longer one ends the round.
PATIENCE = timedelta(seconds=10)
_DAY, _HOUR = timedelta(hours=24), timedelta(hours=1)
# A last call that lies further ahead was noted by a clock that went wrong.
_FAR = timedelta(minutes=5)


class FactGate:
    """Lets calls to one service through, one after another; any process that asks gets in line."""

    def __init__(
        self,
        db: Database,
        service: str,
        *,
        pace: timedelta,
        most: int,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        """Calls are ``pace`` apart and at most ``most`` in 24 hours; ``service`` is its name among callers."""
        self.service, self._pace, self._most = service, pace, most
        self._rows, self._now, self._sleep = CallRows(db, service), now, sleep

    def enter(self, endpoint: str) -> None:
        """Wait for the turn of a call and count it.

        Raises:
            NotNow: the calls of a day are spent, or the service wants a pause longer than our patience.
        """
        turn = self._rows.turn(endpoint, decide=self._decide)
        wait = (turn - self._now()).total_seconds()
        if wait > 0:
            self._sleep(wait)

    def close(self, until: datetime, *, reason: str) -> None:
        """Let nobody call before a moment."""
        self._rows.close(until, reason=reason)

    def closed_for_long(self) -> bool:
        """Return whether the service wants a pause longer than our patience."""
        until = self._rows.ledger().closed_until
        return until is not None and until - self._now() > PATIENCE

    def standing(self) -> Calls:
        """Return what was asked in the last 24 hours, and until when a pause lasts."""
        ledger, now = self._rows.ledger(), self._now()
        closed = ledger.closed_until if ledger.closed_until and ledger.closed_until > now else None
        return Calls(self.service, _spent(ledger, now), self._most, closed, ledger.reason if closed else "")

    def refused(self) -> dict[str, datetime]:
        """Return the questions that are refused, each with when it last was."""
        return {each.endpoint: each.last_seen for each in self._rows.capabilities() if not each.works}

    def note(self, question: str, *, works: bool) -> None:
        """Note whether a question is answered to us."""
        self._rows.note(question, status=200 if works else 401, works=works, now=self._now())

    def _decide(self, ledger: Ledger) -> datetime:
        """Return when the next call may go out."""
        now = self._now()
        if _spent(ledger, now) >= self._most:
            first = min(hour for _, hour, _ in ledger.hours if hour > now - _DAY - _HOUR)
            raise NotNow(self.service, first + _DAY + _HOUR)
        turns = [now]
        if ledger.called_at and ledger.called_at - now < _FAR:
            turns.append(ledger.called_at + self._pace)
        if ledger.closed_until:
            turns.append(ledger.closed_until)
        turn = max(turns)
        if turn - now > PATIENCE:
            raise NotNow(self.service, turn)
        return turn


def _spent(ledger: Ledger, now: datetime) -> int:
    """Return the calls of the last 24 hours; the hour at their edge counts whole."""
    return sum(calls for _, hour, calls in ledger.hours if hour > now - _DAY - _HOUR)
