"""Long form: artists that rank differently by time than by plays, because their tracks are long or short."""

import numpy as np
import polars as pl

from core.analytics.counting import counted
from core.analytics.view import View

MINIMUM_PLAYS = 20


def long_form(view: View) -> pl.DataFrame:
    """Return the artists with at least 20 plays by how much better they rank by time than by plays.

    Columns: id (i64), name (str), plays, ms_played (i64), rank_plays, rank_time (i64, from 1, places in the ranked
    lists of all artists), gained (i64, rank_plays - rank_time: above 0 for long tracks), ms_each (f64, ms_played /
    plays). Most gained first, then more time, then id.
    Source: the difference of both ranks.
    """
    items, plays, time = view.items("artist"), counted(view, "artist"), counted(view, "artist", "time")
    ranks = [np.zeros(len(items), dtype=np.int64) for _ in range(2)]
    for rank, found in zip(ranks, (plays, time), strict=True):
        rank[found.ranked] = np.arange(1, len(found.ranked) + 1)
    codes = plays.ranked[plays.plays[plays.ranked] >= MINIMUM_PLAYS]
    frame = pl.DataFrame(
        {
            "id": items.ids[codes],
            "name": items.names.gather(codes),
            "plays": plays.plays[codes],
            "ms_played": plays.ms[codes],
            "rank_plays": ranks[0][codes],
            "rank_time": ranks[1][codes],
        }
    ).with_columns(gained=pl.col("rank_plays") - pl.col("rank_time"), ms_each=pl.col("ms_played") / pl.col("plays"))
    return frame.sort("gained", "ms_played", "id", descending=[True, True, False])


def agreement(view: View) -> float | None:
    """Return how alike artists rank by plays and by time: 1 (the same order) .. -1; ``None`` under 20 artists.

    Source: Spearman (1904), the correlation of the ranks by plays and by ms_played, equal amounts sharing a rank.
    """
    found = counted(view, "artist")
    if len(found.ranked) < MINIMUM_PLAYS:
        return None
    amounts = pl.DataFrame({"plays": found.plays[found.ranked], "ms": found.ms[found.ranked]})
    alike = amounts.select(pl.corr("plays", "ms", method="spearman")).item()
    return None if alike is None or np.isnan(alike) else float(alike)
