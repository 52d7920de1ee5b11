"""The models of suggestions, against the formulas written out in full."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse

from core.domain.errors import InvalidInput
from core.recommend.ease import Ease
from core.recommend.interactions import Interactions
from core.recommend.model import Recipe, Recommender
from core.recommend.packing import to_bytes
from core.recommend.tags import TagVectors
from core.recommend.tasting import damped

relaxed = settings(max_examples=80, deadline=None)
l2s = st.floats(0.5, 500)
amounts = st.sampled_from([0, 0, 0, 1, 1, 2, 7, 300])


@st.composite
def played(draw, people=12, items=14):
    shape = draw(st.tuples(st.integers(1, people), st.integers(1, items)))
    made = draw(arrays(np.float64, shape, elements=amounts))
    if draw(st.booleans()) and shape[0] > 1:
        made[-1] = made[0]  # two people alike
    if draw(st.booleans()) and shape[1] > 1:
        made[:, -1] = made[:, 0]  # two items alike
    return made


def written_out(x, l2):
    """The formula of the paper."""
    p = np.linalg.inv(x.T @ x + l2 * np.eye(x.shape[1]))
    b = -p / np.diag(p)
    np.fill_diagonal(b, 0)
    return b


def both(x, l2, **more):
    return Ease.fit(sparse.csr_array(x), l2=l2), Ease.fit(sparse.csr_array(x), l2=l2, most_people=0)


@relaxed
@given(played(), l2s)
def test_ease_is_the_formula(counts, l2):
    x = np.log1p(counts)
    b = written_out(x, l2)
    for ease in both(x, l2):
        for q in (x[0], np.eye(x.shape[1])[0], np.zeros(x.shape[1])):
            assert ease.scores(q) == pytest.approx(q @ b, abs=1e-8)
            for item in range(x.shape[1]):
                made = ease.contributions(q, item)
                assert made == pytest.approx(q * b[:, item], abs=1e-8)
                assert made[item] == 0


def test_an_item_with_many_listeners_is_the_formula_too():
    x = np.log1p(np.random.default_rng(3).poisson(0.7, (700, 40)).astype(np.float64))
    ease, b = Ease.fit(sparse.csr_array(x), l2=20), written_out(x, 20)
    assert ease.scores(x[5]) == pytest.approx(x[5] @ b, abs=1e-8)


@relaxed
@given(played(), l2s, st.integers(0, 14))
def test_above_many_people_the_most_listened_items_are_scored(x, l2, most):
    heard = (x > 0).sum(axis=0)
    kept = sorted(sorted(range(x.shape[1]), key=lambda item: (-heard[item], item))[:most])
    expected = np.zeros(x.shape[1])
    if kept:
        expected[kept] = x[0, kept] @ written_out(x[:, kept], l2)
    ease = Ease.fit(sparse.csr_array(x), l2=l2, most_people=0, most_items=most)
    assert ease.scores(x[0]) == pytest.approx(expected, abs=1e-8)
    assert ease.thinned(100).scores(x[0]) == pytest.approx(expected, abs=1e-8)


def test_thinned_keeps_the_strongest_weights():
    x = np.random.default_rng(1).poisson(1, (30, 9)).astype(np.float64)
    b = written_out(x, 5)
    for item in range(9):
        b[np.argsort(-np.abs(b[:, item]))[3:], item] = 0
    thin = Ease.fit(sparse.csr_array(x), l2=5, most_people=0).thinned(3)
    assert thin.scores(x[0]) == pytest.approx(x[0] @ b, abs=1e-8)
    assert Ease.from_arrays(thin.arrays()).scores(x[0]).tolist() == thin.scores(x[0]).tolist()
    assert thin.contributions(x[0], 4) == pytest.approx(x[0] * b[:, 4], abs=1e-8)


@relaxed
@given(played(items=6), played(people=6, items=5))
def test_tags_are_the_cosine(counts, weights):
    size = min(counts.shape[1], weights.shape[0])
    rows, q = weights[:size].copy(), np.log1p(counts[0, :size])
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    taste = q @ rows
    expected = rows @ taste / (np.linalg.norm(taste) or 1)
    tags = TagVectors(sparse.csr_array(rows))
    assert tags.scores(q) == pytest.approx(expected, abs=1e-9)
    for item in range(size):
        assert tags.contributions(q, item).sum() == pytest.approx(expected[item], abs=1e-9)


def fitted(counts, tags=None, **recipe):
    items = np.arange(counts.shape[1]) * 3 + 5
    return Recommender.fit(Interactions(items, sparse.csr_array(counts)), tags=tags, recipe=Recipe(**recipe))


def unit_rows(size, seed=0):
    rows = np.random.default_rng(seed).poisson(0.8, (size, 4)).astype(np.float64)
    return sparse.csr_array(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1))


profiles = st.dictionaries(st.integers(0, 60), st.sampled_from([0.0, 1.0, 3.0, 80.0, float("nan")]), max_size=12)


@relaxed
@given(played(), profiles, st.sampled_from([0.0, 0.2, 0.4]), st.booleans(), st.booleans())
def test_scores_of_the_product(counts, plays, damping, binary, tagged):
    tags = unit_rows(counts.shape[1]) if tagged else None
    model = fitted(counts, tags, weights="binary" if binary else "log", l2=9.0)
    weigh = (lambda v: (v > 0) * 1.0) if binary else np.log1p
    q = np.array([max(np.nan_to_num(plays.get(int(id), 0)), 0) for id in model.items])
    s = weigh(q) @ written_out(weigh(counts), 9)
    heard = (counts > 0).sum(axis=0)
    s = np.array([each / max(n, 1) ** damping if each > 0 else each for each, n in zip(s, heard, strict=True)])
    if tagged and q.any():
        t = tags.toarray() @ (weigh(q) @ tags.toarray())
        t = t / (np.linalg.norm(weigh(q) @ tags.toarray()) or 1)
        if min(s.std(), t.std()) < 1e-9:
            return  # what is divided by nothing is tested below
        s = (s - s.mean()) / s.std() + (t - t.mean()) / t.std()
    assert model.scores(plays, damping=damping) == pytest.approx(s, abs=1e-7)


@relaxed
@given(played(), profiles, st.sets(st.integers(0, 60)), st.integers(0, 20), st.booleans())
def test_lists_hold_nothing_known_or_excluded_and_reasons_are_ones_own(counts, plays, exclude, n, tagged):
    model = fitted(counts, unit_rows(counts.shape[1]) if tagged else None)
    found = model.recommend(plays, n=n, exclude=exclude)
    ids = [id for id, _ in found]
    assert len(set(ids)) == len(ids) <= n
    assert not set(ids) & (set(plays) | exclude)
    scores = dict(zip(model.items.tolist(), model.scores(plays).tolist(), strict=True))
    rest = {id: s for id, s in scores.items() if id not in plays and id not in exclude and s > 0}
    assert ids == sorted(rest, key=lambda id: (-rest[id], id))[:n]
    assert found == model.recommend(plays, n=n, exclude=exclude)
    for id in model.items.tolist():
        reasons = model.explain(plays, id)
        assert len(reasons) <= 3
        assert all(because in plays and because != id and 0 < share <= 1 for because, share in reasons)
        assert [share for _, share in reasons] == sorted((share for _, share in reasons), reverse=True)
        everything = model.explain(plays, id, most=99)
        assert not everything or sum(share for _, share in everything) == pytest.approx(1)
    assert model.explain(plays, 10_000) == []


@relaxed
@given(played(), st.booleans(), st.booleans())
def test_a_saved_model_says_the_same(counts, tagged, many):
    tags = unit_rows(counts.shape[1]) if tagged else None
    model = fitted(counts, tags)
    data = model.save()
    assert data == fitted(counts.copy(), tags).save()
    loaded = Recommender.load(data)
    plays = {int(id): 2.0 for id in model.items[::2]}
    assert loaded.scores(plays).tolist() == model.scores(plays).tolist()
    assert loaded.save() == data
    assert (loaded.people, loaded.recipe) == (model.people, model.recipe)
    assert loaded.listeners.tolist() == (counts > 0).sum(axis=0).tolist()


FOREIGN = [b"", b"PK\x03\x04", b"words", to_bytes({"about": np.zeros(3, np.uint8)}), to_bytes({})]


@pytest.mark.parametrize("data", FOREIGN, ids=range(len(FOREIGN)))
def test_foreign_bytes_are_no_model(data):
    with pytest.raises(InvalidInput):
        Recommender.load(data)


def test_pickles_are_never_read():
    import io

    buffer = io.BytesIO()
    np.savez(buffer, about=np.array([{"version": 1}], dtype=object))
    with pytest.raises(InvalidInput):
        Recommender.load(buffer.getvalue())


@relaxed
@given(st.binary(min_size=1, max_size=30), st.floats(0, 1))
def test_damaged_models_are_refused_or_whole(damage, where):
    counts = np.random.default_rng(0).poisson(1, (6, 5)).astype(np.float64)
    data = bytearray(fitted(counts, unit_rows(5)).save())
    at = int(where * (len(data) - len(damage)))
    data[at : at + len(damage)] = damage
    with suppress(InvalidInput):
        Recommender.load(bytes(data)).recommend({5: 1.0}, n=3)


@relaxed
@given(st.floats(-5, 5), st.integers(1, 1000), st.integers(1, 1000), st.floats(0, 1))
def test_more_listeners_never_lift_a_score(score, fewer, more, power):
    fewer, more = sorted((fewer, more))
    low, high = damped(np.full(2, score), np.array([fewer, more]), power)
    assert high <= low
    assert (low >= 0) == (high >= 0) == (score >= 0)
