"""Podcasts and audiobooks: shows, episodes, and what was heard to the end."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Ints, array, counts, sums
from core.analytics.buckets import Step, closed, cut
from core.analytics.skipping import Rate
from core.analytics.view import View
from core.domain.listen import Kind


@dataclass(frozen=True, slots=True)
class Spoken:
    """Sums of podcasts and audiobooks; ``finished``: episodes heard to their end, of those whose source tells.

    ``peak``: local weekday (0 = Monday) and hour with the most time; ``None`` without a play.
    """

    plays: int
    ms_played: int
    shows: int
    episodes: int
    book_ms: int
    finished: Rate
    peak: tuple[int, int] | None


def summary(view: View) -> Spoken:
    """Return the sums of a view that shows podcasts and audiobooks alone.

    Source: plain counts; an episode is finished when one of its listens ended by itself (``trackdone``).
    """
    told, done = _endings(view)
    weight = np.bincount(
        view.values("weekday") * 24 + view.values("hour").astype(np.int64), weights=view.ms, minlength=168
    )
    peak = divmod(int(weight.argmax()), 24) if view.plays else None
    return Spoken(
        plays=view.plays,
        ms_played=int(view.ms.sum()),
        shows=int(np.count_nonzero(counts(view.played("artist"), 1)[1:])),
        episodes=int(np.count_nonzero(counts(view.played("track"), 0))),
        book_ms=int(view.ms[view.values("kind") == Kind.AUDIOBOOK.value].sum()),
        finished=Rate(int(np.count_nonzero(done)), int(np.count_nonzero(told))),
        peak=peak,
    )


def _endings(view: View) -> tuple[Bools, Bools]:
    """Return per track whether it was played and its source tells how it ended, and whether it ended by itself."""
    size, tracks, reasons = len(view.library.tracks), view.values("track"), view.values("reason_end")
    done = counts(tracks, size, reasons == view.library.reason("trackdone")) > 0
    told = (counts(tracks, size, reasons != 0) > 0) & (counts(view.played("track"), size) > 0)
    return told, done & told


def shows(view: View) -> pl.DataFrame:
    """Return podcasts and audiobooks, the one listened to longest first.

    Columns: id (i64), name (str: the show; of an audiobook its title or author; "" where the export names none), kind
    (str: ``podcast`` or ``audiobook``), episodes (i64: different episodes or chapters played), finished (i64: those
    heard to the end), plays, ms_played (i64), first, last (date of the first and last listen).
    Source: plain counts per show; an episode is finished when one of its listens ended by itself.
    """
    library = view.library
    size, listened = len(library.artists), view.values("artist")
    told_tracks = counts(view.played("track"), len(library.tracks)) > 0
    owner = array(library.tracks["artist"])
    _, done = _endings(view)
    books = counts(listened, size, view.values("kind") == Kind.AUDIOBOOK.value)
    listens = counts(listened, size)
    heard = np.flatnonzero(listens)
    first, last = _days(view, listened, size)
    frame = pl.DataFrame(
        {
            "id": library.artists["id"].gather(heard).cast(pl.Int64),
            "name": library.artists["name"].gather(heard),
            "kind": np.where(2 * books[heard] > listens[heard], "audiobook", "podcast"),
            "episodes": counts(owner, size, told_tracks)[heard],
            "finished": counts(owner, size, done)[heard],
            "plays": counts(view.played("artist"), size)[heard],
            "ms_played": sums(listened, view.ms, size)[heard],
            "first": pl.Series(first[heard]).cast(pl.Date),
            "last": pl.Series(last[heard]).cast(pl.Date),
        },
        schema_overrides={"kind": pl.String},
    )
    return frame.sort("ms_played", "plays", "id", descending=[True, True, False])


def _days(view: View, codes: Ints, size: int) -> tuple[Ints, Ints]:
    """Return the first and the last day of a listen per code."""
    days = view.values("day")
    first, last = np.full(size, np.iinfo(np.int32).max, np.int32), np.full(size, np.iinfo(np.int32).min, np.int32)
    np.minimum.at(first, codes, days)
    np.maximum.at(last, codes, days)
    return first, last


def episodes(view: View) -> pl.DataFrame:
    """Return episodes and chapters, the one heard last first.

    Columns: id (i64), name, show (str), kind (str: ``podcast`` or ``audiobook``), last (datetime UTC, end of the
    latest listen), plays (i64), ms_played (i64, of all listens), finished (bool; null where the source does not tell).
    Episodes without a play are left out.
    Source: plain sums per episode; finished when one of its listens ended by itself.
    """
    library = view.library
    size, tracks = len(library.tracks), view.values("track")
    told, done = _endings(view)
    plays, place = counts(view.played("track"), size), np.zeros(size, dtype=np.int64)
    place[tracks] = view.positions
    heard = np.flatnonzero(plays)
    names = library.tracks[heard]
    frame = pl.DataFrame(
        {
            "id": names["id"].cast(pl.Int64),
            "name": names["name"],
            "show": library.artists["name"].gather(names["artist"]),
            "kind": np.where(array(names["kind"]) == Kind.AUDIOBOOK.value, "audiobook", "podcast"),
            "last": library.listens["ended"].gather(place[heard]),
            "plays": plays[heard],
            "ms_played": sums(tracks, view.ms, size)[heard],
            "finished": pl.Series(done[heard]).set(pl.Series(~told[heard]), None),
        },
        schema_overrides={"kind": pl.String},
    )
    return frame.sort("last", "id", descending=[True, False])


def spoken_over_time(view: View, unit: Step = "month") -> pl.DataFrame:
    """Return the time of podcasts and of audiobooks in each month (or other unit) of the view's period.

    Columns: start (date), ms_podcasts, ms_audiobooks (i64).
    Source: sums of ms_played per bucket.
    """
    buckets, days = cut(closed(view), unit), view.values("day")
    books = view.values("kind") == Kind.AUDIOBOOK.value
    return pl.DataFrame(
        {
            "start": buckets.starts,
            "ms_podcasts": buckets.count(days[~books], view.ms[~books]),
            "ms_audiobooks": buckets.count(days[books], view.ms[books]),
        }
    )
