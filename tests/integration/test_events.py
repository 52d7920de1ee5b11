"""The record of an account: what is in it, what never is, who reads it, how long it stays."""

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from doubles import NoCache
from household import GOOD, Household, Somebody, refusal, unique
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from core.domain.events import EVENTS
from core.repositories import schema
from core.repositories.database import Database
from core.services.events import KEPT, Events, neighbours

ROOT = Path(__file__).resolve().parents[2]
NEW = "another four words here"
HERE, NEXT_DOOR, ELSEWHERE = "203.0.113.7", "203.0.113.200", "198.51.100.1"


@pytest.fixture
def house(db: Database) -> Household:
    return Household(db, NoCache())


@pytest.fixture
def alice(house: Household) -> Somebody:
    return house.join()


def lines(house: Household, user_id: int) -> int:
    with house.db.begin() as connection:
        query = select(func.count()).where(schema.account_events.c.user_id == user_id)
        return int(connection.execute(query).scalar_one())


def test_a_life_of_an_account(house: Household, alice: Somebody) -> None:
    accounts = house.accounts
    refusal(lambda: accounts.sign_in(alice.name, "wrong wrong wrong", address=HERE))
    token = accounts.sign_in(alice.name, GOOD, address=HERE).token
    accounts.sign_out(token, address=HERE)
    accounts.sign_out(token, address=HERE)
    house.credentials.change_password(alice.id, current=GOOD, new=NEW, session=alice.session, address=HERE)
    accounts.redeem(accounts.reset_link(alice.name), password=GOOD, address=HERE)
    alice.token = accounts.sign_in(alice.name, GOOD, address=HERE).token
    alice.switch_on()
    accounts.sign_out_everywhere(alice.id)
    assert alice.told() == [
        ("account-made", "operator"),
        ("password-changed", "ok"),
        ("signed-in-by-link", "ok"),
        ("signed-in", "failed"),
        ("signed-in", "ok"),
        ("signed-out", "ok"),
        ("password-changed", "ok"),
        ("reset-asked", "operator"),
        ("password-changed", "ok"),
        ("signed-in-by-link", "ok"),
        ("signed-in", "ok"),
        ("second-factor-on", "ok"),
        ("sessions-ended", "ok"),
    ]


def test_what_an_admin_does_stands_in_both_records(house: Household, alice: Somebody) -> None:
    boss = house.join("Boss", role="owner")
    before = len(alice.told())
    house.people.set_role(boss.id, user_id=alice.id, role="admin", place=HERE)
    house.people.reset_link(boss.id, user_id=alice.id, place=HERE)
    house.people.end_sessions(boss.id, user_id=alice.id, place=HERE)
    house.people.set_role(None, user_id=alice.id, role="member")
    assert alice.told()[before:] == [
        ("role-changed", "admin"),
        ("reset-asked", "admin"),
        ("sessions-ended", "admin"),
        ("role-changed", "operator"),
    ]
    assert boss.told()[-3:] == [("changed-a-role", "ok"), ("made-a-link", "ok"), ("ended-sessions", "ok")]
    places = [each.place for each in house.events.of(alice.id)[:4]]
    assert places == [""] * 4, "where the admin was is in the admin's own record alone"
    assert house.events.of(boss.id)[0].place
    house.people.delete(boss.id, user_id=alice.id, typed=alice.name)
    assert boss.told()[-1] == ("deleted-a-person", "ok")


def test_everybody_reads_their_own_newest_first(house: Household, alice: Somebody) -> None:
    charlie = house.join("Charlie")
    for _ in range(3):
        house.clock.forward(timedelta(minutes=1))
        house.events.note(alice.id, "spotify-connected", place=HERE)
    mine = house.events.of(alice.id, limit=2)
    assert [each.event for each in mine] == ["spotify-connected"] * 2
    assert mine[0].at == house.clock.now
    assert mine[0].at.utcoffset() == timedelta(0)
    assert "spotify-connected" not in [event for event, _ in charlie.told()]


