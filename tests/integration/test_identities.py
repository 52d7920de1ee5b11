"""Together and apart: seen before it is stored, holding for later plays, taken back, and nobody else's."""

from collections.abc import Iterator

import pytest
from heard import listen
from sqlalchemy import insert, update
from stored import add, add_catalogue, add_person

from core.cache import Cache
from core.domain.errors import Conflict, InvalidInput, NotFound
from core.domain.filters import Filters
from core.domain.lens import Exclusion, Lens
from core.domain.rules import NEW_ARTIST, IdentityRule
from core.repositories.database import Database
from core.repositories.migrating import instance_id
from core.repositories.schema import artists, track_credits
from core.services import identities as module
from core.services.identities import Identities
from core.services.listening import Listening
from core.services.profiles import Profiles

OLD = [
    listen("2024-05-01T10:00", track=1),
    listen("2024-05-01T11:00", track=3),
    listen("2024-05-01T12:00", track=3, ms=100_000),
    listen("2024-05-01T13:00", track=4),
    listen("2024-05-01T14:00", track=5),
]
NEW = [listen("2024-06-01T10:00", track=4), listen("2024-06-01T11:00", track=8)]
BJORK, SMALL, BIG, NOBODY = 11, 12, 13, 14


class House:
    """Alice and Charlie with the same history, and the services on it."""

    def __init__(self, db: Database, cache: Cache) -> None:
        add_catalogue(db)
        with db.begin() as connection:  # an import takes numbers; the catalogue brought its own
            connection.exec_driver_sql("select setval(pg_get_serial_sequence('artists', 'id'), 1000)")
        self.db, self.profiles = db, Profiles(db)
        self.listening = Listening(db, cache, memory_bytes=10**8)
        self.identities = Identities(db, self.listening, self.profiles)
        self.alice, self.charlie = add_person(db, "alice"), add_person(db, "charlie")
        for person in (self.alice, self.charlie):
            add(db, person, OLD, import_id=1)

    def top(self, by: str, user_id: int | None = None, **lens: object) -> dict[str, int]:
        """Return name → plays."""
        found = self.listening.top(user_id or self.alice, by=by, lens=Lens(**lens))  # type: ignore[arg-type]
        return {f"{name}": plays for name, plays in found.select("name", "plays").iter_rows()}

    def ids(self, by: str) -> dict[int, int]:
        found = self.listening.top(self.alice, by=by, lens=Lens())  # type: ignore[arg-type]
        return dict(found.select("id", "plays").iter_rows())


@pytest.fixture
def house(fresh_db: Database, redis_url: str) -> Iterator[House]:
    cache = Cache(redis_url, namespace=instance_id(fresh_db))
    yield House(fresh_db, cache)
    cache.close()


def test_a_merge_is_seen_beforehand_and_holds_for_later_plays(house: House) -> None:
    rules = house.identities.merging(house.alice, kind="artist", from_ids=[BIG], to_id=SMALL)
    preview = house.identities.preview(house.alice, rules=rules)
    assert [(one.id, one.plays, one.rank) for one in preview.before] == [(SMALL, 3, 1), (BIG, 1, 2)]
    assert [(one.id, one.plays, one.ms_played, one.rank) for one in preview.after] == [(SMALL, 4, 700_000, 1)]
    assert house.ids("artist")[BIG] == 1  # nothing was stored
    house.identities.merge(house.alice, kind="artist", from_ids=[BIG], to_id=SMALL)
    assert house.top("artist") == {"abba": 4, "Björk": 1}
    add(house.db, house.alice, NEW, import_id=2)
    assert house.top("artist") == {"abba": 6, "Björk": 1}
    assert house.identities.now(house.alice, kind="artist", id=BIG) == SMALL
    assert house.listening.item(house.alice, kind="artist", id=BIG, lens=Lens()).name == "abba"


def test_ids_merged_away_keep_meaning_the_whole_in_filters_and_exclusions(house: House) -> None:
    house.identities.merge(house.alice, kind="artist", from_ids=[BIG], to_id=SMALL)
    assert house.listening.totals(house.alice, lens=Lens(), filters=Filters(artists=(BIG,))).now.plays == 4
    assert house.top("artist", exclusions=(Exclusion("artist", BIG),)) == {"Björk": 1}
    house.identities.undo(house.alice, decision=house.identities.decisions(house.alice)[0].id)
    assert house.top("artist", exclusions=(Exclusion("artist", BIG),)) == {"abba": 3, "Björk": 1}


