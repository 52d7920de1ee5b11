"""Eras: planted turns are found where they are, and none where there are none."""

from datetime import date, timedelta

import numpy as np
import pytest
from lives import BEGIN, life, shares, shuffled, turned, weeks_of

from core.analytics.drift import drift, drift_artists
from core.analytics.eras import eras
from core.analytics.library import Library
from core.analytics.selecting import select
from core.analytics.view import View
from core.demo.truth import Truth

NEAR = timedelta(weeks=2)
WEEKS = 104


def near(day: date, others: list[date]) -> bool:
    return any(abs(day - other) <= NEAR for other in others)


def borders(view: View) -> list[date]:
    """Return where a new era begins."""
    return eras(view)["start"].to_list()[1:]


def test_the_turns_of_the_demo_are_found_within_two_weeks(view: View, truth: Truth) -> None:
    turns, found = [era.start for era in truth.eras[1:]], borders(view)
    assert [turn for turn in turns if not near(turn, found)] == []
    # Her taste drifts and has fevers between the turns as well: some of that is strong enough to be an era.
    assert len([start for start in found if not near(start, turns)]) <= 5


def test_eras_are_named_by_artists_that_led(view: View, truth: Truth) -> None:
    for row in eras(view).iter_rows(named=True):
        middle = row["start"] + (row["end"] - row["start"]) / 2
        (era,) = [each for each in truth.eras if each.start <= middle < each.end]
        stayed = frozenset.intersection(*(each.artists for each in truth.eras))
        defining = set(row["artists"])
        assert not defining & stayed, "who led all along sets no era apart"
        if near(row["start"], [era.start]) and near(row["end"], [era.end]):
            assert len(defining & era.artists) >= 2


def test_the_strongest_drift_is_at_a_turn(view: View, truth: Truth) -> None:
    quarter = timedelta(days=92)  # a turn within a quarter shows in it or in the one after it
    for start in drift(view).sort("drift", descending=True)["start"].head(3):
        assert any(start - quarter < era.start < start + quarter for era in truth.eras[1:])


def test_the_strongest_drift_is_of_artists_that_came_or_went(view: View, truth: Truth) -> None:
    who = drift_artists(view)
    (turn,) = [n for n, era in enumerate(truth.eras) if abs(era.start - who["start"][0]) < timedelta(days=92)]
    before, after = truth.eras[turn - 1].artists, truth.eras[turn].artists
    changed = dict(who.select("name", "change").head(8).rows())
    assert len(changed.keys() & (before ^ after)) >= 4
    assert all(changed[artist] > 0 for artist in changed.keys() & (after - before))
    assert all(changed[artist] < 0 for artist in changed.keys() & (before - after))


@pytest.mark.parametrize("seed", range(5))
def test_the_demo_shuffled_has_no_eras(demo: Library, view: View, seed: int) -> None:
    mixed = select(shuffled(demo, seed), view.lens)
    assert mixed.plays > 50_000
    assert borders(mixed) == []
    compared = drift(mixed)
    assert (compared["divergence"] > compared["chance_high"]).mean() < 0.2  # 5 of 100 by chance


def test_a_change_of_half_the_artists_is_found_within_two_weeks() -> None:
    found, others = 0, 0
    for seed in range(50):
        rng = np.random.default_rng(seed)
        before, turn = shares(rng), int(rng.integers(12, WEEKS - 12))
        after = turned(before, rng)
        old = np.append(before, np.zeros(len(after) - len(before)))
        starts = borders(life(*weeks_of([old] * turn + [after] * (WEEKS - turn), rng)))
        hits = [start for start in starts if abs(start - (BEGIN + timedelta(weeks=turn))) <= NEAR]
        found += bool(hits)
        others += len(starts) - len(hits)
    assert found >= 45
    assert others <= 2


@pytest.mark.parametrize("artists", [3, 30])
def test_a_steady_taste_has_one_era(artists: int) -> None:
    alone = 0
    for seed in range(100):
        rng = np.random.default_rng(1_000 + seed)
        week, artist = weeks_of([shares(rng, artists)] * WEEKS, rng)
        alone += not borders(life(week, rng.permutation(artist) if seed % 2 else artist))
    assert alone >= 95
