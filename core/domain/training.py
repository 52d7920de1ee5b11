"""The words of training: who lets a model learn from their listening, and what a model's card says of it."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.recommending import LEAST_LISTENERS, TERMS_VERSION, Kind

# Of one person and kind, the most played: the rest says little about taste and much about somebody.
MOST_ITEMS = 2_000


@dataclass(frozen=True, slots=True)
class Consent:
    """Since when somebody lets the model learn, and the version of the text they agreed to."""

    since: datetime
    version: str

    @property
    def stands(self) -> bool:
        """Return whether it is the text of today that they agreed to: only then the model learns from them."""
        return self.version == TERMS_VERSION


@dataclass(frozen=True, slots=True)
class Quality:
    """What a model's suggestions are worth, measured on things hidden from it (docs/recommendations.md).

    All are means over ``people`` whose things were hidden; shares are 0..1. ``recall_at_20``: of what was hidden, how
    much is among the first 20. ``ndcg_at_100``: the same among the first 100, higher places counting more.
    ``coverage_at_10``: share of all things that are among somebody's first 10. ``gini_at_10``: how unequally they are
    suggested, 0: all alike. ``novelty_bits``: −log₂ of the share of people who play a suggested thing.
    ``outside_top_share``: share of suggestions that are not among the 1 % most listened things.
    """

    recall_at_20: float
    ndcg_at_100: float
    coverage_at_10: float
    gini_at_10: float
    novelty_bits: float
    outside_top_share: float
    people: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """What a model says of itself; nobody is named in it.

    ``people``, ``items``: it learned from so many people, about so many things. ``rows_by_source``: listens it learned
    from, by the name of their source. ``recipe``: how it was made. ``quality``: a ``Quality``. ``took_s``: seconds.
    ``terms``: the version of the text that everybody in it agreed to. ``least_listeners``: fewest behind each thing.
    """

    kind: Kind
    made_at: datetime
    people: int
    items: int
    rows_by_source: dict[str, int]
    recipe: dict[str, float | str | None]
    quality: dict[str, float]
    took_s: float
    terms: str = TERMS_VERSION
    least_listeners: int = LEAST_LISTENERS
