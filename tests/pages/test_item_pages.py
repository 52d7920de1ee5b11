"""The pages of an artist, an album and a track: four parts, each with its panels, none a wall."""

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.bootstrap import Playprint

Open = Callable[..., AppTest]
KINDS = ["artist", "album", "track"]
SAYS = {
    "story": ["Found on", "Latest listens"],
    "place": ["Highest in", "Most in"],
    "when": ["weekday and hour"],
    "how": ["Your average", "Plays a session", "Longest pause"],
    "with": ["within 20 minutes of it"],
}


def words(test: AppTest) -> str:
    parts = [str(element.proto.body) for element in test.get("html")]
    return "\n".join([*parts, *(title.value for title in test.title)])


def first(playing: Playprint, user_id: int, kind: str) -> str:
    lens = playing.profiles.lens(user_id)
    return str(playing.listening.top(user_id, by=kind, lens=lens, limit=1)["id"][0])  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", list(SAYS))
@pytest.mark.parametrize("span", ["all", "2019-07", "1999"])
def test_every_part_draws_for_any_range(
    open_page: Open, playing: Playprint, listener: int, kind: str, part: str, span: str
) -> None:
    test = open_page(kind, listener, range=span, id=first(playing, listener, kind), part=part)
    assert not test.exception
    shown = words(test)
    assert "could not be drawn" not in shown
    if span == "all":
        for said in SAYS[part]:
            assert said in shown, said
    assert len(test.get("vega_lite_chart")) <= 5


@pytest.mark.parametrize("kind", KINDS)
def test_the_story_comes_first_and_others_by_the_switch(
    open_page: Open, playing: Playprint, listener: int, kind: str
) -> None:
    id = first(playing, listener, kind)
    test = open_page(kind, listener, range="all", id=id)
    assert "Found on" in words(test)
    assert "Plays a session" not in words(test)
    switched = open_page(kind, listener, range="all", id=id, part="nonsense")
    assert "Found on" in words(switched)


def test_an_artists_lists_lead_on(open_page: Open, playing: Playprint, listener: int) -> None:
    id = first(playing, listener, "artist")
    shown = words(open_page("artist", listener, range="all", id=id))
    assert re.search(rf'href="/charts\?[^"]*artist={id}', shown)
    assert re.search(rf'href="/history\?[^"]*artist={id}', shown)


def test_links_of_panels_keep_the_page_and_add_no_filter(open_page: Open, playing: Playprint, listener: int) -> None:
    id = first(playing, listener, "artist")
    shown = words(open_page("artist", listener, range="all", id=id, part="how"))
    tables = re.findall(r'href="(/artist\?[^"]*table=[^"]*)"', shown)
    assert tables
    for link in tables:
        assert f"id={id}" in link
        assert "part=how" in link
        assert "artist=" not in link.split("?")[1]


def test_two_ranges_stand_beside_each_other(open_page: Open, playing: Playprint, listener: int) -> None:
    id = first(playing, listener, "artist")
    test = open_page("artist", listener, range="2019", vs="2018", id=id, part="how")
    assert not test.exception
    assert words(test).count("Your average") == 2
