"""What Spotify refuses in the middle of a sync: nothing is lost by it, and nothing asked in vain."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fakes.spotify.people import Person
from spotify_house import SpotifyHouse

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RECENT, TRACKS, ITEMS = "GET /me/player/recently-played", "GET /me/tracks", "GET /playlists/{playlist_id}/items"
Someone = Callable[[str], int]


def whole(house: SpotifyHouse, user_id: int, person: Person) -> bool:
    """Return whether all of a person's things are here."""
    kept = house.syncing.state(user_id).kept
    return (kept.tracks, kept.albums, kept.artists, kept.own_playlists) == (
        len(person.saved_tracks), len(person.saved_albums), len(person.followed), len(person.playlists)
    ) and set(house.outcomes(user_id).values()) == {"done"}  # fmt: skip


@pytest.mark.parametrize("spotify", ["dev_2026", "dev_legacy", "extended"], indirect=True)
def test_a_spent_quota_is_waited_for_and_nothing_is_lost(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id, bob = someone("bob"), spotify.fake.person("bob")
    spotify.connect(user_id, "bob")
    spotify.fake.faults.add("quota", TRACKS, skip=1, retry_after=14 * 3600)
    spotify.run(user_id)
    assert spotify.outcomes(user_id)["saved_tracks"] == "quota"
    spotify.fake.reset_calls()
    until = spotify.now() + 14 * HOUR
    heard = []
    while spotify.now() < until:
        spotify.run_due()
        spotify.fake.clock.advance(HOUR / 2)
        spotify.syncing.ask(user_id)
        assert (spotify.fake.api_calls, spotify.syncing.due() if heard else []) == (0, [])
        spotify.fake.clock.advance(HOUR / 2)
        heard.append(bob.play(ended=spotify.now()))
    spotify.run_due()
    assert whole(spotify, user_id, bob)
    assert spotify.fake.calls[TRACKS] == 2  # the page that was read before is not read again
    stored = {row[0] for row in spotify.rows("select ended_at from listens where source = 3")}
    assert {bob.shown(play) for play in heard} <= stored
    assert spotify.syncing.state(user_id).gaps == []


def test_short_pauses_are_waited_for_in_the_slice(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id, bob = someone("bob"), spotify.fake.person("bob")
    spotify.connect(user_id, "bob")
    spotify.fake.faults.add("rate", TRACKS, retry_after=3, count=2)
    spotify.run(user_id)
    assert sum(spotify.waited) == pytest.approx(6, abs=0.1)
    assert whole(spotify, user_id, bob)


def test_long_pauses_end_the_slice_for_every_part(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id, bob = someone("bob"), spotify.fake.person("bob")
    spotify.connect(user_id, "bob")
    spotify.fake.faults.add("rate", RECENT, retry_after=90)
    next_at = spotify.run(user_id)
    assert set(spotify.outcomes(user_id).values()) == {"rate"}
    assert next_at == spotify.now() + timedelta(seconds=90)
    spotify.fake.clock.advance(timedelta(seconds=80))
    spotify.syncing.ask(user_id)
    assert (spotify.syncing.due(), spotify.waited, spotify.fake.calls[RECENT]) == ([], [], 1)
    spotify.fake.clock.advance(timedelta(seconds=10))
    spotify.run_due()
    assert whole(spotify, user_id, bob)


def test_a_server_in_trouble_is_asked_less_and_less_often(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id, bob = someone("bob"), spotify.fake.person("bob")
    spotify.connect(user_id, "bob")
    spotify.fake.faults.add("broken", TRACKS, count=None)
    tried = []
    for minute in range(150):
        before = spotify.fake.calls[TRACKS]
        spotify.run_due()
        tried += [minute] * (spotify.fake.calls[TRACKS] > before)
        spotify.fake.clock.advance(timedelta(minutes=1))
    assert tried == [0, 1, 6, 21, 81, 141]
    assert spotify.outcomes(user_id)["saved_albums"] == "done"
    spotify.fake.faults.clear()
    spotify.fake.clock.advance(HOUR)
    spotify.run_due()
    assert whole(spotify, user_id, bob)


@pytest.mark.parametrize("keep_access", [True, False])
def test_a_consent_taken_back_ends_the_sync_until_it_is_given_again(
    spotify: SpotifyHouse, someone: Someone, keep_access: bool
) -> None:
    user_id, bob = someone("bob"), spotify.fake.person("bob")
    spotify.connect(user_id, "bob")
    spotify.run(user_id)
    spotify.fake.revoke("bob", keep_access=keep_access)
    spotify.fake.clock.advance(DAY)
    spotify.run_due()
    assert spotify.state(user_id) == "needs_reauth"
    assert set(spotify.outcomes(user_id).values()) == {"needs_reauth"}
    spotify.fake.reset_calls()
    for _ in range(30):
        spotify.fake.clock.advance(DAY)
        spotify.syncing.ask(user_id)
        assert spotify.syncing.due() == []
        spotify.run(user_id)
    assert spotify.fake.calls.total() == 0
    assert spotify.syncing.state(user_id).next_at is None
    spotify.connect(user_id, "bob")
    spotify.run(user_id)
    assert (spotify.state(user_id), whole(spotify, user_id, bob)) == ("connected", True)


def test_a_consent_that_is_six_months_old_is_not_even_tried(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    spotify.connect(user_id, "bob")
    spotify.run(user_id)
    spotify.fake.clock.advance(timedelta(days=181))
    spotify.fake.reset_calls()
    spotify.run_due()
    assert (spotify.state(user_id), spotify.fake.calls.total()) == ("needs_reauth", 0)


def test_lists_nobody_refreshes_go_after_a_week_and_rankings_stay(spotify: SpotifyHouse, someone: Someone) -> None:
    bob, dora = someone("bob"), someone("dora")
    spotify.fake.person("dora").save(spotify.fake.music.tracks[0])
    for user_id, name in ((bob, "bob"), (dora, "dora")):
        spotify.connect(user_id, name)
        spotify.run(user_id)
    spotify.fake.revoke("bob")
    spotify.fake.clock.advance(timedelta(days=7, minutes=1))
    spotify.connecting.begin(purpose="connect", session="session", browser="browser", back_to="/spotify")
    spotify.fake.clock.advance(timedelta(minutes=10))
    assert spotify.syncing.tidy() == 0  # late, but both are connected for all we know
    assert spotify.rows("select count(*) from oauth_states") == [(0,)]
    spotify.run(bob)
    assert spotify.syncing.tidy() == 120 + 20 + 15 + 3
    kept = spotify.syncing.state(bob).kept
    assert (kept.tracks, kept.albums, kept.artists, kept.own_playlists, kept.playlist_items) == (0, 0, 0, 0, 0)
    assert (kept.days, kept.plays) == (1, 50)
    assert spotify.syncing.state(dora).kept.tracks == 1


def test_somebody_taken_off_the_list_waits_a_day_and_comes_back(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id, bob = someone("bob"), spotify.fake.person("bob")
    spotify.connect(user_id, "bob")
    spotify.run(user_id)
    spotify.fake.allowed.discard("bob")
    spotify.fake.clock.advance(DAY)
    spotify.fake.reset_calls()
    spotify.run_due()
    assert (spotify.state(user_id), spotify.fake.api_calls) == ("not_allowed", 1)
    for _ in range(23):
        spotify.fake.clock.advance(HOUR)
        spotify.run_due()
    assert spotify.fake.api_calls == 1
    spotify.fake.clock.advance(HOUR)
    spotify.run_due()
    assert (spotify.state(user_id), spotify.fake.api_calls) == ("not_allowed", 2)
    spotify.fake.allowed.add("bob")
    spotify.syncing.ask(user_id)
    assert spotify.syncing.due() == []  # asked for a moment ago
    spotify.fake.clock.advance(HOUR / 4)
    spotify.syncing.ask(user_id)
    spotify.run_due()
    assert (spotify.state(user_id), whole(spotify, user_id, bob)) == ("connected", True)


def test_without_the_owners_premium_everybody_waits(spotify: SpotifyHouse, someone: Someone) -> None:
    alice, bob = someone("alice"), someone("bob")
    del spotify.fake.person("alice").saved_tracks[100:], spotify.fake.person("alice").playlists[1:]
    for user_id, name in ((alice, "alice"), (bob, "bob")):
        spotify.connect(user_id, name)
        spotify.run(user_id)
    spotify.fake.owner_premium = False
    spotify.fake.clock.advance(DAY)
    spotify.fake.reset_calls()
    for _ in range(6):
        spotify.run_due()
        assert (spotify.state(alice), spotify.state(bob), spotify.fake.api_calls) == ("paused", "paused", 1)
        spotify.fake.clock.advance(HOUR)
    spotify.fake.owner_premium = True
    spotify.run_due()
    assert (spotify.state(alice), spotify.state(bob)) == ("connected", "connected")
    assert {*spotify.outcomes(alice).values(), *spotify.outcomes(bob).values()} == {"done"}


def test_without_the_owners_premium_those_not_listed_wait_too(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    spotify.connect(user_id, "bob")
    spotify.fake.allowed.discard("bob")
    spotify.run(user_id)
    assert spotify.state(user_id) == "not_allowed"
    spotify.fake.owner_premium = False
    spotify.fake.clock.advance(DAY + HOUR)
    spotify.fake.reset_calls()
    spotify.run(user_id)
    assert (spotify.state(user_id), spotify.fake.api_calls) == ("paused", 1)
    spotify.fake.owner_premium = True
    spotify.fake.allowed.add("bob")
    spotify.fake.clock.advance(6 * HOUR)
    spotify.run(user_id)
    assert whole(spotify, user_id, spotify.fake.person("bob"))


def test_what_the_app_may_not_do_is_asked_once_a_week(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    spotify.connect(user_id, "bob")
    spotify.fake.faults.add("forbidden", "GET /me/top/*", count=None)
    for _ in range(8):
        spotify.run_due()
        spotify.fake.clock.advance(DAY)
    assert spotify.outcomes(user_id)["top"] == "forbidden"
    assert spotify.fake.calls["GET /me/top/artists"] == 2
    assert spotify.outcomes(user_id)["followed"] == "done"


def test_a_list_refused_or_gone_is_asked_for_again_when_it_changed(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id, bob = someone("bob"), spotify.fake.person("bob")
    small, middle, large = sorted((each for each in bob.playlists if each), key=lambda each: len(each.items))
    spotify.fake.faults.add("forbidden", ITEMS)
    spotify.fake.faults.add("missing", ITEMS)
    spotify.connect(user_id, "bob")
    spotify.run(user_id)
    assert contents(spotify) == {small.id: "forbidden", large.id: "read"}
    spotify.fake.reset_calls()
    for _ in range(3):
        spotify.fake.clock.advance(DAY)
        spotify.run_due()
    assert contents(spotify) == {small.id: "forbidden", middle.id: "read", large.id: "read"}
    assert spotify.fake.calls[ITEMS] == 1
    small.add(spotify.fake.music.tracks[0], at=spotify.now())
    spotify.fake.clock.advance(DAY)
    spotify.run_due()
    assert contents(spotify)[small.id] == "read"


def contents(house: SpotifyHouse) -> dict[object, object]:
    return dict(house.rows("select playlist_id, contents from spotify_playlists"))  # type: ignore[arg-type]


def test_a_mistake_of_ours_stops_one_part_and_tells_the_log_no_titles(
    spotify: SpotifyHouse, someone: Someone, capsys: pytest.CaptureFixture[str]
) -> None:
    user_id, bob = someone("bob"), spotify.fake.person("bob")
    with spotify.db.driver() as connection:
        connection.execute("alter table spotify_saved add constraint mistake check (kind <> 'track')")
    spotify.connect(user_id, "bob")
    spotify.run(user_id)
    assert {part for part, outcome in spotify.outcomes(user_id).items() if outcome != "done"} == {"saved_tracks"}
    said = "".join(capsys.readouterr())
    assert "IntegrityError" in said
    assert "spotify_kept.py" in said
    assert [each.thing.name for each in bob.saved_tracks if each.thing.name in said] == []
