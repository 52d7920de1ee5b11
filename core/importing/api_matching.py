"""Which plays that Spotify's API reported are plays an export holds too: nearest first, one to one.

The API tells one moment of a play: when it ended, in old clients when it began. An export tells the end, the time it
logged (for an offline play the later sync) and the start. One recording's play within 90 s of one of the three may be
the same play. Two things make that less likely, and weigh as much as 30 s more: the moment is near the start (a track
on repeat begins where it has just ended), or the track is another edition of the recording. The nearest pairs go first.

A reported play left over by that may have been its neighbour's end or start: where moving neighbours to rows within
30 s frees a row for it, they move. So a run of repeats meets row by row, whichever moment its client reported.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.importing.grouping import Ints, Mask
from core.importing.moments import MINUTE, SECOND

NOBODY = -1
REACH = 90 * SECOND
_DOUBT = 30 * SECOND  # two plays whose ends are nearer are no plays by the default rule
_UNIT = 1_000  # microseconds: candidates are looked up by milliseconds, which leaves room for the recording

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reported:
    """Plays the API reported, as columns; moments are microseconds since 2000. One track is played once at a time."""

    track: Ints
    recording: Ints
    played: Ints


@dataclass(frozen=True, slots=True)
class Exported:
    """Plays of exports as columns; ``coarse`` rows are cut to the minute: they lie anywhere within it."""

    track: Ints
    recording: Ints
    ms: Ints
    began: Ints
    ended: Ints
    logged: Ints
    coarse: Mask

    def and_then(self, others: "Exported") -> "Exported":
        """Return these plays followed by others."""
        pairs = ((getattr(self, name), getattr(others, name)) for name in self.__slots__)
        return Exported(*(np.concatenate(pair) for pair in pairs))


def match(reported: Reported, exported: Exported) -> Rows:
    """Return for each reported play the place of the exported one it is, ``NOBODY`` for none.

    The result depends on the plays alone, not on their order; plays of different recordings never meet.
    """
    api, export, near = _pairs(reported, exported)
    matching = _Matching([NOBODY] * len(reported.track), [NOBODY] * len(exported.track))
    for mine, theirs in zip(api.tolist(), export.tolist(), strict=True):
        matching.pair(mine, theirs)
    for mine, theirs in zip(api[near].tolist(), export[near].tolist(), strict=True):
        matching.rows_near.setdefault(mine, []).append(theirs)
    for left in np.lexsort((reported.track, reported.played)).tolist():
        if matching.row_of[left] == NOBODY:
            matching.make_room(left)
    return np.array(matching.row_of, np.int64)


@dataclass(slots=True)
class _Matching:
    """Which reported play has which row, and which rows are near each play, the likeliest first."""

    row_of: list[int]
    play_of: list[int]
    rows_near: dict[int, list[int]] = field(default_factory=dict)

    def pair(self, play: int, row: int) -> None:
        """Give a play a row, if both are free."""
        if self.row_of[play] == NOBODY and self.play_of[row] == NOBODY:
            self.row_of[play], self.play_of[row] = row, play

    def make_room(self, left: int) -> None:
        """Give a play that was left over a row near it, each play in its way moving on to one near itself."""
        wanted_by: dict[int, int] = {}
        plays = [left]
        for play in plays:
            for row in self.rows_near.get(play, ()):
                if row not in wanted_by:
                    wanted_by[row] = play
                    if self.play_of[row] == NOBODY:
                        self._move(row, wanted_by)
                        return
                    plays.append(self.play_of[row])

    def _move(self, row: int, wanted_by: dict[int, int]) -> None:
        """Give a free row to the play that wants it, that one's row to the next, and so on to the one left over."""
        while row != NOBODY:
            play = wanted_by[row]
            given, row = row, self.row_of[play]
            self.row_of[play], self.play_of[given] = given, play


def _pairs(reported: Reported, exported: Exported) -> tuple[Rows, Rows, Mask]:
    """Return the pairs (reported, exported) that may be one play, the likeliest first, and which of them are near."""
    found = [_near(reported, exported, at) for at in (exported.ended, exported.logged, exported.began)]
    api, export, distance = (np.concatenate(parts) for parts in zip(*found, strict=True))
    what = np.repeat(np.arange(len(found)), [len(parts[0]) for parts in found])
    doubts = (what == 2).astype(np.int64) + (reported.track[api] != exported.track[export])
    first = _ranks(reported.track, reported.played)
    last = _ranks(exported.began, exported.ms, exported.track, exported.ended)
    order = np.lexsort((last[export], first[api], what, distance + doubts * _DOUBT))
    return api[order], export[order], (distance <= _DOUBT)[order]


def _near(reported: Reported, exported: Exported, at: Ints) -> tuple[Rows, Rows, Rows]:
    """Return (reported, exported, distance) of the pairs of one recording within reach, ``at`` being when it is."""
    if not len(reported.track) or not len(exported.track):
        return (np.zeros(0, np.int64),) * 3
    before, played = REACH + MINUTE, reported.played
    _, code = np.unique(np.concatenate([reported.recording, exported.recording]), return_inverse=True)
    zero = min(int(played.min()), int(at.min())) - before
    span = (max(int(played.max()), int(at.max())) + REACH - zero) // _UNIT + 1
    mine, theirs = code[: len(played)] * span, code[len(played) :] * span + (at - zero) // _UNIT
    order = np.argsort(theirs, kind="stable")
    low = np.searchsorted(theirs[order], mine + (played - before - zero) // _UNIT, side="left")
    count = np.searchsorted(theirs[order], mine + (played + REACH - zero) // _UNIT, side="right") - low
    api = np.repeat(np.arange(len(played)), count)
    export = order[np.arange(len(api)) + np.repeat(low - np.cumsum(count) + count, count)]
    past = played[api] - at[export]
    distance = np.maximum(np.maximum(-past, past - exported.coarse[export] * MINUTE), 0)
    within = distance <= REACH
    return api[within], export[within], distance[within]


def _ranks(*columns: Ints) -> Rows:
    """Return each row's place in the order of the columns, the last one first."""
    ranks = np.empty(len(columns[0]), np.int64)
    ranks[np.lexsort(columns)] = np.arange(len(ranks))
    return ranks


def lengths(played: Ints, longest: Ints) -> Rows:
    """Return the milliseconds each reported play can have lasted: ``longest``, or the time since the play before.

    ``longest`` is the track's duration, or what this returned when fewer plays were known: a play found between two
    others only shortens, so the result depends on the plays known, not on the order they came in.
    """
    moments = np.unique(played)
    place = np.searchsorted(moments, played)
    since = (played - moments[np.maximum(place - 1, 0)]) // 1_000
    return np.where(place > 0, np.minimum(longest, since), longest).astype(np.int64)
