"""What is played around the songs of a list, against plain Python."""

from collections import Counter
from math import isclose, sqrt

from heard import TRACKS, Heard, histories, key, lenses, library
from hypothesis import given, settings
from hypothesis import strategies as st
from test_own_history import in_sessions, sat

from core.analytics.selecting import select
from core.domain.lens import Lens
from core.recommend.following import WINDOW, played_around

songs = st.lists(st.sampled_from([*TRACKS, 999]), max_size=3, unique=True)


def plainly(heard: list[Heard], lens: Lens, mine: set[int]) -> dict[int, tuple[float, int]]:
    """Return song → (score, times) of what came near songs at least twice."""
    weight, times, around = Counter[int](), Counter[int](), Counter[int]()
    for session in in_sessions(heard, lens):
        for at, one in enumerate(session):
            for to, other in enumerate(session):
                if one in mine and other not in mine and 0 < abs(at - to) <= WINDOW:
                    weight[other] += 1 / abs(at - to)
                    times[other] += 1
                if one != other and 0 < abs(at - to) <= WINDOW:
                    around[one] += 1 / abs(at - to)
    whole = max(1.0, sum(around[song] for song in mine))
    return {song: (weight[song] / sqrt(around[song] * whole), times[song]) for song in times if times[song] >= 2}


@settings(max_examples=80, deadline=None)
@given(sat | histories, lenses, songs)
def test_what_is_played_around_songs(heard: list[Heard], lens: Lens, asked: list[int]) -> None:
    view = select(library(heard), lens)
    found = played_around(view, songs=tuple(asked))
    expected = plainly(heard, lens, {key("track", id, lens) for id in asked if view.code("track", id) >= 0})
    rows = [(key("track", id, lens), score, times) for id, score, times in found.select("id", "score", "times").rows()]
    assert {id: times for id, _, times in rows} == {id: times for id, (_, times) in expected.items()}
    assert all(isclose(score, expected[id][0], rel_tol=1e-9) for id, score, _ in rows)
    assert [score for _, score, _ in rows] == sorted((score for _, score, _ in rows), reverse=True)
    assert len(played_around(view, songs=tuple(asked), n=1)) == min(1, len(rows))
