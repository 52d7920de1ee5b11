"""Mainstream: how close somebody's artists are to what everybody plays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.analytics.counting import counted
from core.analytics.drift import divergence
from core.analytics.view import View

MINIMUM_PLAYS = 20


@dataclass(frozen=True, slots=True)
class Mainstream:
    """How close plays are to a public ranking; all ``None`` under 20 plays or without a ranking.

    ``likeness``: 0 (nothing in common) .. 1 (the same shares); ``order``: -1..1, whether artists in both are ranked
    alike (``None`` under 20 of them); ``underground``: share of plays (0..1) of artists the ranking does not have;
    ``shared``: how many artists are in both.
    """

    likeness: float | None
    order: float | None
    underground: float | None
    shared: int


class Ranking(Protocol):
    """A public ranking: counts by artist, and ``rest``, the counts of all others."""

    @property
    def counts(self) -> Mapping[str, int]:
        """The counts by artist."""

    @property
    def rest(self) -> int:
        """The counts of everybody below."""


def compared(view: View, *, ranking: Ranking) -> Mainstream:
    """Return how close the plays of a view are to a public ranking (``mainstream``)."""
    items, known = view.items("artist"), counted(view, "artist")
    codes = known.ranked.tolist()
    plays = dict(zip(items.names.gather(codes).to_list(), known.plays[codes].tolist(), strict=True))
    plays.pop(None, None)
    return mainstream(plays, ranking.counts, rest=ranking.rest)


def mainstream(plays: Mapping[str, int], reference: Mapping[str, int], *, rest: int = 0) -> Mainstream:
    """Return how close a person's plays per artist are to a public ranking with its counts.

    Both are by name or id, names of artists compared in any case; ``rest``: the counts of everybody below the ranking.
    A person's artists outside it are compared with that rest as one.
    Source: likeness 1 - Jensen-Shannon divergence in bits (Lin 1991); order Kendall's tau-b (scipy); underground plays
    outside the ranking / plays. The comparison of shares follows Bauer and Schedl (2019), PLOS ONE 14.
    """
    mine, theirs = _folded(plays), _folded(reference)
    whole, both = sum(mine.values()), [name for name in mine if name in theirs]
    if whole < MINIMUM_PLAYS or not sum(theirs.values()):
        return Mainstream(None, None, None, len(both))
    outside = whole - sum(mine[name] for name in both)
    own = np.array([*(mine.get(name, 0) for name in theirs), outside])
    public = np.array([*theirs.values(), rest])
    return Mainstream(1 - divergence(own, public), _order(mine, theirs, both), outside / whole, len(both))


def _folded(amounts: Mapping[str, int]) -> dict[str, int]:
    """Return the amounts above 0 by names in one case, those that meet added up."""
    found: dict[str, int] = {}
    for name, amount in amounts.items():
        if amount > 0:
            found[name.casefold()] = found.get(name.casefold(), 0) + amount
    return found


def _order(mine: Mapping[str, int], theirs: Mapping[str, int], both: list[str]) -> float | None:
    """Return Kendall's tau-b of the artists in both; ``None`` under 20 of them or where all are ranked the same."""
    if len(both) < MINIMUM_PLAYS:
        return None
    from scipy.stats import kendalltau  # loads slowly, and few pages need it

    tau = float(kendalltau([mine[name] for name in both], [theirs[name] for name in both]).statistic)
    return None if np.isnan(tau) else tau
