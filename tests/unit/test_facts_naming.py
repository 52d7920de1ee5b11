"""Names of two sources that mean the same, and names that do not; tags that do."""

from uuid import UUID

import pytest

from core.asking.reading import mbid, number, text, year
from core.domain.facts import Tag
from core.facts.answers import tags
from core.facts.naming import artist_of, same, same_title

ONE, TWO = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Guns N’ Roses", "Guns N' Roses"),
        ("a‐ha", "A-Ha"),
        ("The Beatles", "Beatles"),
        ("Simon & Garfunkel", "Simon and Garfunkel"),
        ("Sigur Rós", "SIGUR ROS"),
        ("AC/DC", "ACDC"),
        ("!!!", "!!!"),
        ("Björk\u200b", "Bjo\u0308rk"),
        ("ABBA", "ＡＢＢＡ"),
    ],
)
def test_the_same_name(one: str, other: str) -> None:
    assert same(one, other)
    assert same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("!!!", "???"), ("The The", "The"), ("Queen", "Queens"), ("MØ", "M"), ("Кино", "Kino"), ("", "!")],
)
def test_another_name(one: str, other: str) -> None:
    assert not same(one, other)


def test_titles_are_the_same_whichever_edition_and_other_performances_are_not() -> None:
    assert same_title("Take on Me - 2015 Remaster", "Take On Me")
    assert same_title("Souvlaki (Deluxe Edition)", "Souvlaki")
    assert not same_title("Alison (Live)", "Alison")
    assert not same_title("Alison - Radio Edit", "Alison")


@pytest.mark.parametrize(
    ("credit", "artists", "name", "found"),
    [
        ("Queen", {ONE: None}, "queen", ONE),
        ("Queen & David Bowie", {ONE: None, TWO: None}, "David Bowie", TWO),
        ("Queen & David Bowie", {ONE: "Queen", TWO: "David Bowie"}, "Queen", ONE),
        ("Ann feat. Bob", {ONE: None, TWO: None}, "Bob", TWO),
        ("Simon & Garfunkel", {ONE: None}, "Simon and Garfunkel", ONE),
        ("Simon & Garfunkel", {ONE: None, TWO: None}, "Simon & Garfunkel", None),
        ("Puff Daddy", {ONE: "Diddy"}, "Puff Daddy", ONE),
        ("Queen & David Bowie", {ONE: None}, "David Bowie", None),
        ("Queens of the Stone Age", {ONE: None}, "Queen", None),
        ("", {}, "Queen", None),
        ("Queen", {}, "Queen", None),
    ],
)
def test_which_artist_of_a_credit_is_meant(
    credit: str, artists: dict[UUID, str | None], name: str, found: UUID | None
) -> None:
    assert artist_of(credit, artists, name) == found


def test_tags_are_merged_sorted_and_bounded() -> None:
    said = [
        ("seen live", 3, False),
        ("Trip-Hop", 7, False),
        ("trip hop", 13, True),
        ("bad", 0, True),
        (" - ", 3, False),
    ]
    found = tags(Tag(*each) for each in [*said, ("K-Pop", 5, True)])
    assert found == (Tag("trip hop", 13, True), Tag("k-pop", 5, True), Tag("seen live", 3, False))
    assert tags([Tag("hip hop", 2, True), Tag("hip-hop", 9, False)]) == (Tag("hip hop", 9, True),)
    assert len(tags(Tag(f"tag {n}", 1 + n, False) for n in range(200))) == 40


def test_values_are_read_or_left_out() -> None:
    assert [year(value) for value in (1991, "1991-10-28", "1991", "", "199", "????", None, 0, 12345, 1991.5)] == [
        *(1991, 1991, 1991),
        *[None] * 7,
    ]
    assert [number(value, 9) for value in (1, 9, 10, 0, -1, True, "5", 2.0, 2.5, float("nan"), float("inf"))] == [
        *(1, 9, None, None, None, None, None, 2),
        *[None] * 3,
    ]
    assert [text(value) for value in ("  a\0 ", "", 3, None, "x" * 999)] == ["a", None, None, None, "x" * 300]
    assert mbid("x") is mbid(7) is mbid(None) is None
