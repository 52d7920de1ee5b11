"""Every page: as nobody, as somebody with nothing yet, and with a history; what its controls do to the address."""

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.bootstrap import Playprint
from ui.formats import unmarked

Open = Callable[..., AppTest]
PERSONAL = ["overview", "charts", "history"]
PRIVATE = ["charts", "history", "artist", "album", "track", "imports", "settings", "rules", "sign_out"]


def words(test: AppTest) -> str:
    """Return everything the page shows as HTML, titles and charts' descriptions."""
    parts = [str(element.proto.body) for element in test.get("html")]
    return "\n".join([*parts, *(title.value for title in test.title)])


def top_artist(playing: Playprint, user_id: int) -> tuple[int, str]:
    lens = playing.profiles.lens(user_id)
    first = playing.listening.top(user_id, by="artist", lens=lens, limit=1).row(0, named=True)
    return first["id"], first["name"]


@pytest.mark.parametrize("page", PRIVATE)
def test_a_private_page_asks_a_visitor_to_sign_in(open_page: Open, page: str) -> None:
    test = open_page(page)
    assert not test.exception
    assert 'action="/auth/sign-in"' in words(test)


def test_a_history_being_read_says_so(open_page: Open, playing: Playprint) -> None:
    waiting = playing.accounts.add("waiting")[0].id
    playing.importing.create(waiting, label="a.zip", bytes_total=1)
    assert "being read" in words(open_page("overview", waiting))
    test = open_page("imports", waiting)
    assert not test.exception
    assert "a.zip" in words(test)
    assert [button.label for button in test.button] == ["Cancel"]


def test_before_there_is_an_owner_the_door_says_where_the_key_is(open_page: Open) -> None:
    assert "no owner yet" in words(open_page("sign_in"))


@pytest.mark.parametrize("page", PERSONAL)
def test_an_empty_history_says_how_to_bring_one(open_page: Open, newcomer: int, page: str) -> None:
    test = open_page(page, newcomer)
    assert not test.exception
    assert "Extended streaming history" in words(test)
    assert 'href="/imports"' in words(test)


@pytest.mark.parametrize("page", PERSONAL)
@pytest.mark.parametrize("span", ["all", "12m", "30d", "2019", "2019-07", "2021-03-04..2021-04-01"])
@pytest.mark.parametrize("metric", ["plays", "hours"])
def test_a_page_draws_for_any_range(open_page: Open, listener: int, page: str, span: str, metric: str) -> None:
    test = open_page(page, listener, range=span, metric=metric)
    assert not test.exception
    assert "could not be drawn" not in words(test)
    assert test.query_params["range"] == span
    assert test.selectbox(key="pick_range").value == span


def test_the_overview_shows_figures_curves_and_lists(open_page: Open, playing: Playprint, listener: int) -> None:
    test = open_page("overview", listener, range="all")
    shown = words(test)
    lens = playing.profiles.lens(listener)
    totals = playing.listening.totals(listener, lens=lens).now
    assert f"{totals.plays:,}".replace(",", "\u202f") in shown
    assert top_artist(playing, listener)[1] in shown
    charts = test.get("vega_lite_chart")
    assert len(charts) == 2
    assert all(chart.proto.alt for chart in charts)


@pytest.mark.parametrize("metric", ["plays", "hours"])
@pytest.mark.parametrize(("name", "sign"), [("timeline", "plays before"), ("when", '<td class="pp-text ">Wed</td>')])
def test_every_picture_can_be_read_as_a_table(
    open_page: Open, listener: int, name: str, sign: str, metric: str
) -> None:
    test = open_page("overview", listener, range="2019", table=name, metric=metric)
    assert not test.exception
    assert sign in words(test)
    assert len(test.get("vega_lite_chart")) == 1


def test_choosing_a_range_and_a_unit_goes_into_the_address(open_page: Open, listener: int) -> None:
    test = open_page("overview", listener)
    assert test.query_params["range"] == "12m"
    test.selectbox(key="pick_range").set_value("2020").run()
    assert test.query_params["range"] == "2020"
    test.button(key="step_earlier").click().run()
    assert test.query_params["range"] == "2019"
    assert "2019" in words(test)


def test_a_brush_narrows_the_page_and_can_be_taken_off(open_page: Open, listener: int) -> None:
    whole = open_page("overview", listener, range="2020")
    narrowed = open_page("overview", listener, range="2020", brush="2020-03-01..2020-03-07")
    assert "1 Mar – 7 Mar 2020<a" in words(narrowed)
    assert "pp-chip" not in words(whole)
    assert re.search(r"<dd class=\"pp-value\">[^<]*</dd>", words(narrowed)) != re.search(
        r"<dd class=\"pp-value\">[^<]*</dd>", words(whole)
    )


