"""Drawing some plays out of many without looking twice: exact chances in place of repeated draws."""

from dataclasses import dataclass

import numpy as np

from core.analytics.arrays import Floats, Ints

SPREADS = 9.0  # how far from the expected number of plays chances are looked at, in standard deviations


@dataclass(frozen=True, eq=False)
class Chances:
    """Of things with ``amount`` plays each: ``hits`` of them may be among those drawn, with a ``chance`` each.

    ``thing``: which entry of the amounts a row is about; all arrays have one entry a possibility.
    """

    thing: Ints
    hits: Ints
    chance: Floats


def chances(amounts: Ints, *, total: int, drawn: int) -> Chances:
    """Return how many plays of each thing are among ``drawn`` of ``total``, with their chances.

    Chances beyond nine standard deviations are left out: they are smaller than rounding.
    Source: the hypergeometric distribution (drawing without putting back).
    """
    sizes = amounts.astype(np.float64)
    part = drawn / max(1, total)
    spread = SPREADS * np.sqrt(sizes * part * (1 - part)) + SPREADS
    low = np.maximum(np.maximum(0, amounts - (total - drawn)), np.floor(sizes * part - spread)).astype(np.int64)
    high = np.minimum(np.minimum(amounts, drawn), np.ceil(sizes * part + spread)).astype(np.int64)
    width = high - low + 1
    thing = np.repeat(np.arange(len(amounts)), width)
    hits = np.arange(int(width.sum())) - np.repeat(np.cumsum(width) - width, width) + low[thing]
    return Chances(thing, hits, _chance(amounts[thing].astype(np.int64), hits, total, drawn))


def _chance(amount: Ints, hits: Ints, total: int, drawn: int) -> Floats:
    """Return the chance of ``hits`` of ``amount`` among ``drawn`` of ``total``."""
    log = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, total + 1)))])  # of n!, for each n

    def ways(n: Ints | int, k: Ints | int) -> Floats:
        found: Floats = log[n] - log[k] - log[np.subtract(n, k)]
        return found

    made: Floats = np.exp(ways(amount, hits) + ways(total - amount, drawn - hits) - ways(total, drawn))
    return made


def distinct(amounts: Ints) -> tuple[Ints, Ints]:
    """Return the different amounts above 0, rising, and how many things have each."""
    often = np.bincount(amounts)
    often[:1] = 0
    found = np.flatnonzero(often)
    return found, often[found]
