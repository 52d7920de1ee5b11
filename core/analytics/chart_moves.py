"""How what stands on a public chart moves: its direction, its growth, and whether it grows beyond what is usual."""

import numpy as np

from core.analytics.arrays import Bools, Floats, Ints
from core.analytics.charted import Grid

LATELY = 6  # snapshots the direction is taken from
LEAST_SEEN = 3  # of which a thing has to be in so many
BEYOND = 10  # places below the last rank: where a thing that is not on the chart is taken to be
SMALL = 20  # per cent of a chart whose values are too small to grow from
FADING = 0.3  # how much the newest value counts in what is usual
REMEMBERED = 26  # snapshots what is usual is taken from
LEAST_PAST = 4  # of which a thing has to be in so many


def momentum(recent: Grid) -> Floats:
    """Return the direction of each thing: -1 (down, every time) to 1 (up, every time); NaN for too few snapshots.

    Of all pairs of the last six snapshots: the share in which the later one has the better rank, less the share in
    which it has the worse one. The same rank twice is no movement, so who stays where they are has 0. Where a thing was
    not on the chart it counts as ten places below the chart's last. At least three snapshots must have it.
    Source: Mann-Kendall S / (n (n - 1) / 2), Kendall's tau-a of -log(rank) against time (Mann 1945, Econometrica 13).
    """
    rank = recent.rank[-LATELY:]
    height = -np.log(np.where(rank > 0, rank, recent.depth + BEYOND))
    earlier, later = np.triu_indices(len(rank), k=1)
    moved = np.sign(height[later] - height[earlier]).sum(axis=0)
    enough = (rank > 0).sum(axis=0) >= LEAST_SEEN
    found: Floats = np.where(enough, moved / max(len(earlier), 1), np.nan)
    return found


def velocity(now: Ints, before: Ints, *, chart_before: Ints) -> Floats:
    """Return by how much of its count each thing grew since the snapshot before; NaN where a count (-1) is missing.

    1 is twice as much. Counts below those of four fifths of the whole chart then (``chart_before``) are taken as that
    large: from nearly nothing, everything would seem to explode.
    Source: (x - y) / max(y, m); y the count before, m the 20th percentile of all counts on the chart before.
    """
    told = chart_before[chart_before >= 0]
    least = max(float(np.percentile(told, SMALL)) if len(told) else 0.0, 1.0)
    found: Floats = np.where((now >= 0) & (before >= 0), (now - before) / np.maximum(before, least), np.nan)
    return found


def burst(recent: Grid) -> Floats:
    """Return how far each thing's last count is above what is usual for it, in its own spread; NaN: too little known.

    Above 3 is a burst. What is usual fades: the newest count weighs 0.3, the ones before ever less, over the last 26
    snapshots; those that do not have the thing are skipped. At least four snapshots before must have it.
    Source: (ln(1 + x) - m) / sqrt(v + 1 / (y + 1)); m and v exponentially weighted mean and variance (alpha 0.3) of
    ln(1 + count) before, y the last count before (West 1979, Communications of the ACM 22).
    """
    past, now = recent.value[-REMEMBERED - 1 : -1], recent.value[-1]
    size = recent.value.shape[1]
    mean, spread, last = np.zeros(size), np.zeros(size), np.zeros(size)
    seen = np.zeros(size, dtype=np.int64)
    for value in past:
        known: Bools = value >= 0
        high = np.log1p(np.maximum(value, 0))
        step = np.where(seen > 0, high - mean, 0.0)
        spread = np.where(known, (1 - FADING) * (spread + FADING * step**2), spread)
        mean = np.where(known, np.where(seen > 0, mean + FADING * step, high), mean)
        last = np.where(known, value, last)
        seen += known
    scale = np.sqrt(spread + 1 / (last + 1))
    usable = (seen >= LEAST_PAST) & (now >= 0)
    found: Floats = np.where(usable, (np.log1p(np.maximum(now, 0)) - mean) / scale, np.nan)
    return found
