"""Changes: where the shares of the artists somebody plays shift from one level to another."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.analytics.arrays import Floats, Ints
from core.analytics.buckets import Buckets, closed, cut
from core.analytics.variety import plays_by_bucket
from core.analytics.view import View

TOP = 50  # artists told apart; all others are one
PENALTY = 0.75
SHORTEST_CUT, SHORTEST_SHOWN = 3, 8  # weeks
SHUFFLES, SEED = 32, 2026


@dataclass(frozen=True, eq=False)
class Weekly:
    """Weeks with plays: ``roots`` (weeks, artists) of the square roots of shares, ``place`` among all the weeks."""

    buckets: Buckets
    place: Ints
    roots: Floats


def weekly(view: View) -> Weekly:
    """Return the square roots of the shares of the 50 most played artists and of the rest, for weeks with plays."""
    cells = plays_by_bucket(view, "artist", "week")
    best = np.argsort(-cells.sum(axis=0), kind="stable")
    parts = np.column_stack([cells[:, best[:TOP]], cells[:, best[TOP:]].sum(axis=1)])
    whole = parts.sum(axis=1)
    place = np.flatnonzero(whole)
    return Weekly(cut(closed(view), "week"), place, np.sqrt(parts[place] / whole[place, None]))


def change_points(roots: Floats) -> list[int]:
    """Return where a new stretch begins, and the length at the end; ``roots``: one row a week.

    None where the same weeks in random order show as much: of 32 shuffles (always the same ones) each must gain less.
    Source: PELT (see ``search``); the shuffles are a permutation test, at most 1 in 33 by chance.
    """
    ends, gained = search(roots)
    if len(ends) == 1:
        return ends
    rng = np.random.default_rng(SEED)
    chance = max(search(rng.permutation(roots))[1] for _ in range(SHUFFLES))
    return ends if gained > chance else [len(roots)]


def search(roots: Floats) -> tuple[list[int], float]:
    """Return the ends of stretches, and how much better they fit than one stretch, the penalty paid, in units of noise.

    Source: PELT (Killick et al. 2012) with the least-squares cost (ruptures, where the linear kernel is the same cost).
    """
    length = len(roots)
    noise = float((np.diff(roots, axis=0) ** 2).sum()) / (2 * max(1, length - 1))
    if length < 2 * SHORTEST_CUT or noise <= 0:
        return [length], 0.0
    from ruptures import KernelCPD  # loads scipy: most pages do without

    penalty = PENALTY * noise * float(np.log(length))
    finder = KernelCPD(kernel="linear", min_size=SHORTEST_CUT).fit(roots)
    ends = [int(place) for place in finder.predict(pen=penalty)]
    fitted = sum(float((roots[a:b].sum(axis=0) ** 2).sum()) / (b - a) for a, b in pairwise([0, *ends]))
    whole = float((roots.sum(axis=0) ** 2).sum()) / length
    return ends, (fitted - whole - penalty * (len(ends) - 1)) / noise


def merged(roots: Floats, ends: list[int]) -> list[int]:
    """Return the ends of stretches with none under 8 weeks: the shortest joins the neighbour more alike, in turn.

    Source: least squares: the neighbour whose mean is nearer.
    """
    borders = [0, *ends]
    while len(borders) > 2:
        lengths = np.diff(borders)
        short = int(np.argmin(lengths))
        if lengths[short] >= SHORTEST_SHOWN:
            break
        means = [roots[a:b].mean(axis=0) for a, b in pairwise(borders)]
        left, right = (
            float(((means[n] - means[short]) ** 2).sum()) if 0 <= n < len(means) else np.inf
            for n in (short - 1, short + 1)
        )
        del borders[short if left <= right else short + 1]
    return borders[1:]
