"""The product's own model: EASE on how often people play what, damped by how known a thing is, beside its genres.

Source: docs/recommendations.md, "Quality, measured".
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.analytics.arrays import Floats, Ints
from core.domain.errors import InvalidInput
from core.recommend.ease import Arrays, Ease
from core.recommend.interactions import Interactions, known
from core.recommend.interactions import place as placed
from core.recommend.packing import from_bytes, packed, to_bytes, unpacked
from core.recommend.tags import TagVectors
from core.recommend.tasting import Taste

VERSION = 1
SMALL, SMALL_L2, L2 = 400, 20.0, 100.0  # people up to which the model is held down less; by how much
KEPT = 300  # strongest weights of each item, of models too large to keep all
_REMEMBERED = 8  # people whose taste is kept: a list and its reasons ask for the same one many times


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is made. ``l2``: None is 20 up to 400 people, else 100. ``damping``: the power of listeners."""

    l2: float | None = None
    weights: Literal["log", "binary"] = "log"
    tag_share: float = 1.0
    damping: float = 0.2

    def strength(self, people: int) -> float:
        """Return the l2 for so many people."""
        return self.l2 if self.l2 is not None else SMALL_L2 if people <= SMALL else L2

    def weighed(self, plays: Floats) -> Floats:
        """Return what plays weigh: ln(1 + plays), or 1."""
        return np.log1p(plays) if self.weights == "log" else np.ones(len(plays))


class Recommender:
    """A model of items for people it never saw; safe to share between threads."""

    def __init__(
        self, items: Ints, heard: Ints, ease: Ease, tags: TagVectors | None, *, people: int, recipe: Recipe
    ) -> None:
        self.items, self.listeners, self.people, self.recipe = items.astype(np.int64), heard, people, recipe
        self._ease, self._tags = ease, tags if recipe.tag_share else None
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._taste_of)

    @classmethod
    def fit(
        cls, interactions: Interactions, *, tags: sparse.csr_array | None = None, recipe: Recipe | None = None
    ) -> Self:
        """Return the model of who plays what; ``tags``: items by tags, rows of length 1 or 0."""
        recipe, counts = recipe or Recipe(), sparse.csr_array(interactions.counts, copy=True)
        counts.sum_duplicates()
        counts.eliminate_zeros()
        people, size = counts.shape
        if size != len(interactions.items) or (tags is not None and tags.shape[0] != size):
            raise ValueError("there has to be one column, and one row of tags, for each item")
        counts.data = recipe.weighed(counts.data)
        ease = Ease.fit(counts, l2=recipe.strength(people)).thinned(KEPT)
        vectors = TagVectors(tags) if tags is not None else None
        return cls(interactions.items, interactions.listeners(), ease, vectors, people=people, recipe=recipe)

    def place(self, ids: Ints) -> NDArray[np.int64]:
        """Return where ids stand among the items, -1 for unknown ones."""
        return placed(self.items, ids)

    def scores(self, plays: Mapping[int, float], *, damping: float | None = None) -> Floats:
        """Return a score for each item, own ones too; ``plays``: how often a person plays what, by id."""
        made: Floats = self._taste(plays).scores(self.recipe.damping if damping is None else damping).copy()
        return made

    def recommend(
        self, plays: Mapping[int, float], *, n: int, exclude: Collection[int] = (), damping: float | None = None
    ) -> list[tuple[int, float]]:
        """Return up to ``n`` items (id, score) that the person does not play, best first, then by id.

        Never one of ``exclude``, nor one that nothing speaks for: whose score is not above 0.
        """
        scores = self.scores(plays, damping=damping)
        out = self.place(np.array([*plays, *exclude], dtype=np.int64))
        scores[out[out >= 0]] = 0.0
        best = top(scores, n)
        return [(int(self.items[at]), float(scores[at])) for at in best.tolist() if scores[at] > 0]

    def explain(self, plays: Mapping[int, float], item_id: int, *, most: int = 3) -> list[tuple[int, float]]:
        """Return the own items that speak most for an item: id, share (0..1) of all that speaks for it."""
        item = int(self.place(np.array([item_id]))[0])
        if item < 0:
            return []
        taste = self._taste(plays)
        speaks = np.maximum(taste.added(item, self.recipe.damping), 0.0)
        speaks[taste.own == item] = 0.0
        whole = float(speaks.sum())
        order = np.argsort(-speaks, kind="stable")[:most] if whole > 0 else np.zeros(0, dtype=np.int64)
        return [(int(self.items[taste.own[at]]), float(speaks[at] / whole)) for at in order.tolist() if speaks[at] > 0]

    def _taste(self, plays: Mapping[int, float]) -> Taste:
        own, amounts = known(self.items, plays)
        return self._remembered(own.tobytes(), self.recipe.weighed(amounts).tobytes())

    def _taste_of(self, own: bytes, weights: bytes) -> Taste:
        places, amounts = np.frombuffer(own, dtype=np.int64), np.frombuffer(weights, dtype=np.float64)
        share = self.recipe.tag_share
        return Taste(places, amounts, self._ease, self._tags, listeners=self.listeners, tag_share=share)

    def save(self) -> bytes:
        """Return the model as an npz without pickles: the same bytes for the same model."""
        about = {"version": VERSION, "people": self.people, "recipe": asdict(self.recipe)}
        words = np.frombuffer(json.dumps(about, sort_keys=True).encode(), dtype=np.uint8)
        arrays: Arrays = {"about": words, "items": self.items, "listeners": self.listeners}
        return to_bytes(arrays | self._ease.arrays() | (packed("tags", self._tags.rows) if self._tags else {}))

    @classmethod
    def load(cls, data: bytes) -> Self:
        """Return the model that was saved; raises ``InvalidInput`` for bytes that are none."""
        arrays = from_bytes(data)
        try:
            about = json.loads(arrays["about"].tobytes())
            if about["version"] != VERSION or set(about["recipe"]) != {each.name for each in fields(Recipe)}:
                raise ValueError("another version")
            ease = Ease.from_arrays(arrays)
            tags = TagVectors(unpacked("tags", arrays)) if "tags_shape" in arrays else None
            items, heard = (np.asarray(arrays[name], dtype=np.int64) for name in ("items", "listeners"))
            if {len(items), len(heard), ease.size} | ({tags.rows.shape[0]} if tags else set()) != {len(items)}:
                raise ValueError("the arrays do not fit together")
            return cls(items, heard, ease, tags, people=int(about["people"]), recipe=Recipe(**about["recipe"]))
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise InvalidInput("This is not a model of this version of Playprint; let it be made anew.") from error


def top(scores: Floats, n: int) -> NDArray[np.int64]:
    """Return the places of the ``n`` highest scores, highest first, of equal ones the first."""
    if not 0 < n < len(scores):
        return np.argsort(-scores, kind="stable")[: max(n, 0)]
    least = np.partition(scores, len(scores) - n)[len(scores) - n]
    chosen = np.flatnonzero(scores >= least)
    return chosen[np.argsort(-scores[chosen], kind="stable")][:n]