def test_merges_follow_one_another_and_are_taken_back_one_by_one(house: House) -> None:
    first = house.identities.merge(house.alice, kind="artist", from_ids=[BIG], to_id=SMALL)
    second = house.identities.merge(house.alice, kind="artist", from_ids=[SMALL], to_id=BJORK)
    assert house.top("artist") == {"Björk": 5}
    with pytest.raises(InvalidInput):  # it would go in a circle: both are one already
        house.identities.merge(house.alice, kind="artist", from_ids=[BJORK], to_id=BIG)
    assert [decision.id for decision in house.identities.decisions(house.alice)] == [second, first]
    house.identities.undo(house.alice, decision=first)
    assert house.top("artist") == {"Björk": 4, "ABBA": 1}
    house.identities.undo(house.alice, decision=second)
    assert house.top("artist") == {"abba": 3, "ABBA": 1, "Björk": 1}
    with pytest.raises(NotFound):
        house.identities.undo(house.alice, decision=second)


def test_two_pages_deciding_at_once_make_no_circle(house: House) -> None:
    ways = [[IdentityRule("artist", BIG, SMALL)], [IdentityRule("artist", SMALL, BIG)]]
    house.identities._decide(house.alice, lambda: ways[0])
    with pytest.raises(Conflict, match="circle"):
        house.identities._decide(house.alice, lambda: ways[1])
    assert len(house.identities.decisions(house.alice)) == 1


def test_albums_are_one_under_either_name(house: House) -> None:
    house.identities.merge(house.alice, kind="album", from_ids=[22], to_id=23)
    assert house.ids("album") == {23: 3, 21: 1}
    assert house.identities.now(house.alice, kind="album", id=22) == 23


def test_recordings_are_put_together_whatever_was_before(house: House) -> None:
    first = house.identities.merge(house.alice, kind="track", from_ids=[3], to_id=4)
    house.identities.merge(house.alice, kind="track", from_ids=[3], to_id=1)
    house.identities.merge(house.alice, kind="track", from_ids=[4], to_id=5)
    assert list(house.ids("track").values()) == [5]
    assert house.top("track", merge_recordings=False) == {"Waterloo": 1, "S.O.S.": 1, "Human Behaviour": 1}
    with pytest.raises(InvalidInput):
        house.identities.merge(house.alice, kind="track", from_ids=[1], to_id=5)
    house.identities.undo(house.alice, decision=first)
    assert sorted(house.ids("track").values()) == [2, 3]


def test_a_later_edition_follows_its_recording(house: House) -> None:
    house.identities.merge(house.alice, kind="track", from_ids=[3], to_id=4)
    add(house.db, house.alice, [listen("2024-06-02T10:00", track=7)], import_id=3)  # 7 is an edition of 3
    assert max(house.ids("track").values()) == 4


def test_a_track_stands_alone_until_it_is_taken_back(house: House) -> None:
    add(house.db, house.alice, [listen("2024-06-02T10:00", track=7)], import_id=3)
    assert house.ids("track")[3] == 3
    rules = house.identities.splitting(house.alice, track_id=7)
    preview = house.identities.preview(house.alice, rules=rules)
    assert ([one.plays for one in preview.before], [one.plays for one in preview.after]) == ([3], [2, 1])
    decision = house.identities.split_track(house.alice, track_id=7)
    assert (house.ids("track")[3], house.ids("track")[7]) == (2, 1)
    with pytest.raises(InvalidInput):
        house.identities.split_track(house.alice, track_id=7)
    house.identities.merge(house.alice, kind="track", from_ids=[7], to_id=4)
    assert house.ids("track") == {3: 2, 4: 2, 1: 1, 5: 1}
    with pytest.raises(Conflict):
        house.identities.split_track(house.alice, track_id=7)
    house.identities.undo(house.alice, decision=decision)
    assert max(house.ids("track").values()) == 4


def test_part_of_an_artist_goes_to_a_new_one(house: House) -> None:
    rules = house.identities.assigning(house.alice, kind="album", ids=[22], artist_id=NEW_ARTIST)
    preview = house.identities.preview(house.alice, rules=rules, artist_name="ABBA tribute")
    assert [(one.name, one.plays) for one in preview.before] == [("abba", 3)]
    assert [(one.name, one.plays) for one in preview.after] == [("ABBA tribute", 2), ("abba", 1)]
    house.identities.assign(house.alice, kind="album", ids=[22], artist_name=" ABBA  tribute ")
    assert house.top("artist") == {"ABBA  tribute": 2, "ABBA": 1, "Björk": 1, "abba": 1}
    add(house.db, house.alice, [listen("2024-06-02T10:00", track=3)], import_id=3)
    assert house.top("artist")["ABBA  tribute"] == 3
    with pytest.raises(Conflict):
        house.identities.assign(house.alice, kind="album", ids=[22], artist_id=BJORK)
    house.identities.assign(house.alice, kind="track", ids=[3], artist_id=BJORK)  # a track goes before its album
    assert house.top("artist") == {"Björk": 4, "ABBA": 1, "abba": 1}
    assert house.top("artist", house.charlie) == {"abba": 3, "ABBA": 1, "Björk": 1}


def test_an_artist_still_to_be_made_is_stored_by_name_alone(house: House) -> None:
    with pytest.raises(NotFound):
        house.identities.assign(house.alice, kind="album", ids=[22], artist_id=NEW_ARTIST)
    with pytest.raises(NotFound):
        house.identities.preview(house.alice, rules=[IdentityRule("album-artist", 22, NEW_ARTIST)])
    assert house.identities.decisions(house.alice) == []


