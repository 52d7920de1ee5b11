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

    Source: PELT with the least-squares cost (ruptures, the linear kernel is the same cost), see ``eras``.
    """
    length = len(roots)
    steps = np.diff(roots, axis=0)
    noise = float((steps**2).sum()) / (2 * max(1, length - 1))
    if length < 2 * SHORTEST_CUT or noise <= 0:
        return [length]
    from ruptures import KernelCPD  # loads scipy: most pages do without

    search = KernelCPD(kernel="linear", min_size=SHORTEST_CUT).fit(roots)
    return [int(place) for place in search.predict(pen=PENALTY * noise * float(np.log(length)))]


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
