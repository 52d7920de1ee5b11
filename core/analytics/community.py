"""Charts of an instance's members in which nobody can be found: who counts, what is shown, what stays hidden."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

STEP = 5  # listeners are published in steps of so many, rounded down
MOST_ITEMS = 200  # of one member, of one kind, in one window
MOST_ROWS = 1_000
SETTLING = timedelta(days=1)  # what syncs and imports bring late has a day
QUARTER = 900  # seconds
Per = Literal["week", "month"]
PERS: tuple[Per, ...] = ("week", "month")
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A week (Monday to Sunday) or month of UTC, from ``first`` to before ``until``."""

    per: Per
    first: date
    until: date

    @property
    def begins(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.until, time(), UTC)

    @property
    def due(self) -> date:
        """The day from which on it can be computed: Tuesday after a week, the second day after a month."""
        return self.until + SETTLING


@dataclass(frozen=True, slots=True, eq=False)
class Plays:
    """How often members played things: one row for each member and thing, ``plays`` at least 1.

    ``thing`` is a place in a list of names the caller has; who a ``member`` is does not matter.
    """

    member: Ints
    thing: Ints
    plays: Ints


@dataclass(frozen=True, slots=True)
class Place:
    """A published row: ``listeners`` is rounded down to a multiple of 5."""

    rank: int
    thing: int
    listeners: int


def due(since: datetime, *, done: date | None, today: date) -> list[Stretch]:
    """Return the weeks and months to compute ``today`` (UTC), the earliest due first.

    They begin at ``since`` or later. ``done``: the day up to which everything due is computed already (None: nothing).
    """
    found = []
    for per in PERS:
        each = _stretch(per, since.astimezone(UTC).date())
        while each.due <= today:
            if each.begins >= since and (done is None or each.due > done):
                found.append(each)
            each = _stretch(per, each.until)
    return sorted(found, key=lambda stretch: (stretch.due, stretch.per))


def _stretch(per: Per, day: date) -> Stretch:
    """Return the stretch a day lies in."""
    if per == "week":
        first = day - timedelta(days=day.weekday())
        return Stretch(per, first, first + timedelta(days=7))
    first = day.replace(day=1)
    return Stretch(per, first, (first + timedelta(days=31)).replace(day=1))


def hidden_quarters(timezone: str, hours: Collection[int], stretch: Stretch) -> list[int]:
    """Return the quarters of an hour (since 1970, UTC) of a stretch that lie in these local hours of the day."""
    zone, begins, ends = ZoneInfo(timezone), int(stretch.begins.timestamp()), int(stretch.ends.timestamp())
    quarters = range(begins // QUARTER, ends // QUARTER)
    return [each for each in quarters if datetime.fromtimestamp(each * QUARTER, zone).hour in hours]


def gathered(member: Ints, thing: Ints, plays: Ints) -> Plays:
    """Return rows with one for each member and thing, their plays added up; things below 0 are nothing."""
    known = thing >= 0
    size = int(thing.max(initial=0)) + 1
    pairs, place = np.unique(member[known] * size + thing[known], return_inverse=True)  # one number a pair: quick
    total = np.bincount(place, weights=plays[known], minlength=len(pairs)).astype(np.int64)
    return Plays(pairs // size, pairs % size, total)


def published(
    plays: Plays,
    names: Sequence[str],
    *,
    active: int,
    members: int,
    k: int,
    most: int = MOST_ITEMS,
    few_rows: bool = False,
) -> tuple[Place, ...]:
    """Return the rows that may be shown, by rank.

    Nothing where fewer than ``members`` are ``active``. A member counts once for each of the ``most`` things they
    played most (equal ones by name), however often they played it. A thing is shown where its listeners, rounded down
    to a multiple of 5, are at least ``k`` (so ``k`` is rounded up to one). The order is that of the rounded listeners,
    then of ``names``, all different: it tells nothing the shown number does not. ``few_rows``: of a table with few
    rows, whose missing one could be guessed, the last row is hidden too where exactly one was too small to be shown.

    Source: Working Party 29, Opinion 05/2014 on anonymisation techniques (k-anonymity); Hundepool et al., Statistical
    Disclosure Control, 2012 (threshold rule, rounding, complementary suppression).
    """
    if active < members:
        return ()
    order = _order(names)
    counts = np.bincount(_of_each(plays, order, most), minlength=len(names))
    rounded = counts // STEP * STEP
    fits = rounded >= k
    shown = sorted(np.flatnonzero(fits).tolist(), key=lambda thing: (-rounded[thing], order[thing]))
    if few_rows and np.count_nonzero((counts > 0) & ~fits) == 1:
        shown = shown[:-1]
    return tuple(Place(rank, thing, int(rounded[thing])) for rank, thing in enumerate(shown[:MOST_ROWS], start=1))


def _order(names: Sequence[str]) -> Ints:
    """Return the place of each thing in the order of names."""
    order = np.empty(len(names), dtype=np.int64)
    order[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    return order


def _of_each(plays: Plays, order: Ints, most: int) -> Ints:
    """Return the things that count, once for each member: the most played of each."""
    rows = np.lexsort((order[plays.thing], -plays.plays, plays.member))
    member = plays.member[rows]
    begins = np.flatnonzero(np.diff(member, prepend=-1))
    nth = np.arange(len(member)) - np.repeat(begins, np.diff(begins, append=len(member)))
    counted: Ints = plays.thing[rows][nth < most]
    return counted
