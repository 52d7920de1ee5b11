"""Lists picked from scored things, and several rankings as one."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.recommend.picking import fused, pick

ids = st.integers(0, 15)
scored = st.lists(st.tuples(ids, st.floats(0, 5)), max_size=30).map(lambda rows: sorted(rows, key=lambda r: -r[1]))
artists = st.dictionaries(ids, st.integers(0, 3))


def likeness(a, b):
    return (a * b % 5) / 4


@given(scored, st.integers(0, 12), artists, st.integers(1, 3), st.booleans())
def test_never_too_many_of_an_artist_and_nothing_twice(rows, n, artist_of, most, apart):
    found = pick(rows, n=n, artist_of=artist_of, most_of_artist=most, likeness=likeness if apart else None)
    assert len(found) == len(set(found)) <= n
    assert set(found) <= {id for id, _ in rows}
    assert all(count <= most for count in Counter(artist_of[id] for id in found if id in artist_of).values())
    if not apart:
        order = list(dict.fromkeys(id for id, _ in rows))
        assert found == sorted(found, key=order.index)
        left = [id for id in order if id not in found]
        if len(found) < n:  # everything left out was one too many
            assert all(sum(artist_of.get(f) == artist_of[id] for f in found) == most for id in left)


@given(scored, artists)
def test_things_all_unlike_keep_their_order(rows, artist_of):
    plain = pick(rows, n=9, artist_of=artist_of)
    assert pick(rows, n=9, artist_of=artist_of, likeness=lambda a, b: 0.0) == plain


def test_what_is_like_the_first_comes_later():
    rows = [(1, 1.0), (2, 0.95), (3, 0.9), (4, 0.0)]
    alike = {frozenset((1, 2)): 1.0}
    found = pick(rows, n=4, artist_of={}, likeness=lambda a, b: alike.get(frozenset((a, b)), 0.0))
    assert found == [1, 3, 2, 4]


@given(st.lists(st.lists(ids, max_size=8), max_size=4))
def test_fused_is_the_sum_of_reciprocal_ranks(rankings):
    expected = {}
    for ranking in rankings:
        seen = []
        for each in ranking:
            if each not in seen:
                seen.append(each)
                expected[each] = expected.get(each, 0) + 1 / (60 + len(seen))
    made = fused(*rankings)
    assert made == pytest.approx(expected)
    assert list(made.values()) == sorted(made.values(), reverse=True)
