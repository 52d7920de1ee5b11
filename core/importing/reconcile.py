"""Settles which rows of an upload are stored, against each other and against what the person has already."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.domain.listen import Source
from core.domain.names import pair_key
from core.importing.duplicates import Plays, find_duplicates
from core.importing.fates import Fate
from core.importing.grouping import Ints, firsts, groups, within
from core.importing.moments import MINUTE

Names = Callable[[list[int]], list[tuple[int, str | None, str | None]]]
Rows = NDArray[np.int64]


def reconcile(
    fate: NDArray[np.uint8],
    new: Plays,
    new_source: NDArray[np.int8],
    stored: Plays,
    stored_source: NDArray[np.int8],
    names: Names,
    own_names: Names,
    gone: NDArray[np.bool_] | None = None,
) -> Rows:
    """Settle, in place, the fates of rows that are still ``PLAY``; return which stored rows finer ones displace.

    Rows of the extended history are compared with such rows; the account package holds the same plays cut to the
    minute, so its rows give way, in the upload and where they are stored. ``names`` returns (id, artist, title) of
    database tracks, ``own_names`` what the upload itself calls those it names. ``gone`` says which of the stored rows a
    person deleted: their plays stay deleted, in either form, and make way for nothing.
    """
    gone = np.zeros(len(stored), bool) if gone is None else gone
    extended = np.flatnonzero((fate == Fate.PLAY) & (new_source == Source.SPOTIFY_EXPORT))
    account = np.flatnonzero((fate == Fate.PLAY) & (new_source == Source.SPOTIFY_ACCOUNT))
    had_extended = np.flatnonzero(stored_source == Source.SPOTIFY_EXPORT)
    had_account = np.flatnonzero(stored_source == Source.SPOTIFY_ACCOUNT)
    fate[extended] = _duplicates(new, extended, stored, had_extended, gone)
    twins, own_twins = Twins(names), Twins(lambda tracks: names(tracks) + own_names(tracks))
    if len(account) and (len(extended) or len(had_extended)):
        finer = _all(own_twins.keys(new, extended), twins.keys(new, extended), twins.keys(stored, had_extended))
        fate[account[within(twins.keys(new, account), finer)]] = Fate.IN_EXTENDED_HISTORY
        deleted = twins.keys(stored, had_extended[gone[had_extended]])
        fate[account[within(twins.keys(new, account), deleted)]] = Fate.DELETED_BY_YOU
    account = account[fate[account] == Fate.PLAY]
    fate[account] = _duplicates(new, account, stored, had_account, gone)
    extended = extended[fate[extended] == Fate.PLAY]
    displaced = np.zeros(0, np.int64)
    if len(extended) and gone[had_account].any():
        deleted = twins.keys(stored, had_account[gone[had_account]])
        same = within(own_twins.keys(new, extended), deleted) | within(twins.keys(new, extended), deleted)
        fate[extended[same]] = Fate.DELETED_BY_YOU
        extended = extended[~same]
    had_account = had_account[~gone[had_account]]
    if len(extended) and len(had_account):
        finer = _all(own_twins.keys(new, extended), twins.keys(new, extended))
        displaced = had_account[within(twins.keys(stored, had_account), finer)]
    if len(account) or len(had_extended) < len(stored):
        _one_place_each(fate, new, stored, np.setdiff1d(np.arange(len(stored)), displaced))
    return displaced


class Twins:
    """Keys under which one play meets itself in both packages: minute, names, milliseconds."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._known: dict[int, int] = {}

    def keys(self, plays: Plays, rows: Rows) -> tuple[Ints, ...]:
        """Return the key columns of some plays."""
        ids, where = np.unique(plays.track[rows], return_inverse=True)
        missing = [track for track in ids.tolist() if track not in self._known]
        if missing:
            self._known |= {track: pair_key(artist, title) for track, artist, title in self._names(missing)}
        pairs = np.array([self._known[track] for track in ids.tolist()], np.int64)
        return plays.logged[rows] // MINUTE, pairs[where], plays.ms[rows].astype(np.int64)


def _duplicates(new: Plays, rows: Rows, stored: Plays, had: Rows, gone: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return the fates of some rows; those that would be stored but for deleted ones are ``DELETED_BY_YOU``."""
    fate = find_duplicates(new, rows, stored, had)
    if gone[had].any():
        among_live = find_duplicates(new, rows, stored, had[~gone[had]])
        fate[(fate != Fate.PLAY) & (among_live == Fate.PLAY)] = Fate.DELETED_BY_YOU
    return fate


def _all(*tables: tuple[Ints, ...]) -> tuple[Ints, ...]:
    """Return the rows of several tables as one, column by column."""
    return tuple(np.concatenate(columns) for columns in zip(*tables, strict=True))


def _one_place_each(fate: NDArray[np.uint8], new: Plays, stored: Plays, staying: Rows) -> None:
    """Make duplicates of rows that would lie exactly where a row of another source does: places are unique."""
    kept = np.flatnonzero(fate == Fate.PLAY)
    if not len(kept):
        return
    sides = [(getattr(stored, name)[staying], getattr(new, name)[kept]) for name in ("track", "ms", "began", "ended")]
    place = groups(*(np.concatenate(side) for side in sides))
    first = firsts(place, np.arange(len(place)))[len(staying) :]
    fate[kept[~first]] = Fate.DUPLICATE
