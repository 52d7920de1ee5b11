"""Favourites: those who led a stretch of the life are on top of it, and those who lead now mean most now."""

import polars as pl
import pytest
from lives import shuffled

from core.analytics.affinity import affinity
from core.analytics.counting import top
from core.analytics.library import Library
from core.analytics.seasons import artists_by_month
from core.analytics.selecting import select
from core.analytics.view import View
from core.demo.calendar import LAST
from core.demo.catalogue import read_catalogue
from core.demo.truth import Truth
from core.domain.period import Period
from core.services.demo import CATALOGUE

LEADERS = 12
DECEMBER = 12


def test_each_era_is_topped_by_those_who_led_it(demo: Library, view: View, truth: Truth) -> None:
    for era in truth.eras:
        ranked = top(select(demo, view.lens, period=Period(era.start, era.end)), "artist", limit=LEADERS)
        assert len(era.artists) == LEADERS
        assert len(set(ranked["name"]) & era.artists) >= 10


def test_affinity_knows_who_leads_and_who_was_given_up(view: View, truth: Truth) -> None:
    found = affinity(view, as_of=LAST)
    assert len(set(found["name"].head(LEADERS)) & truth.eras[-1].artists) >= 10
    score = dict(found.select("name", "score").rows())
    recency = dict(found.select("name", "recency").rows())
    for artist in truth.given_up:
        assert score[artist] < 5
        assert recency[artist] < 0.05


def test_old_love_counts_where_age_does_not(view: View, truth: Truth) -> None:
    always = dict(affinity(view, as_of=LAST, half_life=0).select("name", "score").rows())
    assert sum(always[artist] > 20 for artist in truth.given_up) >= 4


def test_whoever_sings_of_christmas_belongs_to_december(view: View) -> None:
    catalogue = read_catalogue(CATALOGUE)
    christmas = {
        artist
        for artist, genres in zip(catalogue.artists, catalogue.genres, strict=True)
        if any("christmas" in genre for genre in genres)
    }
    found = artists_by_month(view, limit=1_000)
    december = set(found.filter(month=DECEMBER)["name"])
    assert len(christmas) >= 10
    assert len(december & christmas) >= 0.9 * len(christmas)
    assert len(december - christmas) <= 3  # who sings one song of Christmas that she likes
    assert found.filter(pl.col("month") != DECEMBER).height <= 10  # fevers that came back in the same month


@pytest.mark.parametrize("seed", range(3))
def test_the_demo_shuffled_has_no_artists_of_a_month(demo: Library, view: View, seed: int) -> None:
    assert artists_by_month(select(shuffled(demo, seed), view.lens)).is_empty()
