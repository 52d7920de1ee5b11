"""The pages of public charts: as nobody, as somebody signed in, on charts, on few of them and on none."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from urllib.parse import parse_qs, urlsplit

import charted_house as house
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from trend_worlds import ODD, extras

from benchmarks.person import add_catalogue, add_person
from core.bootstrap import Playprint, build
from core.domain.trends import WORLD, ChartKey
from core.repositories.chart_rows import ChartRows
from core.repositories.database import Database
from core.settings import Settings
from ui.trends import PARTS

Open = Callable[..., AppTest]
MONTH = ChartKey("listenbrainz", "artist", "month")
# Words a person may type or paste into a search or an address.
TYPED = ["", " ", "%", "_", "<b>Bold</b>", '"><script>', "星野", "\u202eturn", "a" * 300, "' or 1=1 --", "\\", "\0x"]


@pytest.fixture(scope="module")
def playing(
    another_db: Callable[[], AbstractContextManager[Database]], redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Playprint]:
    """Return a Playprint with the invented charts; two people, whose favourites stand on a chart as well."""
    with another_db() as db:
        add_catalogue(db)
        settings = Settings(home=tmp_path_factory.mktemp("charted"), demo=True)
        made = build(settings, database_url=db.url, redis_url=redis_url)
        made.demo._found = add_person(db, listens=300, name="shown as the demo", seed=3)
        rows = ChartRows(db)
        house.fill(rows)
        for each in extras():
            rows.store_extra(each)
        names = [house.entry(place + 1, name, 90 - place) for place, name in enumerate(ODD)]
        rows.store([house.snapshot(MONTH, 0, *names)])
        yield made
        made.close()


@pytest.fixture(scope="module")
def listener(playing: Playprint) -> int:
    """Return somebody whose first artist, song and album are on the charts."""
    user_id = add_person(playing.db, listens=900, name="charted listener")
    lens, rows = playing.profiles.lens(user_id), ChartRows(playing.db)
    for by in ("artist", "track", "album"):
        first = playing.listening.top(user_id, by=by, lens=lens, limit=1).row(0, named=True)
        artist = "" if by == "artist" else first["artist"]
        key = ChartKey("listenbrainz", by, "year")
        rows.store([house.snapshot(key, 0, house.entry(1, first["name"], 5, artist))])
    return user_id


@pytest.fixture(scope="module")
def other(playing: Playprint) -> int:
    """Return somebody with listens of their own hand: none."""
    return playing.accounts.add("somebody else")[0].id


def words(test: AppTest) -> str:
    """Return everything the page shows as HTML and titles."""
    assert not test.exception
    seen = "\n".join([*(str(element.proto.body) for element in test.get("html")), *(t.value for t in test.title)])
    assert "could not be drawn" not in seen
    return seen


def thing(playing: Playprint, kind: str, name: str, artist: str = "") -> str:
    found = ChartRows(playing.db).thing_of(kind, name, artist)  # type: ignore[arg-type]
    assert found
    return str(found)


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("part", [*PARTS, "no such part"])
def test_every_part_for_everybody(open_page: Open, listener: int, part: str, signed_in: bool) -> None:
    test = open_page("trends", listener if signed_in else None, part=part)
    seen = words(test)
    assert "What the world listens to" in seen
    assert "sign-in" not in seen
    assert "ListenBrainz, listens of its users, CC0" in seen or part == "compare"
    assert "Licence: CC0" in seen


def test_the_start_page_of_a_visitor_is_the_charts_and_of_a_member_their_own(open_page: Open, listener: int) -> None:
    assert "What the world listens to" in words(open_page("overview"))
    assert "What the world listens to" not in words(open_page("overview", listener))


def test_the_demo_is_in_the_menu_of_visitors_and_history_in_ones_own(open_page: Open, listener: int) -> None:
    menu = open_page("overview").session_state["sections"]
    shown = {page.title: page.url_path for pages in menu.values() for page in pages if page.visibility == "visible"}
    assert list(menu) == ["", "Demo"]
    assert [page.title for page in menu[""] if page.visibility == "visible"] == ["Trends", "Sign in"]
    assert shown["Overview"] == "demo"
    assert shown["History"] == "demo-history"
    menu = open_page("overview", listener).session_state["sections"]
    first, second = menu
    assert [page.title for page in menu[first] if page.visibility == "visible"][-1] == "Trends"
    assert "History" not in [page.title for page in menu[first] if page.visibility == "visible"]
    assert menu[second][0].title == "History"
    assert {page.url_path for pages in menu.values() for page in pages} >= {"trends", "trend", "demo", "demo-history"}


def test_a_member_without_rights_is_not_shown_the_sources(open_page: Open, listener: int) -> None:
    menu = open_page("overview", listener).session_state["sections"]
    hidden = {page.url_path for pages in menu.values() for page in pages if page.visibility == "hidden"}
    assert {"trends-admin", "people", "trend"} <= hidden


@pytest.mark.parametrize(
    ("asked", "heading"),
    [
        ({"source": "spotify", "of": "track", "in": "HK"}, "What Hong Kong listens to"),
        ({"of": "genre"}, "What the world listens to"),
        ({"of": "album"}, "What the world listens to"),
        ({"per": "month"}, "What the world listens to"),
        ({"at": "2024-01-10"}, "What the world listens to"),
        ({"at": "1900-01-01"}, "What the world listens to"),
        ({"source": "nobody", "of": "x", "per": "y", "in": "??", "at": "never", "with": "a,-1,0,99999999"}, "What"),
    ],
)
def test_an_address_says_which_chart(open_page: Open, asked: dict[str, str], heading: str) -> None:
    assert heading in words(open_page("trends", None, **asked))


def test_the_controls_stand_as_the_address_says_and_change_it(open_page: Open) -> None:
    test = open_page("trends", None, source="spotify", of="track")
    assert test.selectbox(key="pick_source").value == "spotify"
    assert test.selectbox(key="pick_in").options[0] == "The world"
    test.selectbox(key="pick_in").set_value("DE").run()
    assert test.query_params["in"] == "DE"
    assert "What Germany listens to" in words(test)
    before = test.date_input(key="pick_at").value
    test.button(key="trend_earlier").click().run()
    assert test.date_input(key="pick_at").value == before - house.WEEK
    assert not test.button(key="trend_later").disabled
    test.button(key="trend_later").click().run()
    assert test.date_input(key="pick_at").value == before
    assert test.button(key="trend_later").disabled, "there is none after the newest"
    test.date_input(key="pick_at").set_value(house.MONDAY).run()
    assert test.query_params["at"] == house.MONDAY.isoformat()
    assert test.button(key="trend_earlier").disabled
    test.selectbox(key="pick_source").set_value("listenbrainz").run()
    assert not {"in", "at"} & set(test.query_params), "what another source does not have is left behind"
    assert "What the world listens to" in words(test)


def test_what_to_compare_is_chosen_and_kept_in_the_address(open_page: Open, playing: Playprint) -> None:
    ids = [int(thing(playing, "artist", name)) for name in ("Daft Punk", "Björk")]
    test = open_page("trends", None, part="compare", source="listenbrainz", per="week")
    assert "Choose two to five" in words(test)
    test.multiselect(key="pick_with").set_value(ids).run()
    assert test.query_params["with"] == ",".join(map(str, ids))
    assert "2 of 2 are on this chart" in words(test)
    test.multiselect(key="pick_with").set_value([]).run()
    assert "with" not in test.query_params
    assert "Choose two to five" in words(test)


def test_a_search_finds_opens_and_compares(open_page: Open, playing: Playprint) -> None:
    test = open_page("trends", None, source="spotify", of="track", q="daft")
    seen = words(test)
    assert "Found for “daft”" in seen
    assert f"id={thing(playing, 'artist', 'Daft Punk')}" in seen
    assert f"id={thing(playing, 'track', 'One More Time', 'Daft Punk')}" in seen
    assert "part=compare" in seen
    test.text_input(key="pick_q").set_value("nothing of the kind").run()
    assert test.query_params["q"] == "nothing of the kind"
    assert "Nothing called “nothing of the kind” is on any chart here" in words(test)
    test.text_input(key="pick_q").set_value("").run()
    assert "q" not in test.query_params
    assert "Found for" not in words(test)


@pytest.mark.parametrize("typed", TYPED)
def test_whatever_is_typed_is_text(open_page: Open, typed: str) -> None:
    for asked in ({"q": typed}, {"genre": typed}, {"with": typed, "part": "compare"}, {"id": typed}, {"at": typed}):
        page = "trend" if {"genre", "id"} & set(asked) else "trends"
        seen = words(open_page(page, None, **asked)).replace("\\<", "")  # titles are written as text with strokes
        assert "<b>" not in seen
        assert "<script" not in seen


@pytest.mark.parametrize("name", ODD)
def test_odd_names_have_pages(open_page: Open, playing: Playprint, name: str) -> None:
    test = open_page("trend", None, id=thing(playing, "artist", name))
    seen = words(test)
    assert "Not on the charts" not in seen
    assert "<b>Bold" not in seen
    assert "\u202e" not in test.title[0].value


@pytest.mark.parametrize("signed_in", [False, True])
def test_songs_and_artists_have_pages(open_page: Open, playing: Playprint, other: int, signed_in: bool) -> None:
    who = other if signed_in else None
    song = thing(playing, "track", "One More Time", "Daft Punk")
    seen = words(open_page("trend", who, id=song, source="spotify", of="track"))
    assert "One More Time" in seen
    artist = thing(playing, "artist", "Daft Punk")
    assert f"id={artist}" in seen, "a song leads to its artist"
    seen = words(open_page("trend", who, id=artist))
    assert "Daft Punk" in seen
    assert "by them" in seen
    assert "You first" not in seen
    miles = words(open_page("trend", who, id=thing(playing, "artist", "Miles Davis")))
    assert f"https://musicbrainz.org/artist/{house.MILES}" in miles


@pytest.mark.parametrize("asked", [{}, {"id": "0"}, {"id": "99999999"}, {"id": "-1"}, {"id": "9" * 30}, {"id": "x"}])
def test_what_nobody_charted_leads_back(open_page: Open, asked: dict[str, str]) -> None:
    seen = words(open_page("trend", None, **asked))
    assert "Not on the charts" in seen
    assert 'href="/trends"' in seen


@pytest.mark.parametrize("name", ["Jazz", "jazz", "no such genre"])
def test_a_genre_has_its_page(open_page: Open, name: str) -> None:
    seen = words(open_page("trend", None, genre=name))
    assert f"{name[0].upper()}{name[1:]}" in seen


@pytest.mark.parametrize(("kind", "said"), [("artist", "You first heard them in"), ("track", "You first played this"),
                                            ("album", "You first played this")])  # fmt: skip
def test_ones_own_first_time_is_told_to_oneself_alone(
    open_page: Open, playing: Playprint, listener: int, other: int, kind: str, said: str
) -> None:
    lens = playing.profiles.lens(listener)
    first = playing.listening.top(listener, by=kind, lens=lens, limit=1).row(0, named=True)  # type: ignore[call-overload]
    id = thing(playing, kind, first["name"], "" if kind == "artist" else first["artist"])
    seen = words(open_page("trend", listener, id=id))
    assert said in seen
    assert f"id={first['id']}" in seen
    for who in (other, None):
        assert "You first" not in words(open_page("trend", who, id=id))
    assert said in words(open_page("trend", listener, id=id)), "whoever looked in between"


def test_where_nothing_is_stored_the_page_says_what_fills_it(
    open_page: Open, playing: Playprint, other: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = playing.accounts.add("charts admin", role="admin")[0].id
    monkeypatch.setattr(type(playing.trends), "settle", lambda self, ask: None)
    for who in (None, other):
        seen = words(open_page("trends", who))
        assert "No charts here yet" in seen
        assert "/trends-admin" not in seen
        assert ('href="/demo"' in seen) is (who is None)
    assert 'href="/trends-admin"' in words(open_page("trends", admin))


@pytest.mark.parametrize("page", ["demo", "demo-charts", "demo-history", "demo-patterns", "demo-taste"])
def test_the_demo_is_open_under_its_own_address(open_page: Open, other: int, page: str) -> None:
    for who in (None, other):
        test = open_page("overview", who)
        test._page_hash = calc_hash(page)
        test.query_params["range"] = "all"
        seen = words(test.run())
        assert test.session_state["shows_demo"] is True
        assert "sign-in" not in seen.replace('href="/sign-in"', "")
        assert "Bring your listening history" not in seen
        assert "demo profile" in seen


def test_links_of_a_page_keep_what_is_looked_at(open_page: Open) -> None:
    seen = words(open_page("trends", None, source="spotify", of="track", **{"in": "DE"}))
    ways = [part.split('"')[0].replace("&amp;", "&") for part in seen.split('href="/trend?')[1:]]
    assert ways
    assert all(parse_qs(urlsplit(f"/trend?{way}").query)["source"] == ["spotify"] for way in ways)
    assert all(parse_qs(way)["in"] == ["DE"] for way in ways)
    assert WORLD not in {parse_qs(way)["in"][0] for way in ways}
