"""The part of the settings page about letting suggestions learn."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from core.bootstrap import Playprint
from core.domain.people import DONE, SENTENCES

Open = Callable[..., AppTest]
JOIN, LEAVE = 'action="/settings/training/join"', 'action="/settings/training/leave"'


@pytest.fixture
def someone(playing: Playprint) -> int:
    return playing.accounts.add(f"someone {uuid4().hex[:8]}")[0].id


def words(test: AppTest) -> str:
    """Return everything the page shows as HTML."""
    assert not test.exception
    return "\n".join(str(element.proto.body) for element in test.get("html"))


def test_it_is_off_and_says_what_taking_part_means(open_page: Open, playing: Playprint, someone: int) -> None:
    shown = words(open_page("settings", someone))
    assert JOIN in shown
    assert LEAVE not in shown
    for said in (
        *("Not your name, and not when you played them", "at least 3 of those", "fewer than 50 take part"),
        *("at most your 2\u202f000 most played", "deleted at once", "It is off until you switch it on"),
    ):
        assert said in shown
    assert playing.training.standing(someone) is None, "looking agrees to nothing"


def test_it_says_since_when_in_the_persons_time(
    open_page: Open, playing: Playprint, someone: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playing.training, "_now", lambda: datetime(2026, 3, 1, 20, 30, tzinfo=UTC))
    playing.profiles.set_timezone(someone, timezone="Asia/Tokyo")
    playing.training.agree(someone)
    shown = words(open_page("settings", someone))
    assert "You take part since 2 Mar 2026, 05:30." in shown
    assert LEAVE in shown
    assert JOIN not in shown


def test_who_agreed_to_an_earlier_text_is_asked_again(open_page: Open, playing: Playprint, someone: int) -> None:
    playing.training.agree(someone)
    with playing.db.begin() as connection:
        connection.execute(text("update training_consents set version = 'x' where user_id = :id"), {"id": someone})
    shown = words(open_page("settings", someone))
    assert "The text above has changed since" in shown
    assert JOIN in shown
    assert LEAVE in shown


@pytest.mark.parametrize("done", ["training-joined", "training-left"])
def test_what_the_form_did_is_said(open_page: Open, someone: int, done: str) -> None:
    assert DONE[done] in words(open_page("settings", someone, done=done))


def test_what_was_wrong_is_said_beside_the_form(open_page: Open, someone: int) -> None:
    assert SENTENCES["expired"] in words(open_page("settings", someone, error="expired", at="training"))


def test_the_privacy_page_names_it(open_page: Open) -> None:
    shown = words(open_page("privacy"))
    assert "Suggestions from members, if you take part" in shown
    assert "Stop taking part in suggestions from members" in shown
