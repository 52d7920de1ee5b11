"""First listens: what somebody heard for the first time, and when."""

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Ints, counts, sums
from core.analytics.buckets import Step, closed, cut, span
from core.analytics.library import By
from core.analytics.localtime import day_number
from core.analytics.view import View

CENSORED_DAYS = 60


def first_plays(everything: View, by: By) -> Ints:
    """Return per code the place in the library of its first play ever; -1 where it was never played.

    ``everything`` is a view of all time without filters, so that a filter does not make an old favourite new.
    """
    return everything.kept(f"first plays by {by}", lambda: _first_plays(everything, by))


def _first_plays(everything: View, by: By) -> Ints:
    codes, places = everything.played(everything.code_column(by)), everything.played_positions
    first = np.full(len(everything.items(by)), -1, dtype=np.int64)
    first[codes[::-1]] = places[::-1]  # the last assignment wins: the earliest play
    if everything.items(by).none:
        first[0] = -1
    return first


def first_listens(everything: View, by: By) -> pl.DataFrame:
    """Return when each thing was played for the first time ever, oldest first.

    Columns: id (i64), name, artist (str), first (datetime UTC, end of that play).
    Source: the earliest play of each thing in all of the history.
    """
    items, first = everything.items(by), first_plays(everything, by)
    codes = np.flatnonzero(first >= 0)
    codes = codes[np.argsort(first[codes], kind="stable")]
    ended = everything.library.listens["ended"].gather(first[codes])
    return pl.DataFrame(
        {
            "id": items.ids[codes],
            "name": items.names.gather(codes),
            "artist": items.artists.gather(codes),
            "first": ended,
        }
    )


def discoveries(everything: View, selected: View, by: By) -> pl.DataFrame:
    """Return what was played for the first time ever within the selected period and is played in the selection.

    Columns: id (i64), name, artist (str), artist_id (i64), first (datetime UTC), plays (i64), ms_played (i64) in the
    selection. Most played first, then the earlier first play, then id.
    Source: the earliest play of each thing in all of the history, compared with the period.
    """
    items, column = selected.items(by), selected.code_column(by)
    first = first_plays(everything, by)
    plays = counts(selected.played(column), len(items))
    new = (first >= selected.rows.start) & (first < selected.rows.stop) & (plays > 0)
    if not selected.local.ordered:
        new &= _days_inside(selected, first)
    codes = np.flatnonzero(new)
    codes = codes[np.lexsort((items.ids[codes], first[codes], -plays[codes]))]
    ms = sums(selected.values(column), selected.ms, len(items))
    return pl.DataFrame(
        {
            "id": items.ids[codes],
            "name": items.names.gather(codes),
            "artist": items.artists.gather(codes),
            "artist_id": items.artist_ids[codes],
            "first": selected.library.listens["ended"].gather(first[codes]),
            "plays": plays[codes],
            "ms_played": ms[codes],
        }
    )


def _days_inside(selected: View, first: Ints) -> Bools:
    """Return which first plays lie in the period's days, where days and moments are not in the same order."""
    day = selected.local.day[first]
    start, end = selected.period.start, selected.period.end
    inside = np.ones(len(first), dtype=np.bool_)
    if start:
        inside &= day >= day_number(start)
    if end:
        inside &= day < day_number(end)
    return inside


def novelty(everything: View, selected: View, by: By, unit: Step = "month") -> pl.DataFrame:
    """Return the new and the known per month (or other unit) of the selection.

    Columns: start (date), plays (i64), discoveries (i64: first plays ever in the bucket), new_plays (i64: plays of
    things first played in that bucket), share (f64: discoveries / plays; null without plays and in buckets that
    begin within 60 days of the history's first listen, when everything is new).
    Source: first plays / plays per bucket; the 60 days keep the beginning of the record from passing for novelty.
    """
    buckets, column = cut(closed(selected), unit), selected.code_column(by)
    first, known = first_plays(everything, by), span(selected)
    days, codes = selected.played("day"), selected.played(column)
    valid = first[codes] >= 0
    days, codes = days[valid], codes[valid]
    places = selected.played_positions[valid]
    bucket = buckets.place(days)
    first_day = selected.local.day[first[codes]] - buckets.first_day
    first_bucket = (
        np.where(
            (first_day >= 0) & (first_day < len(buckets.of_day)),
            buckets.of_day[np.clip(first_day, 0, max(0, len(buckets.of_day) - 1))],
            -1,
        )
        if len(codes)
        else bucket
    )
    frame = pl.DataFrame(
        {
            "start": buckets.starts,
            "plays": buckets.count(selected.played("day")),
            "discoveries": np.bincount(bucket[places == first[codes]], minlength=len(buckets)),
            "new_plays": np.bincount(bucket[first_bucket == bucket], minlength=len(buckets)),
        }
    )
    early = pl.col("start") < pl.lit(known[0] if known else None, dtype=pl.Date) + pl.duration(days=CENSORED_DAYS)
    share = pl.col("discoveries") / pl.col("plays")
    return frame.with_columns(share=pl.when((pl.col("plays") > 0) & ~early).then(share))
