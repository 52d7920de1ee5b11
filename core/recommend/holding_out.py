"""What a model's suggestions are worth: some of what people play is hidden from it, and looked for in what it says."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from core.analytics.arrays import Ints
from core.domain.training import Quality
from core.recommend.interactions import Interactions
from core.recommend.measuring import AT, LONG, beyond, of_list
from core.recommend.model import Recipe, Recommender

HIDDEN_SHARE = 0.1  # of what each person plays
LEAST_PLAYED = 5  # things somebody has to play for some of them to be hidden
MOST_MEASURED = 300  # people: more would change the numbers by less than their error
SEED = 20_261_123


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """What is known to the model, and by person the items (places) hidden from it."""

    known: Interactions
    hidden: dict[int, Ints]


def hold_out(interactions: Interactions, *, seed: int = SEED) -> Held:
    """Return a tenth of each person's things hidden at random, of those who play enough; one at least."""
    counts, generator = interactions.counts, np.random.default_rng(seed)
    kept = np.ones(counts.nnz, dtype=np.bool_)
    hidden: dict[int, Ints] = {}
    for person, (low, high) in enumerate(pairwise(counts.indptr)):
        if high - low >= LEAST_PLAYED:
            picked = low + generator.choice(high - low, max(1, round(HIDDEN_SHARE * (high - low))), replace=False)
            kept[picked] = False
            hidden[person] = np.sort(counts.indices[picked]).astype(np.int64)
    whose = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    rows = (counts.data[kept], (whose[kept], counts.indices[kept]))
    return Held(Interactions(interactions.items, sparse.csr_array(rows, shape=counts.shape)), hidden)


def quality(
    interactions: Interactions,
    *,
    tags: sparse.csr_array | None,
    recipe: Recipe,
    seed: int = SEED,
    check: Callable[[], None] = lambda: None,
) -> Quality:
    """Return what suggestions are worth; ``check`` is called between people and may raise to end it.

    Source: recall and NDCG as in Järvelin & Kekäläinen (2002), relevance 0 or 1, all things but the known ones ranked;
    coverage, Gini and novelty as in docs/recommendations.md.
    """
    held = hold_out(interactions, seed=seed)
    model = Recommender.fit(held.known, tags=tags, recipe=recipe)
    chosen = np.random.default_rng(seed).permutation(sorted(held.hidden))[:MOST_MEASURED].tolist()
    lists = {}
    for person in sorted(chosen):
        check()
        lists[person] = _list(model, held.known, person)
    return measured(lists, held.hidden, held.known.listeners(), people=held.known.counts.shape[0])


def _list(model: Recommender, known: Interactions, person: int) -> Ints:
    """Return the first hundred places somebody would be suggested."""
    bounds = known.counts.indptr[person : person + 2]
    places = known.counts.indices[bounds[0] : bounds[1]]
    plays = known.counts.data[bounds[0] : bounds[1]]
    scores = model.scores(dict(zip(known.items[places].tolist(), plays.tolist(), strict=True))).copy()
    scores[places] = -np.inf
    order = np.lexsort((np.arange(len(scores)), -scores))[:LONG]
    found: Ints = order[np.isfinite(scores[order])]
    return found


def measured(lists: dict[int, Ints], hidden: dict[int, Ints], listeners: Ints, *, people: int) -> Quality:
    """Return the worth of ranked lists (places) by person; ``listeners`` by place, of ``people`` in all."""
    if not lists:
        return Quality(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    each = [of_list(np.isin(ranked, hidden[person]), len(hidden[person])) for person, ranked in lists.items()]
    found = beyond(np.concatenate([ranked[:AT] for ranked in lists.values()]), listeners, people=people)
    return Quality(
        recall_at_20=float(np.mean([one["recall_at_20"] for one in each])),
        ndcg_at_100=float(np.mean([one["ndcg_at_100"] for one in each])),
        **found,
        people=len(lists),
    )
