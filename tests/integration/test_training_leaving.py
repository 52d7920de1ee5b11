"""Who takes their consent back, or leaves, is in no model from that moment on; what is left out was never in one."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from household import GOOD, Household
from listeners import NOON, REMASTER, Listeners, stopping

from core.cache import Cache
from core.domain.recommending import TERMS_VERSION
from core.repositories.database import Database
from core.repositories.models import ModelRows
from core.services.training_making import Making

Another = Callable[[], AbstractContextManager[Database]]


@pytest.fixture
def village(fresh_db: Database) -> Listeners:
    """Return an instance with sixty people who agreed, and models of them."""
    made = Listeners(fresh_db)
    made.village()
    made.training().run()
    assert len(made.bytes()) == 3
    return made


@pytest.fixture(scope="module")
def without_the_last(another_db: Another) -> dict[str, bytes]:
    """Return the models of the same people without the last of them, who never agreed."""
    with another_db() as db:
        house = Listeners(db)
        house.village()
        house.do(f"delete from training_consents where user_id = {house.people[-1]}")
        house.training().run()
        return house.bytes()


@pytest.fixture
def cache(redis_url: str) -> Iterator[Cache]:
    made = Cache(redis_url, namespace=uuid4().hex[:12])
    yield made
    made.close()


def test_stopping_deletes_the_models_at_once_and_the_next_are_without(
    village: Listeners, without_the_last: dict[str, bytes]
) -> None:
    training, last = village.training(), village.people[-1]
    assert training.model("artist") is not None
    assert village.bytes() != without_the_last
    training.leave(last)
    assert village.bytes() == {}
    assert training.model("artist") is None
    assert training.cards() == ()
    training.run()
    assert village.bytes() == without_the_last


def test_deleting_people_in_any_way_does_the_same(
    village: Listeners, cache: Cache, tmp_path: Path, without_the_last: dict[str, bytes]
) -> None:
    house = Household(village.db, cache, uploads=tmp_path)
    owner = house.join("Owner", role="owner")
    ways: list[Callable[[int, str], object]] = [
        lambda id, name: house.accounts.delete(id),  # `playprint users delete`
        lambda id, name: house.people.delete(owner.id, user_id=id, typed=name),
    ]
    for way in ways:
        extra = house.join("Extra")
        gone = extra.id
        village.training().agree(gone)
        village.play([gone], 2, times=30)
        village.now += timedelta(days=8)
        village.training().run()
        assert village.ask("select distinct card->>'people' from models") == [("61",)]
        way(gone, extra.session.name)
        assert village.bytes() == {}
        assert village.ask(f"select * from training_consents where user_id = {gone}") == []
    alice = house.join("Alice")
    village.training().agree(alice.id)
    village.training().run()
    assert len(village.bytes()) == 3
    token = house.leaving.ask(alice.id, password=GOOD, code="", session=alice.session)
    house.leaving.leave(alice.id, token=token, session=alice.session)
    assert village.bytes() == {}
    house.accounts.delete(village.people[-1])
    village.training().run()
    assert village.bytes() == without_the_last


def test_who_leaves_while_models_are_made_is_in_none(
    village: Listeners, monkeypatch: pytest.MonkeyPatch, without_the_last: dict[str, bytes]
) -> None:
    village.do("delete from models")
    making = Making.models

    def leaving_meanwhile(self: Making, people: list[int]) -> object:
        made = making(self, people)
        village.training().leave(village.people[-1])
        return made

    monkeypatch.setattr(Making, "models", leaving_meanwhile)
    assert village.training().run() is None
    assert village.bytes() == {}
    monkeypatch.undo()
    village.training().run()
    assert village.bytes() == without_the_last


def test_who_leaves_and_comes_back_meanwhile_is_read_anew(village: Listeners, monkeypatch: pytest.MonkeyPatch) -> None:
    village.do("delete from models")
    making = Making.models

    def leaving_meanwhile(self: Making, people: list[int]) -> object:
        made = making(self, people)
        village.training().leave(village.people[-1])
        village.now += timedelta(seconds=1)
        village.training().agree(village.people[-1])
        return made

    monkeypatch.setattr(Making, "models", leaving_meanwhile)
    assert village.training().run() is None
    assert village.bytes() == {}


def test_who_joins_meanwhile_hinders_nothing(village: Listeners, monkeypatch: pytest.MonkeyPatch) -> None:
    before = village.bytes()
    village.do("delete from models")
    making = Making.models

    def joining_meanwhile(self: Making, people: list[int]) -> object:
        made = making(self, people)
        village.settle(1)
        return made

    monkeypatch.setattr(Making, "models", joining_meanwhile)
    assert village.training().run() is not None
    assert village.bytes() == before


def test_a_leave_that_is_not_through_yet_is_waited_for(village: Listeners) -> None:
    """Somebody's going has begun and is not committed: storing waits for it, and then stores nothing."""
    rows, training = ModelRows(village.db), village.training()
    agreed = training._rows.agreed()
    card_and_bytes = rows.load("artist")
    assert card_and_bytes is not None
    stored: list[bool] = []
    with village.db.driver() as leaving:
        leaving.execute("delete from training_consents where user_id = %s", (village.people[-1],))
        storing = threading.Thread(target=lambda: stored.append(rows.store([card_and_bytes], learned_from=agreed)))
        storing.start()
        storing.join(timeout=0.3)
        assert storing.is_alive(), "it waits"
    storing.join(timeout=10)
    assert stored == [False]
    assert village.bytes() == {}


