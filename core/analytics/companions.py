"""What one artist, album or track is heard with: in the same minutes, and in the same sessions."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Ints, array, counts
from core.analytics.library import By
from core.analytics.sessions import sessions
from core.analytics.view import View

MINIMUM_PLAYS, MINIMUM_DAYS, MINIMUM_LIFT = 5, 3, 1.5


def played_with(view: View, by: By, id: int, *, minutes: int = 20) -> pl.DataFrame:
    """Return what is played near one thing more often than chance would have it.

    Near is a play that ended within ``minutes`` of the end of a play of the thing, before or after it. Chance: as many
    near plays as there were in each local month, drawn from everything else played in that month; so two artists of the
    same years are not companions for that alone. Columns: id (i64), name, artist (str), artist_id (i64), plays (i64,
    near), days (i64, different local days of them), expected (f64, plays by chance), lift (f64, plays / expected).
    Only at least 5 plays on 3 days and a lift of 1.5; most plays beyond chance first, then id.
    Source: lift of market basket analysis (Brin et al. 1997), with its chance taken month by month.
    """
    items, code = view.items(by), view.code(by, id)
    codes = view.played(view.code_column(by))
    others = (codes != code) & ((codes != 0) if items.none else np.ones(len(codes), dtype=np.bool_))
    near = others & _near(view.played("ended").astype(np.int64), codes == code, minutes)
    month = _months(view.played("day"))
    share = counts(month, _size(month), near) / np.maximum(counts(month, _size(month), others), 1)
    plays = counts(codes, len(items), near)
    expected = np.bincount(codes, weights=share.take(month), minlength=len(items))
    days = _days(codes[near], view.played("day")[near], len(items))
    lift = plays / np.where(expected > 0, expected, 1)
    # A rounding error of the sum must not decide: chance is compared to a millionth.
    kept = np.flatnonzero((plays >= MINIMUM_PLAYS) & (days >= MINIMUM_DAYS) & (lift >= MINIMUM_LIFT - 1e-6))
    beyond = np.round(plays[kept] - expected[kept], 6)
    kept = kept[np.lexsort((items.ids[kept], -beyond))]
    return pl.DataFrame(
        {
            "id": items.ids[kept],
            "name": items.names.gather(kept),
            "artist": items.artists.gather(kept),
            "artist_id": items.artist_ids[kept],
            "plays": plays[kept],
            "days": days[kept],
            "expected": expected[kept],
            "lift": lift[kept],
        }
    )


def _near(ended: Ints, mine: Bools, minutes: int) -> Bools:
    """Return which plays ended within some minutes of one of mine; ``ended`` are microseconds, rising."""
    own, reach = ended[mine], minutes * 60_000_000
    size = len(ended) + 1
    opens = counts(np.searchsorted(ended, own - reach, side="left"), size)
    closes = counts(np.searchsorted(ended, own + reach, side="right"), size)
    near: Bools = np.cumsum(opens - closes)[:-1] > 0
    return near


def _months(days: Ints) -> Ints:
    """Return the calendar month of each day number, counted from the first one."""
    if not len(days):
        return np.empty(0, dtype=np.int64)
    low = int(days.min())
    every = np.arange(low, int(days.max()) + 1).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    months: Ints = (every - every[0]).take(days - low)
    return months


def _size(codes: Ints) -> int:
    return int(codes.max(initial=-1)) + 1


def _days(codes: Ints, days: Ints, size: int) -> Ints:
    """Return on how many different days each code occurs."""
    low = int(days.min()) if len(days) else 0
    width = _size(days - low) + 1
    pairs = np.unique(codes.astype(np.int64) * width + (days - low))
    return counts(pairs // width, size)


@dataclass(frozen=True, slots=True)
class Company:
    """The sessions with plays of one thing, among all sessions with plays.

    ``alone``: those with nothing else; ``opened``: those that began with it. ``plays``: its plays in all of them.
    ``run``: its most plays in a row within one session, ``run_at`` the end of the first of them in UTC.
    """

    sessions: int
    of: int
    alone: int
    opened: int
    plays: int
    run: int
    run_at: datetime | None


def company(view: View, by: By, id: int, *, gap_minutes: int = 20) -> Company:
    """Return how one thing is played: alone or among others, and how often in a row.

    The earlier one of equal runs counts.
    Source: counts of plays by session (``sessions.sessions``).
    """
    code, session = view.code(by, id), session_of_plays(view, gap_minutes)
    mine = view.played(view.code_column(by)) == code
    own = np.flatnonzero(mine) if code >= 0 else np.empty(0, dtype=np.int64)
    of = _size(session)
    if not len(own):
        return Company(0, of, 0, 0, 0, 0, None)
    inside, all_of = counts(session[own], of), counts(session, of)
    first = np.flatnonzero(np.diff(session, prepend=-1))
    breaks = np.flatnonzero((np.diff(own) != 1) | (np.diff(session[own]) != 0))
    starts = np.r_[0, breaks + 1]
    lengths = np.diff(np.r_[starts, len(own)])
    longest = int(np.argmax(lengths))
    place = int(view.played_positions[own[starts[longest]]])
    return Company(
        sessions=int(np.count_nonzero(inside)),
        of=of,
        alone=int(np.count_nonzero((inside > 0) & (inside == all_of))),
        opened=int(np.count_nonzero(mine[first])),
        plays=len(own),
        run=int(lengths[longest]),
        run_at=view.library.listens["ended"][place],
    )


def session_of_plays(view: View, gap_minutes: int) -> Ints:
    """Return the number of the session of each play of a view, from 0, rising."""

    def number() -> Ints:
        starts = array(sessions(view, gap_minutes=gap_minutes)["start"].to_physical())
        began = view.played("began").astype(np.int64)
        numbered: Ints = np.searchsorted(starts, began, side="right") - 1
        return numbered

    return view.kept(f"sessions of plays, {gap_minutes} minutes", number)
