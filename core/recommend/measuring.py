"""How good suggestions are: what was hidden of what people play, looked for among all that a model ranks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from core.analytics.arrays import Bools, Floats, Ints
from core.recommend.interactions import listeners
from core.recommend.model import top
from core.recommend.splitting import Fold, row

AT, SHORT, LONG, TOP_SHARE = 10, 20, 100, 0.01
MEASURES = ("recall_at_10", "mrr_at_10", "ndcg_at_10", "hit_at_10", "precision_at_10")
MORE = ("recall_at_20", "ndcg_at_100", "coverage_at_10", "gini_at_10", "novelty_bits", "outside_top_share")
Scorer = Callable[[int], Floats]  # a score for each item, for a user of the matrix it was made of
Maker = Callable[[sparse.csr_array], Scorer]
_WORTH = 1 / np.log2(np.arange(2, LONG + 2))


@dataclass(frozen=True, slots=True)
class Measured:
    """Means over folds and their standard deviations, by the names of ``MEASURES`` and ``MORE``."""

    mean: Mapping[str, float]
    sd: Mapping[str, float]


def of_list(hits: Bools, hidden: int) -> dict[str, float]:
    """Return the measures of one ranked list; ``hits``: which of its first hundred were hidden, of ``hidden``.

    Source: as RecBole defines them: recall = hits / hidden, MRR of the first hit, NDCG beside the best list of
    min(hidden, k), hit = any, precision = hits / k; relevance 0 or 1.
    """
    short = hits[:AT]
    first = int(np.argmax(short)) if short.any() else -1
    return {
        "recall_at_10": float(short.sum() / hidden),
        "mrr_at_10": 1 / (first + 1) if first >= 0 else 0.0,
        "ndcg_at_10": _ndcg(short, hidden, AT),
        "hit_at_10": float(first >= 0),
        "precision_at_10": float(short.sum() / AT),
        "recall_at_20": float(hits[:SHORT].sum() / hidden),
        "ndcg_at_100": _ndcg(hits, hidden, LONG),
    }


def _ndcg(hits: Bools, hidden: int, k: int) -> float:
    return float(_WORTH[: len(hits)][hits].sum() / _WORTH[: min(hidden, k)].sum())


def measure(fold: Fold, scorer: Scorer) -> dict[str, float]:
    """Return the measures of a fold, by name: means over the users who have something hidden."""
    users = np.flatnonzero(np.diff(fold.test.indptr))
    if not len(users):
        return dict.fromkeys((*MEASURES, *MORE), 0.0)
    lists, each = [], []
    for user in users.tolist():
        ranked, hidden = _ranked(fold, scorer, user), row(fold.test, user)
        each.append(of_list(np.isin(ranked, hidden), len(hidden)))
        lists.append(ranked[:AT])
    means = {name: float(np.mean([one[name] for one in each])) for name in each[0]}
    return means | beyond(np.concatenate(lists), listeners(fold.train), people=fold.train.shape[0])


def _ranked(fold: Fold, scorer: Scorer, user: int) -> Ints:
    """Return the first hundred items a user does not know, best first."""
    scores, known = scorer(user).copy(), row(fold.known, user)
    scores[known] = -np.inf
    found = top(scores, LONG)
    return found[np.isfinite(scores[found])]


def beyond(suggested: Ints, heard: Ints, *, people: int) -> dict[str, float]:
    """Return what suggestions are like, beside right or wrong; ``suggested``: places, ``heard``: listeners by place.

    Source: share of all items suggested to anybody; Gini (1912) over how often each is; mean of -log2 of the share of
    people who play a suggested item; share of suggestions outside the 1 % most listened items.
    """
    often = np.bincount(suggested, minlength=len(heard)).astype(np.float64)
    best = np.lexsort((np.arange(len(heard)), -heard))[: max(1, int(np.ceil(TOP_SHARE * len(heard))))]
    shares = np.maximum(heard[suggested], 1) / max(people, 1)
    return {
        "coverage_at_10": float((often > 0).mean()) if len(often) else 0.0,
        "gini_at_10": gini(often),
        "novelty_bits": float(np.mean(-np.log2(shares))) if len(suggested) else 0.0,
        "outside_top_share": float((~np.isin(suggested, best)).mean()) if len(suggested) else 0.0,
    }


def over_folds(folds: Sequence[Fold], maker: Maker) -> Measured:
    """Return means and standard deviations (of the sample) over folds; a model is made of each one's training part."""
    found = [measure(fold, maker(fold.train)) for fold in folds]
    mean = {name: float(np.mean([one[name] for one in found])) for name in found[0]}
    many = len(found) > 1
    sd = {name: float(np.std([one[name] for one in found], ddof=1)) if many else 0.0 for name in mean}
    return Measured(mean, sd)


def gini(values: Floats) -> float:
    """Return how unequal values are: 0 all alike, towards 1 all in one.

    Source: Gini (1912), sum of (2i - n - 1) x_i over n times the sum, x ascending.
    """
    whole, n = float(values.sum()), len(values)
    if not whole:
        return 0.0
    return float(((2 * np.arange(1, n + 1) - n - 1) * np.sort(values)).sum() / (n * whole))
