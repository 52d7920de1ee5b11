"""What the sync makes of each refusal: which parts wait, how long, and what is said about the connection."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from core.domain.spotify import Outcome, State
from core.spotify.errors import (
    BadCredentials,
    ConsentOver,
    Forbidden,
    Later,
    NotListed,
    OverBudget,
    OwnerNotPremium,
    QuotaSpent,
)

# How long a part waits after its first, second, … failure in a row.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
AGAIN_FORBIDDEN = timedelta(days=7)
AGAIN_LISTED = timedelta(days=1)
AGAIN_PREMIUM = timedelta(hours=6)
AGAIN_CREDENTIALS = timedelta(hours=1)
Reach = Literal["part", "person", "everybody"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a refusal leads to: whose parts wait (``reach``), ``until`` when, and what the connection is now."""

    reach: Reach
    until: datetime
    outcome: Outcome
    state: State | None = None
    tries: int = 0


def verdict(error: Exception, *, now: datetime, tries: int) -> Verdict:
    """Return what an error leads to; ``tries`` is how often this part has failed in a row before."""
    if isinstance(error, Later):
        return _later(error)
    if isinstance(error, Forbidden):
        return Verdict("part", now + AGAIN_FORBIDDEN, "forbidden")
    if isinstance(error, ConsentOver):
        return Verdict("person", now + AGAIN_LISTED, "needs_reauth", "needs_reauth")
    if isinstance(error, NotListed):
        return Verdict("person", now + AGAIN_LISTED, "not_allowed", "not_allowed")
    if isinstance(error, OwnerNotPremium):
        return Verdict("everybody", now + AGAIN_PREMIUM, "paused", "paused")
    if isinstance(error, BadCredentials):
        return Verdict("person", now + AGAIN_CREDENTIALS, "trouble")
    return Verdict("part", now + BACKOFF[min(tries, len(BACKOFF) - 1)], "trouble", tries=tries + 1)


def _later(error: Later) -> Verdict:
    """Return what waiting leads to: after too many calls in a short time none of the person's parts may call."""
    if isinstance(error, OverBudget):
        return Verdict("part", error.retry_at, "budget")
    if isinstance(error, QuotaSpent):
        return Verdict("part", error.retry_at, "quota")
    return Verdict("person", error.retry_at, "rate")
