"""Open lists as suggestions, held against a few lines of plain Python."""

from math import fsum, isclose, log1p
from statistics import median
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.recommend.crowd import MOST_BECAUSE, CrowdScore, Similar, crowd_scores

IDS = [UUID(int=number) for number in range(12)]
ids = st.sampled_from(IDS)
owns = st.dictionaries(ids, st.integers(1, 500).map(log1p), max_size=6)
rows = st.lists(st.tuples(ids, st.integers(1, 1_000)), max_size=8, unique_by=lambda row: row[0])
told = st.dictionaries(ids, rows, max_size=8)
counts = st.dictionaries(ids, st.none() | st.integers(1, 10**6), max_size=12)
dampings = st.sampled_from([0.0, 0.5, 0.7, 0.8, 0.9])


def similar(found: list[tuple[UUID, int]]) -> Similar:
    return Similar(tuple(m for m, _ in found), tuple(f"Artist {m.int}" for m, _ in found), tuple(s for _, s in found))


def plainly(
    own: dict[UUID, float], lists: dict[UUID, list[tuple[UUID, int]]], listeners: dict[UUID, int | None], power: float
) -> dict[UUID, float]:
    """Return the score of everybody on the lists, as it is defined."""
    others = {mbid for mine in own for mbid, _ in lists.get(mine, []) if mbid not in own}
    known = [count for mbid in others if (count := listeners.get(mbid)) is not None]
    usual = median(known) if known else 1
    sums = {o: fsum(w * s for mine, w in own.items() for m, s in lists.get(mine, []) if m == o) for o in others}
    return {o: total / (listeners.get(o) or usual) ** power for o, total in sums.items()}


def scored(
    own: dict[UUID, float], lists: dict[UUID, list[tuple[UUID, int]]], listeners: dict[UUID, int | None], power: float
) -> list[CrowdScore]:
    return crowd_scores(own, {mbid: similar(found) for mbid, found in lists.items()}, listeners, damping=power)


@given(owns, told, counts, dampings)
def test_scores_are_sums_over_own_artists_held_back_by_listeners(
    own: dict[UUID, float],
    lists: dict[UUID, list[tuple[UUID, int]]],
    listeners: dict[UUID, int | None],
    power: float,
) -> None:
    right, found = plainly(own, lists, listeners, power), scored(own, lists, listeners, power)
    assert {each.mbid for each in found} == right.keys()
    assert len(found) == len(right)
    assert all(isclose(each.score, right[each.mbid], rel_tol=1e-9) for each in found)
    assert [(-each.score, each.mbid) for each in found] == sorted((-each.score, each.mbid) for each in found)


@given(owns, told, counts, dampings)
def test_reasons_are_own_artists_with_their_part_of_the_sum(
    own: dict[UUID, float],
    lists: dict[UUID, list[tuple[UUID, int]]],
    listeners: dict[UUID, int | None],
    power: float,
) -> None:
    for each in scored(own, lists, listeners, power):
        parts = {mine: w * dict(lists.get(mine, []))[each.mbid] for mine, w in own.items()
                 if each.mbid in dict(lists.get(mine, []))}  # fmt: skip
        best = sorted(parts, key=lambda mine: (-parts[mine], mine))[:MOST_BECAUSE]
        assert [mine for mine, _ in each.because] == best
        assert [share for _, share in each.because] == pytest.approx([parts[m] / fsum(parts.values()) for m in best])
        assert fsum(share for _, share in each.because) <= 1 + 1e-9


@given(owns, told, counts, dampings, st.randoms(use_true_random=False))
def test_the_order_things_come_in_changes_nothing(
    own: dict[UUID, float],
    lists: dict[UUID, list[tuple[UUID, int]]],
    listeners: dict[UUID, int | None],
    power: float,
    chance: object,
) -> None:
    pairs = list(own.items())
    chance.shuffle(pairs)  # type: ignore[attr-defined]
    assert scored(dict(pairs), lists, listeners, power) == scored(own, lists, listeners, power)


def test_a_well_known_artist_is_held_back_the_more_the_further_the_dial_is_turned() -> None:
    mine, famous, hidden = IDS[:3]
    lists, listeners = {mine: [(famous, 500), (hidden, 20)]}, {famous: 40_000, hidden: 300}
    first = [scored({mine: 1.0}, lists, listeners, power)[0].mbid for power in (0.5, 0.7, 0.8, 0.9)]
    assert first == [famous, hidden, hidden, hidden]
