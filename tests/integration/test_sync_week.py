"""Days and weeks of polls with both clocks moved: every play once, gaps where there are gaps, budgets kept."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from fakes.spotify.playing import Play
from spotify_house import SpotifyHouse

HOUR = timedelta(hours=1)
RECENT = "GET /me/player/recently-played"
Someone = Callable[[str], int]


def plays(house: SpotifyHouse, user_id: int, since: datetime) -> list[tuple[object, ...]]:
    """Return the plays that are stored as (end, address), oldest first."""
    query = """
        select l.ended_at, t.uri from listens l join tracks t on t.id = l.track_id
        where l.user_id = %s and l.source = 3 and l.ended_at >= %s order by l.ended_at
    """
    return house.rows(query, user_id, since)


def shown(house: SpotifyHouse, name: str, heard: list[Play]) -> list[tuple[object, ...]]:
    """Return the plays of half a minute of music and more as the API shows them."""
    person = house.fake.person(name)
    return [(person.shown(play), play.thing.uri) for play in heard if play.ms >= 30_000 and play.thing.kind == "track"]


def few_lists(house: SpotifyHouse) -> None:
    """Leave little else to sync: this is about plays."""
    for person in (house.fake.person("alice"), house.fake.person("bob")):
        del person.playlists[1:], person.saved_tracks[50:], person.saved_albums[50:], person.followed[20:]


@pytest.mark.parametrize(
    ("spotify", "days", "count"), [("dev_2026", 7, 500), ("dev_legacy", 2, 140), ("extended", 2, 140)],
    indirect=["spotify"],
)  # fmt: skip
def test_hourly_polls_bring_every_play_once(spotify: SpotifyHouse, someone: Someone, days: int, count: int) -> None:
    alice, begin = someone("alice"), spotify.now()
    end = begin + timedelta(days=days)
    few_lists(spotify)
    spotify.connect(alice, "alice")
    while spotify.now() <= end:
        spotify.run_due()
        spotify.fake.clock.advance(HOUR + timedelta(seconds=40))  # nobody wakes on the dot
    spotify.run_due()
    true = shown(spotify, "alice", spotify.fake.person("alice").heard(begin, end))
    stored = [play for play in plays(spotify, alice, begin) if play[0] < end]  # type: ignore[operator]
    assert len(true) == count
    assert set(true) <= set(stored)
    assert len(stored) == len(set(stored))
    state = spotify.syncing.state(alice)
    assert (state.gaps, state.kept.days) == ([], days + 1)
    assert spotify.fake.calls[RECENT] <= days * 24 + 1


def test_nobody_idle_is_asked_about_every_hour_but_in_their_usual_ones(spotify: SpotifyHouse, someone: Someone) -> None:
    bob = someone("bob")
    few_lists(spotify)
    person = spotify.fake.person("bob")
    person.habit = None
    polls = []
    spotify.connect(bob, "bob")
    for _ in range(2):
        spotify.run(bob)
        spotify.fake.clock.advance(timedelta(days=4))
    for hour in range(48):
        if hour == 12:
            person.play()
        before = spotify.fake.calls[RECENT]
        spotify.run_due()
        polls += [hour] * (spotify.fake.calls[RECENT] - before)
        spotify.fake.clock.advance(HOUR)
    # Every four hours; every hour after a play; and on the next day at the end of the hour in which it was.
    assert polls == [0, 4, 8, 12, 13, 14, 18, 22, 26, 30, 34, 36, 40, 44]


def test_a_pause_that_lost_plays_is_a_gap_and_nothing_is_made_up(spotify: SpotifyHouse, someone: Someone) -> None:
    alice, person = someone("alice"), spotify.fake.person("alice")
    few_lists(spotify)
    spotify.connect(alice, "alice")
    spotify.run(alice)
    last = max(person.shown(play) for play in person.visible())
    spotify.fake.clock.advance(timedelta(days=3))
    spotify.run(alice)
    oldest = min(person.shown(play) for play in person.visible())
    (gap,) = spotify.syncing.state(alice).gaps
    assert (gap.began_at, gap.ended_at) == (last, oldest)
    assert spotify.rows("select count(*) from listens where ended_at > %s and ended_at < %s", last, oldest) == [(0,)]
    spotify.fake.clock.advance(HOUR)
    spotify.run(alice)
    assert len(spotify.syncing.state(alice).gaps) == 1
    for source, gaps in ((3, 1), (1, 0)):  # a play the API tells fills no gap, an export does
        with spotify.db.driver() as connection:
            connection.execute("update listens set source = %s, ended_at = %s where ended_at = "
                               "(select max(ended_at) from listens)", (source, last + HOUR))  # fmt: skip
        assert len(spotify.syncing.state(alice).gaps) == gaps


def test_a_pause_in_which_little_was_heard_is_none(spotify: SpotifyHouse, someone: Someone) -> None:
    bob, person = someone("bob"), spotify.fake.person("bob")
    person.habit = None
    few_lists(spotify)
    for _ in range(3):
        spotify.fake.clock.advance(timedelta(minutes=5))
        person.play()
    spotify.connect(bob, "bob")
    spotify.run(bob)
    for _ in range(49):
        spotify.fake.clock.advance(timedelta(hours=2))
        person.play()
    spotify.run(bob)
    assert spotify.syncing.state(bob).gaps == []
    assert spotify.syncing.state(bob).kept.plays == 52


def test_a_first_poll_makes_no_gap_whoever_heard_much_or_nothing_before(
    spotify: SpotifyHouse, someone: Someone
) -> None:
    alice, dora = someone("alice"), someone("dora")
    few_lists(spotify)
    for user_id, name in ((alice, "alice"), (dora, "dora")):
        spotify.connect(user_id, name)
        spotify.run(user_id)
        assert spotify.syncing.state(user_id).gaps == []
    polled = spotify.now()
    for _ in range(50):
        spotify.fake.clock.advance(timedelta(minutes=5))
        spotify.fake.person("dora").play()
    spotify.run(dora)
    (gap,) = spotify.syncing.state(dora).gaps  # fifty since a poll that found nothing: there may have been more
    assert gap.began_at == polled


def test_a_poll_cut_off_before_it_was_noted_makes_no_gap(spotify: SpotifyHouse, someone: Someone) -> None:
    bob, person = someone("bob"), spotify.fake.person("bob")
    person.habit = None
    few_lists(spotify)
    person.play()
    spotify.connect(bob, "bob")
    spotify.run(bob)
    before = spotify.rows("select at, next_at from spotify_parts where part = 'recent'")
    for _ in range(2):
        for _ in range(30):
            spotify.fake.clock.advance(timedelta(minutes=4))
            person.play()
        spotify.run(bob)
        with spotify.db.driver() as connection:  # as it was before the first of the two polls
            row = [str(before[0][0]).replace("'", '"'), before[0][1]]
            connection.execute("update spotify_parts set at = %s, next_at = %s where part = 'recent'", row)
    assert spotify.syncing.state(bob).gaps == []
    assert spotify.syncing.state(bob).kept.plays == 61


def test_plays_told_late_are_not_lost(spotify: SpotifyHouse, someone: Someone) -> None:
    """A device that was offline reports hours later: such plays are older than what is known already."""
    bob, person = someone("bob"), spotify.fake.person("bob")
    person.habit = None
    few_lists(spotify)
    spotify.connect(bob, "bob")
    spotify.run(bob)
    spotify.fake.clock.advance(2 * HOUR)
    now = spotify.now()
    person.play(ended=now - HOUR, offline=True, synced_at=now + timedelta(minutes=30))
    person.play(ended=now - timedelta(minutes=5))
    spotify.run(bob)
    assert spotify.syncing.state(bob).kept.plays == 1
    spotify.fake.clock.advance(HOUR)
    spotify.run(bob)
    assert spotify.syncing.state(bob).kept.plays == 2
    assert spotify.syncing.state(bob).gaps == []  # two plays are not fifty


def test_two_people_share_the_calls_and_polls_come_first(spotify: SpotifyHouse, someone: Someone) -> None:
    alice, bob = someone("alice"), someone("bob")
    spotify.connect(alice, "alice")
    spotify.run(alice, should_stop=lambda: spotify.fake.api_calls > 60)
    spotify.connect(bob, "bob")
    assert spotify.syncing.due() == [bob, alice]
    spotify.run(bob, should_stop=lambda: spotify.fake.person("bob").id and spotify.fake.calls[RECENT] == 2)
    spotify.fake.clock.advance(timedelta(minutes=1))
    assert spotify.syncing.due() == [alice, bob]  # both have lists to read: who was served longer ago goes first
    spotify.fake.clock.advance(HOUR)
    spotify.run(alice, should_stop=lambda: spotify.fake.calls[RECENT] == 3)
    assert spotify.syncing.due() == [bob, alice]


def test_lists_leave_calls_for_polls(spotify: SpotifyHouse, someone: Someone) -> None:
    """A first sync larger than a day's calls waits, polls go on, and the next days bring the rest."""
    small = SpotifyHouse(spotify.db, spotify.cache, spotify.fake, most=100, most_by_endpoint=40)
    alice, person = someone("alice"), spotify.fake.person("alice")
    del person.saved_tracks[3000:], person.playlists[3:30]
    small.connect(alice, "alice")
    small.run(alice)
    assert small.fake.calls["GET /me/tracks"] == 36  # a tenth is kept for those somebody waits for
    assert small.outcomes(alice)["recent"] == "done"
    assert "budget" in small.outcomes(alice).values()
    days = 0
    while set(small.outcomes(alice).values()) != {"done"}:
        small.fake.reset_calls()
        for _ in range(13):
            small.fake.clock.advance(2 * HOUR)
            small.run_due()
        days += 1
        assert small.fake.api_calls <= 90
        assert max(small.fake.calls.values()) <= 36
        assert small.fake.calls[RECENT] == 13
        assert days < 4
    assert small.syncing.state(alice).kept.tracks == 3000
    assert small.syncing.state(alice).gaps == []
