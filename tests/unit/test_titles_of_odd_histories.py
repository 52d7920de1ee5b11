"""Titles of panels where nothing stands out: no superlative of equals, no "1 artists", no "more often" than never."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from heard import Heard, library, listen
from lone import Lone

from core.analytics.skipping import wilson
from core.domain.lens import Lens
from core.domain.listen import Flag
from core.domain.period import Period
from core.domain.selection import Selection
from ui.figures.panels import PANELS

LENS = Lens("UTC")
EVER = Selection("all", Period(date(2024, 1, 1), date(2024, 4, 1)), today=date(2024, 4, 1))


def month(number: int, **more: int) -> list[Heard]:
    """Return thirty plays of one artist in a month of 2024."""
    told = int(Flag.SKIPPED_KNOWN) | more.pop("flags", 0)
    return [listen(f"2024-{number:02}-{1 + n // 2:02}T1{n % 2}:00", 1, flags=told, **more) for n in range(30)]


ALIKE = library(month(1) + month(2) + month(3))
STEADY = Lone(replace(ALIKE, listens=ALIKE.listens.with_columns(reason_start=pl.lit(1, pl.Int16))))
SKIPPED = Lone(library(month(1, flags=int(Flag.SKIPPED)) + month(2, flags=int(Flag.SKIPPED))))
ONE = Lone(library([listen("2024-02-01T10:00")]))


def title(name: str, of: Lone) -> str:
    """Return the title of a panel over all of a history."""
    return PANELS[name](of, 1, LENS, EVER).title  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("skips-over-time", "No listen was skipped"),
        ("skip-reasons", "No listen was skipped"),
        ("skipped-artists", "No artist with 20 listens was ever skipped"),
        ("skipped-tracks", "No track with 20 listens was ever skipped"),
        ("item-skips", "Skipped about as often as your average"),
        ("variety-over-time", "Equally varied all the time"),
    ],
)
def test_nothing_is_called_most_where_all_are_alike(name: str, expected: str) -> None:
    assert title(name, STEADY) == expected


def test_months_skipped_alike_have_no_least() -> None:
    assert "least" not in title("skips-over-time", SKIPPED)
    assert title("item-skips", SKIPPED) == "Skipped about as often as your average"


def test_one_is_singular() -> None:
    assert title("timeline", ONE) == "1 play"
    assert title("affinity-parts", ONE).endswith("number 1 of 1 artist")


@pytest.mark.parametrize("whole", [20, 67, 100, 67_236])
def test_the_interval_of_none_begins_at_none_and_that_of_all_ends_at_all(whole: int) -> None:
    assert wilson(0, whole)[0] == 0.0
    assert wilson(whole, whole)[1] == 1.0


def test_spotify_keeps_its_capital_within_a_title() -> None:
    untold = library([listen(f"2024-02-01T10:{n}", reason_end=4) for n in range(10, 40)])
    known = pl.concat([untold.reasons, pl.DataFrame({"id": [4], "name": ["unknown"]}, untold.reasons.schema)])
    assert title("endings", Lone(replace(untold, reasons=known))).endswith("of listens: Spotify does not say")


def test_one_day_without_is_singular() -> None:
    two = Selection("x", Period(date(2024, 2, 1), date(2024, 2, 3)), today=date(2024, 2, 3))
    assert PANELS["calendar"](ONE, 1, LENS, two).alternative.endswith("1 day without.")  # type: ignore[union-attr]


def test_ranges_of_different_length_are_compared_by_the_day() -> None:
    """Thirty plays in fifteen days are more a day than thirty in a month, not as many."""
    short = replace(EVER, range="x", period=Period(date(2024, 1, 1), date(2024, 1, 16)), versus=Period.month(2024, 3))
    made = PANELS["timeline"](STEADY, 1, LENS, short)
    assert made.title == "2.0 plays a day, 107\u202f% more than in March 2024"
    assert made.about.endswith("dashed: March 2024")


@pytest.mark.parametrize("name", ["best-of-hours", "concentration", "variety"])
def test_plays_of_nobody_known_are_not_called_no_plays(name: str) -> None:
    nobody = title(name, Lone(library([listen("2024-02-01T10:00", 6) for _ in range(30)])))
    assert "known" in nobody
