"""Mixes: songs of one's own that belong to a time: of the day, the week, the year, a year, an era."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from core.analytics.arrays import Floats, Ints, array, counts
from core.analytics.forgotten import forgotten
from core.analytics.naming import lasting, percent
from core.analytics.view import View
from core.recommend.depths import few
from core.recommend.distinct import distinctness, spread
from core.recommend.following import songs_of
from core.recommend.mix_times import Stretch, stretches

LEAST_SONGS, MOST_OF_ARTIST = 10, 4


@dataclass(frozen=True, eq=False)
class Mix:
    """A list of songs to hear. ``name`` stays the same, ``title`` is read, ``about`` says in numbers why.

    ``frame``: id (i64), name, artist (str), artist_id, plays (i64, all of one's own), score (f64), why (str): in an
    order that is good to hear.
    """

    name: str
    title: str
    about: str
    frame: pl.DataFrame


def mixes(view: View, *, as_of: date, songs: int = 40, least: int = LEAST_SONGS) -> list[Mix]:
    """Return the mixes that can be made of somebody's plays; one with under ``least`` (10) songs is left out.

    Songs to rediscover come first, then parts of the day, the week and the year, then eras and years, newest first.
    Songs are those that belong to the time (see ``distinct.distinctness``), not those played most; up to four of an
    artist. Those of a season were played in it in two years or more. ``as_of``: see ``forgotten``.
    Source: counts of plays inside and outside of local hours, weekdays, months, years, and of ``eras``.
    """
    plays = counts(view.played(view.code_column("track")), len(view.items("track")))
    plays[~songs_of(view)] = 0
    found = [_rediscovery(view, as_of, songs)]
    found += [_mix(view, each, plays, songs) for each in stretches(view)]
    return [mix for mix in found if mix.frame.height >= max(1, least)]


def _rediscovery(view: View, as_of: date, songs: int) -> Mix:
    """Return the mix of songs that were played a lot and not for long; see ``forgotten``."""
    found = forgotten(view, as_of=as_of).filter(pl.col("artist_id") != 0)
    found = found[few(array(found["artist_id"]), MOST_OF_ARTIST)][: max(0, songs)]
    found = found[spread(found["artist_id"].to_list())]
    whys = [
        f"{plays} plays, none for {lasting(days)}" for plays, days in found.select("plays", "silent_days").iter_rows()
    ]
    about = "Songs you played at least five times and not once in the last 45 days: a reminder, not a forecast."
    columns = ("id", "name", "artist", "artist_id", "plays", "score")
    frame = found.select(*columns, why=pl.Series(whys, dtype=pl.String))
    return Mix("rediscovery", "Rediscover", about, frame)


def _mix(view: View, stretch: Stretch, plays: Ints, songs: int) -> Mix:
    """Return the mix of a stretch of time."""
    inside = np.where(songs_of(view), stretch.plays, 0)
    score = np.where(stretch.fitting, distinctness(inside, plays), 0)
    typical = np.flatnonzero(score)
    codes = _chosen(view, typical[np.lexsort((view.items("track").ids[typical], -score[typical]))], songs)
    whys = [f"{_of(int(inside[code]), int(plays[code]))} {stretch.when}" for code in codes]
    return Mix(
        stretch.name, stretch.title, _about(stretch, codes, inside, plays), _frame(view, codes, plays, score, whys)
    )


def _of(part: int, whole: int) -> str:
    """Return plays inside of all in words."""
    return f"all {whole} plays were" if part == whole else f"{part} of {whole} plays were"


def _about(stretch: Stretch, codes: Ints, inside: Ints, plays: Ints) -> str:
    """Return in a sentence what sets the songs of a mix apart."""
    whole, part = int(plays[codes].sum()), int(inside[codes].sum())
    usual = percent(inside.sum() / max(1, plays.sum()))
    return (
        f"{percent(part / max(1, whole))} of your plays of these songs were {stretch.when}; "
        f"of everything you play it is {usual}."
    )


def _chosen(view: View, ranked: Ints, songs: int) -> Ints:
    """Return the first songs, up to four of an artist, in an order to hear."""
    artists = view.items("track").artist_ids
    chosen = ranked[few(artists[ranked], MOST_OF_ARTIST)][: max(0, songs)]
    return chosen[spread(artists[chosen].tolist())]


def _frame(view: View, codes: Ints, plays: Ints, score: Floats, whys: list[str]) -> pl.DataFrame:
    items = view.items("track")
    return pl.DataFrame(
        {
            "id": items.ids[codes],
            "name": items.names.gather(codes),
            "artist": items.artists.gather(codes),
            "artist_id": items.artist_ids[codes],
            "plays": plays[codes],
            "score": score[codes],
            "why": pl.Series(whys, dtype=pl.String),
        }
    )
