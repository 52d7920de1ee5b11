"""Totals and ranked lists."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Ints, counts, sums
from core.analytics.library import By
from core.analytics.view import View

Metric = Literal["plays", "time"]


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a view. ``starts`` are the listens of which it is known whether they were skipped."""

    listens: int
    plays: int
    ms_played: int
    artists: int
    albums: int
    tracks: int
    skips: int
    starts: int
    first: datetime | None
    last: datetime | None

    @property
    def skip_share(self) -> float | None:
        """Return skips / starts; ``None`` under 20 starts: too few to say anything."""
        return self.skips / self.starts if self.starts >= 20 else None


def totals(view: View) -> Totals:
    """Return the sums of a view.

    ``listens`` counts visible rows and ``ms_played`` is their time; ``plays`` counts those that count under the lens;
    ``artists``, ``albums``, ``tracks`` (recordings when merged) are the different ones among the plays, featured
    artists included where the lens credits them: as many as their list has places;
    ``first`` and ``last`` are ends of listens, in UTC.
    Source: plain counts; by default a play is 30 s of music, the length from which Spotify counts a stream.
    """
    skipped, known = view.skipped
    ended = view.library.listens["ended"]
    first, last = view.edges
    return Totals(
        listens=len(view),
        plays=view.plays,
        ms_played=int(view.ms.sum()),
        artists=_different(view, "artist"),
        albums=_different(view, "album"),
        tracks=_different(view, "track"),
        skips=int(np.count_nonzero(skipped)),
        starts=int(np.count_nonzero(known | skipped)),
        first=ended[first] if len(view) else None,
        last=ended[last] if len(view) else None,
    )


def _different(view: View, by: By) -> int:
    """Return how many different things of a kind were played; "none" is not one."""
    items = view.items(by)
    heard = counts(view.played(view.code_column(by)), len(items))
    if by == "artist":
        heard = heard + _as_guests(view, len(items))[0]
    return int(np.count_nonzero(heard[1:] if items.none else heard))


@dataclass(frozen=True, eq=False)
class Counted:
    """Plays and milliseconds per code, and the codes played at least once in ranked order."""

    plays: Ints
    ms: Ints
    ranked: Ints


def counted(view: View, by: By, metric: Metric = "plays") -> Counted:
    """Return plays and time per code of ``by``, ranked by the metric, then the other one, then name, then id.

    Where the lens credits featured artists, a play counts for each artist of its track: the plays of all artists can
    sum to more than the view's, and their shares of the view's plays to more than 1.
    """
    items = view.items(by)
    column = view.code_column(by)
    plays = counts(view.played(column), len(items))
    ms = sums(view.values(column), view.ms, len(items))
    if by == "artist":
        more_plays, more_ms = _as_guests(view, len(items))
        plays, ms = plays + more_plays, ms + more_ms
    if items.none:
        plays[0] = 0
    heard = np.flatnonzero(plays)
    first, second = (plays, ms) if metric == "plays" else (ms, plays)
    ranked = heard[np.lexsort((items.order[heard], -second[heard], -first[heard]))]
    return Counted(plays, ms, ranked)


def _as_guests(view: View, artists: int) -> tuple[Ints, Ints]:
    """Return plays and time per artist code on tracks of others; by the counts of tracks, for those are few."""
    track, artist = view.credits
    if not len(track):
        return np.zeros(artists, dtype=np.int64), np.zeros(artists, dtype=np.int64)
    tracks = len(view.library.tracks)
    plays, ms = counts(view.played("track"), tracks), sums(view.values("track"), view.ms, tracks)
    return sums(artist, plays[track].astype(np.float64), artists), sums(artist, ms[track].astype(np.float64), artists)


def top(
    view: View, by: By, metric: Metric = "plays", *, before: View | None = None, limit: int | None = None
) -> pl.DataFrame:
    """Return the ranked list of artists, albums or tracks with at least one play.

    Columns: rank (u32, from 1), id (i64, database id; of a recording: its most heard track), name, artist (str),
    artist_id (i64), plays (i64), ms_played (i64, all visible listens), share (f64, 0..1 of the view's plays or time
    by ``metric``), rank_before (u32, null: not in ``before``), change (i32, places gained). Order: metric, the other
    one, name, id. The whole list unless ``limit`` is given.
    Source: plain counts of plays and sums of ms_played per thing.
    """
    items = view.items(by)
    here = counted(view, by, metric)
    codes = here.ranked[:limit]
    rank = np.arange(1, len(codes) + 1, dtype=np.int32)
    amount, whole = (here.plays, view.plays) if metric == "plays" else (here.ms, float(view.ms.sum()))
    earlier = _ranks(counted(before, by, metric), len(items))[codes] if before is not None else np.zeros_like(rank)
    new = pl.Series(earlier == 0)
    return pl.DataFrame(
        {
            "rank": rank.astype(np.uint32),
            "id": items.ids[codes],
            "name": items.names.gather(codes),
            "artist": items.artists.gather(codes),
            "artist_id": items.artist_ids[codes],
            "plays": here.plays[codes],
            "ms_played": here.ms[codes],
            "share": amount[codes] / (whole or 1),
            "rank_before": pl.Series(earlier.astype(np.uint32)).set(new, None),
            "change": pl.Series(earlier - rank).set(new, None),
        }
    )


def _ranks(result: Counted, size: int) -> Ints:
    """Return the rank of each code, 0 where it has none."""
    ranks = np.zeros(size, dtype=np.int32)
    ranks[result.ranked] = np.arange(1, len(result.ranked) + 1)
    return ranks


def chosen(view: View, by: By, ids: list[int]) -> tuple[Ints, Bools]:
    """Return the codes of database ids under a view, and which of the ids this person has heard."""
    codes = np.array([view.code(by, id) for id in ids], dtype=np.int64)
    return codes[codes >= 0], codes >= 0
