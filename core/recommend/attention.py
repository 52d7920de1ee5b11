"""Attention: how much each artist, album or track is to somebody now, as what recommendations start from."""

from datetime import date

import numpy as np
import polars as pl

from core.analytics.acquaintance import days_of
from core.analytics.arrays import counts
from core.analytics.library import By
from core.analytics.localtime import day_number
from core.analytics.view import View

HALF_LIFE = 180


def attention(view: View, *, by: By, as_of: date, half_life: int = HALF_LIFE) -> pl.DataFrame:
    """Return everything played with the weight it has for somebody on a day.

    ``as_of``: local day on or after the last play. Columns: id (i64), name, artist (str), artist_id (i64), plays (i64),
    weight (f64, above 0), last (date). Largest weight first, then id.
    Source: ln(1 + sum over plays of 2^(-age in days / half_life)); the half-life of 180 days was the best on public
    histories, the logarithm keeps one obsession from deciding everything.
    """
    items, column = view.items(by), view.code_column(by)
    codes, age = view.played(column), np.maximum(0, day_number(as_of) - view.played("day"))
    plays = counts(codes, len(items))
    decayed = np.bincount(codes, weights=np.exp2(-age / half_life), minlength=len(items))
    if items.none:
        plays[:1] = 0
    heard = np.flatnonzero(plays)
    weight = np.log1p(decayed[heard])
    order = np.lexsort((items.ids[heard], -weight))
    heard = heard[order]
    return pl.DataFrame(
        {
            "id": items.ids[heard],
            "name": items.names.gather(heard),
            "artist": items.artists.gather(heard),
            "artist_id": items.artist_ids[heard],
            "plays": plays[heard],
            "weight": pl.Series(weight[order], dtype=pl.Float64),
            "last": pl.Series(days_of(view, by).last[heard], dtype=pl.Int32).cast(pl.Date),
        }
    )
