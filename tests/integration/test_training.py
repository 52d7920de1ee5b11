"""Models on a real PostgreSQL: who is in them, what they are made of, and when they go."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import numpy as np
import pytest
from listeners import ARTISTS, NOON, REMASTER, VARIOUS, Listeners

from core.domain.errors import NotFound, Unavailable
from core.domain.listen import Flag, Kind, Source
from core.domain.recommending import TERMS_VERSION
from core.repositories.database import Database
from core.services.events import Events

WEEK = timedelta(days=7)
Another = Callable[[], AbstractContextManager[Database]]


@pytest.fixture
def house(fresh_db: Database) -> Listeners:
    return Listeners(fresh_db)


@pytest.fixture
def village(house: Listeners) -> Listeners:
    """Return an instance with sixty people who agreed."""
    house.village()
    return house


def test_it_is_off_until_somebody_agrees_and_is_in_their_record(house: Listeners) -> None:
    [alice, charlie] = house.settle(2, agree=False)
    training = house.training()
    assert training.standing(alice) is None
    training.agree(alice, address="192.0.2.1")
    house.now = NOON + WEEK
    training.agree(alice)
    consent = training.standing(alice)
    assert consent is not None
    assert (consent.since, consent.stands) == (NOON, True), "agreeing twice changes nothing"
    training.leave(charlie)
    training.leave(alice)
    training.leave(alice)
    assert training.standing(alice) is None
    events = Events(house.db, secret=b"for tests alone")
    assert [event.event for event in events.of(alice)] == ["training-left", "training-joined"]
    assert events.of(charlie) == []


def test_nobody_and_the_demo_cannot_agree(house: Listeners) -> None:
    [demo] = house.settle(1, agree=False, role="demo")
    for user_id in (0, demo):
        with pytest.raises(NotFound):
            house.training().agree(user_id)
    assert house.ask("select * from training_consents") == []


def test_sixty_people_have_models_of_every_kind_with_cards(village: Listeners) -> None:
    training = village.training()
    cards = training.run()
    assert cards is not None
    assert list(cards) == ["artist", "album", "track"]
    assert training.cards() == tuple(cards[kind] for kind in ("album", "artist", "track"))
    card = cards["artist"]
    listens = village.ask("select count(*) from listens")[0][0]
    assert (card.people, card.made_at, card.rows_by_source) == (60, NOON, {"spotify_export": listens})
    assert 100 < card.items < VARIOUS
    assert 0.3 < card.quality["recall_at_20"] <= 1, "a taste has forty artists: by chance 20 of 160 would be .125"
    assert 0 < card.quality["ndcg_at_100"] <= 1
    assert 0 < card.quality["gini_at_10"] < 1
    assert card.quality["novelty_bits"] > 0
    assert training.run() is None, "not due again"


def test_suggestions_are_of_ones_own_taste(village: Listeners) -> None:
    training = village.training()
    training.run()
    model = training.model("artist")
    assert model is not None
    liked = [1 + at for at in range(10)]
    scores = model.recommender.scores(dict.fromkeys(liked, 5.0)).copy()
    scores[np.isin(model.recommender.items, liked)] = -np.inf
    best = model.recommender.items[np.argsort(-scores)[:10]]
    assert (best <= ARTISTS).mean() >= 0.9
    names = training.names("artist", best.tolist())
    assert names["name"].to_list() == [f"Artist {id}" for id in sorted(best.tolist())]
    [song] = training.names("track", [2]).to_dicts()
    assert song == {
        "id": 2,
        "name": "Song 2",
        "artist": "Artist 1",
        "artist_id": 1,
        "album": "Album 1",
        "uri": f"spotify:track:{2:022}",
        "mbid": "",
    }
    [album] = training.names("album", [3, 999_999]).to_dicts()
    assert (album["name"], album["artist"], album["artist_id"]) == ("Album 3", "Artist 3", 3)
    assert training.names("album", []).is_empty()


def test_under_fifty_people_there_is_none(house: Listeners) -> None:
    house.village(49)
    house.settle(5)  # agree, and have nothing
    assert house.training().run() is None
    assert house.bytes() == {}
    assert house.training().model("artist") is None
    assert house.training(people=49).run() is not None


def test_without_consent_nothing_is_read(house: Listeners, another_db: Another) -> None:
    house.village()
    house.training().run()
    with another_db() as db:
        other = Listeners(db)
        other.village()
        outsiders = other.settle(10, agree=False)
        demo = other.settle(1, agree=False, role="demo")
        other.do(f"insert into training_consents select id, now(), '{TERMS_VERSION}' from users where id = {demo[0]}")
        early = other.settle(1, agree=False)
        other.do(f"insert into training_consents select id, now(), 'an earlier text' from users where id = {early[0]}")
        for track in range(2, 40):
            other.play([*outsiders, *demo, *early], track, times=3)
        other.training().run()
        assert other.bytes() == house.bytes()
    assert len(house.bytes()) == 3


def test_plays_the_api_reported_change_not_a_byte(house: Listeners, another_db: Another) -> None:
    people = house.village()
    house.training().run()
    with another_db() as db:
        other = Listeners(db)
        other.village()
        for track in range(2, 30):
            other.play(people, track, times=2, hour=17, source=int(Source.SPOTIFY_API))
        other.training().run()
        assert other.bytes() == house.bytes()
        assert "spotify_api" not in other.training().cards()[0].rows_by_source


def test_the_same_plays_give_the_same_bytes_whoever_people_are(village: Listeners, another_db: Another) -> None:
    village.training().run()
    first = village.bytes()
    village.do("delete from models")
    village.training().run()
    assert village.bytes() == first
    with another_db() as db:
        other = Listeners(db)
        other.settle(7, agree=False)
        other.village()
        other.do("update listens set user_id = user_id + 10000")
        ends = other.people[7] + other.people[-1]
        other.do(f"update listens set user_id = {ends} - (user_id - 10000)")
        other.training().run()
        assert other.bytes() == first


@pytest.mark.parametrize(
    "changes",
    [
        {"ms_played": 29_999},
        {"kind": int(Kind.PODCAST)},
        {"flags": int(Flag.INCOGNITO | Flag.INCOGNITO_KNOWN)},
        {"source": 99},
    ],
)
def test_what_is_no_play_by_the_standard_rules_is_not_learned(village: Listeners, changes: dict[str, int]) -> None:
    village.do("delete from listens where track_id in (2, 3)")
    village.play(village.people[:9], 2, **changes)
    village.training().run()
    assert 1 not in village.items()


def test_three_people_are_enough_for_a_thing_and_two_are_not(village: Listeners) -> None:
    village.do("delete from listens where track_id in (2, 3, 4, 5)")
    village.play(village.people[:2], 2, times=50)
    village.play(village.people[:3], 4)
    village.training().run()
    assert village.items() & {1, 2} == {2}
    assert village.items("track") & {2, 3, 4, 5} == {4}
    assert village.items("album") & {1, 2} == {2}


def test_editions_are_one_recording_and_various_artists_are_nobody(village: Listeners) -> None:
    village.do("delete from listens where track_id in (2, 3)")
    village.play(village.people[:2], 2)
    village.play(village.people[2:4], 2 + REMASTER)
    village.play(village.people, 2 * VARIOUS)
    village.training().run()
    assert {id for id in village.items("track") if id > REMASTER} == set()
    assert 2 in village.items("track")
    assert 2 * VARIOUS not in village.items("track")
    assert VARIOUS not in village.items("artist") | village.items("album")


def test_a_model_of_an_earlier_version_is_made_anew(village: Listeners) -> None:
    village.training().run()
    before = village.bytes()
    village.do("update models set content = 'something else' where kind = 'track'")
    training = village.training()
    assert training.model("artist") is not None
    assert training.model("track") is None
    assert training.due()
    assert training.run() is not None
    assert village.bytes() == before


def test_the_card_says_how_the_model_was_made(village: Listeners) -> None:
    village.training().run()
    recipe = village.training().cards()[0].recipe
    assert recipe == {"l2": 20.0, "weights": "log", "tag_share": 1.0, "damping": 0.2}


def test_a_model_is_kept_until_there_is_another(village: Listeners) -> None:
    training = village.training()
    assert training.model("artist") is None
    village.training().run()
    assert training.model("artist") is None
    village.seconds += 10
    first = training.model("artist")
    assert first is not None
    village.seconds += 10
    assert training.model("artist") is first, "not read again"
    village.now += WEEK
    village.training().run()
    village.seconds += 10
    second = training.model("artist")
    assert second is not None
    assert second.card.made_at == NOON + WEEK


def test_the_worker_makes_what_is_due_and_outlives_a_lost_server(
    village: Listeners, monkeypatch: pytest.MonkeyPatch
) -> None:
    import core.bootstrap
    from core.services.training import Training
    from worker.training import run

    class House:
        training = village.training()

    class Context:
        @staticmethod
        def should_abort() -> bool:
            return False

    monkeypatch.setattr(core.bootstrap, "playprint", House)
    run.func(Context, 0)
    assert len(village.bytes()) == 3

    def lost(self: Training, *, stop: object) -> None:
        raise Unavailable("PostgreSQL cannot be reached.")

    monkeypatch.setattr(Training, "run", lost)
    run.func(Context, 0)
