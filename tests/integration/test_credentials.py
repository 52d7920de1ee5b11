"""A person's own account: the password, the devices, and what proves who asks."""

from datetime import timedelta

import pytest
from doubles import Memory
from household import GOOD, Household, Somebody, refusal

from core.domain.browsers import browser_label
from core.domain.errors import NotFound
from core.repositories.database import Database
from core.services.credentials import FRESH
from core.services.throttle import FREE_TRIES

NEW = "another four words here"


@pytest.fixture
def house(db: Database) -> Household:
    return Household(db, Memory())


@pytest.fixture
def alice(house: Household) -> Somebody:
    return house.join()


def change(house: Household, who: Somebody, current: str = GOOD, new: str = NEW) -> str:
    return house.credentials.change_password(who.id, current=current, new=new, session=who.session, label="Here")


def test_a_new_password_ends_every_other_session_and_link(house: Household, alice: Somebody) -> None:
    phone = house.accounts.sign_in(alice.name, GOOD, True).token
    link, before = house.accounts.reset_link(alice.name), alice.token
    alice.token = change(house, alice)
    assert house.accounts.session(alice.token)
    assert [house.accounts.session(token) for token in (phone, before)] == [None, None]
    assert house.accounts.linked(link) is None
    assert refusal(lambda: house.accounts.sign_in(alice.name, GOOD)) == "wrong"
    assert house.accounts.sign_in(alice.name, NEW).token
    assert sorted(each.label for each in house.sessions.list(alice.id)) == ["", "Here"]


@pytest.mark.parametrize("stay", [False, True])
def test_the_new_session_stays_as_long_as_the_old_one(house: Household, alice: Somebody, stay: bool) -> None:
    alice.token = house.accounts.sign_in(alice.name, GOOD, stay).token
    alice.token = change(house, alice)
    assert alice.session.stay is stay


def test_a_new_password_needs_the_present_one_and_to_be_good(house: Household, alice: Somebody) -> None:
    for current, new, code in [
        ("not mine at all", NEW, "current"),
        ("", NEW, "current"),
        (GOOD, "short", "short"),
        (GOOD, "x" * 73, "long"),
        (GOOD, f"{alice.name}1234", "common"),
    ]:
        assert refusal(lambda c=current, n=new: change(house, alice, c, n)) == code
    assert house.accounts.session(alice.token)


def test_guessing_the_present_password_is_slowed(house: Household, alice: Somebody) -> None:
    for _ in range(FREE_TRIES):
        assert refusal(lambda: change(house, alice, "not mine at all")) == "current"
    assert refusal(lambda: change(house, alice)) == "wait"
    house.clock.forward(timedelta(seconds=15))
    assert change(house, alice)


def test_somebody_without_a_password_proves_themselves_by_having_just_come(house: Household) -> None:
    zoe = house.join_by_spotify()
    house.clock.forward(FRESH)
    house.credentials.set_email(zoe.id, email="zoe@mail.example", password="", session=zoe.session)
    house.clock.forward(timedelta(seconds=1))
    assert refusal(lambda: change(house, zoe, "")) == "fresh"
    assert refusal(lambda: house.credentials.begin_second_factor(zoe.id, password="", session=zoe.session)) == "fresh"
    zoe.token = house.accounts.enter(zoe.id, stay=False, via="spotify").token
    zoe.token = change(house, zoe, "")
    assert house.accounts.sign_in(zoe.name, NEW).token
    assert refusal(lambda: change(house, zoe, "", "yet another four words")) == "current", "from now on by password"


def test_nobody_changes_anything_with_somebody_elses_session(house: Household, alice: Somebody) -> None:
    charlie = house.join("Charlie")
    theirs = charlie.session
    for attempt in (
        lambda: house.credentials.change_password(alice.id, current=GOOD, new=NEW, session=theirs),
        lambda: house.credentials.set_email(alice.id, email="c@x.example", password=GOOD, session=theirs),
        lambda: house.credentials.prove(alice.id, password=GOOD, session=theirs),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_devices_are_listed_with_the_present_one(house: Household, alice: Somebody) -> None:
    house.clock.forward(timedelta(hours=1))
    phone = house.accounts.sign_in(alice.name, GOOD, label="Safari on iPhone").token
    house.clock.forward(timedelta(minutes=10))
    listed = house.sessions.list(alice.id)
    assert [each.label for each in listed] == ["Safari on iPhone", ""]
    assert [each.key == alice.session.key for each in listed] == [False, True]
    assert listed[0].seen_at == listed[0].created_at == house.clock.now - timedelta(minutes=10)
    keys = " ".join(each.key for each in listed)
    assert phone.split(".")[1] not in keys
    assert house.accounts.session(keys.split()[0]) is None
    house.clock.forward(timedelta(hours=24))
    assert house.sessions.list(alice.id) == []


def test_one_device_or_all_others_are_ended(house: Household, alice: Somebody) -> None:
    tokens = [house.accounts.sign_in(alice.name, GOOD).token for _ in range(3)]
    first = house.accounts.session(tokens[0])
    assert first
    house.sessions.end(alice.id, key=first.key)
    assert [bool(house.accounts.session(token)) for token in tokens] == [False, True, True]
    assert house.sessions.end_all(alice.id, but=alice.session.key) == 2
    assert [bool(house.accounts.session(token)) for token in tokens] == [False, False, False]
    assert house.accounts.session(alice.token)


def test_charlie_ends_no_session_of_alices(house: Household, alice: Somebody) -> None:
    charlie = house.join("Charlie")
    for key in (alice.session.key, "", "%", "0" * 16, "x" * 5000, alice.token):
        with pytest.raises(NotFound):
            house.sessions.end(charlie.id, key=key)
    house.sessions.end_all(charlie.id)
    assert house.accounts.session(alice.token)


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 "
            "Safari/537.36 Edg/141.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 "
            "Safari/605.1.15",
            "Safari on macOS",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "CriOS/141.0 Mobile/15E148 Safari/604.1",
            "Chrome on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 16; SM-S928B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 "
            "Chrome/130.0.0.0 Mobile Safari/537.36",
            "Samsung Internet on Android",
        ),
        ("curl/8.5.0", "A browser"),
        ("", "A browser"),
        ("<script>alert(1)</script>\r\nFirefox", "Firefox"),
    ],
)
def test_a_device_is_told_coarsely(agent: str, label: str) -> None:
    assert browser_label(agent) == label


def test_of_two_sign_ins_that_meet_one_gets_in(house: Household, alice: Somebody) -> None:
    """The second has looked at the pending token already when the first one's code is taken."""
    app = alice.switch_on()
    seen = house.second_factor.load(alice.id).state
    assert house.second_factor.take(alice.id, code=app.recovery[0], state=seen)
    assert refusal(lambda: house.second_factor.take(alice.id, code=app.recovery[1], state=seen)) == "second-over"
    assert house.accounts.own(alice.id).codes_left == len(app.recovery) - 1
