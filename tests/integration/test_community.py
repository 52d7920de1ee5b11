"""The members' charts on a real PostgreSQL: who counts, what is read, and that nothing changes once it is computed."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from village import AGREED, MONDAY, TUESDAY_AFTER, Village, demo_person

from core.domain.errors import NotFound
from core.domain.listen import Flag, Kind, Source
from core.repositories.database import Database
from core.services.events import Events

WEEK = timedelta(days=7)


@pytest.fixture
def village(fresh_db: Database) -> Village:
    return Village(fresh_db)


@pytest.fixture
def sixty(village: Village) -> Village:
    """Return a village in which sixty members agreed and all played Creep on three days of the week."""
    village.play(village.settle(60), 1)
    village.now = TUESDAY_AFTER
    return village


def test_agreeing_is_off_until_somebody_does_and_is_in_their_record(village: Village) -> None:
    [alice, charlie] = village.settle(2, agree=False)
    house = village.community()
    assert house.standing(alice) is None
    house.agree(alice, address="192.0.2.1")
    village.now = AGREED + WEEK
    house.agree(alice)
    assert house.standing(alice) == AGREED, "agreeing twice changes nothing"
    house.leave(charlie)
    assert house.standing(alice) == AGREED
    house.leave(alice)
    house.leave(alice)
    assert house.standing(alice) is None
    events = Events(village.db, secret=b"for tests alone")
    assert [event.event for event in events.of(alice)] == ["community-left", "community-joined"]
    assert events.of(charlie) == []


def test_nobody_and_the_demo_cannot_agree(village: Village) -> None:
    for user_id in (0, demo_person(village.db)):
        with pytest.raises(NotFound):
            village.community().agree(user_id)
    assert village.ask("select * from community_consents") == []


def test_sixty_members_have_a_chart(sixty: Village) -> None:
    sixty.play(sixty.people[:14], 3)
    sixty.play(sixty.people[:9], 4)
    assert sixty.community().run() == 1
    assert sixty.week("artist") == [(1, "Radiohead", "", 60), (2, "Miles Davis", "", 10)]
    assert sixty.week("track") == [(1, "Creep", "Radiohead", 60), (2, "So What", "Miles Davis", 10)]
    genres = sixty.week("genre")
    assert genres is not None
    assert [row[3] for row in genres] == [60, 10]
    assert sixty.ask("select distinct complete, total from chart_snapshots") == [(True, None)]


def test_the_demo_never_counts(sixty: Village) -> None:
    demo = demo_person(sixty.db)
    sixty.do(f"insert into community_consents values ({demo}, '2026-11-01')")
    sixty.do("update users set created_at = '2026-01-01' where role = 'demo'")
    sixty.play([*sixty.people[:9], demo], 3)
    sixty.community().run()
    assert sixty.week("artist") == [(1, "Radiohead", "", 60)]


def test_plays_the_api_reported_change_not_a_byte(fresh_db: Database, another_db: object) -> None:
    seen = []
    with another_db() as db:  # type: ignore[operator]
        for place, api in ((fresh_db, False), (db, True)):
            village = Village(place)
            village.play(village.settle(60), 1)
            if api:
                village.play(village.people, 4, source=int(Source.SPOTIFY_API))
                village.play(village.people[7:10], 3, hour=15, source=int(Source.SPOTIFY_API))
            village.play(village.people[:7], 3)
            village.now = TUESDAY_AFTER
            village.community().run()
            village.do("update chart_snapshots set stored_at = computed_at")
            seen.append(village.bytes())
    assert "Radiohead" in seen[0]
    assert seen[0] == seen[1]


def test_a_source_that_is_new_counts_only_once_somebody_says_so(sixty: Village) -> None:
    sixty.play(sixty.people, 3, source=99)
    sixty.community().run()
    assert sixty.week("artist") == [(1, "Radiohead", "", 60)]


@pytest.mark.parametrize(
    "changes",
    [
        {"ms_played": 29_999},
        {"kind": int(Kind.PODCAST)},
        {"kind": int(Kind.AUDIOBOOK)},
        {"flags": int(Flag.INCOGNITO | Flag.INCOGNITO_KNOWN)},
    ],
)
def test_what_is_no_play_by_the_standard_rules_does_not_count(sixty: Village, changes: dict[str, int]) -> None:
    sixty.play(sixty.people, 3, **changes)
    sixty.community().run()
    assert sixty.week("artist") == [(1, "Radiohead", "", 60)]


def test_just_enough_is_a_play_and_videos_are_music(sixty: Village) -> None:
    sixty.play(sixty.people, 3, ms_played=30_000, kind=int(Kind.VIDEO), source=int(Source.SPOTIFY_ACCOUNT))
    sixty.community().run()
    assert sixty.week("artist") == [(1, "Miles Davis", "", 60), (2, "Radiohead", "", 60)]


def test_the_week_is_that_of_utc_to_the_second(sixty: Village) -> None:
    sixty.play(sixty.people, 3, first=MONDAY - timedelta(days=1), days=1, hour=23)
    sixty.play(sixty.people, 4, first=MONDAY + WEEK, days=1, hour=0)
    sixty.community().run()
    assert sixty.week("artist") == [(1, "Radiohead", "", 60)]


@pytest.mark.parametrize("members", [50, 49])
def test_a_chart_needs_fifty_active_members(village: Village, members: int) -> None:
    people = village.settle(60)
    village.play(people[:members], 1)
    village.play(people[members:], 1, days=2)
    village.now = TUESDAY_AFTER
    assert village.community().run() == 1
    assert village.week("artist") == ([(1, "Radiohead", "", 50)] if members == 50 else None)
    before = village.bytes()
    village.play(people, 3)
    village.play(people[members:], 1, first=MONDAY + timedelta(days=4))
    assert village.community().run() == 0
    assert village.bytes() == before, "what was hidden stays hidden"


def test_newcomers_do_not_count(village: Village) -> None:
    old, young = village.settle(60), village.settle(10, since=MONDAY - timedelta(days=27))
    just = village.settle(1, since=MONDAY - timedelta(days=28))
    village.play([*old, *young, *just], 1)
    village.play([*old[:9], *young], 3)
    village.play([*old[:9], *just], 5)
    village.now = TUESDAY_AFTER
    village.community().run()
    assert village.week("track") == [(1, "Creep", "Radiohead", 60), (2, "Lotus Flower", "Radiohead", 10)]


def test_who_agrees_during_a_week_counts_from_the_next_one(village: Village) -> None:
    village.settle(60)
    village.now = datetime(2026, 11, 16, 0, 0, 1, tzinfo=UTC)  # a second into the week
    late = village.settle(10)
    village.play(village.people, 1)
    village.play(late, 3)
    village.play(village.people, 1, first=MONDAY + WEEK)
    village.play(late, 3, first=MONDAY + WEEK)
    village.now = TUESDAY_AFTER + WEEK
    assert village.community().run() == 2
    assert village.week("artist") == [(1, "Radiohead", "", 60)]
    assert village.week("artist", MONDAY + WEEK) == [(1, "Radiohead", "", 70), (2, "Miles Davis", "", 10)]


def test_who_stops_is_in_nothing_that_is_computed_later(sixty: Village) -> None:
    sixty.play(sixty.people[:10], 3)
    sixty.community().leave(sixty.people[0])
    sixty.community().run()
    assert sixty.week("artist") == [(1, "Radiohead", "", 55)]


def test_who_stops_and_begins_again_counts_like_somebody_new(sixty: Village) -> None:
    sixty.play(sixty.people[:10], 3)
    sixty.community().leave(sixty.people[0])
    sixty.community().agree(sixty.people[0])
    sixty.community().run()
    assert sixty.week("artist") == [(1, "Radiohead", "", 55)]


def test_who_deletes_the_account_leaves_no_consent_and_rounded_numbers_alone(sixty: Village) -> None:
    sixty.community().run()
    before, gone = sixty.bytes(), sixty.people[0]
    sixty.do(f"delete from users where id = {gone}")
    assert sixty.ask(f"select * from community_consents where user_id = {gone}") == []
    assert sixty.community().run() == 0
    assert sixty.bytes() == before


def test_what_is_computed_stays_as_it_is(sixty: Village) -> None:
    assert sixty.community().run() == 1
    before = sixty.bytes()
    sixty.play(sixty.people, 3)
    sixty.do("delete from listens where track_id = 1")
    sixty.community().leave(sixty.people[3])
    assert sixty.community(listeners=20, members=70).run() == 0
    assert sixty.bytes() == before


def test_deleted_listens_are_not_read(sixty: Village) -> None:
    sixty.play(sixty.people[:10], 3)
    sixty.do(f"delete from listens where track_id = 3 and user_id = {sixty.people[0]}")
    sixty.community().run()
    assert sixty.week("artist") == [(1, "Radiohead", "", 60)]


def test_weeks_that_were_missed_are_computed_each(sixty: Village) -> None:
    sixty.play(sixty.people, 3, first=MONDAY + 2 * WEEK)
    sixty.now = TUESDAY_AFTER + 2 * WEEK
    assert sixty.community().run() == 3
    assert sixty.week("artist") == [(1, "Radiohead", "", 60)]
    assert sixty.week("artist", MONDAY + WEEK) is None, "nobody was active in it"
    assert sixty.week("artist", MONDAY + 2 * WEEK) == [(1, "Miles Davis", "", 60)]
    assert sixty.week("artist", MONDAY - WEEK) is None, "nobody had agreed before it"


def test_nothing_is_computed_without_consent_or_before_tuesday(village: Village) -> None:
    village.now = TUESDAY_AFTER
    assert village.community().run() == 0
    village.now = AGREED
    village.settle(60)
    village.now = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)
    assert village.community().run() == 0
    village.now = datetime(2026, 11, 24, tzinfo=UTC)
    assert village.community().run() == 1
    assert village.charts() == {}, "a source with nothing to show takes nobody's place"


def test_a_month_counts_its_own_listeners(village: Village) -> None:
    """Nine play So What in each of two weeks, three of them others: twelve in the month, nobody in a week."""
    village.settle(60)
    first = date(2026, 12, 7)
    village.play(village.people, 1, first=first)
    village.play(village.people[:9], 3, first=first)
    village.play(village.people[3:12], 3, first=first + WEEK)
    village.now = datetime(2027, 1, 2, 3, tzinfo=UTC)
    village.community().run()
    found = village.charts()
    assert found["artist", "month", date(2026, 12, 1)] == [(1, "Radiohead", "", 60), (2, "Miles Davis", "", 10)]
    assert found["artist", "week", first] == [(1, "Radiohead", "", 60)]
    assert ("artist", "month", date(2026, 11, 1)) not in found, "it had begun before anybody agreed"


def test_one_loud_member_is_one_listener(sixty: Village) -> None:
    sixty.play(sixty.people[:9], 3)
    sixty.play(sixty.people[:1], 3, hour=13, times=50)
    sixty.community().run()
    assert sixty.week("artist") == [(1, "Radiohead", "", 60)]


def test_editions_are_one_track_under_the_name_of_the_oldest(village: Village) -> None:
    people = village.settle(60)
    village.play(people, 2)
    village.play(people[:10], 1)
    village.now = TUESDAY_AFTER
    village.community().run()
    assert village.week("track") == [(1, "Creep", "Radiohead", 60)]


def test_samplers_belong_to_whom_they_name_or_to_nobody(sixty: Village) -> None:
    sixty.play(sixty.people, 6)
    sixty.community().run()
    assert [row[1] for row in sixty.week("artist") or []] == ["Radiohead"]
    sixty.do("insert into track_credits values (6, 2, 0)")
    sixty.play(sixty.people, 6, first=MONDAY + WEEK)
    sixty.now = TUESDAY_AFTER + WEEK
    sixty.community().run()
    assert sixty.week("track", MONDAY + WEEK) == [(1, "On a Sampler", "Miles Davis", 60)]


LEFT_OUT = {
    "artist": "insert into exclusions select {id}, 'artist', 2",
    "merged": "insert into exclusions select {id}, 'artist', 3; "
    "insert into identity_rules values ({id}, 'artist', 2, 3, 1)",
    "track": "insert into exclusions select {id}, 'track', 3",
    "hour": "insert into exclusions select {id}, 'hour', 21; update users set timezone = 'Asia/Tokyo' where id = {id}",
    "device": "insert into exclusions select {id}, 'platform', 7",
    "country": "insert into exclusions select {id}, 'country', 9",
}


@pytest.mark.parametrize("kind", LEFT_OUT)
def test_what_somebody_leaves_out_does_not_count(sixty: Village, kind: str) -> None:
    sixty.play(sixty.people[:10], 3, platform=7, country=9)  # at noon, 21:00 in Tokyo
    for statement in LEFT_OUT[kind].format(id=sixty.people[0]).split("; "):
        sixty.do(statement)
    if kind == "hour":
        sixty.play(sixty.people[:1], 1, hour=15)
    sixty.community().run()
    assert sixty.week("artist") == [(1, "Radiohead", "", 60)]


def test_editions_and_albums_that_are_left_out_do_not_count(sixty: Village) -> None:
    sixty.play(sixty.people[:10], 3)
    sixty.play(sixty.people[:10], 2, hour=13)
    for left_out in ("'track', 1", "'album', 1"):
        sixty.do(f"insert into exclusions select {sixty.people[0]}, {left_out}")
    sixty.community().run()
    assert sixty.week("artist") == [(1, "Radiohead", "", 55), (2, "Miles Davis", "", 10)]


def test_somebody_elses_rules_are_theirs_alone(sixty: Village) -> None:
    sixty.do(f"insert into exclusions select {sixty.people[0]}, 'artist', 3")
    sixty.play(sixty.people[:10], 3)
    sixty.community().run()
    assert sixty.week("artist") == [(1, "Radiohead", "", 60), (2, "Miles Davis", "", 10)]


def test_two_workers_compute_once(sixty: Village) -> None:
    sixty.now = TUESDAY_AFTER + 3 * WEEK
    at_once, done = threading.Barrier(2), []

    def work() -> None:
        house = sixty.community()
        at_once.wait()
        done.append(house.run())

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(done) == [0, 4]
    assert sixty.ask("select count(*) from chart_snapshots") == [(3,)]


def test_a_stop_leaves_the_rest_for_the_next_time(sixty: Village) -> None:
    sixty.now = TUESDAY_AFTER + 3 * WEEK
    stops = iter([False, True])
    assert sixty.community().run(stop=lambda: next(stops)) == 1
    assert sixty.community().run() == 3


def test_tables_name_nobody(sixty: Village) -> None:
    sixty.community().run()
    assert "member" not in sixty.bytes()
