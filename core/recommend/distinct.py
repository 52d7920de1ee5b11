"""Which songs are typical of some of somebody's plays, and in which order they are good to hear."""

from collections import Counter

import numpy as np

from core.analytics.arrays import Floats, Ints

LEAST_PLAYS, LEAST_ODDS = 3, 1.5
HALF = 0.5
DIGITS = 9  # of scores: equals are equal, however their sums were taken


def distinctness(inside: Ints, plays: Ints) -> Floats:
    """Return how much each song belongs to some of the plays; 0 for songs that do not.

    ``inside``: plays of each song among those, ``plays``: all of them. A song belongs there with three plays inside or
    more, when the odds of its plays to be inside are 1.5 times the usual odds.
    Source: the signed likelihood ratio of a Poisson count k where e were expected, k ln(k / e) - (k - e) (Dunning 1993
    for words of a text); it asks for surprise and for plays alike.
    """
    whole, part = float(plays.sum()), float(inside.sum())
    if not whole or not part or part == whole:
        return np.zeros(len(plays))
    expected = plays * (part / whole)
    outside = plays - inside
    odds = (inside + HALF) / (outside + HALF)
    typical = (inside >= LEAST_PLAYS) & (inside > expected) & (odds >= LEAST_ODDS * part / (whole - part))
    k, e = inside[typical].astype(np.float64), expected[typical]
    score = np.zeros(len(plays))
    score[typical] = np.round(k * np.log(k / e) - (k - e), DIGITS)
    return score


def spread(artists: list[int]) -> list[int]:
    """Return the places of songs in an order that has no two of one artist in a row, where that is possible.

    ``artists``: of each song, the best song first; of the songs that may follow, the best one does.
    """
    left, order, before = list(range(len(artists))), list[int](), -1
    counts = Counter(artists)
    while left:
        artist, most = max(counts.items(), key=lambda each: (each[1], -each[0]))
        pressing = artist != before and 2 * most > len(left)  # else some of them would end side by side
        fitting = (place for place in left if artists[place] == artist) if pressing else _others(left, artists, before)
        place = next(fitting, left[0])
        left.remove(place)
        counts[artists[place]] -= 1
        order.append(place)
        before = artists[place]
    return order


def _others(left: list[int], artists: list[int], before: int) -> "filter[int]":
    """Return the places of songs by others than the artist before."""
    return filter(lambda place: artists[place] != before, left)
