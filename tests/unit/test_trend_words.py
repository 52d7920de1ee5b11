"""What charts are called in heads and pictures."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.trends import Window
from ui.figures import trend_words


@pytest.mark.parametrize(
    ("window", "first", "until", "words"),
    [
        ("day", date(2026, 1, 5), date(2026, 1, 6), "5 January 2026"),
        ("week", date(2026, 1, 5), date(2026, 1, 12), "week of 5–11 January 2026"),
        ("week", date(2026, 3, 30), date(2026, 4, 6), "week of 30 March – 5 April 2026"),
        ("week", date(2025, 12, 29), date(2026, 1, 5), "week of 29 December 2025 – 4 January 2026"),
        ("month", date(2026, 2, 1), date(2026, 3, 1), "February 2026"),
        ("month", date(2026, 1, 15), date(2026, 2, 14), "15 January – 13 February 2026"),
        ("year", date(2025, 1, 1), date(2026, 1, 1), "2025"),
        ("all", date(2005, 1, 1), date(2026, 1, 12), "all time up to 11 January 2026"),
    ],
)
def test_times_in_words(window: Window, first: date, until: date, words: str) -> None:
    assert trend_words.time(window, first, until) == words
    running = trend_words.time(window, first, until, complete=False)
    assert running == (words if window == "all" else f"{words} so far")


@pytest.mark.parametrize(
    ("region", "words"), [("ZZ", "worldwide"), ("DE", "in Germany"), ("US", "in the United States"), ("XQ", "in XQ")]
)
def test_places_in_words(region: str, words: str) -> None:
    assert trend_words.place(region) == words


@given(st.text(), st.integers(1, 100))
def test_names_stand_on_one_line_and_turn_nothing(name: str, most: int) -> None:
    made = trend_words.plain(name, most=most)
    assert len(made) <= most
    assert made == made.strip()
    assert not set(made) & set("\n\r\t\0\x07\u202a\u202b\u202e\u2066\u2067\u2069\u200f\ud800")
    made.encode()


def test_ordinary_names_stay() -> None:
    for name in ("AC/DC", "星野源", "Sigur Rós", "“Heroes”", "عمرو دياب"):
        assert trend_words.plain(name) == name
