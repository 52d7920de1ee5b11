"""What to play next: the songs that used to follow, then those that used to be played nearby."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Floats, Ints
from core.analytics.sessions import laid
from core.analytics.view import View
from core.recommend.distinct import DIGITS

WINDOW = 5  # plays to each side that count as nearby, and how many songs of the present are looked at
NEARBY = 0.5
EMPTY: dict[str, Any] = {
    "id": pl.Int64, "name": pl.String, "artist": pl.String, "artist_id": pl.Int64, "score": pl.Float64,
    "times": pl.Int64, "because_id": pl.Int64, "because": pl.String,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Course:
    """The plays of songs in the order they began: ``song`` (codes), ``session`` (rising numbers).

    ``around``: per song, how much was played around all its plays, each counting 1 / distance.
    """

    song: Ints
    session: Ints
    around: Floats


def course(view: View) -> Course:
    """Return the order in which songs were played; what one look at what comes next is made from."""
    return cast(Course, view.kept("course", lambda: cast(Any, _course(view))))


def _course(view: View) -> Course:
    """Return the course of a view, read from its listens."""
    column = view.code_column("track")
    found = laid(view)
    counted = found.of(view.play & songs_of(view).take(view.values(column)))
    song = found.of(view.values(column))[counted].astype(np.int64)
    session = np.cumsum(found.opens)[counted]
    around = np.zeros(len(view.items("track")))
    for distance in range(1, WINDOW + 1):
        near = (session[distance:] == session[:-distance]) & (song[distance:] != song[:-distance])
        for side in (song[distance:], song[:-distance]):
            around += np.bincount(side[near], minlength=len(around)) / distance
    return Course(song, session, around)


def songs_of(view: View) -> Bools:
    """Return, per code of tracks, whether it is a song: somebody made it; episodes and chapters have no artist."""
    known: Bools = view.items("track").artist_ids != 0
    return known


def next_tracks(view: View, *, after: tuple[int, ...] = (), n: int = 30) -> pl.DataFrame:
    """Return the songs that would come next, those that followed most often first.

    ``after``: track ids of what is playing, the latest last; without any, the person's latest plays. Its last five
    songs are looked at and are not suggested; ids never heard are left out.
    Columns: id (i64), name, artist (str), artist_id (i64), score (f64), times (i64: how often it came right after the
    latest song), because_id (i64) and because (str): the song it followed, or was played nearby. Songs that followed
    come first, the rest by how close they were played. Highest score first, then id.
    Source: score = times + nearby / 2. ``times`` counts plays that followed one another in a session (a first-order
    Markov chain), ``nearby`` 0..1 is the cosine of being played within five plays in a session, each counting
    1 / distance, over the last five songs, each weighed 1 / its distance from now. On five public histories the song
    that came next was among the first 20 of such a list 37 times in 100; among the 20 most played 6 times.
    """
    items, found = view.items("track"), course(view)
    now = _present(view, found, after)
    if not now:
        return pl.DataFrame(schema=EMPTY)
    times = _followers(found, now[0], len(items))
    near, reason = _nearby(found, now, len(items))
    score = np.round(times + NEARBY * near, DIGITS)
    score[now] = 0
    codes = np.flatnonzero(score)
    codes = codes[np.lexsort((items.ids[codes], -score[codes]))][: max(0, n)]
    because = np.where(times[codes] > 0, now[0], np.asarray(now)[reason[codes]])
    return pl.DataFrame(
        {
            "id": items.ids[codes],
            "name": items.names.gather(codes),
            "artist": items.artists.gather(codes),
            "artist_id": items.artist_ids[codes],
            "score": score[codes],
            "times": times[codes],
            "because_id": items.ids[because],
            "because": items.names.gather(because),
        },
        schema=EMPTY,
    )


def _present(view: View, found: Course, after: tuple[int, ...]) -> list[int]:
    """Return the codes of up to five different songs of the present, the latest first."""
    if after:
        codes = [view.code("track", id) for id in reversed(after)]
        heard = [code for code in codes if code >= 0 and songs_of(view)[code]]
    else:
        heard = [int(code) for code in found.song[: -1 - 4 * WINDOW : -1]]
    return list(dict.fromkeys(heard))[:WINDOW]


def _followers(found: Course, song: int, size: int) -> Ints:
    """Return how often each song came right after one."""
    at = np.flatnonzero(found.song[:-1] == song)
    at = at[found.session[at] == found.session[at + 1]]
    return np.bincount(found.song[at + 1], minlength=size)


def _nearby(found: Course, now: list[int], size: int) -> tuple[Floats, Ints]:
    """Return how near each song was played to those of the present (0..1), and to which of them most."""
    weights = 1 / np.arange(1, len(now) + 1)
    each = np.array([weight * _near(found, song, size) for song, weight in zip(now, weights, strict=True)])
    return each.sum(axis=0) / weights.sum(), each.argmax(axis=0)


def _near(found: Course, song: int, size: int) -> Floats:
    """Return the cosine of each song with one: 0 (never nearby) .. 1 (nothing else was)."""
    plays, near = np.flatnonzero(found.song == song), np.zeros(size)
    for distance in (*range(-WINDOW, 0), *range(1, WINDOW + 1)):
        other = plays + distance
        inside = (other >= 0) & (other < len(found.song))
        here, there = plays[inside], other[inside]
        there = there[found.session[here] == found.session[there]]
        near += np.bincount(found.song[there], minlength=size) / abs(distance)
    near[song] = 0
    scale = np.sqrt(found.around * found.around[song])
    cosine: Floats = np.divide(near, scale, out=np.zeros(size), where=scale > 0)
    return cosine


def played_around(view: View, *, songs: tuple[int, ...], n: int = 60) -> pl.DataFrame:
    """Return what is played in the same sittings as some songs (ids of tracks), the nearest to all of them first.

    Columns: id (i64), name, artist (str), artist_id (i64), score (f64, above 0), times (i64, plays within five of one
    of the songs). The songs themselves are not among them, nor what came near them once.
    Source: in-session co-occurrence as in ``next_tracks``: sum of 1 / distance over plays near a play of the songs,
    divided by the square root of everything around both.
    """
    lived, items = course(view), view.items("track")
    codes = {code for id in songs if (code := view.code("track", id)) >= 0}
    mine = np.zeros(len(items), dtype=np.bool_)
    mine[list(codes)] = True
    weight, times = np.zeros(len(items)), np.zeros(len(items), dtype=np.int64)
    for distance in range(1, WINDOW + 1):
        left, right = lived.song[:-distance], lived.song[distance:]
        near = lived.session[distance:] == lived.session[:-distance]
        for one, other in ((left, right), (right, left)):
            counted = other[near & mine[one] & ~mine[other]]
            weight += np.bincount(counted, minlength=len(items)) / distance
            times += np.bincount(counted, minlength=len(items))
    whole = float(lived.around[mine].sum())
    score = weight / np.sqrt(np.maximum(lived.around * max(whole, 1.0), 1e-9))
    found = np.flatnonzero(times >= 2)
    found = found[np.lexsort((items.ids[found], -score[found]))][:n]
    return pl.DataFrame(
        {
            "id": items.ids[found],
            "name": items.names.gather(found),
            "artist": items.artists.gather(found),
            "artist_id": items.artist_ids[found],
            "score": score[found],
            "times": times[found],
        }
    )
