"""What suggestions start from and how kindred artists are found, against a few lines of plain Python."""

from datetime import date
from math import log1p, sqrt

import numpy as np
import polars as pl
import pytest
from heard import group, histories, lenses, library
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analytics.selecting import select
from core.domain.lens import Lens
from core.recommend.attention import attention
from core.recommend.kindred import apart, kindred, twins, vectors

relaxed = settings(max_examples=60, deadline=None)
bys = st.sampled_from(["artist", "album", "track"])
TODAY = date(2026, 1, 1)
artists_of_genres = st.lists(
    st.tuples(st.dictionaries(st.integers(0, 5), st.floats(0.1, 1), max_size=3), st.integers(0, 3)),
    min_size=1,
    max_size=12,
)


@relaxed
@given(histories, lenses, bys, st.integers(1, 400))
def test_attention(heard, lens, by, half_life):
    view = select(library(heard), lens)
    found = attention(view, by=by, as_of=TODAY, half_life=half_life)
    play = dict(zip(view.positions.tolist(), view.play.tolist(), strict=True))
    listens = view.library.listens
    decayed, plays = {}, {}
    order = sorted(set(heard), key=lambda h: (h.ended, h.track, h.ms, h.began))
    assert len(order) == len(listens)
    for place, one in enumerate(order):
        if play.get(place) and (code := group(one, by, lens)):
            decayed[code] = decayed.get(code, 0.0) + 2 ** -((TODAY - one.day(lens)).days / half_life)
            plays[code] = plays.get(code, 0) + 1
    assert sorted(found["plays"].to_list()) == sorted(plays.values())
    assert found["weight"].to_list() == pytest.approx(sorted((log1p(v) for v in decayed.values()), reverse=True))
    assert found["id"].n_unique() == found.height


def traits_of(artists):
    rows = [(at, genre, weight) for at, (genres, _) in enumerate(artists) for genre, weight in genres.items()]
    artist, genre = (np.array([row[n] for row in rows], dtype=np.int64) for n in (0, 1))
    weight = np.array([row[2] for row in rows], dtype=np.float64)
    countries = [country for _, country in artists]
    how = vectors(6, len(artists), artist, genre, countries)
    return how, how.traits(len(artists), artist, genre, weight, countries)


@relaxed
@given(artists_of_genres)
def test_vectors_have_length_one_or_none(artists):
    how, made = traits_of(artists)
    dense = made.rows.toarray()
    for row, (genres, country) in zip(dense, artists, strict=True):
        assert sqrt(float((row**2).sum())) == pytest.approx(1.0 if genres else 0.0)
        told = row[6:].any()
        assert bool(told) == bool(genres and country)
    assert len(how.rarity) == 6 + len({country for _, country in artists if country})


@relaxed
@given(artists_of_genres, artists_of_genres, st.floats(0, 1), st.data())
def test_kindred(own, pool, flatness, data):
    how, there = traits_of(pool)
    rows = [(at, genre, weight) for at, (genres, _) in enumerate(own) for genre, weight in genres.items()]
    artist, genre = (np.array([row[n] for row in rows], dtype=np.int64) for n in (0, 1))
    mine = how.traits(len(own), artist, genre, np.array([row[2] for row in rows]), [country for _, country in own])
    weights = np.array(data.draw(st.lists(st.floats(-5, 5), min_size=len(own), max_size=len(own))))
    scores, added = kindred(mine, weights, there, genres=how.genres, flatness=flatness)
    one, other = mine.rows.toarray(), there.rows.toarray()
    for c in range(len(pool)):
        near = [
            max(0.0, float(np.dot(one[i], other[c]))) ** 3 if set(own[i][0]) & set(pool[c][0]) else 0.0
            for i in range(len(own))
        ]
        say = [(1 if w > 0 else -1 if w < 0 else 0) * abs(w) ** (1 - flatness) for w in weights]
        whole = sum(s * n for s, n in zip(say, near, strict=True)) / max(1.0, sum(near)) ** flatness
        assert scores[c] == pytest.approx(whole, abs=1e-9)
        assert added[:, c].tolist() == pytest.approx([s * n for s, n in zip(say, near, strict=True)], abs=1e-9)


@relaxed
@given(artists_of_genres, st.integers(1, 8), st.floats(0, 1), st.integers(1, 3), st.data())
def test_apart_takes_the_best_first_and_few_of_a_kind(artists, n, share, most, data):
    _, there = traits_of(artists)
    scores = np.array(data.draw(st.lists(st.floats(0.01, 9), min_size=len(artists), max_size=len(artists))))
    alike = twins(there)
    order = np.lexsort((np.arange(len(scores)), -scores))
    chosen = apart(order, scores, there, alike, n=n, share=share, most_alike=most).tolist()
    assert len(chosen) == len(set(chosen)) <= n
    assert all(alike[chosen].tolist().count(kind) <= most for kind in alike[chosen].tolist())
    if share > 0:
        assert scores[chosen[0]] == scores.max()
    kept = sum(min(most, alike.tolist().count(kind)) for kind in set(alike.tolist()))
    assert len(chosen) == min(n, kept)


def test_with_all_for_the_score_the_order_is_the_score():
    _, there = traits_of([({0: 1.0}, 0), ({1: 1.0}, 0), ({2: 1.0}, 1), ({0: 1.0, 2: 0.5}, 2)])
    scores = np.array([1.0, 4.0, 2.0, 3.0])
    assert apart(np.argsort(-scores), scores, there, twins(there), n=4, share=1.0).tolist() == [1, 3, 2, 0]


def test_the_likest_of_two_equals_waits():
    """Two of one genre and one of another, all nearly as good: the other one comes second."""
    _, there = traits_of([({0: 1.0}, 1), ({0: 1.0, 3: 0.1}, 1), ({1: 1.0}, 2)])
    scores = np.array([1.0, 0.99, 0.95])
    assert apart(np.argsort(-scores), scores, there, twins(there), n=3, share=0.7).tolist() == [0, 2, 1]


def test_nobody_is_like_an_artist_without_genres():
    how, there = traits_of([({}, 0), ({0: 1.0}, 1)])
    empty = how.traits(1, np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), [0])
    scores, _ = kindred(empty, np.ones(1), there, genres=how.genres)
    assert scores.tolist() == [0.0, 0.0]
    assert len(there) == 2


def test_a_country_alone_makes_nobody_alike():
    """Who plays jazz is not suggested metal because both come from the same country."""
    how, there = traits_of([({0: 1.0}, 1), ({1: 1.0}, 1), ({0: 0.5, 1: 1.0}, 2)])
    mine = how.traits(1, np.array([0]), np.array([0]), np.ones(1), [1])
    scores, added = kindred(mine, np.ones(1), there, genres=how.genres)
    assert scores[0] > scores[2] > 0
    assert scores[1] == added[0, 1] == 0


def test_nothing_heard_is_no_attention():
    assert attention(select(library([]), Lens()), by="artist", as_of=TODAY).schema["weight"] == pl.Float64
