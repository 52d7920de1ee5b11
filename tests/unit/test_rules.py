"""Where steps lead, and who belongs to one group."""

from hypothesis import given
from hypothesis import strategies as st

from core.domain.rules import ends, groups

ids = st.integers(1, 8)


def test_steps_follow_one_another() -> None:
    assert ends([(1, 2), (2, 3), (4, 3)]) == {1: 3, 2: 3, 4: 3}


def test_a_circle_leads_nowhere() -> None:
    assert ends([(1, 2), (2, 1), (3, 1), (4, 5)]) == {4: 5}


@given(st.dictionaries(ids, ids))
def test_the_end_of_an_end_is_itself(steps: dict[int, int]) -> None:
    found = ends(steps.items())
    assert not set(found) & set(found.values())


@given(st.lists(st.tuples(ids, ids), max_size=8))
def test_groups_are_what_pairs_connect(pairs: list[tuple[int, int]]) -> None:
    connected = {id: {id} for id in range(1, 9)}
    for one, other in pairs:
        both = connected[one] | connected[other]
        for id in both:
            connected[id] = both
    found = groups(pairs)
    assert all(found.get(id, id) == min(mates) for id, mates in connected.items())
