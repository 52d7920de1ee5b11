"""Leaving: a proof, a second confirmation, everything gone, a receipt that names nobody."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from household import GOOD, Household, Somebody, refusal
from sqlalchemy import insert

from core.cache import Cache
from core.domain.errors import NotFound
from core.repositories import schema
from core.repositories.database import Database
from core.services.leaving import BELONGINGS, CONFIRM_LIFE
from core.services.waiting import waiting_folder

# What is stored of a person and not worth a line of its own on the way out.
BOOKKEEPING = {
    *("data_changes", "recovery_codes", "spotify_parts", "spotify_gaps", "spotify_playlist_items"),
    "spotify_playlist_versions",
    "community_consents",
    "training_consents",
}


@pytest.fixture
def cache(redis_url: str) -> Iterator[Cache]:
    made = Cache(redis_url, namespace=uuid4().hex[:12])
    yield made
    made.close()


@pytest.fixture
def house(fresh_db: Database, cache: Cache, tmp_path: Path) -> Household:
    return Household(fresh_db, cache, uploads=tmp_path)


@pytest.fixture
def owner(house: Household) -> Somebody:
    return house.join("Owner", role="owner")


@pytest.fixture
def alice(house: Household, owner: Somebody) -> Somebody:
    return house.join()


def ask(house: Household, who: Somebody, password: str = GOOD, code: str = "") -> str:
    return house.leaving.ask(who.id, password=password, code=code, session=who.session)


def gone(house: Household, who: Somebody) -> bool:
    return who.id not in [user.id for user in house.accounts.list()]


def test_every_table_is_counted_or_known_as_bookkeeping() -> None:
    counted = {table for tables in BELONGINGS.values() for table in tables}
    personal = {table.name for table in schema.metadata.sorted_tables if "user_id" in table.c}
    assert counted | BOOKKEEPING == personal


def test_the_plan_says_what_goes(house: Household, alice: Somebody) -> None:
    house.accounts.sign_in(alice.name, GOOD)
    with house.db.begin() as connection:
        for hour in range(3):
            connection.execute(insert(schema.exclusions).values(user_id=alice.id, kind="hour", value=hour))
        connection.execute(insert(schema.imports).values(user_id=alice.id, label="x"))
    plan = house.leaving.plan(alice.id)
    assert plan.counts["things left out of the figures"] == 3
    assert (plan.counts["imports"], plan.counts["devices signed in"], plan.counts["listens"]) == (1, 2, 0)
    assert (plan.last_owner, plan.by_name) == (False, False)
    with pytest.raises(NotFound):
        house.leaving.plan(2**31 - 1)


def test_two_steps_and_everything_is_gone(
    house: Household, alice: Somebody, owner: Somebody, cache: Cache, redis_url: str, tmp_path: Path
) -> None:
    session = alice.session
    waiting_folder(tmp_path, alice.id).mkdir()
    cache.set_bytes(f"u:{alice.id}:library", b"x", 60)
    house.limits.take("upload", alice.id)
    confirmation = ask(house, alice)
    assert house.accounts.session(alice.token), "asking deletes nothing"
    receipt = house.leaving.leave(alice.id, token=confirmation, session=session)
    assert gone(house, alice)
    assert house.accounts.session(alice.token) is None
    assert list(tmp_path.iterdir()) == []
    with redis.Redis.from_url(redis_url) as client:
        assert list(client.scan_iter(match=f"{cache._prefix}u:{alice.id}:*")) == []
    said = str(asdict(receipt))
    assert receipt.at == house.clock.now
    assert re.fullmatch(r"[0-9a-f]{16}", receipt.number)
    for personal in (alice.name, alice.token, session.key, f"'{alice.id}'"):
        assert personal not in said
    assert house.accounts.session(owner.token)


def test_the_first_step_wants_the_password_and_the_code(house: Household, alice: Somebody) -> None:
    assert refusal(lambda: ask(house, alice, "not mine at all")) == "current"
    assert refusal(lambda: ask(house, alice, alice.name)) == "current"
    app = alice.switch_on()
    assert refusal(lambda: ask(house, alice, GOOD, "000000")) == "code"
    assert refusal(lambda: ask(house, alice, GOOD)) == "code"
    confirmation = ask(house, alice, GOOD, app.code())
    house.leaving.leave(alice.id, token=confirmation, session=alice.session)
    assert gone(house, alice)


def test_somebody_without_a_password_types_their_name_freshly_signed_in(house: Household, owner: Somebody) -> None:
    zoe = house.join_by_spotify()
    assert house.leaving.plan(zoe.id).by_name
    assert refusal(lambda: ask(house, zoe, "")) == "typed"
    assert refusal(lambda: ask(house, zoe, zoe.name.upper())) == "typed"
    confirmation = ask(house, zoe, f" {zoe.name} ")
    house.clock.forward(timedelta(minutes=11))
    assert refusal(lambda: ask(house, zoe, zoe.name)) == "fresh"
    assert refusal(lambda: house.leaving.leave(zoe.id, token=confirmation, session=zoe.session)) == "confirm"
    zoe.token = house.accounts.enter(zoe.id, stay=False, via="spotify").token
    house.leaving.leave(zoe.id, token=ask(house, zoe, zoe.name), session=zoe.session)
    assert gone(house, zoe)


def test_a_confirmation_is_for_one_session_five_minutes_and_this_password(house: Household, alice: Somebody) -> None:
    charlie = house.join("Charlie")
    leave, token = house.leaving.leave, ask(house, alice)
    theirs = ask(house, charlie)
    elsewhere = Somebody(house, alice.id, alice.name, house.accounts.sign_in(alice.name, GOOD).token)
    texts, ends, mac = token.rsplit(".", 2)
    for forged in ("", "x", theirs, mac, f"{texts}.{int(ends) + 99}.{mac}", f"{texts}.{ends}.{'A' * 43}", alice.token):
        assert refusal(lambda f=forged: leave(alice.id, token=f, session=alice.session)) == "confirm"
    assert refusal(lambda: leave(alice.id, token=token, session=elsewhere.session)) == "confirm"
    with pytest.raises(NotFound):
        leave(alice.id, token=token, session=charlie.session)
    with pytest.raises(NotFound):
        house.leaving.ask(alice.id, password=GOOD, code="", session=charlie.session)
    house.clock.forward(CONFIRM_LIFE)
    assert refusal(lambda: leave(alice.id, token=token, session=alice.session)) == "confirm"
    again = ask(house, alice)
    session = alice.session
    house.credentials.change_password(alice.id, current=GOOD, new="another four words here", session=session)
    assert refusal(lambda: leave(alice.id, token=again, session=session)) == "confirm"
    assert not gone(house, alice)


def test_the_last_owner_leaves_when_alone(house: Household, owner: Somebody, alice: Somebody) -> None:
    assert house.leaving.plan(owner.id).last_owner
    assert refusal(lambda: ask(house, owner)) == "last-owner"
    house.people.set_role(owner.id, user_id=alice.id, role="owner")
    token = ask(house, owner)
    house.people.set_role(owner.id, user_id=alice.id, role="member")
    refused = refusal(lambda: house.leaving.leave(owner.id, token=token, session=owner.session))
    assert refused == "last-owner", "things may change between the two steps"
    house.leaving.leave(alice.id, token=ask(house, alice), session=alice.session)
    assert not house.leaving.plan(owner.id).last_owner
    house.leaving.leave(owner.id, token=ask(house, owner), session=owner.session)
    assert house.accounts.list() == []


def test_a_receipt_is_nowhere_afterwards(house: Household, alice: Somebody) -> None:
    receipt = house.leaving.leave(alice.id, token=ask(house, alice), session=alice.session)
    with house.db.begin() as connection:
        for table in schema.metadata.sorted_tables:
            assert receipt.number not in str(connection.execute(table.select()).all()), table.name
