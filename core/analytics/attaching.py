"""What the parts of an attachment to an artist say in words."""

from collections.abc import Mapping
from typing import Any

from core.analytics.naming import lasting

ENOUGH = 20  # plays, below which no habit is told
MORE, LESS = 1.5, 0.67  # against the usual share of listens started on purpose


def sentence(row: Mapping[str, Any], usual: float | None) -> str:
    """Return a row of ``affinity`` in plain words; ``usual``: the share of all listens started on purpose, if known."""
    if row["plays"] < ENOUGH:
        return f"Only {row['plays']} play{'' if row['plays'] == 1 else 's'} so far: too few to tell a habit."
    parts = [part for part in (_regular(row), _chosen(row, usual)) if part]
    return f"You {' and '.join(parts)}; {_recent(row)}."


def _regular(row: Mapping[str, Any]) -> str:
    """Return in how many months it was played."""
    heard, months = row["months_heard"], row["months"]
    if months == 1:
        return "met it this month"
    if heard == months:
        return f"come back to it every month ({months} so far)"
    return f"come back to it in {heard} of {months} months"


def _chosen(row: Mapping[str, Any], usual: float | None) -> str:
    """Return how often it is started on purpose, against the usual; nothing where too little is known."""
    share = row["intent"]
    if share is None:
        return ""
    if share >= 0.5:
        return "mostly choose it yourself"
    if usual and share >= MORE * usual:
        return "choose it yourself more often than most"
    if usual and share <= LESS * usual:
        return "mostly let it come by itself"
    return "choose it yourself about as often as others"


def _recent(row: Mapping[str, Any]) -> str:
    """Return how long ago the last play was, against the usual gap."""
    silent, gap = row["silent_days"], row["gap_days"]
    if silent <= 1:
        return "the last time was just now"
    if gap is None:
        return f"all on one day, {lasting(silent)} ago"
    usual = f"usually {'every day' if gap < 1.5 else 'every ' + lasting(round(gap))}"
    if silent <= max(gap, 1):
        return f"the last time was {lasting(silent)} ago, {usual}"
    return f"it has been silent for {lasting(silent)}, {usual} before"
