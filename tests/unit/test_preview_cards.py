"""Preview pictures: one size, other words another picture, whatever names hold."""

import io
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ui.figures.trend_words import plain
from web import preview_letters
from web.preview_cards import ChartCard, Placed, ThingCard, chart_card, thing_card
from web.previews import broken

ROW = Placed(1, "Name", "Artist", 2, "", (3, 3, None, 1))


def picture(png: bytes) -> Image.Image:
    """Return a picture, which is of the size messengers want and not too heavy for them."""
    made = Image.open(io.BytesIO(png))
    assert made.size == (1200, 630)
    assert len(png) < 300_000
    return made


def card(row: Placed) -> bytes:
    return chart_card(ChartCard("Top artists worldwide", "Week of 5–11 January 2026", (row,), "Somebody, CC0"))


def test_what_a_row_says_is_seen() -> None:
    rows = (
        ROW,
        Placed(2, "Name", "Artist", 2, "", (3, 3, None, 1)),
        Placed(1, "Another", "Artist", 2, "", (3, 3, None, 1)),
        Placed(1, "Name", "Another", 2, "", (3, 3, None, 1)),
        Placed(1, "Name", "Artist", -2, "", (3, 3, None, 1)),
        Placed(1, "Name", "Artist", 0, "", (3, 3, None, 1)),
        Placed(1, "Name", "Artist", None, "new", (3, 3, None, 1)),
        Placed(1, "Name", "Artist", None, "re-entry", (3, 3, None, 1)),
        Placed(1, "Name", "Artist", 2, "", (3, 2, None, 1)),
        Placed(1, "Name", "Artist", 2, "", ()),
    )
    assert len({picture(card(row)).tobytes() for row in rows}) == len(rows)


@settings(max_examples=25, deadline=None)
@given(
    st.text(max_size=60),
    st.text(max_size=60),
    st.integers(1, 10_000),
    st.none() | st.integers(-9999, 9999),
    st.lists(st.none() | st.integers(1, 10_000), max_size=12),
)
def test_any_row_can_be_drawn(name: str, artist: str, rank: int, change: int | None, ranks: list[int | None]) -> None:
    picture(card(Placed(rank, plain(name), plain(artist), change, "", tuple(ranks))))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5000), st.none() | st.integers(1, 10_000)), max_size=30))
def test_any_way_through_a_chart_can_be_drawn(places: list[tuple[int, int | None]]) -> None:
    days = tuple((date(2020, 1, 1) + timedelta(days=day), rank) for day, rank in sorted(places, key=lambda p: p[0]))
    picture(thing_card(ThingCard("Name", "Song by Artist", (("1", "best place worldwide"),), days, "Somebody, CC0")))


@pytest.mark.parametrize("most", [80, 200, 400])
@pytest.mark.parametrize("name", ["A long name " * 9, "星野源" * 30, "i" * 200])
def test_long_names_are_cut_to_the_room_there_is(name: str, most: int) -> None:
    cut = preview_letters.fitted(name, most, "sans", 32, 600)
    assert preview_letters.width(cut, "sans", 32, 600) <= most
    assert cut.endswith("…")
    longer = name[: len(cut) + 1].rstrip() + "…"
    assert preview_letters.width(longer, "sans", 32, 600) > most, "no room is left"


def test_the_letters_are_those_of_the_pages() -> None:
    assert preview_letters._shipped("serif")
    assert preview_letters._shipped("sans")


def test_weeks_off_the_chart_are_holes() -> None:
    start = date(2026, 1, 5)
    weeks = [start + timedelta(weeks=number) for number in (0, 1, 4, 5)]
    made = broken([(day, 3) for day in weeks], "week")
    assert [rank for _, rank in made] == [3, 3, None, 3, 3]
    assert all(a <= b for (a, _), (b, _) in pairwise(made))
