"""Answers to suggestions, kept on a real PostgreSQL."""

from collections.abc import Callable

import pytest

from core.domain.errors import InvalidInput, NotFound
from core.domain.recommending import suggestion_key
from core.repositories import feedback as rows
from core.repositories.database import Database
from core.services.feedback import Tastes


@pytest.fixture
def tastes(db: Database) -> Tastes:
    return Tastes(db)


def said(tastes: Tastes, user: int) -> set[tuple[str, str, str, str]]:
    return {(each.kind, each.name, each.artist, each.verdict) for each in tastes.of(user)}


def test_the_latest_answer_to_a_thing_holds_whatever_its_spelling(tastes: Tastes, person: Callable[..., int]) -> None:
    alice, charlie = person(), person()
    tastes.say(alice, kind="artist", name="Bill Evans", artist="nobody looks at this", verdict="more")
    tastes.say(alice, kind="artist", name="  BILL  evans ", verdict="never")
    tastes.say(alice, kind="track", name="Bill Evans", artist="Somebody", verdict="less")
    tastes.say(charlie, kind="artist", name="Bill Evans", verdict="more")
    assert said(tastes, alice) == {
        ("artist", "BILL  evans", "", "never"),
        ("track", "Bill Evans", "Somebody", "less"),
    }
    assert said(tastes, charlie) == {("artist", "Bill Evans", "", "more")}


def test_an_answer_taken_back_is_gone_and_nobody_takes_back_anothers(
    tastes: Tastes, person: Callable[..., int]
) -> None:
    alice, charlie = person(), person()
    tastes.say(alice, kind="album", name="Blue", artist="Joni Mitchell", verdict="never")
    key = suggestion_key("album", "blue", "JONI MITCHELL")
    assert not tastes.take_back(charlie, kind="album", key=key)
    assert not tastes.take_back(alice, kind="track", key=key)
    assert tastes.take_back(alice, kind="album", key=key)
    assert not tastes.take_back(alice, kind="album", key=key)
    assert tastes.of(alice) == []


@pytest.mark.parametrize(("name", "artist"), [("", ""), ("  ", "x"), ("\0", "x"), ("x" * 501, ""), ("x", "y" * 501)])
def test_an_answer_to_nothing_is_refused(tastes: Tastes, person: Callable[..., int], name: str, artist: str) -> None:
    user = person()
    with pytest.raises(InvalidInput):
        tastes.say(user, kind="track", name=name, artist=artist, verdict="more")
    assert tastes.of(user) == []


def test_odd_names_are_kept_as_they_are(tastes: Tastes, person: Callable[..., int]) -> None:
    user, name = person(), "'; drop table feedback; -- <script>\ud800 \u202e"
    tastes.say(user, kind="artist", name=name, verdict="less")
    assert [each.name for each in tastes.of(user)] == ["'; drop table feedback; -- <script>\ufffd \u202e"]


def test_there_is_an_end_to_answers(
    tastes: Tastes, person: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MOST_FEEDBACK", 3)
    user = person()
    for number in range(3):
        tastes.say(user, kind="artist", name=f"Artist {number}", verdict="less")
    with pytest.raises(InvalidInput, match="take some back"):
        tastes.say(user, kind="artist", name="one more", verdict="less")
    tastes.say(user, kind="artist", name="Artist 1", verdict="more")
    assert len(tastes.of(user)) == 3


def test_nobody_answers_nothing(tastes: Tastes) -> None:
    with pytest.raises(NotFound):
        tastes.say(2**31 - 1, kind="artist", name="x", verdict="more")
