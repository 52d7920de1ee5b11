"""The story of one artist, album or track: how it was found, and its course among everything heard."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import numpy as np
import polars as pl

from core.analytics.arrays import Ints, counts
from core.analytics.buckets import Step, closed, cut
from core.analytics.companions import session_of_plays
from core.analytics.counting import Metric
from core.analytics.library import By, Library
from core.analytics.view import View
from core.domain.listen import Flag, Platform

How = Literal["chosen", "next", "shuffle", ""]
# Reasons a listen begins for, by what the person did: picked this very track, or let it come.
CHOSEN = frozenset({"clickrow", "click-row", "clickside", "playbtn", "backbtn", "popup", "uriopen"})
CAME = frozenset({"trackdone", "fwdbtn", "nextbtn", "endplay", "trackerror", "autoplay"})
DAY_US = 86_400_000_000
LONGEST = np.timedelta64(36, "h")  # so far back one looks for what a session began with


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first play ever of a thing, and how fast it grew.

    ``first``: its end, in UTC; ``track`` and ``track_id``: the track that was played. ``how``: ``chosen`` (this very
    track was picked), ``next`` (it came after another one), ``shuffle`` (the same in random order), empty where the
    source does not say. ``before``, ``before_artist``, ``before_id``: the play before it in the same session, empty and
    0 when it opened one. ``week`` and ``month``: plays in the first 7 and 30 times 24 hours, the first one included;
    ``plays``: all plays ever.
    """

    first: datetime
    track: str
    track_id: int
    how: How
    platform: Platform
    before: str
    before_artist: str
    before_id: int
    week: int
    month: int
    plays: int


def found(everything: View, by: By, id: int, *, gap_minutes: int = 20) -> Beginning | None:
    """Return how an artist, album or track was found; ``None`` where it was never played.

    ``everything`` is a view of all time without filters; sessions are those of ``sessions.sessions``.
    Source: the earliest play, its ``reason_start`` and shuffle flag, and the play that ended before it.
    """
    code = everything.code(by, id)
    mine = np.flatnonzero(everything.played(everything.code_column(by)) == code) if code >= 0 else _none()
    if not len(mine):
        return None
    library = everything.library
    ended = everything.played("ended").take(mine).astype(np.int64)
    place = int(everything.played_positions[mine[0]])
    before = _before(everything, place, gap_minutes)
    track = int(library.column("track")[place])
    return Beginning(
        first=library.listens["ended"][place],
        track=str(library.tracks["name"][track]),
        track_id=int(library.tracks["id"][track]),
        how=_how(library, place),
        platform=Platform(int(library.column("platform")[place])),
        before=str(library.tracks["name"][before]) if before >= 0 else "",
        before_artist=str(library.artists["name"][int(library.tracks["artist"][before])]) if before >= 0 else "",
        before_id=int(library.tracks["id"][before]) if before >= 0 else 0,
        week=int(np.searchsorted(ended, ended[0] + 7 * DAY_US)),
        month=int(np.searchsorted(ended, ended[0] + 30 * DAY_US)),
        plays=len(mine),
    )


def _none() -> Ints:
    return np.empty(0, dtype=np.int64)


def _before(everything: View, place: int, gap_minutes: int) -> int:
    """Return the track of the play before the one at a place of the library if it is of the same session, else -1."""
    visible = everything.positions
    ended = everything.values("ended")
    stop = int(np.searchsorted(visible, place)) + 1
    start = int(np.searchsorted(ended, ended[stop - 1] - LONGEST))
    lately = replace(everything, picked=visible[start:stop], _taken={})
    session = session_of_plays(lately, gap_minutes)
    same = len(session) > 1 and session[-1] == session[-2]
    return int(lately.played("track")[-2]) if same else -1


def _how(library: Library, place: int) -> How:
    """Return whether the listen at a place of the library was chosen or came by itself."""
    reason = int(library.column("reason_start")[place])
    if reason in reasons(library, CHOSEN):
        return "chosen"
    if reason not in reasons(library, CAME):
        return ""
    return "shuffle" if int(library.column("flags")[place]) & Flag.SHUFFLE.value else "next"


def reasons(library: Library, names: Collection[str]) -> frozenset[int]:
    """Return the stored numbers of reasons; names this person has no listen with are left out."""
    return frozenset(int(id) for id in library.reasons.filter(pl.col("name").is_in(list(names)))["id"])


def course(view: View, by: By, id: int, *, unit: Step = "month", metric: Metric = "plays") -> pl.DataFrame:
    """Return how one thing ranked among everything heard in each month, quarter or year, and its share of it.

    Columns: start (date), plays (i64), ms_played (i64), rank (i64, null in a bucket without a play of it; equal amounts
    share the better rank), of (i64: things played in the bucket), share (f64, 0..1 of the bucket's plays or time by
    ``metric``; null where nothing was played). Rows for every bucket of the period; none for a thing never heard.
    Source: one more than the number of things with a greater amount in the same bucket.
    """
    buckets, code = cut(closed(view), unit), view.code(by, id)
    if code < 0 or not len(buckets):
        return pl.DataFrame(schema=_COURSE)
    plays, ms = _cells(view, by, buckets.place(view.values("day")), len(buckets))
    amount = np.where(plays > 0, plays if metric == "plays" else ms, 0)
    known = amount[:, 1:] if view.items(by).none else amount
    rank = (known > amount[:, [code]]).sum(axis=1) + 1
    whole = buckets.count(view.played("day")) if metric == "plays" else buckets.count(view.values("day"), view.ms)
    mine = (plays if metric == "plays" else ms)[:, code].astype(np.float64)
    columns = {
        "start": buckets.starts,
        "plays": plays[:, code].astype(np.int64),
        "ms_played": ms[:, code].astype(np.int64),
        "rank": pl.Series(rank).set(pl.Series(plays[:, code] == 0), None),
        "of": (known > 0).sum(axis=1),
        "share": pl.Series(mine / np.maximum(whole, 1)).set(pl.Series(whole == 0), None),
    }
    return pl.DataFrame(columns, schema=_COURSE)


_COURSE: dict[str, type[pl.DataType]] = {
    "start": pl.Date, "plays": pl.Int64, "ms_played": pl.Int64, "rank": pl.Int64, "of": pl.Int64, "share": pl.Float64,
}  # fmt: skip


def _cells(view: View, by: By, bucket: Ints, length: int) -> tuple[Ints, Ints]:
    """Return plays and time per bucket and code, as two tables."""
    size = len(view.items(by))
    cell = bucket * size + view.values(view.code_column(by))
    plays = counts(cell, length * size, view.play).reshape(length, size)
    return plays, np.bincount(cell, weights=view.ms, minlength=length * size).reshape(length, size)