def test_a_place_is_the_same_nearby_and_today_alone(house: Household, alice: Somebody) -> None:
    def place(address: str) -> str:
        house.events.note(alice.id, "signed-in", place=address)
        return house.events.of(alice.id, limit=1)[0].place

    house.clock.now = datetime(2026, 5, 5, 0, 0, tzinfo=UTC)
    here = place(HERE)
    assert len(here) == 10
    assert place(NEXT_DOOR) == here
    assert place(ELSEWHERE) != here
    assert place("2001:db8:7::/64") == place("2001:db8:7:ffff::1") != place("2001:db8:8::1")
    assert place("") == place("testclient") == ""
    house.clock.now = datetime(2026, 5, 5, 23, 59, 59, tzinfo=UTC)
    assert place(HERE) == here
    house.clock.now = datetime(2026, 5, 6, 0, 0, tzinfo=UTC)
    assert place(HERE) != here
    other = Events(house.db, secret=b"another instance", now=house.clock)
    other.note(alice.id, "signed-in", place=HERE)
    assert house.events.of(alice.id, limit=1)[0].place != place(HERE)


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:7:1::/64", "2001:db8:7::/48"),
        ("::1", "::/48"),
        ("", ""),
        ("x", ""),
    ],
)
def test_neighbourhoods(address: str, near: str) -> None:
    assert neighbours(address) == near


@pytest.mark.parametrize("event", ["", "signed-in\r\nadmin", "signed in", "DROP TABLE users"])
def test_texts_from_outside_never_get_in(house: Household, alice: Somebody, event: str) -> None:
    before = lines(house, alice.id)
    with pytest.raises(KeyError):
        house.events.note(alice.id, event)
    assert lines(house, alice.id) == before


def test_hostile_names_and_addresses_leave_no_trace(house: Household) -> None:
    eve = house.join("Eve'); drop table users; --")
    name = eve.name
    for address in ("1.2.3.4\r\nadmin", "<script>", "'; --", "x" * 5000):
        refusal(lambda a=address: house.accounts.sign_in(name, "wrong wrong wrong", address=a))
    with house.db.begin() as connection:
        stored = str(connection.execute(text("select e::text from account_events e")).all())
    for word in ("Eve", "drop", "script", "wrong", "\\r", "\\n", "203.0.113", eve.token.split(".")[1]):
        assert word not in stored, word


def test_a_line_is_never_changed(house: Household, alice: Somebody) -> None:
    with pytest.raises(DBAPIError, match="never changed"), house.db.begin() as connection:
        connection.execute(update(schema.account_events).values(result="ok"))


def test_nobody_has_no_record(house: Household) -> None:
    house.events.note(0, "signed-in", "failed", place=HERE)
    house.events.note(2**31 - 1, "signed-in", "failed", place=HERE)
    assert house.events.of(0) == []


def test_lines_stay_180_days(house: Household, alice: Somebody) -> None:
    began = house.clock.now
    house.events.note(alice.id, "spotify-connected")
    house.clock.forward(timedelta(days=1))
    house.events.note(alice.id, "spotify-disconnected")
    house.clock.now = began + KEPT
    house.events.sweep()
    assert [e.event for e in house.events.of(alice.id)][:2] == ["spotify-disconnected", "spotify-connected"]
    house.clock.forward(timedelta(seconds=1))
    assert house.events.sweep() >= 1
    assert [e.event for e in house.events.of(alice.id)] == ["spotify-disconnected"]


def noted(root: Path) -> set[str]:
    """Return every event the program writes down, read from its code."""
    found: set[str] = set()
    for file in [*root.glob("core/services/*.py"), *root.glob("web/*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("note", "_note"):
                found |= {c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and isinstance(c.value, str)}
    return found


def test_every_event_has_words_and_is_written_somewhere() -> None:
    built = {f"signed-in-by-{via}" for via in ("link", "invitation", "spotify")}
    with_its_cause = {"spotify-consent-ended"}  # in the transaction that ends a consent
    assert set(EVENTS) - built - with_its_cause <= noted(ROOT)
    for words in EVENTS.values():
        assert words == words.strip()
        assert words[0].isupper()


def test_a_wrong_password_and_a_wrong_name_do_the_same_work(house: Household, alice: Somebody) -> None:
    """The line in the record is written by one statement that finds its person, or nobody; nobody waits for a disk."""
    statements: list[str] = []
    from sqlalchemy import event

    def listen(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    house.accounts.sign_in(alice.name, GOOD)
    event.listen(house.db.engine, "before_cursor_execute", listen)
    refusal(lambda: house.accounts.sign_in(alice.name, "wrong wrong wrong"))
    known, statements[:] = list(statements), []
    refusal(lambda: house.accounts.sign_in(unique("nobody"), "wrong wrong wrong"))
    event.remove(house.db.engine, "before_cursor_execute", listen)
    assert known == statements
    assert any("synchronous_commit" in statement for statement in known)
    assert any("account_events" in statement for statement in known)
