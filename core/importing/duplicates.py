"""Which rows of an upload are plays already known: exported twice, reported twice, imported before.

A play is (track, ms_played, logged time, start where known). Rows of one such group with known starts are the same
play when the starts are within 2 s; a row of unknown start is a duplicate of any row of its group. A play reported
again at another time has the same track, duration and start: the row logged first stays, and stored rows always stay.
"""

from bisect import bisect_left, insort
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.importing.fates import Fate
from core.importing.grouping import Ints, firsts, groups, near
from core.importing.moments import NOTHING, SECOND

Rows = NDArray[np.int64]
REACH = 2 * SECOND
_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Plays:
    """Plays as columns: database track, milliseconds, and moments in microseconds since 2000."""

    track: Ints
    ms: Ints
    logged: Ints
    start: Ints
    began: Ints
    ended: Ints

    def __len__(self) -> int:
        return len(self.track)

    def take(self, which: Rows) -> "Plays":
        """Return some of the plays."""
        return Plays(*(getattr(self, name)[which] for name in self.__slots__))

    def and_then(self, others: "Plays") -> "Plays":
        """Return these plays followed by others."""
        pairs = ((getattr(self, name), getattr(others, name)) for name in self.__slots__)
        return Plays(*(np.concatenate(pair) for pair in pairs))


def find_duplicates(new: Plays, rows: Rows, stored: Plays, had: Rows) -> NDArray[np.uint8]:
    """Return the fate of some rows of new plays: ``PLAY`` to be stored, ``DUPLICATE`` or ``DUPLICATE_START``.

    They are compared with each other and with some rows of the stored plays, track by track in shares of bounded
    size: plays of different tracks are never the same.
    """
    fate = np.zeros(len(rows), np.uint8)
    shares = 1 + (len(rows) + len(had)) // _AT_ONCE
    for share in range(shares):
        places = np.flatnonzero(new.track[rows] % shares == share)
        others = had[stored.track[had] % shares == share]
        fate[places] = _find(new.take(rows[places]), stored.take(others))
    return fate


def _find(new: Plays, stored: Plays) -> NDArray[np.uint8]:
    """Return the fates of one share."""
    if not len(new):
        return np.zeros(0, np.uint8)
    plays, count = stored.and_then(new), len(stored)
    is_new = np.arange(len(plays)) >= count
    known = plays.start != NOTHING
    what = plays.track.astype(np.int64) << 32 | plays.ms
    group = groups(plays.logged, what)
    keep = _keep_known(plays, what, group, is_new, known)
    keep |= _keep_unknown(group, is_new, known)
    keep = _one_place_each(plays, what, is_new, known, keep)
    held = np.zeros(int(group.max()) + 1, bool)
    held[group[keep | ~is_new]] = True
    again = np.where(held[group], Fate.DUPLICATE, Fate.DUPLICATE_START)
    return np.where(keep, Fate.PLAY, again)[count:].astype(np.uint8)


def _keep_known(
    plays: Plays, what: NDArray[np.int64], group: NDArray[np.int64], is_new: NDArray[np.bool_], known: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return which new rows of known start are plays of their own."""
    keep = np.zeros(len(plays), bool)
    absorbed = _absorbed(plays, group, is_new, known)
    anchors = (known & ~is_new) | absorbed
    left = np.flatnonzero(is_new & known & ~near(np.where(known, what, -1), plays.start, anchors, REACH))
    if not len(left):
        return keep
    start, logged = plays.start[left], plays.logged[left]
    same = groups(start, what[left])
    left = left[firsts(same, logged)]
    left = left[np.lexsort((plays.start[left], what[left]))]
    apart = np.ones(len(left), bool)
    apart[1:] = (what[left][1:] != what[left][:-1]) | (np.diff(plays.start[left]) > REACH)
    run = np.cumsum(apart)
    alone = np.bincount(run)[run] == 1
    keep[left[alone]] = True
    for members in np.split(left[~alone], np.flatnonzero(np.diff(run[~alone])) + 1):
        keep[_earliest(members, plays)] = True
    return keep


def _earliest(members: NDArray[np.int64], plays: Plays) -> list[int]:
    """Return the rows that stay of a chain of near starts: the ones logged first, none within reach of another."""
    order = np.lexsort((plays.start[members], plays.logged[members]))
    taken: list[int] = []
    stay = []
    for member in members[order].tolist():
        start = int(plays.start[member])
        at = bisect_left(taken, start - REACH)
        if at == len(taken) or taken[at] > start + REACH:
            insort(taken, start)
            stay.append(member)
    return stay


def _absorbed(
    plays: Plays, group: NDArray[np.int64], is_new: NDArray[np.bool_], known: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return which new rows of known start are the stored row of unknown start of their group.

    It is one play, so one start of each such group is absorbed: the first that no stored row has.
    """
    absorbed = np.zeros(len(plays), bool)
    open_ = np.zeros(int(group.max()) + 1, bool)
    open_[group[~is_new & ~known]] = True
    left = np.flatnonzero(open_[group] & known)
    if not len(left):
        return absorbed
    unmatched = is_new[left] & ~near(group[left], plays.start[left], ~is_new[left], REACH)
    left = left[unmatched]
    if len(left):
        lead = firsts(group[left], plays.start[left])
        absorbed[left] = near(group[left], plays.start[left], lead, REACH)
    return absorbed


def _keep_unknown(group: NDArray[np.int64], is_new: NDArray[np.bool_], known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which new rows of unknown start are plays: the first of a group that holds no other row."""
    keep = np.zeros(len(group), bool)
    taken = np.zeros(int(group.max()) + 1, bool)
    taken[group[~is_new | known]] = True
    left = np.flatnonzero(is_new & ~known & ~taken[group])
    if len(left):
        keep[left[firsts(group[left], left)]] = True
    return keep


def _one_place_each(
    plays: Plays, what: NDArray[np.int64], is_new: NDArray[np.bool_], known: NDArray[np.bool_], keep: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return ``keep`` without plays that lie exactly where another of the same track and duration does.

    An offline play of known start and the same play logged at its end without one meet only here; the one stored
    stays, else the one whose start is known.
    """
    candidates = np.flatnonzero(keep | ~is_new)
    place = groups(plays.began[candidates], plays.ended[candidates], what[candidates])
    rank = is_new[candidates] * 2 + ~known[candidates]
    first = np.zeros(len(keep), bool)
    first[candidates[firsts(place, rank)]] = True
    return keep & first
