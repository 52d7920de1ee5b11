"""Names that are likely one, and those that are not."""

import polars as pl
import pytest

from core.analytics.standing import folded


def fold(by: str, name: str) -> str:
    return str(folded(by, pl.Series([name]))[0])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("by", "one", "other"),
    [
        ("artist", "Beyoncé", "Beyonce"),
        ("artist", "The Beatles", "Beatles"),
        ("artist", "AC/DC", "ACDC"),
        ("artist", "Simon & Garfunkel", "Simon and Garfunkel"),
        ("artist", "Guns N' Roses", "Guns N Roses"),
        ("artist", "Die Ärzte", "Ärzte"),
        ("artist", "The The", "The"),
        ("album", "Gold", "Gold (Deluxe Edition)"),
        ("album", "Abbey Road", "Abbey Road - 2019 Remaster"),
        ("album", "Gold", "Gold (40th Anniversary Edition)"),
        ("track", "Song", "Song (Remastered)"),
        ("track", "Don't Stop", "Don’t Stop"),
    ],
)
def test_likely_one(by: str, one: str, other: str) -> None:
    assert fold(by, one) == fold(by, other) != ""


@pytest.mark.parametrize(
    ("by", "one", "other"),
    [
        ("artist", "Air", "Airs"),
        ("artist", "Genesis", "Exodus"),
        ("album", "Live", "Live at Leeds"),
        ("track", "Song", "Song (Live)"),
        ("track", "Song", "Song (Acoustic Version)"),
        ("artist", "東京", "京都"),
    ],
)
def test_not_one(by: str, one: str, other: str) -> None:
    assert fold(by, one) != fold(by, other)


@pytest.mark.parametrize("name", ["", "!!!", "…"])
def test_signs_alone_say_nothing(name: str) -> None:
    assert fold("artist", name) == ""
