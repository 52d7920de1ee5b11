from datetime import date, datetime

import pytest

from core.domain.period import Period
from ui import formats


@pytest.mark.parametrize(
    ("value", "decimals", "locale", "words"),
    [
        (1284, 0, "en-GB", "1\u202f284"),
        (1283.98, 1, "de-DE", "1\u202f284,0"),
        (-3.25, 1, "en", "\u22123.2"),
        (-0.2, 0, "en", "0"),
        (0, 0, "de", "0"),
    ],
)
def test_numbers_have_thin_spaces_and_the_locales_sign(value: float, decimals: int, locale: str, words: str) -> None:
    assert formats.number(value, decimals=decimals, locale=locale) == words


def test_times_choose_units_that_fit() -> None:
    assert formats.duration(11_520_000) == "3\u202fh 12\u202fmin"
    assert formats.duration(245_000) == "4\u202fmin 5\u202fs"
    assert formats.duration(0) == "0\u202fs"
    assert formats.hours(4_622_400_000) == "1\u202f284\u202fh"
    assert formats.hours(5_400_000) == "1.5\u202fh"


def test_a_change_carries_its_sign_and_nothing_is_said_without_a_before() -> None:
    assert formats.change(109, 100) == "+9\u202f%"
    assert formats.change(91, 100) == "\u22129\u202f%"
    assert formats.change(100, 100) == "±0\u202f%"
    assert formats.change(5, 0) == ""
    assert formats.change(5, None) == ""


def test_periods_are_said_in_the_fewest_words() -> None:
    assert formats.days(Period.year(2025)) == "2025"
    assert formats.days(Period.month(2025, 2)) == "February 2025"
    assert formats.days(Period(date(2025, 3, 3), date(2025, 3, 4))) == "3 Mar 2025"
    assert formats.days(Period(date(2025, 3, 3), date(2025, 4, 2))) == "3 Mar – 1 Apr 2025"
    assert formats.days(Period(date(2024, 12, 31), date(2025, 1, 2))) == "31 Dec 2024 – 1 Jan 2025"
    assert formats.moment(datetime(2025, 3, 3, 14, 5)) == "3 Mar 2025, 14:05"  # noqa: DTZ001


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Beach House", "Beach House"),
        ("$x$ **y**", r"\$x\$ \*\*y\*\*"),
        ("[a](https://b.example)", "\\[a\\]\\(https\\:\u2060//b.example\\)"),
        (":material/delete:", "\\:\u2060material/delete\\:"),
        ("www.a.example", "www\u2060.a.example"),
        ("a@b.example", "a@\u2060b.example"),
        ("a\n\n# b", "a \\# b"),
        ("\u202eabc\u2066", "abc"),
        ("9:15", "9\\:\u206015"),
    ],
)
def test_a_foreign_text_is_no_markup_icon_or_link_in_a_label(name: str, told: str) -> None:
    assert formats.unmarked(name) == told
