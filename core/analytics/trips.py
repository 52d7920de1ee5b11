"""Trips: days in another country than the usual one."""

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Floats, Ints
from core.analytics.leaders import leaders, named
from core.analytics.view import View
from core.domain.listen import country_letters

AROUND = 45  # days before and after a day that say which country is the usual one then
SETTLED = 10  # days around in the usual country: with fewer nobody can tell what is usual
SILENT = 7  # days without a known country a trip may hold
FEW_DAYS, FEW_PLAYS = 2, 10  # a trip shows itself on so many days or by so many plays: less may be a relayed connection


def trips(everything: View, selected: View) -> pl.DataFrame:
    """Return the stays in another country than the usual one that the selection plays something of, latest first.

    Columns: country (str, ISO 3166 two letters), start (date), end (date, first day after), days (i64), plays,
    ms_played (i64), id, artist_id (i64), name, artist (str): the most played artist, null where none is known. A day
    is spent in the country of most of its plays. The usual country of a day is that of most days of the 45 before and
    the 45 after it (10 or more), so that a move is no trip, nor a stay of more than 45 days. A trip is a run of days
    in one unusual country, with at most 7 days without a known country between two of them; it shows itself on 2 days
    or by 10 plays in that country, so that single plays over a relayed connection are none. Where trips lie is read
    from all of the history, without filters; ``plays``, ``ms_played`` and artist are those of the selection.
    Source: runs of local days by the country of the connection, as the extended history states it.
    """
    country, start, end = _stays(everything)
    found = _amounts(selected, start, end).with_columns(
        pl.Series("country", [country_letters(int(code)) for code in country], dtype=pl.String),
        pl.Series("start", start.astype(np.int32)).cast(pl.Date),
        pl.Series("end", end.astype(np.int32)).cast(pl.Date),
        pl.Series("days", end - start, dtype=pl.Int64),
    )
    if selected.period.start:
        found = found.filter(pl.col("end") > selected.period.start)
    if selected.period.end:
        found = found.filter(pl.col("start") < selected.period.end)
    order = ("country", "start", "end", "days")
    return found.select(*order, pl.exclude(order)).filter(pl.col("plays") > 0).sort("start", descending=True)


def _stays(everything: View) -> tuple[Ints, Ints, Ints]:
    """Return country, first day and day after the last of each trip, in order."""
    none = np.empty(0, np.int64)
    codes, counted = _per_day(everything)
    if not counted.size:
        return none, none, none
    low = int(everything.played("day").min())
    known = np.flatnonzero(counted.any(axis=1))
    own = counted[known].argmax(axis=1)
    away = ~_usual(counted, known, own)
    days, own, plays = known[away], own[away], counted[known, own][away]
    if not len(days):
        return none, none, none
    first = np.flatnonzero(np.r_[True, _parted(known, own, days)])
    last = np.r_[first[1:], len(days)] - 1
    enough = (last - first + 1 >= FEW_DAYS) | (np.add.reduceat(plays, first) >= FEW_PLAYS)
    return codes[own[first[enough]]], days[first[enough]] + low, days[last[enough]] + low + 1


def _per_day(everything: View) -> tuple[Ints, Ints]:
    """Return the known countries and the plays per day (rows, from the first played day) and country (columns)."""
    country, days = everything.played("country"), everything.played("day")
    codes, column = np.unique(country[country > 0], return_inverse=True)
    if not len(codes):
        return codes, np.empty((0, 0), np.int64)
    day = days[country > 0].astype(np.int64) - int(days.min())
    size = int(days.max()) - int(days.min()) + 1
    return codes, np.bincount(day * len(codes) + column, minlength=size * len(codes)).reshape(size, len(codes))


def _usual(counted: Ints, known: Ints, own: Ints) -> Bools:
    """Return which of the known days are spent in their usual country; of equals, the day's own is the usual one.

    Where no country has 10 days around, every day is.
    """
    days, countries = counted.shape
    spent = np.zeros((days + 1, countries))
    spent[known + 1, own] = 1
    until: Floats = spent.cumsum(axis=0)
    around = until[np.minimum(days, known + AROUND + 1)] - until[np.maximum(0, known - AROUND)]
    most = around.max(axis=1)
    usual: Bools = (around[np.arange(len(known)), own] >= most) | (most < SETTLED)
    return usual


def _parted(known: Ints, own: Ints, days: Ints) -> Bools:
    """Return where one day away and the next belong to different trips: another country, a day back, a long silence."""
    place = np.searchsorted(known, days)
    parted: Bools = (np.diff(own) != 0) | (np.diff(place) != 1) | (np.diff(days) > SILENT + 1)
    return parted


def _amounts(view: View, start: Ints, end: Ints) -> pl.DataFrame:
    """Return plays, time and most played artist of the listens in some stretches of days that do not overlap."""
    size = len(start)

    def stretch(days: Ints) -> Ints:
        place = np.searchsorted(start, days, side="right") - 1
        return np.where((place >= 0) & (days < end[place]), place, size) if size else np.zeros(len(days), np.int64)

    heard, played = stretch(view.values("day")), stretch(view.played("day"))
    inside = played < size
    lead = leaders(played[inside], view.played("artist")[inside], view.items("artist"), size=size)
    return pl.DataFrame(
        {
            "plays": np.bincount(played, minlength=size + 1)[:size],
            "ms_played": np.bincount(heard, weights=view.ms, minlength=size + 1)[:size].astype(np.int64),
            **named(view.items("artist"), lead.codes),
        }
    )


def known_days(view: View) -> int:
    """Return how many local days of the view have a play whose country is known.

    Source: the country of the connection, as the extended history states it.
    """
    return len(np.unique(view.played("day")[view.played("country") > 0]))
