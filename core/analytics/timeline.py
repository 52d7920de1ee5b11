"""Plays and time along the calendar."""

import numpy as np
import polars as pl

from core.analytics.appearing import appearances
from core.analytics.arrays import Ints, array
from core.analytics.buckets import Buckets, Step, closed, cut
from core.analytics.counting import Metric, chosen, counted
from core.analytics.library import By
from core.analytics.view import View


def timeline(view: View, unit: Step = "day", *, before: View | None = None) -> pl.DataFrame:
    """Return plays and time per day, week, month, quarter or year of the view's period, zeros included.

    Columns: start (date, first local day of the bucket; weeks begin on Monday, so the first may lie before the
    period), plays (i64), ms_played (i64). With ``before``: plays_before, ms_before, the bucket at the same place in
    that period (null beyond its end). An open side of the period ends with the library's first or last listen.
    Source: plain counts of plays and sums of ms_played per local day, summed up.
    """
    buckets = cut(closed(view), unit)
    columns: dict[str, pl.Series] = {"start": buckets.starts} | _amounts(view, buckets, len(buckets))
    if before is not None:
        earlier = _amounts(before, cut(closed(before), unit), len(buckets))
        columns |= {"plays_before": earlier["plays"], "ms_before": earlier["ms_played"]}
    return pl.DataFrame(columns)


def _amounts(view: View, buckets: Buckets, length: int) -> dict[str, pl.Series]:
    """Return plays and time per bucket, cut or filled with nulls to a length."""
    plays, ms = buckets.count(view.played("day")), buckets.count(view.values("day"), view.ms)
    missing = length - len(buckets)

    def fitted(values: Ints) -> pl.Series:
        return pl.Series(values[:length]) if missing <= 0 else pl.Series(values).extend_constant(None, missing)

    return {"plays": fitted(plays), "ms_played": fitted(ms)}


def series(view: View, by: By, ids: list[int], unit: Step = "month") -> pl.DataFrame:
    """Return plays and time per bucket for each of the given things, zeros included.

    Columns: id (i64), start (date), plays (i64), ms_played (i64); rows by the given order of ids, then start. Ids this
    person never heard are left out. Artists appear with the tracks they are a guest on, where the lens credits those.
    Source: plain counts of plays and sums of ms_played per thing and bucket.
    """
    buckets = cut(closed(view), unit)
    codes, heard = chosen(view, by, ids)
    size = len(view.items(by))
    line = np.full(size, -1)
    line[codes] = np.arange(len(codes))
    rows, own = appearances(view, by, codes)
    place = line[own] * len(buckets) + buckets.place(view.values("day")[rows])
    cells = len(codes) * len(buckets)
    kept = [id for id, known in zip(ids, heard, strict=True) if known]
    return pl.DataFrame(
        {
            "id": np.repeat(np.array(kept, dtype=np.int64), len(buckets)),
            "start": pl.concat([buckets.starts] * len(kept)) if kept else buckets.starts.clear(),
            "plays": np.bincount(place[view.play[rows]], minlength=cells),
            "ms_played": np.bincount(place, weights=view.ms[rows], minlength=cells).astype(np.int64),
        }
    )


def sparklines(view: View, by: By, ids: list[int], unit: Step = "month") -> pl.DataFrame:
    """Return one row a thing with its plays per bucket as a list: id (i64), plays (list of i64)."""
    return series(view, by, ids, unit).group_by("id", maintain_order=True).agg("plays")


def rank_history(view: View, by: By, *, n: int = 10, unit: Step = "month", metric: Metric = "plays") -> pl.DataFrame:
    """Return how the view's top ``n`` ranked in each month, quarter or year among everything heard then.

    Columns: start (date), id (i64), name (str), rank (u32, null without a play), plays (i64), ms_played (i64).
    Equal amounts share the better rank.
    Source: one more than the number of things with a greater amount in the same bucket.
    """
    buckets, items = cut(closed(view), unit), view.items(by)
    codes = counted(view, by, metric).ranked[:n]
    rows, own = appearances(view, by)
    place = buckets.place(view.values("day")[rows]) * len(items) + own
    shape, cells = (len(buckets), len(items)), len(buckets) * len(items)
    plays = np.bincount(place[view.play[rows]], minlength=cells).reshape(shape)
    ms = np.bincount(place, weights=view.ms[rows], minlength=cells).reshape(shape)
    amount = np.where(plays > 0, plays if metric == "plays" else ms, 0)
    if items.none and cells:
        amount[:, 0] = 0
    rank = (
        np.stack([(amount > amount[:, [code]]).sum(axis=1) + 1 for code in codes], axis=1)
        if len(codes)
        else np.empty((0, 0))
    )
    names = items.names.gather(codes)
    return pl.DataFrame(
        {
            "start": array(buckets.starts.to_physical()).repeat(len(codes)),
            "id": np.tile(items.ids[codes], len(buckets)),
            "name": pl.concat([names] * len(buckets)) if len(buckets) else names.clear(),
            "rank": rank.ravel().astype(np.uint32),
            "plays": plays[:, codes].ravel(),
            "ms_played": ms[:, codes].ravel().astype(np.int64),
        }
    ).with_columns(pl.col("start").cast(pl.Int32).cast(pl.Date), rank=pl.when(pl.col("plays") > 0).then("rank"))
