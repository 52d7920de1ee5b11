"""The calendar: days as days, and what was heard on this day in other years."""

from datetime import date

import numpy as np
import polars as pl

from core.analytics.arrays import Ints, counts, sums
from core.analytics.leaders import leaders, named
from core.analytics.localtime import day_number, day_of
from core.analytics.timeline import timeline
from core.analytics.view import View


def days(view: View) -> pl.DataFrame:
    """Return plays and time of each local day of the view's period, zeros included.

    Columns: day (date), week (date, its Monday), weekday (u8, 0 Monday..6), plays, ms_played (i64). An open side of
    the period ends with the library's first or last listen.
    Source: plain counts of plays and sums of ms_played per local day.
    """
    return timeline(view, "day").select(
        pl.col("start").alias("day"),
        pl.col("start").dt.truncate("1w").alias("week"),
        (pl.col("start").dt.weekday() - 1).cast(pl.UInt8).alias("weekday"),
        "plays",
        "ms_played",
    )


def busiest(view: View, *, limit: int = 50) -> pl.DataFrame:
    """Return the days with most plays, of equals the one with more time, then the earlier.

    Columns: day (date), plays, ms_played (i64), id, artist_id (i64), name, artist (str): the most played artist of
    that day (null where none is known). Days without a play are left out.
    Source: plain counts of plays per local day and artist.
    """
    found = days(view).filter(pl.col("plays") > 0)
    found = found.sort("plays", "ms_played", "day", descending=[True, True, False]).head(limit)
    place = {day_number(day): row for row, day in enumerate(found["day"])}
    return pl.DataFrame(
        {"day": found["day"], "plays": found["plays"], "ms_played": found["ms_played"], **_leading(view, place)}
    )


def _leading(view: View, place: dict[int, int]) -> dict[str, pl.Series]:
    """Return the most played artist of some days; ``place``: the row of each day number."""
    played = view.played("day")
    row = _rows(played, place)
    kept = row >= 0
    lead = leaders(row[kept], view.played("artist")[kept], view.items("artist"), size=len(place))
    return named(view.items("artist"), lead.codes)


def _rows(days: Ints, place: dict[int, int]) -> Ints:
    """Return the row of each day; -1 for a day that has none."""
    if not len(days) or not place:
        return np.full(len(days), -1)
    low, high = min(int(days.min()), *place), max(int(days.max()), *place)
    table = np.full(high - low + 1, -1)
    table[np.array(list(place)) - low] = list(place.values())
    return table.take(days - low)


def on_this_day(view: View, *, today: date) -> pl.DataFrame:
    """Return what was played on today's month and day in each earlier year with a play, the latest year first.

    Columns: year (i32), day (date), plays, ms_played (i64), artist_id, track_id (i64), artist, track (str): the most
    played ones, of equals the first by name; best (i64, plays of that track). On a 29th of February the other years
    answer with their 28th.
    Source: plain counts of plays on those local days.
    """
    earliest = day_of(view.local.span[0]).year if view.local.span else today.year
    wanted = [same_day(today, year) for year in range(today.year - 1, earliest - 1, -1)]
    place = {day_number(day): row for row, day in enumerate(wanted)}
    heard, played = _rows(view.values("day"), place), _rows(view.played("day"), place)
    size, kept, here = len(wanted), played >= 0, heard >= 0
    artists, tracks = view.items("artist"), view.items("track")
    track = leaders(played[kept], view.played(view.code_column("track"))[kept], tracks, size=size)
    artist = leaders(played[kept], view.played("artist")[kept], artists, size=size)
    who, what = named(artists, artist.codes), named(tracks, track.codes)
    columns = {
        "year": pl.Series([day.year for day in wanted], dtype=pl.Int32),
        "day": pl.Series(wanted, dtype=pl.Date),
        "plays": pl.Series(counts(played[kept], size)),
        "ms_played": pl.Series(sums(heard[here], view.ms[here], size)),
        "artist_id": who["id"],
        "artist": who["name"],
        "track_id": what["id"],
        "track": what["name"],
        "best": pl.Series(track.plays),
    }
    return pl.DataFrame(columns).filter(pl.col("plays") > 0)


def same_day(day: date, year: int) -> date:
    """Return the same month and day in another year; the 29th of February becomes the 28th where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