def test_a_leave_during_storing_deletes_what_was_stored(village: Listeners) -> None:
    """The lock of storing is held: a leave waits, and its trigger then deletes what was stored."""
    leaving = threading.Thread(target=lambda: village.training().leave(village.people[-1]))
    with village.db.driver() as storing:
        storing.execute("lock table training_consents in share mode")
        storing.execute("delete from models where kind <> 'artist'")
        leaving.start()
        leaving.join(timeout=0.3)
        assert leaving.is_alive(), "it waits"
        storing.execute("update models set made_at = now()")
    leaving.join(timeout=10)
    assert not leaving.is_alive()
    assert village.bytes() == {}


@pytest.mark.parametrize(
    ("exclusion", "rule"),
    [
        (("artist", 1), None),
        (("album", 1), None),
        (("track", 2), None),
        (("track", 2 + REMASTER), None),
        (("platform", 4), None),
        (("country", 77), None),
        (("hour", 21), None),  # 12:00 in London is 21:00 in Tokyo
        (("artist", 50), ("artist", 1, 50)),
        (("album", 50), ("album", 1, 50)),
        (("artist", 50), ("album-artist", 1, 50)),
        (("artist", 50), ("track-artist", 2, 50)),
        (("track", 100), ("recording", 2, 100)),
        (("track", 100), ("recording", 100, 2 + REMASTER)),
    ],
)
def test_what_somebody_leaves_out_is_not_learned_from_them(
    village: Listeners, exclusion: tuple[str, int], rule: tuple[str, int, int] | None
) -> None:
    one, others = village.people[0], village.people[1:3]
    village.do("delete from listens where track_id in (2, 3)")
    village.play([one, *others], 2, platform=4, country=77)
    village.do(f"update users set timezone = 'Asia/Tokyo' where id = {one}")
    village.now += timedelta(days=8)
    village.training().run()
    assert 2 in village.items("track"), "three people play it"
    village.do(f"insert into exclusions (user_id, kind, value) values ({one}, '{exclusion[0]}', {exclusion[1]})")
    if rule:
        village.do(f"insert into identity_rules values ({one}, '{rule[0]}', {rule[1]}, {rule[2]}, 1)")
    village.now += timedelta(days=8)
    village.training().run()
    assert 2 not in village.items("track"), "two people are left"


def test_what_others_leave_out_is_their_own_matter(village: Listeners) -> None:
    before = village.bytes()
    [other] = village.settle(1, agree=False)
    village.do(f"insert into exclusions (user_id, kind, value) values ({other}, 'artist', 1), ({other}, 'hour', 12)")
    village.do(f"insert into exclusions (user_id, kind, value) values ({village.people[0]}, 'hour', 3)")
    village.now += timedelta(days=8)
    village.training().run()
    assert village.bytes() == before


def test_models_are_made_anew_every_week_and_go_when_they_cannot_be(village: Listeners) -> None:
    village.now = NOON + timedelta(days=6, hours=23)
    assert village.training().run() is None
    village.now = NOON + timedelta(days=7)
    assert village.training().run() is not None
    village.do("delete from listens")
    village.now += timedelta(days=7)
    training = village.training()
    assert training.run() == {}
    assert village.bytes() == {}


def test_a_changed_text_ends_the_models_and_what_was_agreed_before(
    village: Listeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    village.do("update training_consents set version = 'earlier'")
    village.do('update models set card = card || \'{"terms": "earlier"}\'')
    training = village.training()
    assert training.model("artist") is None
    assert training.cards() == ()
    assert training.run() is None, "nobody agrees to the text of today"
    consent = training.standing(village.people[0])
    assert consent is not None
    assert not consent.stands
    for user_id in village.people:
        training.agree(user_id)
    assert training.standing(village.people[0]).version == TERMS_VERSION  # type: ignore[union-attr]
    assert training.run() is not None
    assert training.model("artist") is None, "looked for ten seconds later"
    village.seconds += 10
    assert training.model("artist") is not None


def test_after_a_stop_nothing_half_is_stored(village: Listeners) -> None:
    before = village.bytes()
    village.do("delete from models")
    for calls in (0, 1, 2, 5, 100, 186):
        assert village.training().run(stop=stopping(calls)) is None
        assert village.bytes() == {}
    assert village.training().run() is not None
    assert village.bytes() == before


def test_of_two_processes_one_makes_models(village: Listeners) -> None:
    village.do("delete from models")
    nested: list[object] = []

    def stop() -> bool:
        nested.append(village.training().run())
        return False

    assert village.training().run(stop=stop) is not None
    assert set(nested) == {None}


def test_a_try_that_comes_to_nothing_is_not_repeated_all_the_time(village: Listeners) -> None:
    village.do("delete from models")
    village.do("update listens set ms_played = 1000")
    training = village.training()
    assert training.run() == {}
    assert not training.due()
    village.settle(1)
    assert training.due(), "others agree"
    assert training.run() == {}
    village.now += timedelta(hours=6)
    assert training.due()
