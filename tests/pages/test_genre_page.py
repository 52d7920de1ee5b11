"""The page of a genre, the panels of genres on their page, and putting an artist's genres right."""

from collections.abc import Callable
from itertools import count

import pytest
from streamlit.testing.v1 import AppTest

from benchmarks.person import add_person
from core.bootstrap import Playprint

Open = Callable[..., AppTest]
NUMBERS = count()


@pytest.fixture
def someone(playing: Playprint) -> int:
    """Return somebody of this test's own with 400 listens."""
    return add_person(playing.db, listens=400, name=f"genres-{next(NUMBERS)}")


def words(test: AppTest) -> str:
    """Return everything the page shows as HTML and titles."""
    return "\n".join([*(str(element.proto.body) for element in test.get("html")), *(t.value for t in test.title)])


def top_artist(playing: Playprint, user_id: int) -> tuple[int, str, int]:
    lens = playing.profiles.lens(user_id)
    first = playing.listening.top(user_id, by="artist", lens=lens, limit=1).row(0, named=True)
    return first["id"], first["name"], first["plays"]


def test_a_visitor_signs_in_first(open_page: Open) -> None:
    assert 'action="/auth/sign-in"' in words(open_page("genre", name="jazz"))


@pytest.mark.parametrize("name", ["", "no such genre", "<b>", "JAZZ"])
def test_a_name_of_no_genre_leads_to_the_chart(open_page: Open, someone: int, name: str) -> None:
    test = open_page("genre", someone, name=name)
    assert not test.exception
    assert "There is no genre of this name" in words(test)
    assert "of=genre" in words(test)


@pytest.mark.parametrize("name", ["jazz", "Jazz", "Unknown"])
@pytest.mark.parametrize("metric", ["plays", "hours"])
def test_a_genre_says_how_much_whose_and_what_is_beside_it(
    open_page: Open, playing: Playprint, someone: int, name: str, metric: str
) -> None:
    id, artist, plays = top_artist(playing, someone)
    playing.genres.correct(someone, artist_id=id, genres=["jazz"])
    test = open_page("genre", someone, name=name, range="all", metric=metric)
    assert not test.exception
    seen = words(test)
    assert "could not be drawn" not in seen
    assert (artist in seen) is (name != "Unknown")
    if name != "Unknown":
        assert f'<dd class="pp-value">{plays}</dd>' in seen
        assert '<dd class="pp-value">1.</dd>' in seen
    assert ("Genres of Jazz" in seen, "Other genres of Jazz" in seen) == (name == "Jazz", name == "jazz")


def test_a_genre_nobody_heard_has_its_page(open_page: Open, someone: int) -> None:
    test = open_page("genre", someone, name="gabber", range="all")
    assert not test.exception
    assert "could not be drawn" not in words(test)
    assert "No plays in this range" in words(test)


def test_an_artists_genres_are_set_and_taken_back(open_page: Open, playing: Playprint, someone: int) -> None:
    id, _, _ = top_artist(playing, someone)
    test = open_page("artist", someone, id=str(id), range="all", part="right")
    assert "Genre: unknown" in words(test)
    test.multiselect(key=f"genres_{id}_unknown").set_value(["techno", "dub"]).run()
    test.button(key=f"save_genres_{id}").click().run()
    assert not test.exception
    assert "set by you" in words(test)
    assert playing.genres.corrections(someone) == {id: ("techno", "dub")}
    test.button(key=f"reset_genres_{id}").click().run()
    assert not test.exception
    assert "Genre: unknown" in words(test)
    assert playing.genres.corrections(someone) == {}


def test_the_taste_page_draws_every_panel_of_genres(open_page: Open, someone: int) -> None:
    test = open_page("taste", someone, range="all", part="genres")
    assert not test.exception
    assert "could not be drawn" not in words(test)
    assert "Playprint&#x27;s own map" in words(test)
