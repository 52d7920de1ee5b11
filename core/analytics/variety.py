"""Variety and concentration: over how many artists, albums or tracks the plays of somebody are spread."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from core.analytics.arrays import Floats, Ints, counts, sums
from core.analytics.buckets import Step, closed, cut
from core.analytics.library import By
from core.analytics.sampling import chances, distinct
from core.analytics.view import View

MINIMUM_PLAYS = 20
MOST_COMPARED = 1_000


@dataclass(frozen=True, slots=True)
class Variety:
    """How the plays of a view are spread. All but ``plays`` and ``different`` are ``None`` under 20 plays.

    ``different``: things played; ``effective``: how many equally played ones would be as varied; ``dominant``: the
    same, but counting mostly those played most; ``gini`` 0 (all alike) .. 1 (one has everything); ``top_ten``: share
    of plays (0..1) of the ten most played; ``half``: the fewest things with half of the plays.
    """

    plays: int
    different: int
    effective: float | None
    dominant: float | None
    gini: float | None
    top_ten: float | None
    half: int | None


def amounts(view: View, by: By) -> Ints:
    """Return the plays of each thing played at least once, rising; "none" is not one."""
    plays = counts(view.played(view.code_column(by)), len(view.items(by)))
    if view.items(by).none:
        plays[:1] = 0
    return np.sort(plays[plays > 0])


def variety(view: View, by: By = "artist") -> Variety:
    """Return over how many artists, albums or tracks the plays of a view are spread (see ``Variety``).

    Source: Shannon (1948) H = -sum p ln p, shown as exp(H); Hill (1973) numbers of order 0, 1 and 2 (1 / sum p^2);
    Gini (1912) G = sum (2i - n - 1) x_i / (n sum x) of the plays x_1 <= … <= x_n.
    """
    return spread(amounts(view, by))


def spread(plays: Ints) -> Variety:
    """Return how plays per thing, rising and above 0, are spread (see ``variety``)."""
    whole = int(plays.sum())
    if whole < MINIMUM_PLAYS:
        return Variety(whole, len(plays), None, None, None, None, None)
    share, place = plays / whole, np.arange(1, len(plays) + 1)
    return Variety(
        plays=whole,
        different=len(plays),
        effective=float(np.exp(-(share * np.log(share)).sum())),
        dominant=float(1 / (share**2).sum()),
        gini=float(((2 * place - len(plays) - 1) * plays).sum() / (len(plays) * whole)),
        top_ten=float(share[-10:].sum()),
        half=int(np.searchsorted(np.cumsum(plays[::-1]) * 2, whole)) + 1,
    )


def concentration(view: View, by: By = "artist") -> pl.DataFrame:
    """Return how much of all plays the most played things make up together.

    Columns: rank (u32, from 1), id (i64), name (str), plays (i64), share (f64, 0..1 of the plays of all things),
    together (f64, 0..1: share of this one and all ranked before it). Each play counts once, for its main artist.
    Order: plays, time, name, id.
    Source: the cumulative sum of plays by rank; read from the other end it is Lorenz' curve (1905).
    """
    items, column, heard = view.items(by), view.code_column(by), codes_played(view, by)
    often, ms = counts(view.played(column), len(items))[heard], sums(view.values(column), view.ms, len(items))[heard]
    order = np.lexsort((items.order[heard], -ms, -often))
    ranked, plays = heard[order], often[order]
    whole = int(plays.sum()) or 1
    return pl.DataFrame(
        {
            "rank": np.arange(1, len(plays) + 1, dtype=np.uint32),
            "id": items.ids[ranked],
            "name": items.names.gather(ranked),
            "plays": plays,
            "share": plays / whole,
            "together": np.cumsum(plays) / whole,
        }
    )


def thinned(plays: Ints, size: int) -> tuple[float, float]:
    """Return (different, effective) things expected among ``size`` plays drawn at random from these.

    ``plays``: of each thing; ``size`` at most their sum. ``different``: the expected number of things; ``effective``:
    exp of the expected Shannon entropy.
    Source: rarefaction, Hurlbert (1971) and Chao et al. (2014), Ecological Monographs 84, without drawing.
    """
    total = int(plays.sum())
    if size <= 0:
        return 0.0, 0.0
    sizes, often = distinct(plays)
    found = chances(sizes, total=total, drawn=size)
    expected = found.chance * often[found.thing]
    some = found.hits > 0
    share: Floats = found.hits[some] / size
    return float(expected[some].sum()), float(np.exp(-(expected[some] * share * np.log(share)).sum()))


def rarefied(view: View, *, size: int, by: By = "artist") -> tuple[float, float] | None:
    """Return (different, effective) things expected among ``size`` random plays; ``None`` with fewer plays than that.

    For comparing views of different size: more plays alone bring more artists.
    Source: ``thinned``.
    """
    plays = amounts(view, by)
    return thinned(plays, size) if MINIMUM_PLAYS <= size <= int(plays.sum()) else None


def variety_over_time(view: View, by: By = "artist", unit: Step = "month") -> pl.DataFrame:
    """Return variety per month, quarter or year, each thinned to the same number of plays so that they compare.

    Columns: start (date), plays (i64), different (i64, things played), of (i64, the common number of plays, the same
    in each row), thinned_different, thinned_effective (f64: expected among ``of`` random plays; null in buckets with
    fewer). The common number is half of the plays of the median bucket with any, at least 20 and at most 1,000.
    Source: ``thinned`` per bucket; Hill numbers of order 0 and 1.
    """
    buckets, cells = cut(closed(view), unit), plays_by_bucket(view, by, unit)
    whole = cells.sum(axis=1)
    median = float(np.median(whole[whole > 0])) if whole.any() else 0.0
    size = int(np.clip(median / 2, MINIMUM_PLAYS, MOST_COMPARED))
    found = [thinned(row[row > 0], size) if played >= size else None for row, played in zip(cells, whole, strict=True)]
    return pl.DataFrame(
        {
            "start": buckets.starts,
            "plays": whole,
            "different": np.count_nonzero(cells, axis=1),
            "of": np.full(len(whole), size, dtype=np.int64),
            "thinned_different": pl.Series([each and each[0] for each in found], dtype=pl.Float64),
            "thinned_effective": pl.Series([each and each[1] for each in found], dtype=pl.Float64),
        }
    )


def codes_played(view: View, by: By) -> Ints:
    """Return the codes of all things with a play of their own in the view, rising; guests on tracks have none."""
    often = counts(view.played(view.code_column(by)), len(view.items(by)))
    if view.items(by).none:
        often[:1] = 0
    return np.flatnonzero(often)


def plays_by_bucket(view: View, by: By, unit: Step) -> Ints:
    """Return plays as a table: one row a bucket of the view's period, one column each of ``codes_played``."""
    buckets, codes = cut(closed(view), unit), view.played(view.code_column(by))
    days = view.played("day")
    if view.items(by).none:
        days, codes = days[codes > 0], codes[codes > 0]
    known = codes_played(view, by)
    column = np.zeros(len(view.items(by)), dtype=np.int64)
    column[known] = np.arange(len(known))
    place = buckets.place(days) * len(known) + column[codes] if len(codes) else np.empty(0, np.int64)
    shape = (len(buckets), len(known))
    return np.bincount(place, minlength=shape[0] * shape[1]).reshape(shape)
