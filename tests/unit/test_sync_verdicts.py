"""What each refusal of Spotify leads to: whose parts wait, and how long."""

from datetime import UTC, datetime, timedelta

import pytest

from core.services.sync_faults import Verdict, verdict
from core.spotify.errors import (
    Absent,
    BadCredentials,
    ConsentOver,
    Forbidden,
    MissingScope,
    NotListed,
    OverBudget,
    OwnerNotPremium,
    QuotaSpent,
    TooFast,
    Trouble,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=14)
WEEK, DAY, HOUR = timedelta(days=7), timedelta(days=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OverBudget(LATER), Verdict("part", LATER, "budget")),
        (QuotaSpent(LATER), Verdict("part", LATER, "quota")),
        (TooFast(LATER), Verdict("person", LATER, "rate")),
        (Forbidden(), Verdict("part", NOW + WEEK, "forbidden")),
        (MissingScope(), Verdict("part", NOW + WEEK, "forbidden")),
        (ConsentOver(), Verdict("person", NOW + DAY, "needs_reauth", "needs_reauth")),
        (NotListed(), Verdict("person", NOW + DAY, "not_allowed", "not_allowed")),
        (OwnerNotPremium(), Verdict("everybody", NOW + 6 * HOUR, "paused", "paused")),
        (BadCredentials(), Verdict("person", NOW + HOUR, "trouble")),
    ],
)
def test_what_a_refusal_leads_to(error: Exception, expected: Verdict) -> None:
    assert verdict(error, now=NOW, tries=2) == expected


@pytest.mark.parametrize("error", [Trouble(), Absent(), KeyError("a mistake of ours")])
def test_failures_are_tried_again_less_and_less_often(error: Exception) -> None:
    waits = [(found := verdict(error, now=NOW, tries=tries)).until - NOW for tries in range(6)]
    assert [wait / timedelta(minutes=1) for wait in waits] == [1, 5, 15, 60, 60, 60]
    assert (found.reach, found.outcome, found.tries, found.state) == ("part", "trouble", 6, None)
