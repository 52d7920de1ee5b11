"""Forgotten favourites: what somebody used to play and has not played for a while."""

from datetime import date

import numpy as np
import polars as pl

from core.analytics.acquaintance import days_of
from core.analytics.arrays import array, counts, sums
from core.analytics.localtime import day_number
from core.analytics.view import View

MINIMUM_PLAYS, SILENT_DAYS, RECENT_DAYS = 5, 45, 30


def forgotten(view: View, *, as_of: date) -> pl.DataFrame:
    """Return tracks with at least 5 plays and none in the 45 days before ``as_of``, those worth a return first.

    ``as_of``: the first local day that is not looked at any more; ``view`` holds all plays before it.
    Columns: id (i64), name, artist (str), artist_id (i64), plays, ms_played (i64), last (date, local day of the last
    play), silent_days (i64, from that day to ``as_of``), artist_plays (i64, of its artist in the last 30 days), score
    (f64). Highest score first, then more plays, then id.
    Source: score ln(plays) + ln(1 + artist_plays), the best of the simple ones on five public histories, where it put
    a track that came back before one that did not 60 times in 100: an invitation, not a forecast.
    """
    items, column, end = view.items("track"), view.code_column("track"), day_number(as_of)
    plays, last = counts(view.played(column), len(items)), days_of(view, "track").last
    recent = view.played("day") >= end - RECENT_DAYS
    by_artist = counts(view.played("artist"), len(view.items("artist")), recent)
    by_artist[:1] = 0  # nobody
    codes = np.flatnonzero((plays >= MINIMUM_PLAYS) & (end - last >= SILENT_DAYS))
    around = by_artist[_artists(view)[codes]]
    score = np.log(plays[codes]) + np.log1p(around)
    order = np.lexsort((items.ids[codes], -plays[codes], -score))
    codes = codes[order]
    return pl.DataFrame(
        {
            "id": items.ids[codes],
            "name": items.names.gather(codes),
            "artist": items.artists.gather(codes),
            "artist_id": items.artist_ids[codes],
            "plays": plays[codes],
            "ms_played": sums(view.values(column), view.ms, len(items))[codes],
            "last": pl.Series(last[codes], dtype=pl.Int32).cast(pl.Date),
            "silent_days": end - last[codes],
            "artist_plays": around[order],
            "score": score[order],
        }
    )


def _artists(view: View) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Return the artist code of each track (or recording)."""
    frame = view.library.recordings if view.code_column("track") == "recording" else view.library.tracks
    return array(frame["artist"].cast(pl.Int64))  # type: ignore[no-any-return]
