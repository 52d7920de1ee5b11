"""The times that mixes are made of: parts of the day and the week, months of every year, eras, years."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from core.analytics.arrays import Bools, Ints, counts
from core.analytics.eras import eras
from core.analytics.localtime import day_number
from core.analytics.seasons import months_of
from core.analytics.view import View

LEAST_YEARS = 2  # a song of a season was played in it more than once
# name, title, first hour, hour after the last
_DAY = (
    ("mornings", "Mornings", 5, 11),
    ("afternoons", "Afternoons", 11, 17),
    ("evenings", "Evenings", 17, 22),
    ("nights", "Late nights", 22, 5),
)
_SEASONS = (
    ("december", "December to February"),
    ("march", "March to May"),
    ("june", "June to August"),
    ("september", "September to November"),
)


@dataclass(frozen=True, eq=False)
class Stretch:
    """A time a mix is made of. ``when`` goes on from "18 of 24 plays were".

    ``plays``: per code of tracks, those inside it; ``fitting``: which songs may be in the mix.
    """

    name: str
    title: str
    when: str
    plays: Ints
    fitting: Bools


def stretches(view: View) -> Iterator[Stretch]:
    """Yield the times of a view: day, week, months of the year; eras and years, the newest first."""
    codes, size = view.played(view.code_column("track")), len(view.items("track"))
    every = np.ones(size, dtype=np.bool_)
    hours, weekdays = view.played("hour"), view.played("weekday")
    for name, title, first, after in _DAY:
        inside = (hours >= first) & (hours < after) if first < after else (hours >= first) | (hours < after)
        yield Stretch(name, title, f"between {first}:00 and {after}:00", counts(codes, size, inside), every)
    yield Stretch("weekdays", "Monday to Friday", "from Monday to Friday", counts(codes, size, weekdays < 5), every)
    yield Stretch("weekends", "Weekends", "on weekends", counts(codes, size, weekdays >= 5), every)
    yield from _of_months(view, codes, size)


def _of_months(view: View, codes: Ints, size: int) -> Iterator[Stretch]:
    """Yield seasons, eras and years."""
    keys, plays = np.unique(months_of(view.played("day")) * size + codes, return_counts=True)
    month, song = np.divmod(keys, max(1, size))
    yield from _seasons(month, song, plays, size)
    yield from _eras(view, codes, size)
    years = 1970 + month // 12
    for year in np.unique(years)[::-1]:
        inside = np.bincount(song[years == year], weights=plays[years == year], minlength=size).astype(np.int64)
        yield Stretch(f"year-{year}", f"Your {year}", f"in {year}", inside, inside > 0)


def _seasons(month: Ints, song: Ints, plays: Ints, size: int) -> Iterator[Stretch]:
    """Yield quarters of the year; December belongs to the months after it. Which half of the world is not known."""
    season = (month + 1) // 3
    for number, (name, title) in enumerate(_SEASONS):
        inside = season % 4 == number
        once = np.unique(season[inside] * size + song[inside]) % max(1, size)
        found = np.bincount(song[inside], weights=plays[inside], minlength=size).astype(np.int64)
        yield Stretch(
            name, title, f"between {title.replace(' to ', ' and ')}", found, counts(once, size) >= LEAST_YEARS
        )


def _eras(view: View, codes: Ints, size: int) -> Iterator[Stretch]:
    """Yield the eras, the newest first; one that is all there is sets nothing apart."""
    found, day = eras(view), view.played("day")
    for era in reversed(found.to_dicts() if found.height > 1 else []):
        inside = (day >= day_number(era["start"])) & (day < day_number(era["end"]))
        last = era["end"] - timedelta(days=1)
        when = f"from {era['start']:%b %Y} to {last:%b %Y}"
        plays = counts(codes, size, inside)
        yield Stretch(f"era-{era['start']:%Y-%m}", era["name"], when, plays, plays > 0)
