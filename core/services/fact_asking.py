"""What guards every question to an open source: whether it may still be asked, and what its failing means."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import TypeVar

from core.asking.errors import NotNow, Refused, Trouble
from core.domain.facts import Outcome
from core.logs import logger
from core.services.fact_gate import PATIENCE, FactGate

T = TypeVar("T")
MOST_TROUBLES = 3  # useless answers in a row that end a round
PAUSE_AFTER_TROUBLES = timedelta(minutes=30)
REFUSAL_LASTS = timedelta(hours=24)
_WAITS = 3  # short pauses that one question waits for
log = logger(__name__)


class Stopped(Exception):
    """The worker has to stop; raised where it waits."""


class No(Enum):
    """No answer: the question failed, it was not asked now, or the source does not answer it to us."""

    FAILED = 1
    NOT_NOW = 2
    REFUSED = 3


class Asking:
    """The questions of one round; ``outcome`` is set once no more are asked."""

    def __init__(
        self,
        gates: Mapping[str, FactGate],
        *,
        has_token: bool,
        now: Callable[[], datetime],
        until: datetime,
        stop: Callable[[], bool],
    ) -> None:
        """``gates`` are named after the services; ``has_token``: ListenBrainz may answer more."""
        self.outcome: Outcome = ""
        self._gates, self._now, self._until, self._stop = gates, now, until, stop
        self._token, self._troubles = " with a token" if has_token else "", 0
        self._refused = gates["listenbrainz"].refused()
        if any(gate.closed_for_long() for gate in gates.values()):
            self.outcome = "pause"

    def going(self) -> bool:
        """Return whether more may be begun."""
        if not self.outcome and self._now() >= self._until:
            self.outcome = "time"
        return not self.outcome

    def in_time(self) -> bool:
        """Return whether the round's time is not over yet; what was begun may be finished later than that."""
        return self._now() < self._until

    def allowed(self, question: str) -> bool:
        """Return whether ListenBrainz answers this to us, as far as we know."""
        refused_at = self._refused.get(question + self._token)
        return refused_at is None or refused_at + REFUSAL_LASTS <= self._now()

    def ask_listenbrainz(self, question: str, ask: Callable[[], T]) -> T | No:
        """Return the answer to a question that ListenBrainz may refuse us."""
        if not self.allowed(question):
            return No.REFUSED
        answer = self.ask(ask, may_refuse=True)
        key = question + self._token
        if answer is No.REFUSED:
            self._refused[key] = self._now()
            self._gates["listenbrainz"].note(key, works=False)
            log.info("facts.refused", question=key)
        elif not isinstance(answer, No) and key in self._refused:
            del self._refused[key]
            self._gates["listenbrainz"].note(key, works=True)
        return answer

    def ask(self, ask: Callable[[], T], *, may_refuse: bool = False) -> T | No:
        """Return the answer to a question; a short pause is waited for."""
        for _ in range(_WAITS):
            if not self.outcome and self._stop():
                self.outcome = "stopped"
            if self.outcome:
                return No.NOT_NOW
            try:
                answer = ask()
            except Stopped:
                self.outcome = "stopped"
            except NotNow as error:
                if error.retry_at - self._now() > PATIENCE:
                    self.outcome = "pause"
            except Trouble as error:
                return No.REFUSED if may_refuse and isinstance(error, Refused) else self._failed(error)
            else:
                self._troubles = 0
                return answer
        self.outcome = self.outcome or "pause"
        return No.NOT_NOW

    def _failed(self, error: Trouble) -> No:
        """Count a failure; some in a row end the round, and their service gets a pause."""
        log.warning("facts.trouble", service=error.service, why=error.why)
        self._troubles += 1
        if self._troubles == MOST_TROUBLES:
            self.outcome = "trouble"
            self._gates[error.service.lower()].close(self._now() + PAUSE_AFTER_TROUBLES, reason="trouble")
        return No.FAILED
