"""The demo's charts: what their simulator put into them is found in them, and nothing in charts left to chance."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from core.analytics.chart_standing import standing
from core.analytics.charted import History
from core.cache import Cache
from core.demo.catalogue import read_catalogue
from core.demo.chart_truth import ChartTruth, Planted, truth_of
from core.demo.charts import Charts, beginning
from core.domain.trends import DEMO, ChartKey, TrendAsk
from core.repositories.chart_rows import ChartRows
from core.repositories.database import Database
from core.services.demo import CATALOGUE
from core.services.demo_charts import DemoCharts
from core.services.trends import Trends

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)  # a Wednesday
BEGIN, RUNNING = beginning(NOW.date()), date(2026, 11, 16)
WEEK = timedelta(days=7)
STRONG = 0.6
TRACKS = ChartKey(DEMO, "track", "week")
Song = tuple[str, str]
Shown = Callable[[date], dict[Song, dict[str, object]]]


@pytest.fixture(scope="module")
def house(
    another_db: Callable[[], AbstractContextManager[Database]], redis_url: str
) -> Iterator[tuple[Trends, ChartRows]]:
    """Return what answers about the demo's charts, stored as any instance stores them."""
    with another_db() as db:
        assert DemoCharts(db).refresh(NOW)
        yield Trends(db, Cache(redis_url, namespace=f"golden-charts-{os.getpid()}")), ChartRows(db)


@pytest.fixture(scope="module")
def shown(house: tuple[Trends, ChartRows]) -> Shown:
    """Return a function that gives the rows of the world's chart of songs in the week of a day, by song."""
    kept: dict[date, dict[Song, dict[str, object]]] = {}

    def rows(day: date) -> dict[Song, dict[str, object]]:
        if day not in kept:
            chart = house[0].chart(TrendAsk(source=DEMO, kind="track", window="week", at=day))
            assert chart is not None
            assert chart.settled.at == day
            kept[day] = {(row["name"], row["artist"]): row for row in chart.frame.iter_rows(named=True)}
        return kept[day]

    return rows


@pytest.fixture(scope="module")
def charts() -> Charts:
    return Charts(read_catalogue(CATALOGUE))


@pytest.fixture(scope="module")
def truth(charts: Charts) -> ChartTruth:
    return truth_of(charts.world, BEGIN, RUNNING)


@pytest.fixture(scope="module")
def places(charts: Charts) -> dict[date, dict[Song, int]]:
    """Return song → rank of every week of the world's chart, as the simulator made it."""
    weekly = (each for each in charts.snapshots(BEGIN, NOW) if each.key == TRACKS)
    return {each.first: {(entry.name, entry.artist): entry.rank for entry in each.entries} for each in weekly}


@pytest.fixture(scope="module")
def history(house: tuple[Trends, ChartRows]) -> History:
    (series,) = [each for each in house[1].series() if each.key == TRACKS]
    return house[1].history(series.id)


def later(planted: tuple[Planted, ...], weeks: int) -> list[tuple[Song, date]]:
    """Return songs with the week some weeks after what was planted, where that is over."""
    found = [(each.song, each.week + weeks * WEEK) for each in planted]
    return [(song, week) for song, week in found if week < RUNNING]


def test_enough_was_planted(truth: ChartTruth) -> None:
    assert len(truth.jumps) >= 30
    assert len(truth.climbs) >= 60
    assert len(truth.newcomers) >= 30
    assert len(truth.returners) >= 10
    assert len(truth.number_ones) == 4 * 52


def test_jumps_are_the_risers_of_their_week(truth: ChartTruth, shown: Shown) -> None:
    before = []
    for song, week in later(truth.jumps, 0):
        changes = sorted((row["change"] for row in shown(week).values() if row["change"] is not None), reverse=True)
        change = shown(week)[song]["change"]
        assert change >= 30
        before.append(changes.index(change))
    assert sum(rank < 3 for rank in before) >= 0.95 * len(before)
    assert max(before) < 12, "in December much rises"


def test_who_jumped_or_climbs_has_strong_momentum(truth: ChartTruth, shown: Shown) -> None:
    for planted in (later(truth.jumps, 2), later(truth.climbs, 0)):
        momenta = [shown(week)[song]["momentum"] for song, week in planted]
        assert min(momenta) >= 0.3
        assert sum(momentum >= STRONG for momentum in momenta) >= 0.97 * len(momenta)


def test_newcomers_are_new_in_their_week(truth: ChartTruth, shown: Shown) -> None:
    for song, week in later(truth.newcomers, 0):
        assert shown(week)[song]["entry"] == "new"
        assert shown(week)[song]["weeks_on_chart"] == 1
        assert song not in shown(week - WEEK)


def test_christmas_comes_back_every_december(truth: ChartTruth, shown: Shown) -> None:
    for year in (2023, 2024, 2025):
        season = [week for week in truth.number_ones if date(year, 11, 1) <= week < date(year, 12, 31)]
        for song in truth.returners:
            entries = [(week, row["entry"]) for week in season if (row := shown(week).get(song))]
            assert [entry for _, entry in entries].count("re-entry") == 1
            assert date(year, 12, 1) <= entries[-1][0] + 6 * timedelta(days=1)
            assert song not in shown(date(year, 7, 3) - timedelta(days=date(year, 7, 3).weekday()))


def test_number_ones_are_the_most_played(truth: ChartTruth, shown: Shown) -> None:
    for week, song in truth.number_ones.items():
        assert shown(week)[song]["rank"] == 1


def test_weeks_peaks_streaks_and_places_before_are_exact(places: dict[date, dict[Song, int]], shown: Shown) -> None:
    weeks = sorted(places)
    for at in (0, 1, 57, 58, 110, 207, 208):
        rows = shown(weeks[at])
        assert {song: row["rank"] for song, row in rows.items()} == places[weeks[at]]
        for song, row in rows.items():
            ranks = [places[week].get(song) for week in weeks[: at + 1]]
            there = [rank for rank in ranks if rank]
            streak = next((n for n, rank in enumerate(reversed(ranks)) if not rank), len(ranks))
            assert row["weeks_on_chart"] == len(there)
            assert row["peak_rank"] == min(there)
            assert row["streak"] == streak
            assert row["previous_rank"] == (ranks[-2] if at else None)


def strong(frame: pl.DataFrame) -> float:
    """Return the share of things with a strong momentum, up or down."""
    return float((frame["momentum"].drop_nulls().abs() >= STRONG).mean() or 0)


def test_ranks_left_to_chance_have_few_strong_momenta(history: History) -> None:
    rng = np.random.default_rng(5)
    weeks = range(20, len(history.starts), 20)
    chance = history.thing.copy()
    for at in range(len(history.starts)):
        where = history.places(at, at)
        chance[where] = rng.permutation(chance[where])
    real = np.mean([strong(standing(history, at=at)) for at in weeks])
    left = np.mean([strong(standing(replace(history, thing=chance), at=at)) for at in weeks])
    assert left <= 0.2
    assert real >= 2 * left
