"""From ranked things to one list: not too many of an artist, not too alike, and several rankings as one."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence

from core.domain.recommending import MOST_OF_ARTIST

RELEVANCE, RANK_CONSTANT = 0.8, 60
_AROUND = 4  # times as many as wanted are weighed against each other: those below would hardly come up


def pick(
    scored: Sequence[tuple[int, float]],
    *,
    n: int,
    artist_of: Mapping[int, int],
    most_of_artist: int = MOST_OF_ARTIST,
    likeness: Callable[[int, int], float] | None = None,
) -> list[int]:
    """Return up to ``n`` ids, best first; ``scored``: ids with their scores, best first.

    No more than ``most_of_artist`` of an artist (things nobody knows the artist of count each for itself), nothing
    twice. ``likeness`` of two, 0..1: things like those above them come later, else the order stays.
    Source: maximal marginal relevance, Carbonell & Goldstein (1998), .8 for the score (brought to 0..1).
    """
    best: dict[int, float] = {}
    for id, score in scored:
        best.setdefault(id, score)
    if likeness is not None:
        best = _apart(best, likeness, n * _AROUND)
    taken, counted = list[int](), Counter[tuple[bool, int]]()
    for id in best:
        artist = (True, artist_of[id]) if id in artist_of else (False, id)
        if len(taken) < n and counted[artist] < most_of_artist:
            counted[artist] += 1
            taken.append(id)
    return taken


def _apart(scores: Mapping[int, float], likeness: Callable[[int, int], float], around: int) -> dict[int, float]:
    """Return the first ``around`` in the order of marginal relevance, then the rest as it was."""
    left = list(scores)[:around]
    if not left:
        return {}
    low, high = min(scores[id] for id in left), max(scores[id] for id in left)
    worth = {id: (scores[id] - low) / ((high - low) or 1.0) for id in left}
    nearest, made = dict.fromkeys(left, 0.0), dict[int, float]()
    while left:
        chosen = max(left, key=lambda id: RELEVANCE * worth[id] - (1 - RELEVANCE) * nearest[id])  # the first of equals
        left.remove(chosen)
        made[chosen] = scores[chosen]
        for id in left:
            nearest[id] = max(nearest[id], likeness(chosen, id))
    return made | {id: score for id, score in scores.items() if id not in made}


def fused(*rankings: Sequence[Hashable]) -> dict[Hashable, float]:
    """Return things by how high they stand in several rankings, highest first; what comes twice counts where first.

    Source: reciprocal rank fusion, Cormack, Clarke & Buettcher (2009): the sum of 1 / (60 + rank).
    """
    made: dict[Hashable, float] = defaultdict(float)
    for ranking in rankings:
        for rank, each in enumerate(dict.fromkeys(ranking), start=1):
            made[each] += 1 / (RANK_CONSTANT + rank)
    return dict(sorted(made.items(), key=lambda each: -each[1]))
