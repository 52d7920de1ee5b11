"""One person's taste, looked at with a model: the score of everything, and what of theirs speaks for it."""

import numpy as np

from core.analytics.arrays import Floats, Ints
from core.recommend.ease import Ease
from core.recommend.tags import TagVectors


class Taste:
    """``own``: where a person's items stand, ascending, ``weights``: what each weighs."""

    def __init__(
        self, own: Ints, weights: Floats, ease: Ease, tags: TagVectors | None, *, listeners: Ints, tag_share: float
    ) -> None:
        self.own, self._weights, self._share = own, weights, tag_share
        self._listeners = np.maximum(listeners, 1)
        profile = np.zeros(ease.size)
        profile[own] = weights
        self._people = ease.scores(profile)
        self._genres = tags.scores(profile) if tags is not None and len(own) else None
        self._adding, self._alike = ease.adding(own, weights), tags.alike(own) if tags is not None else None
        self._length = tags.length(own, weights) if tags is not None else 1.0
        self._kept: dict[float, tuple[Floats, float]] = {}

    def scores(self, damping: float) -> Floats:
        """Return the score of each item; with tags: standard scores of both, the tags' times ``tag_share``, summed."""
        return self._seen(damping)[0]

    def _seen(self, damping: float) -> tuple[Floats, float]:
        """Return the scores, and the standard deviation of those that people alone give."""
        if damping not in self._kept:
            made = people = damped(self._people, self._listeners, damping)
            if self._genres is not None:
                made = _standard(people) + self._share * _standard(self._genres)
            self._kept = self._kept | {damping: (made, spread(people))}
        return self._kept[damping]

    def added(self, item: int, damping: float) -> Floats:
        """Return what each own item adds to the score of ``item``, up to a constant of all."""
        made = self._adding(item)
        if self._alike is None or self._genres is None:
            return made
        divisor = float(self._listeners[item]) ** damping if self._people[item] > 0 else 1.0
        genres = self._weights * self._alike(item) / self._length
        both: Floats = made / divisor / self._seen(damping)[1] + self._share * genres / spread(self._genres)
        return both


def damped(scores: Floats, listeners: Ints, power: float) -> Floats:
    """Return scores above 0 divided by a power of how many people play a thing; others stay as they are.

    Divided as well, what speaks against a thing would weigh the less the more people play it.
    """
    if not power:
        return scores
    made: Floats = np.where(scores > 0, scores / listeners.astype(np.float64) ** power, scores)
    return made


def spread(values: Floats) -> float:
    """Return the standard deviation, 1 where all are alike."""
    return float(values.std()) or 1.0


def _standard(values: Floats) -> Floats:
    """Return how many standard deviations values are above their mean."""
    made: Floats = (values - values.mean()) / spread(values)
    return made
