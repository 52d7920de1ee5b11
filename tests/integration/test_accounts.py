"""Accounts on a real PostgreSQL: links, passwords, sessions, the brake, and that nothing leaks between people."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from doubles import Clock, Memory, NoCache
from sqlalchemy import func, insert, select, text

from core.domain.errors import Conflict, NotFound
from core.domain.people import Refused
from core.repositories import schema
from core.repositories.database import Database
from core.repositories.sessions import ABSOLUTE, IDLE, IDLE_STAYING
from core.services.accounts import LINK_LIFE, Accounts, name_key
from core.services.passwords import check_new, hash_password, verify_password
from core.services.throttle import FREE_TRIES, LONGEST_DELAY, WINDOW, Throttle, by_pair

GOOD = "four words in a row"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def accounts(db: Database, memory: Memory, clock: Clock) -> Accounts:
    return Accounts(db, memory, now=clock)


def unique(name: str) -> str:
    return f"{name} {uuid4().hex[:8]}"


@pytest.fixture
def alice(accounts: Accounts) -> str:
    """Return the name of a person whose password is GOOD."""
    name = unique("Alice")
    redeemed(accounts, accounts.add(name)[1], password=GOOD)
    return name


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def signed_in(accounts: Accounts, *given: object, **more: str) -> str:
    """Return the session token a name and a password open."""
    return accounts.sign_in(*given, **more).token  # type: ignore[arg-type]


def redeemed(accounts: Accounts, link: str, **more: str) -> str:
    """Return the session token a one-time link opens."""
    return accounts.redeem(link, **more).token


def test_a_link_sets_the_password_and_signs_in_once(accounts: Accounts) -> None:
    user, token = accounts.add(unique("Alice"))
    assert accounts.linked(token) == user
    assert not user.has_password
    session = accounts.session(redeemed(accounts, token, password=GOOD))
    assert session is not None
    assert (session.user_id, session.name, session.role) == (user.id, user.name, "member")
    assert accounts.find(user.name).has_password
    assert refusal(lambda: redeemed(accounts, token, password=GOOD)) == "link"
    assert accounts.linked(token) is None


def test_a_link_dies_of_age_and_of_a_newer_one(accounts: Accounts, clock: Clock) -> None:
    user, first = accounts.add(unique("Alice"))
    second = accounts.reset_link(user.name.upper())
    assert refusal(lambda: redeemed(accounts, first, password=GOOD)) == "link"
    clock.forward(LINK_LIFE)
    assert refusal(lambda: redeemed(accounts, second, password=GOOD)) == "link"


def test_a_bad_password_leaves_the_link_good(accounts: Accounts) -> None:
    user, token = accounts.add(unique("Alice"))
    for password, code in [
        ("elevenchars", "short"),
        ("ä" * 30 + "abcdefghijklm", "long"),
        ("passwordPASSWORD", "common"),
        ("abababababab", "common"),
        ("314159265358979", "common"),
        (user.name + "2024", "common"),
        ("with a \0 inside it", "long"),
    ]:
        assert refusal(lambda password=password: redeemed(accounts, token, password=password)) == code
    assert accounts.session(redeemed(accounts, token, password="x" * 60 + " and 12 more")) is not None


def test_the_owner_is_invited_until_they_have_a_password(fresh_db: Database, memory: Memory, clock: Clock) -> None:
    accounts = Accounts(fresh_db, memory, now=clock)
    first, second = accounts.invite_owner(), accounts.invite_owner()
    assert first
    assert second
    assert first != second
    assert len(accounts.list()) == 1
    session = accounts.session(redeemed(accounts, second, name="  Ada   Lovelace ", password=GOOD))
    assert session is not None
    assert (session.name, session.role) == ("Ada Lovelace", "owner")
    assert accounts.invite_owner() is None
    assert refusal(lambda: redeemed(accounts, first, password=GOOD)) == "link"


def test_names_are_unique_whatever_their_case_and_accents(accounts: Accounts) -> None:
    mark = uuid4().hex[:8]
    accounts.add(f"Zoë {mark}")
    for same in (f"ZOË {mark}", f"  zoe\u0308   {mark} "):
        with pytest.raises(Conflict):
            accounts.add(same)
    other, token = accounts.add(f"Chloé {mark}")
    assert refusal(lambda: redeemed(accounts, token, name=f"zoË {mark}", password=GOOD)) == "taken"
    assert accounts.linked(token) == other


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\nb\x07", "!!!", "a\u202eb", "a\0b"])
def test_names_nobody_can_have(accounts: Accounts, name: str) -> None:
    assert refusal(lambda: accounts.add(name)) == "name"


def test_names_of_the_owner_and_the_demo_cannot_be_taken_by_typing() -> None:
    assert name_key(" owner") == "owner"
    assert name_key(" demo") == "demo"


def test_signing_in_and_out(accounts: Accounts, alice: str) -> None:
    first, second = signed_in(accounts, alice.upper(), GOOD), signed_in(accounts, alice, GOOD, True)
    assert first != second
    a, b = accounts.session(first), accounts.session(second)
    assert a
    assert b
    assert a.user_id == b.user_id
    assert a.csrf != b.csrf
    assert a.key != b.key
    accounts.sign_out(first)
    assert accounts.session(first) is None
    assert accounts.session(second) == b


def test_a_stolen_cookie_is_worth_nothing_after_signing_out_everywhere(accounts: Accounts, alice: str) -> None:
    tokens = [signed_in(accounts, alice, GOOD) for _ in range(3)]
    sessions = [accounts.session(token) for token in tokens]
    assert all(sessions)
    accounts.sign_out_everywhere(sessions[0].user_id)  # type: ignore[union-attr]
    assert [accounts.session(token) for token in tokens] == [None, None, None]


def test_a_reset_password_ends_every_session(accounts: Accounts, alice: str) -> None:
    token = signed_in(accounts, alice, GOOD)
    assert accounts.session(token)
    redeemed(accounts, accounts.reset_link(alice), password="another four words here")
    assert accounts.session(token) is None
    assert refusal(lambda: signed_in(accounts, alice, GOOD)) == "wrong"
    assert accounts.session(signed_in(accounts, alice, "another four words here"))


def test_forged_and_foreign_tokens(accounts: Accounts, alice: str) -> None:
    token = signed_in(accounts, alice, GOOD)
    charlie = accounts.session(redeemed(accounts, accounts.add(unique("Charlie"))[1], password=GOOD))
    assert charlie
    user_id, secret = token.split(".")
    forged = [
        "",
        "x",
        secret,
        f"{charlie.user_id}.{secret}",
        f"{user_id}.{secret[:-1]}",
        f"{user_id}.{'A' * 43}",
        f"0{user_id}.{secret}",
        f"{2**31}.{secret}",
        f"{token}\n",
        f"{token}.",
        token.upper(),
    ]
    assert [accounts.session(each) for each in forged] == [None] * len(forged)
    assert accounts.session(token)


def test_the_database_holds_hashes_alone(accounts: Accounts, db: Database, alice: str) -> None:
    token = signed_in(accounts, alice, GOOD)
    with db.begin() as connection:
        kept = connection.execute(select(schema.sessions.c.token_sha256)).scalars().all()
        everything = str(connection.execute(text("select s::text, u::text from sessions s, users u")).all())
    assert hashlib.sha256(token.encode()).digest() in kept
    assert token.split(".")[1] not in everything
    assert GOOD not in everything


@pytest.mark.parametrize(("stay", "idle"), [(False, IDLE), (True, IDLE_STAYING)])
def test_sessions_end_by_idleness_and_by_age(
    db: Database, clock: Clock, alice: str, stay: bool, idle: timedelta
) -> None:
    accounts = Accounts(db, NoCache(), now=clock)
    forgotten, used = signed_in(accounts, alice, GOOD, stay), signed_in(accounts, alice, GOOD, stay)
    start = clock.now
    while clock.now - start + idle / 2 < ABSOLUTE:
        clock.forward(idle / 2)
        assert accounts.session(used), clock.now - start
    assert accounts.session(forgotten) is None
    clock.now = start + ABSOLUTE
    assert accounts.session(used) is None


def test_an_idle_session_is_over_at_the_minute(db: Database, clock: Clock, alice: str) -> None:
    accounts = Accounts(db, NoCache(), now=clock)
    token = signed_in(accounts, alice, GOOD)
    clock.forward(IDLE - timedelta(seconds=1))
    late = signed_in(accounts, alice, GOOD)
    assert accounts.session(token)
    clock.forward(IDLE)
    assert accounts.session(token) is None
    assert accounts.session(late) is None


@pytest.mark.real_passwords
def test_unknown_names_answer_alike_and_take_as_long(db: Database, alice: str) -> None:
    accounts = Accounts(db, NoCache())
    refusal(lambda: signed_in(accounts, alice, "a first one to warm up", address="w"))

    def took(name: str, round_: int) -> float:
        began = time.process_time()
        assert refusal(lambda: signed_in(accounts, name, "wrong wrong wrong", address=f"{round_}")) == "wrong"
        return time.process_time() - began

    known = min(took(alice, n) for n in range(3))
    unknown = min(took(unique("nobody"), n) for n in range(3))
    unset = accounts.add(unique("Bob"))[0].name
    waiting = min(took(unset, n) for n in range(3))
    assert known / 2 < unknown < known * 2
    assert known / 2 < waiting < known * 2


def test_odd_passwords_and_names_are_merely_wrong(accounts: Accounts, alice: str) -> None:
    for name, password in [(alice, "x" * 5000), (alice, "a\0b"), ("a\0b", GOOD), ("x" * 5000, GOOD), ("", "")]:
        assert refusal(lambda name=name, password=password: signed_in(accounts, name, password)) == "wrong"


def test_a_password_fits_however_its_accents_were_typed() -> None:
    hashed = hash_password("cafe\u0301 au lait noir")
    assert verify_password("caf\u00e9 au lait noir", hashed)
    assert not verify_password("cafe au lait noir", hashed)
    assert not verify_password("caf\u00e9 au lait noir", None)
    check_new("caf\u00e9 au lait noir", name="Zoë")


def test_guessing_is_slowed_and_never_locks_for_good(accounts: Accounts, clock: Clock, alice: str) -> None:
    for _ in range(FREE_TRIES):
        assert refusal(lambda: signed_in(accounts, alice, "wrong wrong wrong", address="1.2.3.4")) == "wrong"
    assert refusal(lambda: signed_in(accounts, alice, GOOD, address="1.2.3.4")) == "wait"
    assert accounts.session(signed_in(accounts, alice, GOOD, address="5.6.7.8"))
    clock.forward(timedelta(seconds=15))
    assert accounts.session(signed_in(accounts, alice, GOOD, address="1.2.3.4"))
    assert refusal(lambda: signed_in(accounts, alice, "wrong wrong wrong", address="1.2.3.4")) == "wrong"


@pytest.mark.parametrize("cache", [Memory, NoCache])
def test_the_brake_grows_and_lets_go(clock: Clock, cache: type[Memory]) -> None:
    brake = Throttle(cache(), clock)
    assert [brake.enter(by_pair("a")) for _ in range(FREE_TRIES + 1)] == [True] * FREE_TRIES + [False]
    waits = []
    for _ in range(9):
        waited = timedelta(0)
        while not brake.enter(by_pair("a")):
            clock.forward(timedelta(seconds=5))
            waited += timedelta(seconds=5)
        waits.append(waited)
    assert waits[:3] == [timedelta(seconds=s) for s in (15, 30, 60)]
    assert max(waits) == LONGEST_DELAY
    clock.forward(WINDOW + timedelta(seconds=1))
    assert [brake.enter(by_pair("a")) for _ in range(FREE_TRIES)] == [True] * FREE_TRIES


def test_two_processes_share_the_brake(clock: Clock) -> None:
    shared = Memory()
    one, two = Throttle(shared, clock), Throttle(shared, clock)
    tries = [brake.enter(by_pair("a", "b")) for brake in [one, two] * FREE_TRIES]
    assert tries.count(True) == FREE_TRIES


def test_deleting_a_person_takes_everything_of_theirs_and_nothing_else(
    accounts: Accounts, db: Database, memory: Memory, alice: str, clock: Clock
) -> None:
    token, charlie = signed_in(accounts, alice, GOOD), accounts.find(accounts.add(unique("Charlie"))[0].name)
    session = accounts.session(token)
    assert session
    memory.kept[f"u:{session.user_id}:library"] = memory.kept[f"u:{charlie.id}:library"] = b"x"
    moments = dict.fromkeys(("ended_at", "began_at", "logged_at"), clock.now)
    numbers = ("track_id", "ms_played", "import_id", "reason_start", "reason_end", "platform", "country", "kind")
    row = {**moments, **dict.fromkeys((*numbers, "source", "flags"), 1)}
    with db.begin() as connection:
        for user_id in (session.user_id, charlie.id):
            connection.execute(insert(schema.listens).values(user_id=user_id, **row))
            connection.execute(insert(schema.replaced_listens).values(user_id=user_id, replaced_by=1, **row))
            connection.execute(insert(schema.imports).values(user_id=user_id, label="x"))
            connection.execute(insert(schema.exclusions).values(user_id=user_id, kind="hour", value=3))
    accounts.delete(session.user_id)
    assert accounts.session(token) is None
    assert not [key for key in memory.kept if key.startswith(f"u:{session.user_id}:")]
    assert memory.kept[f"u:{charlie.id}:library"] == b"x"
    personal = [table for table in schema.metadata.sorted_tables if "user_id" in table.c]
    assert len(personal) >= 9
    with db.begin() as connection:
        for table in personal:
            left = select(func.count()).select_from(table).where(table.c.user_id == session.user_id)
            assert connection.execute(left).scalar_one() == 0, table.name
        kept = select(func.count()).select_from(schema.listens).where(schema.listens.c.user_id == charlie.id)
        assert connection.execute(kept).scalar_one() == 1
    with pytest.raises(NotFound):
        accounts.delete(session.user_id)


def test_the_demo_person_is_one_and_cannot_sign_in(accounts: Accounts) -> None:
    assert accounts.demo() == accounts.demo()
    assert accounts.demo().role == "demo"
    assert refusal(lambda: signed_in(accounts, "Demo", GOOD, address="demo")) == "wrong"


def test_hashing_starts_no_streamlit() -> None:
    """The worker and the command line must not pay for Streamlit to check a password."""
    code = (
        "import sys; from core.services.accounts import Accounts; from core.services.passwords import hash_password;"
        "assert hash_password('four words in a row').startswith('$2b$12$');"
        "assert not [m for m in sys.modules if m.split('.')[0] == 'streamlit']"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
