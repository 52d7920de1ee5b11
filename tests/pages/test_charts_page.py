"""The charts page: every list in every order, two ranges beside each other, and how the first ten changed places."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from core.bootstrap import Playprint
from core.domain.period import Period

Open = Callable[..., AppTest]
SORTS = ["rank", "-rank", "change", "-change", "name", "-name", "plays", "-plays", "hours", "-hours", "share", "-share"]


def words(test: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in test.get("html"))


def cells(test: AppTest, kind: str) -> list[str]:
    """Return the text of the cells of a kind of the list's rows."""
    found = re.findall(rf'<td class="pp-{kind}[^"]*">(.*?)</td>', words(test), re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", cell)) for cell in found]


def numbers(test: AppTest, kind: str) -> list[int]:
    return [int(re.sub(r"\D", "", cell)) for cell in cells(test, kind)]


@pytest.mark.parametrize("of", ["artist", "album", "track", "genre"])
@pytest.mark.parametrize("sort", [*SORTS, "skips", "-skips", "first", "-first", "artists", "there", "nonsense"])
def test_every_list_in_every_order(open_page: Open, listener: int, of: str, sort: str) -> None:
    test = open_page("charts", listener, range="all", of=of, sort=sort)
    assert not test.exception
    assert "could not be drawn" not in words(test)
    assert "pp-table" in words(test) or "Nothing was started" in words(test)


def test_the_least_and_the_most_played(open_page: Open, playing: Playprint, listener: int) -> None:
    lens = playing.profiles.lens(listener)
    plays = playing.listening.top(listener, by="track", lens=lens)["plays"].to_list()
    least = open_page("charts", listener, range="all", of="track", sort="-plays")
    assert numbers(least, "bar") == sorted(plays)[:50]
    assert 'aria-sort="ascending"' in words(least)
    most = open_page("charts", listener, range="all", of="track", sort="plays")
    assert numbers(most, "bar") == sorted(plays, reverse=True)[:50]
    assert 'aria-sort="descending"' in words(most)


def test_the_most_skipped_shows_the_rate_and_of_how_many(open_page: Open, playing: Playprint, listener: int) -> None:
    lens = playing.profiles.lens(listener)
    shares = playing.listening.skips(listener, by="artist", lens=lens)
    test = open_page("charts", listener, range="all", of="artist", sort="skips")
    if shares.is_empty():
        assert "Nothing was started at least 20 times" in words(test)
        return
    first = shares.row(0, named=True)
    assert first["name"] in cells(test, "name")[0]
    assert f"of {first['starts']}" in words(test)


def test_a_header_turns_its_order_round(open_page: Open, listener: int) -> None:
    assert "sort=-name" in words(open_page("charts", listener, range="all", of="artist", sort="name"))
    back = words(open_page("charts", listener, range="all", of="artist", sort="-name"))
    assert re.search(r"sort=name[^\"]*\"[^>]*>Artist", back)


def test_choosing_an_order_puts_it_into_the_address(open_page: Open, listener: int) -> None:
    test = open_page("charts", listener, range="all", of="track", page="3")
    test.selectbox(key="pick_sort").set_value("-plays").run()
    assert test.query_params["sort"] == "-plays"
    assert "page" not in test.query_params


@pytest.mark.parametrize("of", ["artist", "track", "genre"])
def test_two_ranges_stand_beside_each_other(open_page: Open, playing: Playprint, listener: int, of: str) -> None:
    years = playing.listening.span(listener, lens=playing.profiles.lens(listener))
    assert years
    here, there = str(years[1].year - 1), str(years[0].year + 1)
    test = open_page("charts", listener, range=here, of=of, vs=there)
    assert not test.exception
    assert f"{here} beside {there}" in words(test)
    ranks = cells(test, "rank")
    assert len(ranks) % 2 == 0
    bars = cells(test, "bar")
    assert len(bars) == len(ranks)
    turned = open_page("charts", listener, range=here, of=of, vs=there, sort="plays-there")
    assert not turned.exception
    then = numbers(turned, "bar")[1::2]
    assert then == sorted(then, reverse=True)


def test_what_only_the_other_range_has_stands_at_the_end(open_page: Open, playing: Playprint, listener: int) -> None:
    lens = playing.profiles.lens(listener)
    years = playing.listening.span(listener, lens=lens)
    assert years
    here, there = str(years[1].year - 1), str(years[0].year + 1)
    last = open_page("charts", listener, range=here, of="artist", vs=there, page="9999")
    plays = numbers(last, "bar")
    if plays[-2] == 0:
        assert cells(last, "rank")[-2] == "–"
    whole = int(re.findall(r"of ([\d\u202f]+)<", words(last))[0].replace("\u202f", ""))
    both = {
        id
        for year in (here, there)
        for id in playing.listening.top(
            listener, by="artist", lens=lens, period=Period.year(int(year))
        )["id"].to_list()
    }  # fmt: skip
    assert whole == len(both)


@pytest.mark.parametrize("of", ["artist", "album", "track"])
def test_the_first_ten_change_places(open_page: Open, listener: int, of: str) -> None:
    test = open_page("charts", listener, range="all", of=of, part="places")
    assert not test.exception
    assert "Place among all" in words(test)
    charts = test.get("vega_lite_chart")
    assert len(charts) == 1
    assert charts[0].proto.alt
    assert "pp-wide" not in words(test)


@pytest.mark.parametrize("level", ["family", "genre"])
def test_genres_say_whose_they_are(open_page: Open, listener: int, level: str) -> None:
    test = open_page("charts", listener, range="all", of="genre", level=level)
    assert "MusicBrainz" in words(test)
    assert "Unknown" in words(test)


def test_the_download_asks_for_what_is_shown(open_page: Open, listener: int) -> None:
    test = open_page("charts", listener, range="all", of="track", sort="-plays", find="a")
    link = re.search(r'href="(/download/chart\.csv\?[^"]*)"', words(test))
    assert link
    assert {"of=track", "sort=-plays", "find=a"} <= set(unescape(link[1]).split("?")[1].split("&"))
