"""The people of the stand-in for Spotify: what they hear, what the API can show of it, what the export says."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from fakes.spotify.clock import START, Clock, six_months_after
from fakes.spotify.music import Episode, Track, made_id, music
from fakes.spotify.people import Person
from fakes.spotify.world import World

WEEK = timedelta(days=7)


@pytest.fixture
def world() -> World:
    return World(Clock(START))


def test_everybody_hears_the_same_whoever_asks(world: World) -> None:
    alice, again = world.person("alice"), World(Clock(START)).person("alice")
    week = alice.heard(START - WEEK, START)
    assert week == again.heard(START - WEEK, START)
    days = [alice.heard(START - timedelta(days=n), START - timedelta(days=n - 1)) for n in range(7, 0, -1)]
    assert week == [play for day in days for play in day]
    assert world.person("bob").heard(START - WEEK, START) != week
    assert world.person("dora").heard(START - WEEK, START) == []


def test_people_listen_in_their_hours_one_track_after_another(world: World) -> None:
    for name, hours in (("alice", {7, 8, 18, 19, 20, 21}), ("bob", {12, 13, 19, 20})):
        plays = world.person(name).heard(START - timedelta(days=30), START)
        assert {play.began.hour for play in plays} == hours
        assert all(one.ended < two.began for one, two in pairwise(plays))
        assert all(play.ended - play.began >= timedelta(milliseconds=play.ms) for play in plays)
        days = {play.began.date() for play in plays}
        assert len(days) in (30, 31)


def test_what_is_heard_is_mixed(world: World) -> None:
    plays = world.person("alice").heard(START - timedelta(days=60), START)
    assert len(plays) > 3000
    for wanted in (
        [play for play in plays if isinstance(play.thing, Episode)],
        [play for play in plays if play.skipped and play.ms < 3000],
        [play for play in plays if play.skipped and play.ms >= 3000],
        [play for play in plays if play.ended - play.began > timedelta(milliseconds=play.ms)],
        [play for play in plays if isinstance(play.thing, Track) and play.thing.artists[0] != play.thing.album.artist],
    ):
        assert len(wanted) > len(plays) / 200
    assert len({play.thing for play in plays}) < len(plays) / 2


def test_the_api_shows_the_last_fifty_without_podcasts_and_some_skips(world: World) -> None:
    alice = world.person("alice")
    heard = alice.heard(START - WEEK, START + timedelta(microseconds=1))
    shown = alice.visible()
    assert len(shown) == 50
    assert set(shown) <= set(heard)
    missing = [play for play in heard if shown[-1].ended <= play.ended and play not in shown]
    assert all(isinstance(play.thing, Episode) or (play.skipped and play.ms < 3000) for play in missing)
    short: dict[bool, int] = {True: 0, False: 0}
    for hours in range(24 * 30):
        moment = START - timedelta(hours=hours)
        seen = set(alice.visible(moment))
        for play in alice.heard(moment - timedelta(hours=1), moment):
            if isinstance(play.thing, Track) and play.skipped and play.ms < 3000:
                short[play in seen] += 1
    assert min(short.values()) > 10
    alice.omits_short_skips = False
    assert len([play for play in alice.visible() if play.skipped]) >= len([play for play in shown if play.skipped])


def test_polling_every_hour_sees_every_play_that_is_shown(world: World) -> None:
    alice, seen = world.person("alice"), set()
    for hour in range(24 * 7):
        seen |= set(alice.visible(START + timedelta(hours=hour)))
    heard = alice.heard(START, START + timedelta(days=7, hours=-1))
    assert [play for play in heard if play not in seen and not play.skipped and isinstance(play.thing, Track)] == []


def test_the_export_says_the_truth(world: World) -> None:
    alice = world.person("alice")
    plays, rows = alice.heard(START - WEEK, START), alice.export_rows(START - WEEK, START)
    assert len(rows) == len(plays) > 400
    for play, row in zip(plays, rows, strict=True):
        ended = datetime.fromisoformat(str(row["ts"]))
        assert timedelta() <= play.ended - ended < timedelta(seconds=1)
        assert row["ms_played"] == play.ms
        assert (
            timedelta()
            <= play.began - datetime.fromtimestamp(int(str(row["offline_timestamp"])), UTC)
            < timedelta(seconds=1)
        )
        assert row["skipped"] is play.skipped
        if isinstance(play.thing, Track):
            assert row["spotify_track_uri"] == play.thing.uri
            assert row["master_metadata_track_name"] == play.thing.name
            assert row["master_metadata_album_artist_name"] == play.thing.album.artist.name
            assert row["master_metadata_album_album_name"] == play.thing.album.name
        else:
            assert (row["spotify_track_uri"], row["spotify_episode_uri"]) == (None, play.thing.uri)


def test_offline_plays_come_with_the_sync(world: World) -> None:
    dora = world.person("dora")
    synced = START + timedelta(hours=5)
    play = dora.play(music().tracks[0], ended=START, offline=True, synced_at=synced)
    assert dora.visible(START + timedelta(hours=1)) == []
    assert dora.visible(synced) == [play]
    assert dora.shown(play) == START
    (row,) = dora.export_rows(START, START + timedelta(hours=1))
    assert (row["ts"], row["offline"]) == ("2026-11-21T02:00:00Z", True)


def test_playing_from_a_start_or_to_an_end(world: World) -> None:
    dora, track = world.person("dora"), music().tracks[0]
    length = timedelta(milliseconds=track.duration_ms)
    assert dora.play(track).ended == START
    assert dora.play(track, at=START).ended == START + length
    assert dora.play(track, ended=START, ms=5000).began == START - timedelta(seconds=5)
    paused = dora.play(track, at=START, ended=START + timedelta(hours=9), ms=7000)
    assert (paused.began, paused.ended, paused.ms) == (START, START + timedelta(hours=9), 7000)
    assert dora.play(track.uri).thing is track
    with pytest.raises(ValueError, match="Nothing to play"):
        dora.play(music().albums[0].uri)


def test_habits_can_be_given_up(world: World) -> None:
    alice = world.person("alice")
    alice.habit = None
    assert (alice.visible(), alice.heard(START - WEEK, START)) == ([], [])
    play = alice.play()
    assert alice.visible() == [play]


def test_what_alice_keeps_is_large_and_always_the_same(world: World) -> None:
    def kept(person: Person) -> tuple[object, ...]:
        lists = [each and (each.id, each.snapshot_id, len(each.items)) for each in person.playlists]
        saved = [(each.added_at, each.thing.id) for each in [*person.saved_tracks, *person.saved_albums]]
        return lists, saved, [artist.id for artist in person.followed]

    alice = world.person("alice")
    assert kept(alice) == kept(World(Clock(START)).person("alice"))
    assert (len(alice.playlists), len(alice.saved_tracks), len(alice.saved_albums), len(alice.followed)) == (
        39, 5000, 300, 120
    )  # fmt: skip
    for things in (alice.saved_tracks, alice.saved_albums):
        assert len({saved.thing for saved in things}) == len(things)
        assert all(one.added_at > two.added_at for one, two in pairwise(things))
    alice.save(music().albums[3])
    assert (alice.saved_albums[0].thing, alice.saved_albums[0].added_at) == (music().albums[3], START)


def test_ids_are_stable() -> None:
    assert made_id("track", "a", "b") == "IIk68SiL4o52By5bSudkB5" != made_id("track", "ab", "")
    assert len({thing.id for thing in music().tracks}) == len(music().tracks) > 5000
    assert all(len(track.id) == 22 and track.id.isalnum() for track in music().tracks)


@pytest.mark.parametrize(
    ("agreed", "ends"),
    [
        ("2026-01-15", "2026-07-15"),
        ("2026-08-31", "2027-02-28"),
        ("2027-08-30", "2028-02-29"),
        ("2026-03-31", "2026-09-30"),
        ("2026-12-01", "2027-06-01"),
        ("2026-06-30", "2026-12-30"),
    ],
)
def test_six_months(agreed: str, ends: str) -> None:
    assert six_months_after(datetime.fromisoformat(agreed)) == datetime.fromisoformat(ends)


def test_the_clock(world: World) -> None:
    world.clock.advance(timedelta(hours=1))
    assert world.clock.now == START + timedelta(hours=1)
    world.clock.set(START)
    assert world.clock.now == START
    with pytest.raises(ValueError, match="zone"):
        world.clock.set(datetime(2026, 1, 1))  # noqa: DTZ001 - the mistake itself
    running = Clock()
    assert abs(running.now - datetime.now(UTC)) < timedelta(seconds=5)
    running.set(START)
    assert timedelta() <= running.now - START < timedelta(seconds=5)
