"""What models are made of and how they are measured, against plain Python on invented plays."""

import math
from collections import Counter, defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from core.recommend.gathering import Plays, interactions, joined, most_played
from core.recommend.holding_out import hold_out, measured
from core.recommend.interactions import Interactions
from core.recommend.leaving_out import LeftOut, Rule, with_merged
from core.recommend.measuring import gini

ROWS = st.lists(st.tuples(st.integers(1, 8), st.integers(0, 9), st.integers(1, 5)), max_size=60)
OUT = st.lists(st.tuples(st.integers(1, 2), st.sampled_from(["artist", "album", "track", "hour"]), st.integers(1, 6)))
RULES = st.lists(
    st.tuples(
        st.integers(1, 2),
        st.sampled_from(["artist", "album", "recording", "alone", "album-artist", "track-artist"]),
        st.integers(1, 6),
        st.integers(1, 6),
    ),
    unique_by=lambda rule: rule[:3],
    max_size=12,
)


def columns(rows: list[tuple[int, int, int]]) -> list[np.ndarray]:
    return list(np.array(rows, dtype=np.int64).reshape(-1, 3).T)


@given(ROWS, st.integers(1, 4))
def test_of_each_person_the_most_played_stay(rows: list[tuple[int, int, int]], most: int) -> None:
    found = most_played(*columns(rows), most=most)
    summed: dict[int, Counter[int]] = defaultdict(Counter)
    for person, item, plays in rows:
        if item:
            summed[person][item] += plays
    expected = [
        (person, item, plays)
        for person, items in sorted(summed.items())
        for item, plays in sorted(sorted(items.items(), key=lambda each: (-each[1], each[0]))[:most])
    ]
    assert list(zip(*(c.tolist() for c in (found.person, found.item, found.plays)), strict=True)) == expected


@given(ROWS, st.integers(1, 3), st.sets(st.integers(0, 9), max_size=2), st.permutations(range(1, 9)))
def test_rows_hold_what_enough_people_play_and_tell_nobody(
    rows: list[tuple[int, int, int]], least: int, out: set[int], others: list[int]
) -> None:
    without = np.array(sorted(out), dtype=np.int64)
    found = interactions(most_played(*columns(rows)), listeners=least, without=without)
    mine: dict[int, Counter[int]] = defaultdict(Counter)
    for person, item, plays in rows:
        if item and item not in out:
            mine[person][item] += plays
    listeners = Counter(item for items in mine.values() for item in items)
    kept = {item for item, people in listeners.items() if people >= least}
    expected = [{item: n for item, n in items.items() if item in kept} for items in mine.values()]
    assert found.items.tolist() == sorted(kept)
    assert unordered(found) == Counter(frozenset(row.items()) for row in expected if row)
    renamed = [(others[person - 1], item, plays) for person, item, plays in reversed(rows)]
    again = interactions(most_played(*columns(renamed)), listeners=least, without=without)
    for one, other in zip(raw(found), raw(again), strict=True):
        assert one.tobytes() == other.tobytes()


def unordered(found: Interactions) -> Counter[frozenset[tuple[int, int]]]:
    """Return the rows as sets of (item, plays)."""
    counts = found.counts
    each = [slice(low, high) for low, high in zip(counts.indptr, counts.indptr[1:], strict=False)]
    return Counter(
        frozenset(zip(found.items[counts.indices[at]].tolist(), counts.data[at].astype(int).tolist(), strict=True))
        for at in each
    )


def raw(found: Interactions) -> list[np.ndarray]:
    return [found.items, found.counts.indptr, found.counts.indices, found.counts.data]


def test_people_in_parts_are_the_same_people() -> None:
    assert joined([]).person.tolist() == []
    one, other = Plays(*columns([(1, 2, 3)])), Plays(*columns([(2, 2, 1), (2, 3, 1)]))
    assert joined([one, other]).item.tolist() == [2, 2, 3]
    assert interactions(joined([]), listeners=3, without=np.zeros(0, dtype=np.int64)).counts.shape == (0, 0)