def test_all_editions_of_a_track_go_along(house: House) -> None:
    add(house.db, house.alice, [listen("2024-06-02T10:00", track=7)], import_id=3)
    rules = house.identities.assigning(house.alice, kind="track", ids=[3], artist_id=BJORK)
    assert [rule.from_id for rule in rules] == [3, 7]


def test_nobody_names_what_is_not_theirs_or_makes_no_sense(house: House) -> None:
    identities, alice = house.identities, house.alice
    for kind, id in (("artist", NOBODY), ("album", 24), ("track", 8)):  # there, but never heard by Alice
        with pytest.raises(NotFound):
            identities.merge(alice, kind=kind, from_ids=[id], to_id=id)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        identities.preview(alice, rules=[IdentityRule("track-artist", 1, NOBODY)])
    with pytest.raises(NotFound):
        identities.assign(alice, kind="track", ids=[8], artist_name="Somebody")
    with pytest.raises(InvalidInput):
        identities.merge(alice, kind="artist", from_ids=[SMALL], to_id=SMALL)
    with pytest.raises(InvalidInput):
        identities.merge(alice, kind="artist", from_ids=[], to_id=SMALL)
    for name in ("", " ", "x" * 201, "Various Artists"):
        with pytest.raises(InvalidInput):
            identities.assign(alice, kind="album", ids=[22], artist_name=name)
    assert identities.decisions(alice) == []
    assert identities.now(alice, kind="artist", id=NOBODY) == NOBODY


def test_somebody_elses_decisions_change_nothing(house: House) -> None:
    decision = house.identities.merge(house.alice, kind="artist", from_ids=[BIG], to_id=SMALL)
    with pytest.raises(NotFound):
        house.identities.undo(house.charlie, decision=decision)
    assert house.identities.decisions(house.charlie) == []
    assert house.identities.now(house.charlie, kind="artist", id=BIG) == BIG


def test_there_are_only_so_many_rules(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_RULES", 1)
    house.identities.merge(house.alice, kind="artist", from_ids=[BIG], to_id=SMALL)
    with pytest.raises(Conflict, match="rules already"):
        house.identities.merge(house.alice, kind="album", from_ids=[22], to_id=23)
    monkeypatch.setattr(module, "MOST_AT_ONCE", 0)
    with pytest.raises(InvalidInput):
        house.identities.merge(house.alice, kind="album", from_ids=[22], to_id=23)


def test_names_that_are_equal_but_for_signs_are_suggested(house: House) -> None:
    with house.db.begin() as connection:
        connection.execute(update(artists).where(artists.c.id == BIG).values(name="The A.B.B.A!"))
    found = house.identities.suggestions(house.alice)
    assert [(pair.source.id, pair.target.id) for pair in found] == [(BIG, SMALL)]
    house.identities.merge(house.alice, kind="artist", from_ids=[BIG], to_id=SMALL)
    pairs = house.identities.suggestions(house.alice)
    # Now both songs called Waterloo, and both albums called Gold, are of one artist.
    assert {(pair.source.kind, pair.source.name) for pair in pairs} == {("album", "Gold"), ("track", "Waterloo")}


def test_decisions_are_listed_in_names(house: House) -> None:
    house.identities.merge(house.alice, kind="artist", from_ids=[BIG, BJORK], to_id=SMALL)
    (decision,) = house.identities.decisions(house.alice)
    assert (decision.kind, decision.sources, decision.target) == ("artist", ("Björk", "ABBA"), "abba")


def test_guests_come_with_the_library(house: House) -> None:
    with house.db.begin() as connection:
        connection.execute(insert(track_credits).values(track_id=3, artist_id=NOBODY, place=1))
        connection.exec_driver_sql("update users set data_version = data_version + 1")
    assert house.top("artist")["Nobody's Only Album Artist"] == 2
    assert "Nobody's Only Album Artist" not in house.top("artist", featured=False)
    house.profiles.save_lens(house.alice, lens=Lens(featured=False))
    assert house.profiles.lens(house.alice).featured is False


def test_various_artists_are_in_no_list(house: House) -> None:
    with house.db.begin() as connection:
        connection.execute(update(artists).where(artists.c.id == SMALL).values(name="Various Artists"))
    names = {name for by in ("artist", "album", "track") for name in house.top(by)}
    assert "Various Artists" not in names
    assert house.top("artist") == {"ABBA": 1, "Björk": 1}
    assert house.listening.search(house.alice, "various", lens=Lens()) == []
    page = house.listening.item(house.alice, kind="album", id=22, lens=Lens())
    assert (page.name, page.artist, page.artist_id, page.totals.plays) == ("Gold", "Various Artists", 0, 2)
    with pytest.raises(NotFound):
        house.listening.item(house.alice, kind="artist", id=SMALL, lens=Lens())
