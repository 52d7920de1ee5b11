"""Changes: where the shares of the artists somebody plays shift from one level to another."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.analytics.arrays import Floats, Ints
from core.analytics.buckets import Buckets, closed, cut
from core.analytics.variety import plays_by_bucket
from core.analytics.view import View

TOP = 50  # artists told apart; all others are one
PENALTY, TAIL = 0.75, 1.5
SHORTEST_CUT, SHORTEST_SHOWN = 3, 8  # weeks


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

    Source: PELT (Killick et al. 2012) with the least-squares cost (ruptures, where the linear kernel is the same cost)
    and ``penalty``.
    """
    asked = penalty(roots)
    if len(roots) < 2 * SHORTEST_CUT or asked <= 0:
        return [len(roots)]
    from ruptures import KernelCPD  # loads scipy: most pages do without

    found = KernelCPD(kernel="linear", min_size=SHORTEST_CUT).fit(roots).predict(pen=asked)
    return [int(place) for place in found]


def penalty(roots: Floats) -> float:
    """Return what a further stretch must gain: 0.75 s^2 ln T, or more where weeks differ in few artists only.

    s^2 = sum |dZ|^2 / (2 (T - 1)) is the noise of T weeks. The gain of a stretch in pure noise has this mean, but
    spreads the more the fewer artists make up the noise; somebody with three artists would have eras by chance.
    Source: the tail of a weighted chi-square, tr S + 2 |S| sqrt(x) + 2 max(S) x with S the covariance of the noise and
    x = 1.5 ln T (Laurent and Massart 2000, Annals of Statistics 28); with many artists it is below the first.
    """
    weeks = len(roots)
    if weeks < 2 * SHORTEST_CUT:
        return 0.0
    steps = np.diff(roots, axis=0)
    noise = steps.T @ steps / (2 * (weeks - 1))
    whole, log = float(np.trace(noise)), float(np.log(weeks))
    spread = (
        2 * float(np.linalg.norm(noise)) * float(np.sqrt(TAIL * log)) + 2 * float(np.linalg.norm(noise, 2)) * TAIL * log
    )
    return max(PENALTY * whole * log, whole + spread)


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
