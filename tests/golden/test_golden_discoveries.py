"""Discoveries: nobody is heard before they were met, and the months' numbers are close to the truth."""

from collections import Counter
from datetime import date, timedelta

import polars as pl
import pytest

from core.analytics.discovery import discoveries, first_listens, novelty
from core.analytics.library import Library
from core.analytics.selecting import select
from core.analytics.view import View
from core.demo.calendar import FIRST, LAST
from core.demo.truth import Truth
from core.domain.period import Period


@pytest.fixture(scope="module")
def first(demo: Library, view: View) -> dict[str, date]:
    """Return the day of each artist's first play."""
    found = first_listens(view, "artist")
    home = found["first"].dt.convert_time_zone(view.lens.timezone).dt.date()
    return dict(zip(found["name"], home, strict=True))


def month(day: date) -> date:
    return day.replace(day=1)


def test_nobody_is_heard_before_they_were_met(first: dict[str, date], truth: Truth) -> None:
    assert len(first) > 350
    assert [artist for artist, day in first.items() if day < truth.met[artist]] == []


def test_whoever_is_met_is_heard_soon(first: dict[str, date], truth: Truth) -> None:
    met = {artist: day for artist, day in truth.met.items() if FIRST < day < LAST - timedelta(days=60)}
    waits = sorted((first[artist] - day).days for artist, day in met.items() if artist in first)
    assert len(waits) >= 0.95 * len(met)
    assert waits[len(waits) // 2] <= 3
    assert waits[len(waits) * 9 // 10] <= 21


def test_discoveries_a_month_are_close_to_the_truth(demo: Library, view: View, truth: Truth) -> None:
    months = novelty(view, view, "artist", "month").filter(pl.col("share").is_not_null())
    met = Counter(month(day) for day in truth.met.values())
    off, old = 0, 0
    for start, counted in months.select("start", "discoveries").rows():
        chosen = select(demo, view.lens, period=Period.month(start.year, start.month))
        listed = discoveries(view, chosen, "artist")["name"].to_list()
        # Who was known before the record began may be heard late in it: to the record that is a discovery.
        known = [artist for artist in listed if truth.met[artist] == FIRST]
        assert counted == len(listed)
        off += abs(len(listed) - len(known) - met[start])
        old += len(known)
    assert off <= 0.2 * sum(met[start] for start in months["start"])
    assert old <= 0.15 * months["discoveries"].sum()


def test_a_year_lists_the_artists_met_in_it(demo: Library, view: View, truth: Truth) -> None:
    chosen = select(demo, view.lens, period=Period.year(2024))
    listed = set(discoveries(view, chosen, "artist")["name"])
    met = {artist for artist, day in truth.met.items() if date(2024, 1, 1) <= day < date(2024, 12, 1)}
    assert len(met) > 20
    assert len(met & listed) >= 0.95 * len(met)
    assert not [artist for artist in listed if truth.met[artist] >= date(2025, 1, 1)]
