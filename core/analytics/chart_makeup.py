"""What public charts are made of: genres of their artists, and where these come from."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from core.analytics.arrays import Floats, Ints
from core.analytics.charted import History, columns_of


@dataclass(frozen=True, eq=False, slots=True)
class Parts:
    """What things belong to: ``thing`` (ids, ascending, often), ``group`` (places in ``names``) and ``weight``.

    The weights of a thing sum to 1; things that are not there belong to nothing known.
    """

    names: tuple[str, ...]
    thing: Ints
    group: Ints
    weight: Floats

    def one(self, name: str) -> "Parts":
        """Return what belongs to one group alone."""
        inside = self.group == (self.names.index(name) if name in self.names else -1)
        return Parts((name,), self.thing[inside], np.zeros(int(inside.sum()), np.int64), self.weight[inside])


def amounts(history: History, *, first: int, last: int) -> Floats:
    """Return what each place of some snapshots counts: its value, or 1 in snapshots that know ranks alone."""
    where = history.places(first, last)
    value = history.value[where]
    told = np.zeros(len(history.starts), dtype=np.bool_)
    told[history.snapshot[where][value > 0]] = True
    return np.where(told[history.snapshot[where]], np.maximum(value, 0), 1).astype(np.float64)


def genre_shares(history: History, parts: Parts, *, at: int, snapshots: int) -> pl.DataFrame:
    """Return the shares of genres (or families) on a chart, snapshot by snapshot up to ``at``.

    Each artist counts by their value, or as one where only ranks are known, spread over their genres by weight. What
    belongs to nothing known is kept as "".
    Columns: first (date, first day of the snapshot), name (str, "" unknown), share (f64, 0..1 of the snapshot). Oldest
    first, the largest share of the last snapshot before others.
    Source: share(g) = sum of value x weight(g) / sum of values.
    """
    first = max(at - snapshots + 1, 0)
    cells, whole = _cells(history, parts, first=first, last=at)
    if not whole.sum():
        return pl.DataFrame(schema={"first": pl.Date, "name": pl.String, "share": pl.Float64})
    share = np.divide(cells, whole[:, None], out=np.zeros_like(cells), where=whole[:, None] > 0)
    row, column = np.nonzero(share)
    rank = np.empty(share.shape[1], dtype=np.int64)
    rank[np.lexsort((np.arange(share.shape[1]), -share.sum(axis=0), -share[-1]))] = np.arange(share.shape[1])
    return (
        pl.DataFrame(
            {
                "first": pl.Series(history.starts[first : at + 1], dtype=pl.Date).gather(row),
                "name": pl.Series([*parts.names, ""], dtype=pl.String).gather(column),
                "share": share[row, column],
                "order": rank[column],
            }
        )
        .sort("first", "order")
        .drop("order")
    )


def _cells(history: History, parts: Parts, *, first: int, last: int) -> tuple[Floats, Floats]:
    """Return the amounts per snapshot and group, the unknown in the last column, and per snapshot in all."""
    where = history.places(first, last)
    amount, row = amounts(history, first=first, last=last), history.snapshot[where] - first
    width, height = len(parts.names) + 1, last - first + 1
    known, begins, sizes = np.unique(parts.thing, return_index=True, return_counts=True)
    code = columns_of(history.thing[where], known)  # -1, the last entry below: nothing is known
    begin, size = np.append(begins, 0)[code], np.append(sizes, 0)[code]
    place = np.repeat(np.arange(len(size)), size)
    each = np.arange(len(place)) - np.repeat(np.cumsum(size) - size, size) + np.repeat(begin, size)
    cell = row[place] * width + parts.group[each]
    summed = np.bincount(cell, weights=amount[place] * parts.weight[each], minlength=width * height)
    cells: Floats = summed.reshape(height, width).astype(np.float64)
    without = size == 0
    cells[:, -1] += np.bincount(row[without], weights=amount[without], minlength=height)
    return cells, np.bincount(row, weights=amount, minlength=height).astype(np.float64)


def origins(history: History, countries: Mapping[int, str], *, at: int) -> pl.DataFrame:
    """Return where the artists of a chart come from.

    Columns: country (str, two letters, "" unknown), share (f64, 0..1 of the values, or of the places where only ranks
    are known), artists (i64), id (i64, the best of them). Largest share first, the unknown last.
    Source: sum of values per country / sum of all values.
    """
    schema = {"country": pl.String, "share": pl.Float64, "artists": pl.Int64, "id": pl.Int64}
    if not 0 <= at < len(history.starts):
        return pl.DataFrame(schema=schema)
    where = history.places(at, at)
    ids = history.thing[where].astype(np.int64)
    return (
        pl.DataFrame(
            {
                "country": pl.Series([countries.get(id, "") for id in ids.tolist()], dtype=pl.String),
                "amount": amounts(history, first=at, last=at),
                "rank": history.rank[where].astype(np.int64),
                "id": ids,
            }
        )
        .group_by("country")
        .agg(
            share=pl.col("amount").sum(),
            artists=pl.len().cast(pl.Int64),
            id=pl.col("id").sort_by("rank", "id").first(),
        )
        .with_columns(pl.col("share") / pl.col("share").sum())
        .sort(pl.col("country") == "", -pl.col("share"), "country")
    )


def genre_ranks(history: History, parts: Parts) -> History:
    """Return genres ranked by their shares in each snapshot, as a chart of its own: ids are places in ``names``.

    Values are the amounts spread over the genres, whole numbers; none (-1) where the source knows ranks alone. What
    belongs to nothing known has no place.
    Source: amounts as for genre shares; equal amounts stand in the order of names.
    """
    last = len(history.starts) - 1
    cells, _ = _cells(history, parts, first=0, last=last) if last >= 0 else (np.zeros((0, 1)), None)
    cells = cells[:, :-1]
    order = np.argsort(-cells, axis=1, kind="stable")
    sorted_cells = np.take_along_axis(cells, order, axis=1)
    row, place = np.nonzero(sorted_cells > 0)
    told = np.zeros(len(history.starts), dtype=np.bool_)
    told[history.snapshot[history.value > 0]] = True
    value = np.where(told[row], np.rint(sorted_cells[row, place]), -1).astype(np.int64)
    nothing = np.zeros(len(row), dtype=np.int64)
    return History(
        history.starts,
        history.ends,
        history.complete,
        row,
        order[row, place],
        place + 1,
        value,
        nothing,
        nothing,
        nothing,
    )
