"""Drift: how much taste changes from one quarter to the next, above what chance alone would show."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Floats, Ints
from core.analytics.buckets import closed, cut
from core.analytics.library import By
from core.analytics.sampling import chances, distinct
from core.analytics.variety import codes_played, plays_by_bucket
from core.analytics.view import View

MINIMUM_PLAYS = 20
MONTHS_UNDER_DAYS = 550  # a shorter range has too few quarters to compare
ONE_SIDED_95 = 1.6448536269514722


def step(view: View) -> Literal["month", "quarter"]:
    """Return what is compared: quarters, or months where the period is under a year and a half."""
    days = getattr(closed(view), "days", None) or 0
    return "quarter" if days >= MONTHS_UNDER_DAYS else "month"


def divergence(before: Ints, after: Ints) -> float:
    """Return how different two sets of plays per thing are: 0 (the same shares) .. 1 (nothing in common).

    Source: Lin (1991), the Jensen-Shannon divergence in bits: the square of scipy's ``jensenshannon(base=2)``.
    """
    return float(_parts(before, after, int(before.sum()), int(after.sum())).sum())


def _parts(before: Ints, after: Ints, whole_before: int, whole_after: int) -> Floats:
    """Return what each thing adds to the divergence of plays out of so many; never below 0."""
    p, q = before / whole_before, after / whole_after
    middle = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(p > 0, p * np.log2(p / middle), 0.0)
        right = np.where(q > 0, q * np.log2(q / middle), 0.0)
    parts: Floats = (left + right) / 2
    return parts


@dataclass(frozen=True, slots=True)
class Chance:
    """What the divergence of two parts of the same plays is by chance: its mean and the 95 % it stays under."""

    mean: float
    high: float


def by_chance(pooled: Ints, drawn: int) -> Chance:
    """Return what divergence to expect when ``drawn`` of the pooled plays are drawn at random and the rest is left.

    The mean is that of all splits there are, so no draw is needed; the upper edge takes the spread of the sum to be
    normal, given that the parts add up.
    Source: the divergence is a sum over things, each with a hypergeometric number of plays; Holst (1979), Annals of
    Probability 7, for the spread of such sums.
    """
    total = int(pooled.sum())
    sizes, often = distinct(pooled)
    found = chances(sizes, total=total, drawn=drawn)
    rest = sizes[found.thing] - found.hits
    value = _parts(found.hits, rest, drawn, total - drawn)
    mean = np.bincount(found.thing, found.chance * value, len(sizes))
    expected = sizes * (drawn / total)
    off = found.hits - expected[found.thing]
    spread = np.bincount(found.thing, found.chance * (value - mean[found.thing]) ** 2, len(sizes))
    shared = np.bincount(found.thing, found.chance * (value - mean[found.thing]) * off, len(sizes))
    moved = np.bincount(found.thing, found.chance * off**2, len(sizes))
    left = (often * spread).sum() - (often * shared).sum() ** 2 / max(float((often * moved).sum()), 1e-300)
    middle = float((often * mean).sum())
    return Chance(middle, middle + ONE_SIDED_95 * float(np.sqrt(max(0.0, left))))


def drift(view: View, by: By = "artist") -> pl.DataFrame:
    """Return how different each quarter (month, where the period is under 1.5 years) was from the one before.

    Columns: start (date), plays_before, plays (i64), divergence (f64, 0 the same .. 1 nothing in common), chance (f64:
    the divergence two parts of the very same taste show on average), chance_high (f64: 95 % of such parts show less),
    drift (f64: divergence - chance). All f64 are null where either side has under 20 plays; the first bucket is left
    out, as nothing is before it.
    Source: Jensen-Shannon divergence of the shares of plays; minus its mean over random splits of the pooled plays.
    """
    unit = step(view)
    starts, cells = cut(closed(view), unit).starts, plays_by_bucket(view, by, unit)
    whole = cells.sum(axis=1)
    found = [_compared(cells[i - 1], cells[i]) for i in range(1, len(cells))]
    columns = dict(zip(("divergence", "chance", "chance_high"), zip(*found, strict=True), strict=True)) if found else {}
    return pl.DataFrame(
        {
            "start": starts[1:],
            "plays_before": whole[:-1],
            "plays": whole[1:],
            **{
                name: pl.Series(columns.get(name, ()), dtype=pl.Float64)
                for name in ("divergence", "chance", "chance_high")
            },
        }
    ).with_columns(drift=pl.col("divergence") - pl.col("chance"))


def _compared(before: Ints, after: Ints) -> tuple[float | None, float | None, float | None]:
    """Return the divergence of two buckets, and its mean and upper edge by chance; nothing under 20 plays."""
    if min(before.sum(), after.sum()) < MINIMUM_PLAYS:
        return None, None, None
    expected = by_chance(before + after, int(before.sum()))
    return divergence(before, after), expected.mean, expected.high


def drift_artists(view: View, by: By = "artist") -> pl.DataFrame:
    """Return who came and who went in the biggest change of the view, by how much of the change they are.

    Columns: start (date, of the bucket after the change), id (i64), name (str), plays_before, plays (i64),
    share_before, share (f64, 0..1 of the bucket's plays), change (f64, share - share_before), part (f64, 0..1 of
    the divergence).
    Empty without a change between two buckets of 20 plays or more. Most of the change first, then id.
    Source: the terms of the divergence of the bucket with the greatest ``drift``.
    """
    changes = drift(view, by)
    place = changes["drift"].fill_null(float("-inf")).arg_max() if changes["drift"].count() else None
    items = view.items(by)
    cells = plays_by_bucket(view, by, step(view))
    codes = codes_played(view, by)
    before, after = (cells[place], cells[place + 1]) if place is not None else (np.zeros(0, int), np.zeros(0, int))
    heard: Bools = (before + after) > 0
    codes, before, after = codes[: len(heard)][heard], before[heard], after[heard]
    sizes = max(1, int(before.sum())), max(1, int(after.sum()))
    parts = _parts(before, after, *sizes)
    frame = pl.DataFrame(
        {
            "start": pl.Series([changes["start"][place] if place is not None else None] * len(codes), dtype=pl.Date),
            "id": items.ids[codes],
            "name": items.names.gather(codes),
            "plays_before": before.astype(np.int64),
            "plays": after.astype(np.int64),
            "share_before": before / sizes[0],
            "share": after / sizes[1],
        }
    )
    whole = float(parts.sum()) or 1.0
    made = frame.with_columns(change=pl.col("share") - pl.col("share_before"), part=pl.Series(parts / whole))
    return made.sort("part", "id", descending=[True, False])
