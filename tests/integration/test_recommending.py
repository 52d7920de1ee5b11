"""Suggestions on a real PostgreSQL: what people are told, why, and what is never told."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from chart_snapshots import own_key, snap
from suggesting_house import LENS, SuggestingHouse, taste

from core.domain.errors import NotFound
from core.domain.lens import Exclusion
from core.domain.listen import Source
from core.domain.recommending import DIAL, KINDS, Kind, suggestion_key
from core.domain.trends import DEMO, ChartKey, Entry
from core.repositories.chart_rows import ChartRows
from core.repositories.database import Database

Another = Callable[[], AbstractContextManager[Database]]
MINE = list(taste(0))[:12]


@pytest.fixture(scope="module")
def house(another_db: Another, redis_url: str) -> Iterator[SuggestingHouse]:
    with another_db() as db:
        made = SuggestingHouse(db, redis_url)
        made.people.village()
        assert set(made.training.run() or {}) == set(KINDS)
        yield made
        made.cache.close()


def test_who_lets_the_model_learn_is_told_what_people_alike_play(house: SuggestingHouse) -> None:
    user = house.someone(MINE, agrees=True)
    for kind in KINDS:
        told = house.ask(user, kind=kind)
        assert (told.tier, told.note, len(told.items)) == ("people", "", 10), kind
        alike = {f"{word} {id}" for id in taste(0) for word in ("Artist", "Album")}
        alike |= {f"Song {2 * id + side}" for id in taste(0) for side in (0, 1)}
        assert sum(each.name in alike for each in told.items) >= 8, kind


def test_reasons_are_what_the_person_played(house: SuggestingHouse) -> None:
    user = house.someone(MINE, agrees=True)
    heard = {
        "artist": {(id, f"Artist {id}") for id in MINE},
        "album": {(id, f"Album {id}") for id in MINE},
        "track": {(2 * id, f"Song {2 * id}") for id in MINE},
    }
    for kind in KINDS:
        items = house.ask(user, kind=kind).items
        assert all(1 <= len(each.reasons) <= 3 for each in items), kind
        assert {(why.id, why.name) for each in items for why in each.reasons} <= heard[kind], kind
        assert all(0 < why.weight <= 1 for each in items for why in each.reasons)


@pytest.mark.parametrize("agreed", ["never", "to an old text"])
def test_who_did_not_agree_to_the_text_of_today_hears_nothing_of_others(house: SuggestingHouse, agreed: str) -> None:
    user = house.someone(MINE, agrees=agreed != "never")
    house.people.do(f"update training_consents set version = '2020-01-01' where user_id = {user}")
    for kind in KINDS:
        told = house.ask(user, kind=kind)
        assert (told.tier, told.items) == ("none", ()), kind
        assert told.note


@pytest.mark.parametrize("plays", [0, 1, 3])
def test_a_person_with_next_to_no_plays_is_told_something_true(house: SuggestingHouse, plays: int) -> None:
    user = house.someone(MINE[:1] if plays else [], times=plays, agrees=True)
    for kind in KINDS:
        told = house.ask(user, kind=kind)
        assert bool(told.items) == bool(plays), kind
        assert bool(told.note) == (not plays), kind
    recommending = house.recommending
    for part in (recommending.forgotten, recommending.deep, recommending.mixes):
        assert part(user, lens=LENS) == ()
    assert all(each.reasons for each in recommending.following(user, lens=LENS))


def test_the_same_question_has_the_same_answer(house: SuggestingHouse) -> None:
    user = house.someone(MINE, agrees=True)
    for kind in KINDS:
        told = house.ask(user, kind=kind)
        house.listening.forget_views()
        assert house.ask(user, kind=kind) == told


def test_plays_the_api_told_of_change_nothing_but_what_is_news(house: SuggestingHouse) -> None:
    user = house.someone(MINE, agrees=True)
    before = {kind: house.ask(user, kind=kind) for kind in KINDS}
    for artist in MINE[:4]:
        house.hear(user, 2 * artist, times=9, hour=20, source=Source.SPOTIFY_API)
    assert {kind: house.ask(user, kind=kind) for kind in KINDS} == before
    first = before["artist"].items[0]
    house.hear(user, 2 * first.artist_id, times=9, hour=20, source=Source.SPOTIFY_API)
    wider = [each.key for each in house.ask(user, n=11).items]
    assert wider[:9] == [each.key for each in before["artist"].items[1:]], "heard by now, and else the same"


@pytest.mark.parametrize("verdict", ["never", "less"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_holds_at_once_and_is_taken_back(house: SuggestingHouse, kind: Kind, verdict: str) -> None:
    user = house.someone(MINE, agrees=True)
    before = house.ask(user, kind=kind)
    first = before.items[0]
    house.tastes.say(user, kind=kind, name=first.name.upper(), artist=first.artist, verdict=verdict)  # type: ignore[arg-type]
    assert first.key not in {each.key for each in house.ask(user, kind=kind).items}
    assert house.tastes.take_back(user, kind=kind, key=first.key)
    assert house.ask(user, kind=kind) == before


def test_never_to_an_artist_silences_their_albums_and_songs(house: SuggestingHouse) -> None:
    user = house.someone(MINE, agrees=True)
    by = {each.artist for kind in ("album", "track") for each in house.ask(user, kind=kind, n=30).items}  # type: ignore[arg-type]
    name = sorted(by)[0]
    house.tastes.say(user, kind="artist", name=name, verdict="never")
    for kind in KINDS:
        items = house.ask(user, kind=kind, n=30).items
        assert name not in {each.artist or each.name for each in items}, kind


def test_more_of_something_changes_the_list_of_those_who_play_alike(house: SuggestingHouse) -> None:
    user = house.someone(MINE, agrees=True)
    other = set(taste(2))
    before = set(house.names(user, n=30))
    for artist in list(other)[:10]:
        house.tastes.say(user, kind="artist", name=f"Artist {artist}", verdict="more")
    after = house.ask(user, n=30)
    alike = {f"Artist {id}" for id in other}
    assert sum(each.name in alike for each in after.items) > len(before & alike) + 3
    played = {f"Artist {id}" for id in MINE}
    assert {why.name for each in after.items for why in each.reasons} <= played


def test_the_dial_goes_from_what_many_play_to_what_few_play(house: SuggestingHouse) -> None:
    user = house.someone(MINE, agrees=True)
    model = house.training.model("artist")
    assert model is not None
    known = dict(zip(model.recommender.items.tolist(), model.recommender.listeners.tolist(), strict=True))
    means = []
    for dial in DIAL:
        items = house.ask(user, dial=dial, n=15).items
        means.append(sum(known[each.artist_id] for each in items) / len(items))
    assert means == sorted(means, reverse=True)
    assert means[0] > means[-1]


def test_what_is_left_out_is_no_reason_and_no_suggestion(house: SuggestingHouse) -> None:
    user = house.someone(MINE, agrees=True)
    whole = house.ask(user)
    lens = replace(LENS, exclusions=(Exclusion("artist", whole.items[0].artist_id), Exclusion("artist", MINE[0])))
    told = house.ask(user, lens=lens)
    assert whole.items[0].name not in {each.name for each in told.items}
    assert MINE[0] not in {why.id for each in told.items for why in each.reasons}


def test_nobody_knows_what_was_forgotten_after_the_last_play(house: SuggestingHouse) -> None:
    """An export that ends months ago tells nothing of the months since."""
    user = house.someone(MINE[:6], times=8)
    assert house.recommending.forgotten(user, lens=LENS) == ()
    assert "rediscovery" not in {mix.name for mix in house.recommending.mixes(user, lens=LENS)}


def test_never_is_obeyed_in_the_lists_of_ones_own_history(house: SuggestingHouse) -> None:
    user = house.someone()
    for round_ in range(3):
        for artist in MINE[:6]:
            house.hear(user, 2 * artist + round_ % 2, times=8, hour=9 + round_)
    later = ", ".join(f"{moment} = {moment} + interval '60 days'" for moment in ("began_at", "ended_at", "logged_at"))
    house.people.play([user], 2 * MINE[6])
    house.people.do(f"update listens set {later} where user_id = {user} and track_id = {2 * MINE[6]}")
    house.hear(user, 2 * MINE[6])
    parts = {
        "following": lambda: house.recommending.following(user, lens=LENS),
        "forgotten": lambda: house.recommending.forgotten(user, lens=LENS),
        "deep": lambda: house.recommending.deep(user, lens=LENS),
        "mixes": lambda: [song for mix in house.recommending.mixes(user, lens=LENS) for song in mix.songs],
    }
    found = {name: list(part()) for name, part in parts.items()}
    assert {name for name, items in found.items() if items} >= {"following", "forgotten", "mixes"}
    for name, items in found.items():
        for each in items[:2]:
            house.tastes.say(user, kind="track", name=each.name, artist=each.artist, verdict="never")
            assert each.key not in {one.key for one in parts[name]()}, name
            house.tastes.take_back(user, kind="track", key=each.key)
            house.tastes.say(user, kind="artist", name=each.artist, verdict="never")
            assert each.artist not in {one.artist for one in parts[name]()}, name
            house.tastes.take_back(user, kind="artist", key=suggestion_key("artist", each.artist))
        assert list(parts[name]()) == items, name


def test_nobody_is_told_anything_who_is_not_there(house: SuggestingHouse) -> None:
    for part in ("suggest", "forgotten", "following", "deep", "mixes"):
        with pytest.raises(NotFound):
            getattr(house.recommending, part)(2**31 - 1, lens=LENS)
    with pytest.raises(NotFound):
        house.recommending.on_from(house.someone(), "no such list", lens=LENS)


def test_leaving_and_being_deleted_end_it_at_once_for_everybody(another_db: Another, redis_url: str) -> None:
    with another_db() as db:
        house = SuggestingHouse(db, redis_url)
        settled = house.people.village()
        user = house.someone(MINE, agrees=True)
        delete = f"delete from users where id = {settled[0]}"
        for gone in (lambda: house.training.leave(user), lambda: house.people.do(delete)):
            assert house.training.run() is not None
            house.people.seconds += 60
            asked = user if house.training.standing(user) else settled[1]
            assert house.ask(asked).tier == "people"
            gone()
            house.people.seconds += 60
            house.people.now = house.people.now.replace(day=house.people.now.day + 1)
            assert house.ask(asked).tier == "none"
        house.cache.close()


def test_listeners_elsewhere_speak_where_lists_are_stored(fresh_db: Database, redis_url: str) -> None:
    house = SuggestingHouse(fresh_db, redis_url)
    mine, others = MINE[:3], {80: 90, 81: 60, 82: 30}
    house.told({id: others | {mine[0]: 99} for id in mine}, {80: 1_000_000, 81: 100, 82: 50})
    user = house.someone(mine)
    told = house.ask(user)
    assert (told.tier, [each.name for each in told.items]) == ("crowd", ["Artist 81", "Artist 82", "Artist 80"])
    assert house.ask(user, dial="familiar").items[0].name == "Artist 81"
    assert {(why.id, why.name) for each in told.items for why in each.reasons} == {(id, f"Artist {id}") for id in mine}
    assert all(abs(sum(why.weight for why in each.reasons) - 1) < 1e-9 for each in told.items)
    house.tastes.say(user, kind="artist", name="artist 81", verdict="never")
    assert house.names(user) == ["Artist 82", "Artist 80"]
    house.told({82: {83: 500}}, {83: 10})
    assert house.names(user) == ["Artist 82", "Artist 80"], "nobody played 82"
    house.tastes.say(user, kind="artist", name="Artist 82", verdict="more")
    told = house.ask(user)
    assert [each.name for each in told.items] == ["Artist 83", "Artist 80"]
    assert [(why.name, why.id) for why in told.items[0].reasons] == [("Artist 82", 0)], "asked for, not played"
    house.cache.close()


def test_charts_speak_for_songs_of_artists_one_plays_and_invented_ones_never(
    fresh_db: Database, redis_url: str
) -> None:
    house, rows = SuggestingHouse(fresh_db, redis_url), ChartRows(fresh_db)
    mine, user = MINE[:2], house.someone(MINE[:2])
    real = Entry(3, "Never Heard", f"ARTIST {mine[0]}", 10)
    heard = Entry(1, f"Song {2 * mine[0]}", f"Artist {mine[0]}", 30)
    strange = Entry(2, "Not Mine", "Artist 90", 20)
    rows.store([snap(own_key(), heard, strange, real)])
    rows.store([snap(ChartKey(DEMO, "track", "week", "DE"), Entry(1, "Invented", f"Artist {mine[1]}", 9))])
    [told] = house.ask(user, kind="track").items
    assert (told.name, told.voices) == ("Never Heard", ("charts",))
    assert [(why.id, why.name) for why in told.reasons] == [(mine[0], f"Artist {mine[0]}")]
    assert "number 3" in told.why
    house.cache.close()