@pytest.mark.parametrize("kind", ["artist", "album", "track"])
def test_charts_list_search_and_order(open_page: Open, playing: Playprint, listener: int, kind: str) -> None:
    test = open_page("charts", listener, range="all", of=kind)
    assert not test.exception
    assert "1–50 of" in words(test)
    second = open_page("charts", listener, range="all", of=kind, page="2", sort="name")
    assert "51–100 of" in words(second)
    name = playing.listening.top(
        listener,
        by=kind,
        lens=playing.profiles.lens(listener),
        limit=3,  # type: ignore[arg-type]
    )["name"][2]
    found = open_page("charts", listener, range="all", of=kind, find=name[:6])
    assert name in words(found)
    nothing = open_page("charts", listener, range="all", of=kind, find="no such name")
    assert "Nothing by that name" in words(nothing)


@pytest.mark.parametrize("kind", ["artist", "album", "track"])
def test_an_item_page_tells_its_story(open_page: Open, playing: Playprint, listener: int, kind: str) -> None:
    lens = playing.profiles.lens(listener)
    first = playing.listening.top(listener, by=kind, lens=lens, limit=1).row(0, named=True)  # type: ignore[arg-type]
    test = open_page(kind, listener, range="all", id=str(first["id"]))
    assert not test.exception
    assert test.title[0].value == unmarked(first["name"])
    assert "First listen" in words(test)
    assert f"{first['plays']:,}".replace(",", "\u202f") in words(test)


@pytest.mark.parametrize("wrong", ["", "0", "999999", "x", "-1", "1e3"])
def test_an_item_nobody_heard_says_so(open_page: Open, listener: int, wrong: str) -> None:
    test = open_page("artist", listener, id=wrong)
    assert not test.exception
    assert "To Charts" in words(test)


def test_history_filters_by_address(open_page: Open, playing: Playprint, listener: int) -> None:
    id, name = top_artist(playing, listener)
    test = open_page("history", listener, range="all", artist=str(id))
    assert not test.exception
    assert name in words(test)
    assert "Show all" in words(test)
    searched = open_page("history", listener, range="all", q=name, hour="25,3", skipped="no")
    assert not searched.exception
    assert "/download/listens.csv?" in words(searched)


def test_leaving_an_artist_out_takes_it_from_every_figure_and_back(
    open_page: Open, playing: Playprint, listener: int
) -> None:
    id, name = top_artist(playing, listener)
    test = open_page("artist", listener, range="all", id=str(id), part="right")
    test.button(key="leave_out").click().run()
    assert name not in words(open_page("overview", listener, range="all"))
    rules = open_page("rules", listener)
    assert f"Artist: {name}" in words(rules)
    rules.button(key=f"include_artist_{id}").click().run()
    assert name in words(open_page("overview", listener, range="all"))


def test_the_lens_is_saved_and_every_figure_follows(open_page: Open, playing: Playprint, listener: int) -> None:
    before = playing.profiles.lens(listener)
    test = open_page("settings", listener)
    test.radio[0].set_value("start")
    test.selectbox[0].set_value("Asia/Tokyo")
    test.button[0].click().run()
    after = playing.profiles.lens(listener)
    assert (after.rule, after.timezone) == ("start", "Asia/Tokyo")
    assert "every start is a play · Asia/Tokyo" in words(open_page("overview", listener))
    playing.profiles.save_lens(listener, lens=before)


def test_a_failing_panel_leaves_the_page_standing(
    open_page: Open, playing: Playprint, listener: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(type(playing.listening), "weekday_hours", fail)
    test = open_page("overview", listener, range="2022-01-02..2022-11-03")  # a range nothing is kept of
    assert not test.exception
    assert "could not be drawn" in words(test)
    assert "Latest listens" in words(test)
    assert "broken" not in words(test)


@pytest.mark.parametrize("page", ["artist", "album", "track"])
def test_nobody_sees_what_another_heard(open_page: Open, playing: Playprint, listener: int, page: str) -> None:
    from benchmarks.person import add_person

    stranger = add_person(playing.db, listens=30, name=f"stranger-{page}", seed=99)
    theirs = playing.listening.library(stranger)
    mine = playing.listening.library(listener)
    foreign = set(getattr(mine, f"{page}s")["id"].to_list()) - set(getattr(theirs, f"{page}s")["id"].to_list())
    test = open_page(page, stranger, range="all", id=str(max(foreign)))
    assert "not in your listening history" in words(test)


def test_a_month_beside_a_year_is_compared_by_the_day(open_page: Open, listener: int) -> None:
    shown = words(open_page("overview", listener, range="2020-01", vs="2019"))
    plays = re.search(r"<dt>Plays</dt>.*?pp-change\">(.) ([+\u2212±])(\d+)", shown)
    assert plays is not None
    assert plays[2] != "\u2212" or int(plays[3]) < 60, "a twelfth of the days is not a loss of nine tenths"
    assert re.search(r"<dt>Artists</dt>.*?pp-delta\">&nbsp;", shown), "different artists do not grow with the days"
