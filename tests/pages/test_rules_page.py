"""The Rules page and what leads to it: leaving out, deleting from History, names of ranges."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

import ui.context
from benchmarks.person import add_person
from core.bootstrap import Playprint
from core.domain.filters import Filters
from core.domain.lens import Exclusion
from core.domain.period import Period

Open = Callable[..., AppTest]


@pytest.fixture
def someone(playing: Playprint, request: pytest.FixtureRequest) -> int:
    """Return somebody of this test's own with 400 listens."""
    return add_person(playing.db, listens=400, name=f"rules-{request.node.name}"[:40])


def words(test: AppTest) -> str:
    """Return everything the page shows as HTML."""
    return "\n".join(str(element.proto.body) for element in test.get("html"))


def top_artist(playing: Playprint, user_id: int) -> tuple[int, str, int]:
    lens = playing.profiles.lens(user_id)
    first = playing.listening.top(user_id, by="artist", lens=lens, limit=1).row(0, named=True)
    return first["id"], first["name"], first["plays"]


def test_a_visitor_and_a_newcomer(open_page: Open, newcomer: int) -> None:
    assert 'action="/auth/sign-in"' in words(open_page("rules"))
    for part in ("left-out", "deleted"):
        test = open_page("rules", newcomer, part=part)
        assert not test.exception
        assert "could not be drawn" not in words(test)
    assert "Nothing is deleted" in words(test)


def test_leaving_out_is_shown_before_it_is_saved_and_taken_back(
    open_page: Open, playing: Playprint, someone: int
) -> None:
    id, name, plays = top_artist(playing, someone)
    test = open_page("rules", someone)
    assert "Nothing is left out" in words(test)
    test.text_input[0].set_value(name).run()
    test.selectbox(key="out_artist").set_value(id).run()
    assert f"Hides {plays} play" in words(test)
    assert "Your top artist becomes" in words(test)
    assert playing.profiles.lens(someone).exclusions == ()
    test.button(key="out_save").click().run()
    assert not test.exception
    assert playing.profiles.lens(someone).exclusions == (Exclusion("artist", id),)
    assert f"Artist: {name}" in words(test)
    assert f"hides {plays} play" in words(test)
    assert "left out already" in words(test)
    test.button(key=f"include_artist_{id}").click().run()
    assert playing.profiles.lens(someone).exclusions == ()


@pytest.mark.parametrize("kind", ["hour", "platform", "country"])
def test_hours_devices_and_countries(open_page: Open, playing: Playprint, someone: int, kind: str) -> None:
    test = open_page("rules", someone)
    test.button_group(key="out_kind").set_value(kind).run()
    assert not test.exception
    test.selectbox(key=f"out_{kind}").set_value(_first_value(playing, someone, kind)).run()
    assert "Hides" in words(test)
    test.button(key="out_save").click().run()
    assert [known.kind for known in playing.profiles.lens(someone).exclusions] == [kind]


def _first_value(playing: Playprint, user_id: int, kind: str) -> int:
    return int(playing.listening.library(user_id).column(kind)[0]) if kind != "hour" else 20


def test_a_history_that_is_hidden_whole_can_be_counted_again(open_page: Open, playing: Playprint, someone: int) -> None:
    for hour in range(24):
        playing.profiles.exclude(someone, exclusion=Exclusion("hour", hour))
    test = open_page("rules", someone)
    assert not test.exception
    assert len([button for button in test.button if button.label == "Count again"]) == 24


def test_a_selection_of_history_is_deleted_and_taken_back(open_page: Open, playing: Playprint, someone: int) -> None:
    id, name, _ = top_artist(playing, someone)
    lens = playing.profiles.lens(someone)
    count = playing.listening.page(someone, lens=lens, filters=Filters(artists=(id,)), limit=0).total
    test = open_menu(open_page("history", someone, range="all", artist=str(id)))
    assert f"Delete these {count} listens" in words(test) or f"Delete these {count:,} listens" in words(test)
    if count > 100:
        assert test.button(key="delete_now").disabled
        test.checkbox(key="delete_sure").check().run()
    test.button(key="delete_now").click().run()
    assert not test.exception
    assert f"{count} listens deleted" in words(test)
    assert playing.listening.page(someone, lens=lens, filters=Filters(artists=(id,)), limit=0).total == 0
    deleted = open_page("rules", someone, part="deleted")
    assert name in words(deleted)
    [deletion] = playing.deleting.deletions(someone)
    deleted.button(key=f"undo_{deletion.id}").click().run()
    assert playing.deleting.deletions(someone) == []
    assert playing.listening.page(someone, lens=lens, filters=Filters(artists=(id,)), limit=0).total == count


def open_menu(test: AppTest) -> AppTest:
    """Open the popover of a page as a click does."""
    test.session_state["delete_0"] = True
    return test.run()


def test_one_listen_is_deleted_and_removed_for_good(open_page: Open, playing: Playprint, someone: int) -> None:
    lens = playing.profiles.lens(someone)
    before = playing.listening.page(someone, lens=lens, limit=0).total
    test = open_menu(open_page("history", someone, range="all"))
    assert "narrow the list" in words(test)
    which = next(box for box in test.selectbox if box.label.startswith("Which of the listens"))
    which.set_value(3).run()
    test.button(key="delete_one_now").click().run()
    assert not test.exception
    assert playing.listening.page(someone, lens=lens, limit=0).total == before - 1
    [deletion] = playing.deleting.deletions(someone)
    deleted = open_page("rules", someone, part="deleted")
    deleted.button(key=f"purge_{deletion.id}").click().run()
    assert playing.deleting.deletions(someone) == []
    assert playing.listening.page(someone, lens=lens, limit=0).total == before - 1


def test_what_shows_nothing_offers_no_deletion(open_page: Open, someone: int) -> None:
    test = open_menu(open_page("history", someone, range="all", q="no such name"))
    assert "nothing that could be deleted" in words(test)
    assert not [button for button in test.button if button.label.startswith("Delete")]


def test_settings_lead_to_the_rules(open_page: Open, playing: Playprint, someone: int) -> None:
    playing.profiles.exclude(someone, exclusion=Exclusion("hour", 3))
    shown = words(open_page("settings", someone))
    assert "1 thing left out" in shown
    assert 'href="/rules"' in shown


def test_a_range_gets_a_name_and_loses_it(playing: Playprint, someone: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(user_id: int) -> None:
        from datetime import date

        from core.domain.lens import Lens
        from core.domain.selection import parse_selection
        from ui.context import Viewer
        from ui.ranges import save_form
        from ui.scene import Scene

        first, last = date(2018, 1, 1), date(2022, 1, 1)
        selection = parse_selection({"range": "2019"}, first=first, last=last)
        save_form(Scene(Viewer(user_id, "x", Lens(), demo=False, locale="en"), selection, first, last))

    monkeypatch.setattr(ui.context, "playprint", lambda: playing)
    test = AppTest.from_function(draw, args=(someone,)).run()
    test.text_input[0].set_value("First <b>year</b>")
    test.button[0].click().run()
    assert not test.exception
    assert [(each.name, each.period) for each in playing.ranges.all(someone)] == [
        ("First <b>year</b>", Period.year(2019))
    ]
    assert "First &lt;b&gt;year&lt;/b&gt;" in words(test)
    test.button(key="forget_First <b>year</b>").click().run()
    assert playing.ranges.all(someone) == []
