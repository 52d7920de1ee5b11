"""A playlist's songs beside the listening: which are played, skipped, never heard, and when."""

from datetime import date

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Ints, array, counts, table
from core.analytics.buckets import Step, closed, cut
from core.analytics.listed import Listed
from core.analytics.localtime import day_number
from core.analytics.skipping import wilson
from core.analytics.view import View

STARTS = 3  # of a song, before anything is said about skipping it
MOSTLY = 0.5  # the share of skips must surely be above this
MONTHS = 24  # that the fading of a song is followed
STATES = ("played", "skipped", "never", "local", "spoken")


def songs(view: View, listed: Listed) -> pl.DataFrame:
    """Return every entry of a playlist with what somebody made of it in the view.

    Columns: position (i64, from 1), id (i64, of the track in the look-ups, 0 never heard), name, artist (str),
    artist_id (i64, 0 unknown), album (str), uri (str), added (date, null), plays, starts, skips (i64, of the recording
    where the lens merges them), last (date, local day of the last play, null), state (str): ``played``; ``skipped``
    mostly; ``never`` played; ``local`` file that was never played; ``spoken`` (no music).
    Source: mostly skipped is at least 3 starts with the lower end of the 95 % interval of the share of skips above
    one half (Wilson 1927).
    """
    frame, column = listed.frame, view.code_column("track")
    codes = array(frame["recording" if column == "recording" else "track"])
    size = len(view.items("track"))
    skipped, known = view.skipped
    listens = view.values(column)
    plays, starts, skips = (
        _of(counts(values, size, where), codes)
        for values, where in ((view.played(column), None), (listens, known | skipped), (listens, skipped))
    )
    last = _of(_last(view, column, size), codes)
    tracks, artists = view.library.tracks["id"], view.library.artists["id"]
    return pl.DataFrame(
        {
            "position": frame["position"] + 1,
            "id": _of(array(tracks).astype(np.int64), array(frame["track"])),
            "name": frame["name"],
            "artist": frame["artist"],
            "artist_id": _of(array(artists).astype(np.int64), array(frame["artist_code"])),
            "album": frame["album"],
            "uri": frame["uri"],
            "added": frame["added"],
            "plays": plays,
            "starts": starts,
            "skips": skips,
            "last": pl.Series(last, dtype=pl.Int32).cast(pl.Date).set(pl.Series(plays == 0), None),
            "state": pl.Series(
                [_state(kind, *counted) for kind, *counted in zip(frame["kind"], plays, starts, skips, strict=True)],
                dtype=pl.String,
            ),
        }
    )


def _of(values: Ints, codes: Ints) -> Ints:
    """Return the values of some codes, 0 for the code -1."""
    found = np.zeros(len(codes), dtype=np.int64)
    found[codes >= 0] = values[codes[codes >= 0]]
    return found


def _last(view: View, column: str, size: int) -> Ints:
    """Return the day number of the last play per code."""
    last = np.zeros(size, dtype=np.int64)
    np.maximum.at(last, view.played(column), view.played("day"))
    return last


def _state(kind: str, plays: int, starts: int, skips: int) -> str:
    """Return what somebody makes of an entry."""
    if kind in ("episode", "chapter"):
        return "spoken"
    if starts >= STARTS and wilson(skips, starts)[0] > MOSTLY:
        return "skipped"
    return "played" if plays else "local" if kind == "local" else "never"


def inside(view: View, listed: Listed) -> Bools:
    """Return which visible listens are of songs of the playlist."""
    column = view.code_column("track")
    codes = array(listed.frame["recording" if column == "recording" else "track"])
    return table(len(view.items("track")), codes[codes >= 0].tolist()).take(view.values(column))


def listening(view: View, listed: Listed, unit: Step = "month") -> pl.DataFrame:
    """Return how much of the listening went to songs of the playlist along the view's period.

    Columns: start (date), plays (i64, of its songs), all (i64, of everything), share (f64, null without plays).
    Source: counts; a song counts wherever it was played from.
    """
    buckets, days = cut(closed(view), unit), view.played("day")
    mine = inside(view, listed)[view.play]
    plays, every = buckets.count(days, mine), buckets.count(days)
    share = pl.Series(plays / np.maximum(every, 1), dtype=pl.Float64).set(pl.Series(every == 0), None)
    return pl.DataFrame({"start": buckets.starts, "plays": plays, "all": every, "share": share})


def fading(view: View, listed: Listed, *, as_of: date) -> pl.DataFrame:
    """Return how often a song of the playlist is played in the months after it was added.

    ``as_of``: the local day up to which the view holds plays. Only songs with a day they were added on, each
    once, from the first of its days.
    Columns: month (i64, 0 for the first 30 days …, up to 23), songs (i64, that were on the list that long), plays
    (i64, of those in that month), each (f64, plays a song). Months nobody has reached are left out.
    Source: plays in the nth 30 days after a song was added / songs that were on the list for those 30 days whole.
    """
    column = view.code_column("track")
    frame = listed.frame.filter(pl.col("added").is_not_null() & pl.col("kind").is_in(["track", "local"]))
    which = "recording" if column == "recording" else "track"
    first = frame.filter(pl.col(which) >= 0).group_by(which).agg(pl.col("added").min())
    added = array(first["added"].cast(pl.Int32)).astype(np.int64)
    since = np.full(len(view.items("track")), -1, dtype=np.int64)
    since[array(first[which])] = added
    unheard = frame.filter(pl.col(which) < 0).group_by("same").agg(pl.col("added").min())["added"].cast(pl.Int64)
    lived = (day_number(as_of) - np.concatenate([added, array(unheard)])) // 30
    begins = since.take(view.played(column))
    month = (view.played("day") - begins) // 30
    counted = (begins >= 0) & (month >= 0) & (month < MONTHS) & (month < _whole(begins, as_of))
    plays = counts(month[counted], MONTHS)
    there = np.array([int(np.count_nonzero(lived > nth)) for nth in range(MONTHS)], dtype=np.int64)
    reached = there > 0
    return pl.DataFrame(
        {
            "month": np.flatnonzero(reached),
            "songs": there[reached],
            "plays": plays[reached],
            "each": plays[reached] / np.maximum(there[reached], 1),
        }
    )


def _whole(begins: Ints, as_of: date) -> Ints:
    """Return how many whole months of 30 days lie between days and a day."""
    whole: Ints = (day_number(as_of) - begins) // 30
    return whole


def hours(view: View, listed: Listed) -> pl.DataFrame:
    """Return at which hours songs of the playlist are played, beside everything.

    Columns: hour (i64, 0..23), plays (i64), share (f64, of the playlist's plays), usual (f64, of all plays).
    Source: counts of local hours.
    """
    mine, hour = inside(view, listed)[view.play], view.played("hour")
    plays, every = counts(hour[mine], 24), counts(hour, 24)
    return pl.DataFrame(
        {
            "hour": np.arange(24),
            "plays": plays,
            "share": plays / max(int(plays.sum()), 1),
            "usual": every / max(int(every.sum()), 1),
        }
    )
