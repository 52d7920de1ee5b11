"""Deep cuts: songs one hardly played, of artists one plays a lot."""

from datetime import date

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Ints, array, counts
from core.analytics.localtime import day_number
from core.analytics.view import View
from core.recommend.distinct import DIGITS
from core.recommend.following import songs_of

LEAST_ARTIST_PLAYS, LEAST_ARTIST_TRACKS = 20, 3
MOST_PLAYS, QUIET_DAYS = 3, 30
SHORTEST_MS = 60_000
MOST_OF_ARTIST, MOST_OF_ALBUM = 4, 2  # of one list; the page takes fewer
NO_SONGS = r"(?i)\b(skit|interlude|intro|outro)\b"


def deep_cuts(view: View, *, as_of: date, n: int = 60) -> pl.DataFrame:
    """Return songs played one to three times, of artists with 20 plays and 3 songs or more, the most promising first.

    ``as_of``: the local day they are suggested on; songs played in the 30 days before are still being discovered and
    are left out, as are songs skipped in half of their starts or more, those under a minute, and skits, interludes,
    intros and outros by their names. A song is played less than its artist's songs are on average. No more than four
    songs of an artist and two of an album.
    Columns: id (i64), name, artist (str), artist_id (i64), plays (i64), artist_plays (i64), artist_tracks (i64:
    different songs of the artist that were played), score (f64). Highest score first, then id.
    Source: score = ln(artist_plays) + ln(1 + plays of the album's other songs) / 2 - ln(plays) / 2: the artist counts
    most, then the album that is known around it. Not measured: nobody can know what would have been liked.
    """
    items, artist, album = view.items("track"), *_makers(view)
    column = view.code_column("track")
    plays = counts(view.played(column), len(items))
    by_artist, tracks = (
        np.bincount(artist, weights=w, minlength=1)[artist].astype(np.int64) for w in (plays, plays > 0)
    )
    around = np.where(album > 0, np.bincount(album, weights=plays, minlength=1)[album] - plays, 0)
    chosen = songs_of(view) & (plays >= 1) & (plays <= MOST_PLAYS) & ~_unfit(view, as_of)
    chosen &= (by_artist >= LEAST_ARTIST_PLAYS) & (tracks >= LEAST_ARTIST_TRACKS) & (plays * tracks < by_artist)
    codes = np.flatnonzero(chosen)
    codes = codes[~array(items.names.gather(codes).str.contains(NO_SONGS).fill_null(value=False)).astype(np.bool_)]
    score = np.log(by_artist[codes]) + np.log1p(around[codes]) / 2 - np.log(plays[codes]) / 2
    score = np.round(score, DIGITS)
    order = np.lexsort((items.ids[codes], -score))
    order = order[_few_of_album(album[codes[order]])]
    order = order[few(artist[codes[order]], MOST_OF_ARTIST)][: max(0, n)]
    codes = codes[order]
    return pl.DataFrame(
        {
            "id": items.ids[codes],
            "name": items.names.gather(codes),
            "artist": items.artists.gather(codes),
            "artist_id": items.artist_ids[codes],
            "plays": plays[codes],
            "artist_plays": by_artist[codes],
            "artist_tracks": tracks[codes],
            "score": score[order],
        }
    )


def _makers(view: View) -> tuple[Ints, Ints]:
    """Return the artist and album codes of each track, or of each recording's most heard track."""
    library = view.library
    album = array(library.tracks["album"].cast(pl.Int64))
    if view.code_column("track") == "track":
        return array(library.tracks["artist"].cast(pl.Int64)), album
    return array(library.recordings["artist"].cast(pl.Int64)), album[array(library.recordings["track"])]


def _unfit(view: View, as_of: date) -> Bools:
    """Return which songs are new, mostly skipped or very short."""
    column, size = view.code_column("track"), len(view.items("track"))
    recent = counts(view.played(column), size, view.played("day") >= day_number(as_of) - QUIET_DAYS) > 0
    skipped, known = view.skipped
    heard = view.values(column)
    starts, skips = counts(heard, size, known | skipped), counts(heard, size, skipped)
    length = array(view.library.tracks["length_ms"].cast(pl.Float64).fill_null(SHORTEST_MS))
    if column == "recording":
        length = length[array(view.library.recordings["track"])]
    unfit: Bools = recent | ((skips > 0) & (2 * skips >= starts)) | (length < SHORTEST_MS)
    return unfit


def few(groups: Ints, most: int) -> Ints:
    """Return the places, in order, of the first ``most`` entries of each group."""
    order = np.argsort(groups, kind="stable")
    first = np.searchsorted(groups[order], groups[order])
    return np.sort(order[np.arange(len(groups)) - first < most])


def _few_of_album(album: Ints) -> Ints:
    """Return the places of the first two of each album; songs of no album each stand alone."""
    alone = np.where(album > 0, album, -1 - np.arange(len(album)))
    return few(alone, MOST_OF_ALBUM)
