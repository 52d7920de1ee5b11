"""The most played thing of each group of plays: of a session, an hour, a trip, a year."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from core.analytics.arrays import Ints
from core.analytics.library import Items


@dataclass(frozen=True, eq=False)
class Leaders:
    """One entry a group: ``codes`` (-1: nothing was played), ``plays`` of that thing, ``different`` things."""

    codes: Ints
    plays: Ints
    different: Ints


def leaders(groups: Ints, codes: Ints, items: Items, *, size: int) -> Leaders:
    """Return the most played code in each group 0..size-1, of equals the first by name, then id.

    ``groups`` and ``codes``: one entry a play. "None" leads nothing and is no thing.
    """
    if items.none:
        named = codes != 0
        groups, codes = groups[named], codes[named]
    many = max(1, len(items))
    keys = np.sort(groups.astype(np.int64) * many + codes)
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    found = Leaders(*(np.full(size, fill, dtype=np.int64) for fill in (-1, 0, 0)))
    if not len(starts):
        return found
    plays = np.diff(starts, append=len(keys))
    group, code = np.divmod(keys[starts], many)
    first = np.flatnonzero(np.diff(group, prepend=-1))
    best = np.maximum.reduceat(plays * many + (many - 1 - items.order[code]), first)
    by_name = np.empty(many, dtype=np.int64)
    by_name[items.order] = np.arange(many)
    found.codes[group[first]] = by_name[many - 1 - best % many]
    found.plays[group[first]] = best // many
    found.different[group[first]] = np.diff(first, append=len(group))
    return found


def named(items: Items, codes: Ints, *, prefix: str = "") -> dict[str, pl.Series]:
    """Return columns ``id``, ``name``, ``artist``, ``artist_id`` of codes, all null where a code is -1."""
    none, places = pl.Series(codes < 0), np.maximum(codes, 0)
    if not len(items):
        empty = {"id": pl.Int64, "name": pl.String, "artist": pl.String, "artist_id": pl.Int64}
        return {prefix + name: pl.Series([None] * len(codes), dtype=kind) for name, kind in empty.items()}
    columns = {
        "id": pl.Series(items.ids[places]),
        "name": items.names.gather(places),
        "artist": items.artists.gather(places),
        "artist_id": pl.Series(items.artist_ids[places]),
    }
    return {prefix + name: column.set(none, None) for name, column in columns.items()}