@given(OUT, RULES)
def test_what_is_merged_with_something_left_out_is_left_out(
    out: list[tuple[int, str, int]], rules: list[tuple[int, str, int, int]]
) -> None:
    found = with_merged([LeftOut(*each) for each in out], [Rule(*each) for each in rules])
    assert found == sorted(set(found)), "sorted, each once"
    assert {LeftOut(*each) for each in out} <= set(found)
    people = {person for person, _, _ in out}
    assert {each.person for each in found} <= people, "rules alone leave nothing out"
    for person, kind, start, end in rules:
        gone = {(each.kind, each.id) for each in found if each.person == person}
        if kind == "recording":
            assert (("track", start) in gone) == (("track", end) in gone)
        if kind == "album-artist" and ("artist", end) in gone:
            assert ("album", start) in gone
        if kind == "track-artist" and ("artist", end) in gone:
            assert ("only", start) in gone
        if kind in ("artist", "album") and (kind, end) in gone and not circular(rules, person, kind, start):
            assert (kind, start) in gone
    if not rules:
        assert set(found) == {LeftOut(*each) for each in out}


def circular(rules: list[tuple[int, str, int, int]], person: int, kind: str, start: int) -> bool:
    """Return whether steps from here never end: such rules mean nothing."""
    steps = {each[2]: each[3] for each in rules if each[:2] == (person, kind)}
    seen = {start}
    while start in steps:
        start = steps[start]
        if start in seen:
            return True
        seen.add(start)
    return False


@given(st.integers(1, 12), st.integers(1, 30), st.integers(0, 9))
def test_a_tenth_of_each_persons_things_is_hidden(people: int, items: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    counts = sparse.csr_array(
        np.where(random.random((people, items)) < 0.6, random.integers(1, 9, (people, items)), 0.0)
    )
    whole = Interactions(np.arange(items) + 100, counts)
    held = hold_out(whole, seed=seed)
    assert held.known.counts.shape == counts.shape
    before, after = counts.toarray(), held.known.counts.toarray()
    for person in range(people):
        played = int((before[person] > 0).sum())
        gone = np.flatnonzero(before[person] != after[person])
        assert gone.tolist() == held.hidden.get(person, np.zeros(0)).tolist()
        assert len(gone) == (max(1, round(0.1 * played)) if played >= 5 else 0)
        assert (after[person][gone] == 0).all()
    assert (hold_out(whole, seed=seed).known.counts != held.known.counts).nnz == 0, "by seed"


@given(st.lists(st.permutations(range(30)), min_size=1, max_size=5), st.integers(1, 30), st.integers(0, 5))
def test_the_numbers_are_those_of_the_definitions(lists: list[list[int]], hidden: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    listeners = random.integers(1, 50, 30)
    gone = {at: np.sort(random.choice(30, hidden, replace=False)) for at in range(len(lists))}
    found = measured({at: np.array(each) for at, each in enumerate(lists)}, gone, listeners, people=50)
    recall, gain = [], []
    for at, ranked in enumerate(lists):
        recall.append(len(set(ranked[:20]) & set(gone[at].tolist())) / hidden)
        worth = sum(1 / math.log2(place + 2) for place, item in enumerate(ranked[:100]) if item in gone[at])
        gain.append(worth / sum(1 / math.log2(place + 2) for place in range(hidden)))
    first = [item for ranked in lists for item in ranked[:10]]
    top = max(range(30), key=lambda item: (listeners[item], -item))  # a hundredth of thirty things is one
    assert math.isclose(found.recall_at_20, sum(recall) / len(recall))
    assert math.isclose(found.ndcg_at_100, sum(gain) / len(gain))
    assert math.isclose(found.coverage_at_10, len(set(first)) / 30)
    assert math.isclose(found.novelty_bits, sum(-math.log2(listeners[item] / 50) for item in first) / len(first))
    assert math.isclose(found.outside_top_share, sum(item != top for item in first) / len(first))
    often = [first.count(item) for item in range(30)]
    pairs = sum(abs(one - other) for one in often for other in often)
    assert math.isclose(found.gini_at_10, pairs / (2 * 30 * sum(often)), abs_tol=1e-12)


def test_nothing_to_measure_is_nought() -> None:
    found = measured({}, {}, np.zeros(0, dtype=np.int64), people=0)
    assert (found.recall_at_20, found.people) == (0.0, 0)
    assert gini(np.zeros(3)) == 0.0
    assert gini(np.ones(4)) == 0.0
