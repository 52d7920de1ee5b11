"""Exploring: how much of listening goes to what is new, and how much of the new stays."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from core.analytics.acquaintance import days_of
from core.analytics.arrays import Bools, Floats, Ints, counts, sums, table
from core.analytics.buckets import Step, closed, cut, span
from core.analytics.discovery import CENSORED_DAYS, first_plays
from core.analytics.library import By
from core.analytics.localtime import day_number
from core.analytics.view import View

MINIMUM_PLAYS = 20
MINIMUM_FOUND = 5  # discoveries of a quarter below which the share that stayed says nothing
NEW_DAYS = 30
# Days after the first play, by their name: 1, 3, 6 and 12 months; "still played" is a play within so many days then.
LATER = {"month_1": 30, "month_3": 91, "month_6": 182, "month_12": 365}
WITHIN_DAYS = 90
GONE_DAYS = 180


def _first_days(everything: View, by: By) -> tuple[Ints, Bools]:
    """Return per code the local day of its first play ever (0 without one), and whether there is one."""
    first = first_plays(everything, by)
    heard = first >= 0
    days = np.zeros(len(first), dtype=np.int64)
    days[heard] = everything.local.day[first[heard]]
    return days, heard


def exploration(everything: View, selected: View, unit: Step = "month", *, by: By = "artist") -> pl.DataFrame:
    """Return how much of each month's listening went to artists first heard within the 30 days before.

    Columns: start (date), plays (i64), new_plays (i64: plays of things first played at most 30 local days earlier),
    share (f64, 0..1; null under 20 plays and in buckets that begin within 60 days of the history's first listen).
    Source: plays by the age of the acquaintance, new_plays / plays.
    """
    buckets, known = cut(closed(selected), unit), span(selected)
    first, _ = _first_days(everything, by)
    days, codes = selected.played("day"), selected.played(selected.code_column(by))
    fresh = days - first[codes] <= NEW_DAYS
    if selected.items(by).none:
        fresh &= codes > 0
    frame = pl.DataFrame(
        {"start": buckets.starts, "plays": buckets.count(days), "new_plays": buckets.count(days[fresh])}
    )
    early = pl.col("start") < pl.lit(known[0] if known else None, dtype=pl.Date) + pl.duration(days=CENSORED_DAYS)
    enough = (pl.col("plays") >= MINIMUM_PLAYS) & ~early
    return frame.with_columns(share=pl.when(enough).then(pl.col("new_plays") / pl.col("plays")))


def _new(everything: View, selected: View, by: By) -> Ints:
    """Return the codes whose first play ever is a play of the selection."""
    first = first_plays(everything, by)
    here = table(len(everything.library.listens), selected.played_positions)
    codes = np.flatnonzero(first >= 0)
    return codes[here[first[codes]]]


def _found(everything: View, selected: View, by: By) -> Ints:
    """Return the codes whose first play ever is a play of the selection, later than the first 60 days of the record."""
    first, known = first_plays(everything, by), span(everything)
    new = _new(everything, selected, by)
    start = day_number(known[0]) + CENSORED_DAYS if known else 0
    return new[everything.local.day[first[new]] >= start]


def retention(everything: View, selected: View, *, by: By = "artist") -> pl.DataFrame:
    """Return how many of the artists (tracks) discovered in each quarter were still played later.

    Columns: start (date, the quarter of discovery), found (i64), month_1, month_3, month_6, month_12 (f64: share, 0..1,
    with a play in the 90 days that begin 30, 91, 182 and 365 days after their first play; null under 5 discoveries
    whose 90 days are over), of_1, of_3, of_6, of_12 (i64: discoveries whose 90 days are over; the others are not
    counted). Discoveries of the first 60 days of the history are left out: everything is new then.
    Source: a window of the same length for everybody, so that older discoveries do not look more lasting.
    """
    codes, last = _found(everything, selected, by), _last_day(everything)
    first, _ = _first_days(everything, by)
    buckets = cut(closed(selected), "quarter")
    place = buckets.place(first[codes])
    columns: dict[str, Ints | Floats | pl.Series] = {
        "start": buckets.starts,
        "found": np.bincount(place, minlength=len(buckets)),
    }
    for name, after in LATER.items():
        over = first[codes] + after + WITHIN_DAYS - 1 <= last
        stayed = _played_between(everything, by, first, after)[codes]
        whole = np.bincount(place[over], minlength=len(buckets))
        kept = np.bincount(place[over & stayed], minlength=len(buckets))
        columns[name] = pl.Series(kept / np.maximum(whole, 1)).set(pl.Series(whole < MINIMUM_FOUND), None)
        columns[name.replace("month", "of")] = whole
    return pl.DataFrame(columns)


def _last_day(everything: View) -> int:
    days = everything.local.span
    return days[1] if days else 0


def _played_between(everything: View, by: By, first: Ints, after: int) -> Bools:
    """Return which codes have a play in the 90 days that begin ``after`` days after their first one."""
    codes = everything.played(everything.code_column(by))
    age = everything.played("day") - first[codes]
    return table(len(first), codes[(age >= after) & (age < after + WITHIN_DAYS)])


@dataclass(frozen=True, slots=True)
class Staying:
    """How long what is new stays: ``found`` discoveries, ``once`` those heard on one day only (share, 0..1).

    ``half_days``: days after which half of the others are gone, ``None`` when more than half are still there. Shares
    and days are ``None`` under 20 discoveries. ``kept``: share of all still played a year later (as ``retention``).
    """

    found: int
    once: float | None
    half_days: int | None
    kept: float | None


def staying(everything: View, selected: View, *, by: By = "artist") -> Staying:
    """Return how long the discoveries of a selection stayed (see ``Staying``).

    Something is gone on the day of its last play, once 180 days have passed without another; the rest may come back
    and counts as long as it was watched.
    Source: Kaplan and Meier (1958), the median of the days from first to last play.
    """
    codes, end = _found(everything, selected, by), _last_day(everything)
    if len(codes) < MINIMUM_PLAYS:
        return Staying(len(codes), None, None, None)
    first, _ = _first_days(everything, by)
    last = days_of(everything, by).last
    length, gone = (last - first)[codes], end - last[codes] > GONE_DAYS
    over = first[codes] + LATER["month_12"] + WITHIN_DAYS - 1 <= end
    stayed = _played_between(everything, by, first, LATER["month_12"])[codes]
    returned = length > 0
    return Staying(
        found=len(codes),
        once=float(np.mean(~returned)),
        half_days=median_life(length[returned], gone[returned]),
        kept=float(np.mean(stayed[over])) if np.count_nonzero(over) >= MINIMUM_PLAYS else None,
    )


def median_life(days: Ints, gone: Bools) -> int | None:
    """Return after how many days half are gone; ``None`` when that was not seen. Those not gone are still watched.

    Source: Kaplan and Meier (1958), Nonparametric estimation from incomplete observations, JASA 53.
    """
    if not len(days):
        return None
    ends = np.bincount(days, weights=gone)
    watched = len(days) - np.concatenate([[0], np.cumsum(np.bincount(days))[:-1]])
    left = np.cumprod(1 - ends / np.maximum(watched, 1))
    under = np.flatnonzero(left <= 0.5 + 1e-12)
    return int(under[0]) if len(under) else None


def arrivals(everything: View, selected: View, *, by: By = "artist") -> pl.DataFrame:
    """Return what was played for the first time ever in the selection, with all that came of it since.

    Columns: id (i64), name, artist (str), artist_id (i64), first, last (date, local days of the first and last play
    ever), plays, ms_played (i64, since then, whatever the filters), days (i64, local days with a play). Most played
    first, then the earlier first play, then id.
    Source: the earliest play of each thing in all of the history; counts of what followed.
    """
    items, column = everything.items(by), everything.code_column(by)
    first, codes = first_plays(everything, by), _new(everything, selected, by)
    plays = counts(everything.played(column), len(items))
    codes = codes[np.lexsort((items.ids[codes], first[codes], -plays[codes]))]
    known = days_of(everything, by)
    return pl.DataFrame(
        {
            "id": items.ids[codes],
            "name": items.names.gather(codes),
            "artist": items.artists.gather(codes),
            "artist_id": items.artist_ids[codes],
            "first": pl.Series(known.first[codes], dtype=pl.Int32).cast(pl.Date),
            "last": pl.Series(known.last[codes], dtype=pl.Int32).cast(pl.Date),
            "plays": plays[codes],
            "ms_played": sums(everything.values(column), everything.ms, len(items))[codes],
            "days": known.heard[codes],
        }
    )
