"""Public charts through time and beside each other."""

import numpy as np
import polars as pl

from core.analytics.arrays import Ints
from core.analytics.charted import History

TOP = 50  # places two charts are compared by


def courses(history: History, *, at: int, things: Ints, snapshots: int) -> pl.DataFrame:
    """Return where some things were in the last snapshots up to ``at``.

    Columns: first (date, first day of the snapshot), id (i64), rank (i64), value (i64, null: none). Snapshots that do
    not have a thing have no row of it. Oldest first, then by rank.
    Source: the stored ranks and values.
    """
    where = history.places(max(at - snapshots + 1, 0), at)
    inside = np.isin(history.thing[where], things)
    value = pl.col("value")
    return (
        pl.DataFrame(
            {
                "first": pl.Series(history.starts, dtype=pl.Date).gather(history.snapshot[where][inside]),
                "id": history.thing[where][inside].astype(np.int64),
                "rank": history.rank[where][inside].astype(np.int64),
                "value": history.value[where][inside].astype(np.int64),
            }
        )
        .with_columns(pl.when(value >= 0).then(value))
        .sort("first", "rank", "id")
    )


def leading(history: History, *, at: int, n: int) -> Ints:
    """Return the first ``n`` things of the snapshot ``at``, best first."""
    where = history.places(at, at)
    return history.thing[where][np.argsort(history.rank[where], kind="stable")][:n]


def likeness(one: History, other: History, *, at: int = 0, other_at: int = 0, top: int = TOP) -> float | None:
    """Return how much of one chart's first 50 is among another's first 50: 0 (nothing) to 1 (all of it).

    A chart that is shorter counts as long as it is; ``None`` where one of them is empty.
    Source: things in both / things in the shorter of the two, the overlap coefficient (Simpson 1943).
    """
    mine, theirs = leading(one, at=at, n=top), leading(other, at=other_at, n=top)
    if not len(mine) or not len(theirs):
        return None
    return len(np.intersect1d(mine, theirs)) / min(len(np.unique(mine)), len(np.unique(theirs)))


def company(history: History, *, thing: int, at: int, n: int, snapshots: int = 52) -> Ints:
    """Return the things that were most often on the chart together with one, closest first.

    Looked at are the last 52 snapshots up to ``at``; of those in equally many snapshots with it, the better ranked.
    Source: snapshots with both / snapshots with either, the coefficient of Jaccard (1912).
    """
    where = history.places(max(at - snapshots + 1, 0), at)
    snapshot, ids, rank = history.snapshot[where], history.thing[where], history.rank[where]
    mine = np.unique(snapshot[ids == thing])
    others, place = np.unique(ids, return_inverse=True)
    size = len(others)
    both = np.bincount(place, weights=np.isin(snapshot, mine), minlength=size)
    either = np.bincount(place, minlength=size) + len(mine) - both
    mean = np.bincount(place, weights=rank, minlength=size) / np.maximum(np.bincount(place, minlength=size), 1)
    order = np.lexsort((others, mean, -both / np.maximum(either, 1)))
    found: Ints = others[order][(both[order] > 0) & (others[order] != thing)][:n]
    return found
