"""Sessions: listening without a long silence."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Ints, array, counts, sums
from core.analytics.buckets import closed, span
from core.analytics.leaders import leaders, named
from core.analytics.localtime import local_time
from core.analytics.view import View
from core.domain.listen import Flag

MINUTE_US = 60_000_000
GUESSED_GAP = 30  # minutes: the usual rule where nobody measured how long a listen lasted
LENGTHS = (5, 15, 30, 60, 120, 180, 240, 360)  # minutes: where one class of lengths ends and the next begins


def sessions(view: View, *, gap_minutes: int = 20) -> pl.DataFrame:
    """Return the sessions of a view with at least one play, oldest first.

    Columns: start, end (datetime UTC), day (date) and hour (u8) of the start in local time, listens, plays (i64),
    ms_played (i64), artists (i64, different ones among the plays), artist_id (i64), artist (str): the most played
    one, null where none is known. A session ends with a silence of more than ``gap_minutes`` between the end of
    everything heard so far and the next start; skipped listens keep it going. A listen paused for longer than that
    belongs to where it ended. Where the length of the next listen is
    an estimate (plays the API reported), so is its start, and the silence must be longer than 30 minutes too.
    Source: the usual definition of a session in studies of listening, with 20 minutes in place of 30 unless chosen.
    """
    return cast(pl.DataFrame, view.kept(f"sessions {gap_minutes}", lambda: cast(Any, _sessions(view, gap_minutes))))


@dataclass(frozen=True, eq=False)
class Laid:
    """The listens of a view in order of their starts, and where sessions open among them.

    ``order``: places in the view (``None``: as they are); ``began``, ``heard_until``: microseconds, the latter the end
    of everything heard so far; ``opens``: whether a listen opens a session.
    """

    order: Ints | None
    began: Ints
    heard_until: Ints
    opens: Bools

    def of(self, column: Any) -> Any:
        """Return a column of the view in this order."""
        return _in(self.order, column)


def laid(view: View, *, gap_minutes: int = 20) -> Laid:
    """Return the listens of a view cut into sessions (see ``sessions``), those without a play included."""
    began, ended = _begun(view, gap_minutes * MINUTE_US), _micros(view.values("ended"))
    order = None if _rising(began) else np.argsort(began, kind="stable")
    if order is not None:
        began, ended = began[order], ended[order]
    estimated = (_in(order, view.values("flags")) & Flag.ESTIMATED.value) != 0
    heard_until = np.maximum.accumulate(ended)
    patience = np.where(estimated, max(gap_minutes, GUESSED_GAP), gap_minutes) * MINUTE_US
    opens = np.ones(len(began), dtype=np.bool_)
    opens[1:] = began[1:] - heard_until[:-1] > patience[1:]
    return Laid(order, began, heard_until, opens)


def _sessions(view: View, gap_minutes: int) -> pl.DataFrame:
    found = laid(view, gap_minutes=gap_minutes)
    order, began, heard_until, opens = found.order, found.began, found.heard_until, found.opens
    first = np.flatnonzero(opens)
    last = np.append(first[1:], len(began))[: len(first)] - 1
    number, play = np.cumsum(opens) - 1, _in(order, view.play)
    lead = leaders(number[play], _in(order, view.values("artist"))[play], view.items("artist"), size=len(first))
    who = named(view.items("artist"), lead.codes)
    frame = pl.DataFrame(
        {
            "start": _moments(began[first]),
            "end": _moments(heard_until[last]),
            "listens": last - first + 1,
            "plays": counts(number, len(first), play),
            "ms_played": sums(number, _in(order, view.ms), len(first)),
            "artists": lead.different,
            "artist_id": who["id"],
            "artist": who["name"],
        }
    )
    return _local(frame.filter(pl.col("plays") > 0), view.lens.timezone)


def _begun(view: View, patience: int) -> Ints:
    """Return when each listen began; one that was paused for long: as if it had been played in one go at its end."""
    began = _micros(view.values("began"))
    at_once = _micros(view.values("ended")) - view.values("ms_played").astype(np.int64) * 1000
    begun: Ints = np.where(at_once - began > patience, at_once, began)
    return begun


def _local(frame: pl.DataFrame, timezone: str) -> pl.DataFrame:
    """Return sessions with the local day and hour they began in."""
    local = local_time(frame["start"], timezone)
    day, hour = pl.Series("day", local.day.astype(np.int32)).cast(pl.Date), pl.Series("hour", local.hour)
    return frame.with_columns(day, hour).select(
        "start", "end", "day", "hour", pl.exclude("start", "end", "day", "hour")
    )


def _micros(moments: Any) -> Ints:
    micros: Ints = moments.astype("datetime64[us]", copy=False).view(np.int64)
    return micros


def _moments(micros: Ints) -> pl.Series:
    return pl.Series(micros).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def _rising(values: Ints) -> bool:
    return bool(np.all(values[1:] >= values[:-1]))


def _in(order: Ints | None, column: Any) -> Any:
    """Return a column in the order of starts."""
    return column if order is None else column.take(order)


def _minutes(frame: pl.DataFrame) -> Any:
    """Return how long each session lasted, in minutes."""
    return array((frame["end"] - frame["start"]).dt.total_microseconds()) / MINUTE_US


@dataclass(frozen=True, slots=True)
class Summary:
    """Sessions in a few figures: lengths in minutes and plays; ``hour``: in which most begin (the earlier of equals).

    ``a_week`` is per seven days of the period, as far as the history reaches. All but ``count`` are ``None`` without
    sessions.
    """

    count: int
    median_minutes: float | None
    longest_minutes: float | None
    median_plays: float | None
    longest_plays: int | None
    a_week: float | None
    hour: int | None
    longest_day: date | None


def summary(view: View, *, gap_minutes: int = 20) -> Summary:
    """Return how many sessions there are, how long they last, and when they usually begin.

    ``median_*`` is what half of the sessions exceed; minutes run from the first start to the last end, silences
    shorter than ``gap_minutes`` included. ``longest_day`` is the local day the longest (in minutes) began.
    Source: medians and maxima of ``sessions``.
    """
    found, period, known = sessions(view, gap_minutes=gap_minutes), closed(view), span(view)
    if not found.height or period is None or known is None:
        return Summary(0, None, None, None, None, None, None, None)
    minutes, plays = _minutes(found), array(found["plays"])
    return Summary(
        count=found.height,
        median_minutes=float(np.median(minutes)),
        longest_minutes=float(minutes.max()),
        median_plays=float(np.median(plays)),
        longest_plays=int(plays.max()),
        a_week=found.height * 7 / (period.clip(*known).days or 1),
        hour=int(np.argmax(np.bincount(array(found["hour"])))),
        longest_day=found["day"][int(np.argmax(minutes))],
    )


def longest(view: View, *, gap_minutes: int = 20, limit: int = 100) -> pl.DataFrame:
    """Return the longest sessions, the longest first, of equals the earlier.

    Columns: those of ``sessions`` with start and end in the lens's timezone, and minutes (f64).
    Source: ``sessions``, by the time from their start to their end.
    """
    found = sessions(view, gap_minutes=gap_minutes)
    minutes = _minutes(found)
    order = np.argsort(-minutes, kind="stable")[:limit]
    local = pl.col("start", "end").dt.convert_time_zone(view.lens.timezone)
    return found.with_columns(pl.Series("minutes", minutes, dtype=pl.Float64))[order].with_columns(local)


def lengths(view: View, *, gap_minutes: int = 20) -> pl.DataFrame:
    """Return how many sessions last how long: one row a class of lengths, zeros included.

    Columns: low (i64, minutes), high (i64, minutes, not included; null: no end), sessions (i64), share (f64, 0..1 of
    all sessions; null under 20 sessions).
    Source: counts of ``sessions`` by their minutes.
    """
    minutes = _minutes(sessions(view, gap_minutes=gap_minutes))
    found = np.bincount(np.searchsorted(LENGTHS, minutes, side="right"), minlength=len(LENGTHS) + 1)
    enough = pl.lit(len(minutes) >= 20)
    frame = pl.DataFrame({"low": [0, *LENGTHS], "high": [*LENGTHS, None], "sessions": found})
    return frame.with_columns(share=pl.when(enough).then(pl.col("sessions") / max(1, len(minutes))))
