"""Together and apart on the pages: seen beforehand, done with a button, taken back, listed among the rules."""

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from benchmarks.person import add_person
from core.bootstrap import Playprint

Open = Callable[..., AppTest]


def words(test: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in test.get("html"))


@pytest.fixture(scope="module")
def decider(playing: Playprint) -> int:
    """Return somebody with 1,000 listens and no decisions."""
    return add_person(playing.db, listens=1_000, name="decider")


@pytest.fixture(autouse=True)
def undone(playing: Playprint, decider: int) -> Iterator[None]:
    """Take all decisions back after each test."""
    yield
    for decision in playing.identities.decisions(decider):
        playing.identities.undo(decider, decision=decision.id)


def top(playing: Playprint, user_id: int, by: str) -> list[dict]:
    lens = playing.profiles.lens(user_id)
    return playing.listening.top(user_id, by=by, lens=lens, limit=5).rows(named=True)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["artist", "album", "track"])
def test_two_things_are_put_together_and_apart_again(
    open_page: Open, playing: Playprint, decider: int, kind: str
) -> None:
    first, second = top(playing, decider, kind)[:2]
    test = open_page(kind, decider, id=str(second["id"]), range="all", part="right")
    field = next(f for f in test.text_input if f.label == f"Part of the name of the other {kind}")
    test = field.set_value(first["name"]).run()
    test = test.selectbox(key=f"other_{kind}_{second['id']}").set_value(first["id"]).run()
    plays = first["plays"] + second["plays"]
    assert f"Together: {plays} plays" in words(test)
    test = next(b for b in test.button if b.label == "Put together").click().run()
    assert not test.exception
    assert top(playing, decider, kind)[0]["plays"] == plays
    assert "Done; every figure follows." in words(test)
    test = test.button(key="undo_decided").click().run()
    assert not test.exception
    assert top(playing, decider, kind)[0]["plays"] == first["plays"]


def test_an_album_is_given_to_somebody_else(open_page: Open, playing: Playprint, decider: int) -> None:
    album = top(playing, decider, "album")[0]
    test = open_page("artist", decider, id=str(album["artist_id"]), range="all", part="right")
    test.session_state["else_kind"] = "album"
    test = test.run()
    test = test.multiselect(key="else_album").set_value([album["id"]]).run()
    test = test.text_input(key="else_name").set_value("Another Band").run()
    assert "Another Band" in words(test)
    test = next(b for b in test.button if b.label == "Give them to this artist").click().run()
    assert not test.exception
    assert top(playing, decider, "album")[0]["artist"] == "Another Band"


def test_the_rules_page_lists_decisions_and_takes_them_back(open_page: Open, playing: Playprint, decider: int) -> None:
    first, second = top(playing, decider, "artist")[:2]
    decision = playing.identities.merge(decider, kind="artist", from_ids=[second["id"]], to_id=first["id"])
    test = open_page("rules", decider, part="together")
    assert not test.exception
    assert f"The artist “{second['name']}” counts as “{first['name']}”" in words(test)
    test = test.button(key=f"undo_{decision}").click().run()
    assert not test.exception
    assert playing.identities.decisions(decider) == []


@pytest.mark.parametrize("part", ["story", "when", "how", "with"])
def test_an_artist_who_is_only_ever_a_guest_has_a_page(
    open_page: Open, playing: Playprint, decider: int, part: str
) -> None:
    track = top(playing, decider, "track")[0]
    with playing.db.driver() as connection:
        made = "insert into artists (name, key) values ('Only Guest', md5('guest')::uuid) on conflict (key) do update"
        guest = connection.execute(f"{made} set name = excluded.name returning id").fetchone()[0]
        credit = "insert into track_credits values (%s, %s, 1) on conflict do nothing"
        connection.execute(credit, (track["id"], guest))
        connection.execute("update users set data_version = data_version + 1 where id = %s", (decider,))
    test = open_page("artist", decider, id=str(guest), range="all", part=part)
    assert not test.exception
    assert test.title[0].value == "Only Guest"
    assert "could not be drawn" not in words(test)
    assert ("Also featured on" in words(test)) == (part == "story")
    assert "Only Guest" in words(open_page("track", decider, id=str(track["id"]), range="all"))
    with playing.db.driver() as connection:  # the catalogue is everybody's: other tests find it as it was
        connection.execute("delete from track_credits where artist_id = %s", (guest,))
        connection.execute("update users set data_version = data_version + 1")


def test_who_looks_at_the_demo_decides_nothing(
    open_page: Open, playing: Playprint, decider: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(playing.demo), "user_id", lambda self: decider)
    artist = top(playing, decider, "artist")[0]
    test = open_page("artist", None, id=str(artist["id"]), range="all")
    test.session_state["shows_demo"] = True
    test = test.run()
    assert not test.exception
    assert "This is the same as …" not in [expander.label for expander in test.expander]
