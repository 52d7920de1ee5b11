"""Milestones: the thousandth play, the hundredth hour, the five-hundredth artist, and when the next one is due."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain, count, takewhile
from math import ceil

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Ints
from core.analytics.calendar import same_day
from core.analytics.discovery import first_plays
from core.analytics.leaders import named
from core.analytics.localtime import day_number, day_of
from core.analytics.view import View

HOUR_MS = 3_600_000
PACE_DAYS = 90  # the pace of the next milestone is that of so many days before today
FAR_DAYS = 3660  # what is further away than ten years is not forecast
FIRST_STEPS = {
    "play": (1, 100, 1_000, 5_000, 10_000, 25_000, 50_000, 100_000),
    "hour": (100, 500, 1_000, 5_000, 10_000),
    "artist": (100, 500, 1_000, 2_500, 5_000, 10_000),
    "year": (1, 2, 3, 5, 10, 15, 20),
}
THEN_EVERY = {"play": 50_000, "hour": 5_000, "artist": 5_000, "year": 5}


def milestones(view: View) -> pl.DataFrame:
    """Return the milestones reached in the view, the latest first.

    Columns: kind (str: ``play``, ``hour``, ``artist``, ``year``), n (i64), moment (datetime in the lens's timezone,
    end of the listen that reached it), track_id, artist_id (i64), track, artist (str) of that listen. The n-th play;
    the listen with which the time of all listens reaches n hours; the first play ever of the n-th artist; the first
    play on or after the n-th anniversary of the first play.
    Source: running counts and sums over the listens in order of their end.
    """
    parts = [(kind, *_reached(view, kind)) for kind in FIRST_STEPS]
    places = np.concatenate([found for _, _, found in parts]).astype(np.int64)
    library = view.library
    what = named(library.items("track", merged=False), library.column("track")[places])
    frame = pl.DataFrame(
        {
            "kind": pl.Series([kind for kind, steps, _ in parts for _ in steps], dtype=pl.String),
            "n": pl.Series([n for _, steps, _ in parts for n in steps], dtype=pl.Int64),
            "moment": library.listens["ended"].gather(places).dt.convert_time_zone(view.lens.timezone),
            "track_id": what["id"],
            "track": what["name"],
            "artist_id": what["artist_id"],
            "artist": what["artist"],
            "place": pl.Series(places),
        }
    )
    return frame.sort("place", "kind", "n", descending=True).drop("place")


def _reached(view: View, kind: str) -> tuple[list[int], Ints]:
    """Return which milestones of a kind were reached, and the places in the library of the listens that did."""
    if kind == "year":
        return _anniversaries(view)
    if kind == "hour":
        until = np.cumsum(view.ms)
        steps = _steps(kind, until[-1] / HOUR_MS if len(until) else 0)
        return steps, view.positions[np.searchsorted(until, np.array(steps) * HOUR_MS)]
    first = view.played_positions if kind == "play" else _new_artists(view)
    steps = _steps(kind, len(first))
    return steps, first[np.array(steps, dtype=np.int64) - 1]


def _anniversaries(view: View) -> tuple[list[int], Ints]:
    """Return the anniversaries of the first play that were followed by a play, and where that one is."""
    places, days = view.played_positions, view.played("day")
    if not len(places):
        return [], places
    first = day_of(int(days[0]))
    steps = _steps("year", day_of(int(days[-1])).year - first.year)
    wanted = [day_number(same_day(first, first.year + n)) for n in steps]
    last = int(days[-1])
    kept = [(n, day) for n, day in zip(steps, wanted, strict=True) if day <= last]
    found = np.searchsorted(np.maximum.accumulate(days), np.array([day for _, day in kept], dtype=np.int64))
    return [n for n, _ in kept], places[found]


def _new_artists(view: View) -> Ints:
    """Return the places of the first play of each artist, in order."""
    first = first_plays(view, "artist")
    return np.sort(first[first >= 0])


def _steps(kind: str, reached: float) -> list[int]:
    """Return the milestones of a kind up to an amount."""
    return list(takewhile(lambda n: n <= reached, _all_steps(kind)))


def _all_steps(kind: str) -> Iterator[int]:
    steps, every = FIRST_STEPS[kind], THEN_EVERY[kind]
    return chain(steps, count(steps[-1] + every, every))


def coming(view: View, *, today: date) -> pl.DataFrame:
    """Return the next milestone of each kind with the day it is due at the pace of the last 90 days.

    Columns: kind (str), n (i64), now (i64, how many there are), due (date; null where nothing was heard in those 90
    days or where it is more than ten years away). The next anniversary is due on its day. Without a play: no rows.
    Source: what is left, divided by the amount of the 90 days before ``today`` a day.
    """
    rows = [_next(view, kind, today) for kind in FIRST_STEPS] if view.plays else []
    return pl.DataFrame(rows, {"kind": pl.String, "n": pl.Int64, "now": pl.Int64, "due": pl.Date}, orient="row")


def _next(view: View, kind: str, today: date) -> tuple[str, int, int, date | None]:
    if kind == "year":
        first = day_of(int(view.played("day")[0]))
        lived = today.year - first.year - (same_day(first, today.year) > today)
        n = next(n for n in _all_steps(kind) if n > lived)
        return kind, n, max(0, lived), same_day(first, first.year + n)
    now, lately = _amounts(view, kind, day_number(today))
    n = next(n for n in _all_steps(kind) if n > now)
    days = (n - now) / lately * PACE_DAYS if lately > 0 else float("inf")
    return kind, n, int(now), today + timedelta(days=ceil(days)) if days <= FAR_DAYS else None


def _amounts(view: View, kind: str, today: int) -> tuple[float, float]:
    """Return how much there is of a kind in all, and how much the 90 days before today brought."""
    if kind == "hour":
        days = view.values("day")
        return float(view.ms.sum() / HOUR_MS), float(view.ms[_lately(days, today)].sum() / HOUR_MS)
    days = view.played("day") if kind == "play" else view.local.day[_new_artists(view)]
    return len(days), int(np.count_nonzero(_lately(days, today)))


def _lately(days: Ints, today: int) -> Bools:
    lately: Bools = (days >= today - PACE_DAYS) & (days < today)
    return lately
