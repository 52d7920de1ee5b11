"""The first sync and the days after it: what is stored is what Spotify told, for as few calls as it takes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from fakes.spotify.people import Person
from fakes.spotify.playlists import Playlist
from spotify_house import SpotifyHouse, after

from core.services.syncing import SHELF

MODES = ("dev_2026", "dev_legacy", "extended")
ITEMS = "GET /playlists/{playlist_id}/items"
Someone = Callable[[str], int]


def lists(person: Person) -> list[Playlist]:
    return [each for each in person.playlists if each]


def readable(person: Person) -> list[Playlist]:
    return [each for each in lists(person) if each.open_to(person.id)]


def items(house: SpotifyHouse, user_id: int, playlist: Playlist) -> list[str | None]:
    """Return the addresses of a list's items as they are shown."""
    query = """
        select uri from spotify_playlist_items
        where user_id = %s and playlist_id = %s and position >= 0 order by position
    """
    return [row[0] for row in house.rows(query, user_id, playlist.id)]  # type: ignore[misc]


def truth(playlist: Playlist) -> list[str | None]:
    return [entry.thing.uri if entry and entry.thing else None for entry in playlist.items]


def saved(house: SpotifyHouse, user_id: int, kind: str) -> set[object]:
    return {
        row[0] for row in house.rows("select uri from spotify_saved where (user_id, kind) = (%s, %s)", user_id, kind)
    }


def contents(house: SpotifyHouse, user_id: int) -> dict[object, object]:
    return dict(house.rows("select playlist_id, contents from spotify_playlists where user_id = %s", user_id))  # type: ignore[arg-type]


def synced(house: SpotifyHouse, user_id: int, name: str) -> Person:
    """Connect a person, sync all there is, and forget the calls that took."""
    house.connect(user_id, name)
    house.run(user_id)
    house.fake.reset_calls()
    return house.fake.person(name)


def next_day(house: SpotifyHouse, user_id: int) -> None:
    house.fake.clock.advance(timedelta(days=1))
    house.run(user_id)


@pytest.mark.parametrize("spotify", MODES, indirect=True)
def test_a_first_sync_brings_what_is_there(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id, alice, fake = someone("alice"), spotify.fake.person("alice"), spotify.fake
    if fake.mode != "dev_2026":
        del alice.saved_tracks[200:], alice.playlists[5:30]  # one mode reads all, the others a few of each kind
    spotify.connect(user_id, "alice")
    spotify.run(user_id)
    kept = spotify.syncing.state(user_id).kept
    assert set(spotify.outcomes(user_id).values()) == {"done"}
    assert (kept.plays, kept.days) == (50, 1)
    assert (kept.own_playlists, kept.other_playlists) == (
        len(readable(alice)),
        len(lists(alice)) - len(readable(alice)),
    )
    assert {each.name: items(spotify, user_id, each) for each in readable(alice)} == {
        each.name: truth(each) for each in readable(alice)
    }
    assert saved(spotify, user_id, "track") == {each.thing.uri for each in alice.saved_tracks}
    assert saved(spotify, user_id, "album") == {each.thing.uri for each in alice.saved_albums}
    assert saved(spotify, user_id, "artist") == {artist.uri for artist in alice.followed}
    assert fake.calls[ITEMS] == sum(max(1, -(-len(each.items) // 50)) for each in readable(alice))
    assert fake.calls["GET /me/tracks"] == len(alice.saved_tracks) // 50
    assert max(fake.calls.values()) <= 250
    assert fake.api_calls <= 800


def test_what_lists_hold_besides_tracks_is_kept_as_what_it_is(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("alice")
    alice = spotify.fake.person("alice")
    odd = alice.playlists[11]
    assert odd is not None
    del alice.saved_tracks[:], alice.playlists[12:], alice.playlists[:11]
    spotify.connect(user_id, "alice")
    spotify.run(user_id)
    query = "select kind, uri is null from spotify_playlist_items where user_id = %s order by position desc limit 6"
    assert spotify.rows(query, user_id) == [
        ("gone", True), ("track", False), ("episode", False), ("episode", False), ("local", False), ("local", False)
    ]  # fmt: skip


def test_others_lists_are_named_and_never_opened(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("alice")
    alice = synced_small(spotify, user_id)
    closed = {each.id for each in lists(alice) if not each.open_to(alice.id)}
    assert {each for each, state in contents(spotify, user_id).items() if state == "forbidden"} == closed
    opened = {call.path.split("/")[2] for call in spotify.fake.requests if call.endpoint == ITEMS}
    assert opened == {each.id for each in readable(alice)}
    assert closed & opened == set()


def synced_small(house: SpotifyHouse, user_id: int) -> Person:
    """Sync Alice with a few of everything, odd lists included; the calls are not forgotten."""
    alice = house.fake.person("alice")
    del alice.saved_tracks[120:], alice.saved_albums[60:], alice.playlists[3:30]
    del alice.playlists[0]
    house.connect(user_id, "alice")
    house.run(user_id)
    return alice


def test_a_day_without_changes_costs_next_to_nothing(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("alice")
    synced_small(spotify, user_id)
    spotify.fake.reset_calls()
    next_day(spotify, user_id)
    calls = spotify.fake.calls
    assert calls[ITEMS] == 0
    assert (calls["GET /me/tracks"], calls["GET /me/albums"], calls["GET /me/playlists"]) == (1, 1, 1)
    assert (calls["GET /me/top/tracks"], calls["GET /me/top/artists"], calls["GET /me/following"]) == (3, 3, 3)
    assert spotify.syncing.state(user_id).kept.days == 2


def test_only_a_list_that_changed_is_read_again(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    bob = synced(spotify, user_id, "bob")
    first = lists(bob)[0]
    first.add(spotify.fake.music.tracks[5], at=spotify.now())
    gone = lists(bob)[1]
    bob.playlists.remove(gone)
    next_day(spotify, user_id)
    assert spotify.fake.calls[ITEMS] == 2
    assert items(spotify, user_id, first) == truth(first)
    assert gone.id not in contents(spotify, user_id)
    assert items(spotify, user_id, gone) == []


def test_a_list_without_a_version_is_read_again_when_its_length_changed_or_after_a_week(
    spotify: SpotifyHouse, someone: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Playlist, "snapshot_id", None)
    user_id = someone("bob")
    bob = synced(spotify, user_id, "bob")
    spotify.fake.clock.set(datetime(2026, 11, 27, 6, tzinfo=UTC))  # a week (from Thursdays) has just begun
    spotify.run(user_id)
    spotify.fake.reset_calls()
    next_day(spotify, user_id)
    assert spotify.fake.calls[ITEMS] == 0
    first = readable(bob)[0]
    first.add(spotify.fake.music.tracks[5], at=spotify.now())
    next_day(spotify, user_id)
    assert spotify.fake.calls[ITEMS] == -(-len(first.items) // 50)
    assert items(spotify, user_id, first) == truth(first)
    first.items.reverse()
    spotify.fake.clock.advance(timedelta(days=7))
    spotify.run(user_id)
    assert items(spotify, user_id, first) == truth(first)


def test_new_things_cost_a_page_and_removed_ones_a_whole_pass(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    bob = synced(spotify, user_id, "bob")
    bob.save(next(t for t in spotify.fake.music.tracks if t.uri not in saved(spotify, user_id, "track")))
    next_day(spotify, user_id)
    assert spotify.fake.calls["GET /me/tracks"] == 2  # the page with the new one, and one where all is known
    assert saved(spotify, user_id, "track") == {each.thing.uri for each in bob.saved_tracks}
    del bob.saved_tracks[100], bob.saved_albums[3], bob.followed[2]
    next_day(spotify, user_id)
    assert spotify.fake.calls["GET /me/tracks"] == 2 + 3
    for kind, there in (("track", bob.saved_tracks), ("album", bob.saved_albums)):
        assert saved(spotify, user_id, kind) == {each.thing.uri for each in there}
    assert saved(spotify, user_id, "artist") == {artist.uri for artist in bob.followed}


def test_what_seems_unchanged_is_read_as_a_whole_within_a_week(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    synced(spotify, user_id, "bob")
    for days in (4, 1, 1):
        spotify.fake.clock.advance(timedelta(days=days))
        spotify.run(user_id)
    assert spotify.fake.calls["GET /me/tracks"] == 1 + 1 + 3
    assert spotify.rows("select count(*) from spotify_saved where fetched_at < %s", spotify.now() - timedelta(7)) == [
        (0,)
    ]
    assert spotify.syncing.tidy() == 0


def test_one_ranking_a_day(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    bob = synced(spotify, user_id, "bob")
    spotify.syncing.begin(user_id)  # connected again on the same day
    best = bob.top["short_term"].tracks
    best.reverse()
    spotify.run(user_id)
    assert spotify.rows("select count(*) from spotify_tops where user_id = %s", user_id) == [(6,)]
    top = spotify.syncing.latest_top(user_id, kind="track", time_range="short_term")
    assert top is not None
    assert [item["uri"] for item in top.items] == [track.uri for track in best[:SHELF]]
    next_day(spotify, user_id)
    assert spotify.rows("select count(*) from spotify_tops where user_id = %s", user_id) == [(12,)]


def test_a_sync_cut_after_every_page_costs_and_brings_the_same(spotify: SpotifyHouse, someone: Someone) -> None:
    whole, cut = someone("whole"), someone("cut")
    bob = synced(spotify, whole, "bob")
    spotify.fake.clock.advance(timedelta(hours=1))
    spotify.run(whole)
    spotify.connecting.disconnect(whole)
    spotify.fake.clock.advance(-timedelta(hours=1))
    spotify.connect(cut, "bob")
    spotify.fake.reset_calls()
    pages = 0
    while cut in spotify.syncing.due():
        spotify.run(cut, should_stop=after(pages=1))
        pages += 1
        assert pages < 50
    assert spotify.fake.api_calls == pages == 1 + 6 + 1 + 4 + 3 + 1 + 1
    assert set(spotify.outcomes(cut).values()) == {"done"}
    assert [items(spotify, cut, each) for each in lists(bob)] == [truth(each) for each in lists(bob)]


def test_a_half_read_list_never_shows_as_a_whole(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    bob = spotify.fake.person("bob")
    longest = lists(bob)[0]
    spotify.connect(user_id, "bob")
    spotify.run(user_id, should_stop=lambda: spotify.fake.calls[ITEMS] == 3)  # the longest comes last, in two pages
    assert (contents(spotify, user_id)[longest.id], items(spotify, user_id, longest)) == ("waiting", [])
    spotify.run(user_id)
    before = truth(longest)
    longest.items.insert(0, longest.items.pop())
    spotify.fake.reset_calls()
    spotify.fake.clock.advance(timedelta(days=1))
    spotify.run(user_id, should_stop=lambda: spotify.fake.calls[ITEMS] == 1)
    assert (contents(spotify, user_id)[longest.id], items(spotify, user_id, longest)) == ("read", before)
    spotify.run(user_id)
    assert items(spotify, user_id, longest) == truth(longest) != before


def test_what_moves_between_two_pages_is_not_taken_for_gone(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    bob = synced(spotify, user_id, "bob")
    del bob.saved_tracks[110]
    spotify.fake.clock.advance(timedelta(days=1))
    spotify.run(user_id, should_stop=lambda: spotify.fake.calls["GET /me/tracks"] == 1)
    del bob.saved_tracks[0]  # now the 51st is the 50th, on a page that was read already
    spotify.run(user_id)
    assert {each.thing.uri for each in bob.saved_tracks} < saved(spotify, user_id, "track")
    next_day(spotify, user_id)
    assert {each.thing.uri for each in bob.saved_tracks} == saved(spotify, user_id, "track")


def test_parts_nobody_agreed_to_are_not_made(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    spotify.fake.withheld_scopes = {"user-follow-read", "playlist-read-private"}
    spotify.connect(user_id, "bob")
    spotify.run(user_id)
    assert sorted(spotify.outcomes(user_id)) == ["recent", "saved_albums", "saved_tracks", "top"]
    spotify.fake.withheld_scopes = set()
    spotify.connect(user_id, "bob")
    spotify.run(user_id)
    assert len(spotify.outcomes(user_id)) == 6
    assert set(spotify.outcomes(user_id).values()) == {"done"}


def test_nothing_of_one_person_shows_to_another(spotify: SpotifyHouse, someone: Someone) -> None:
    bob, charlie = someone("bob"), someone("charlie")
    synced(spotify, bob, "bob")
    state = spotify.syncing.state(charlie)
    assert (state.connection, state.parts, state.gaps, state.next_at) == (None, [], [], None)
    assert set(state.kept.__getstate__()) == {0}  # type: ignore[attr-defined]
    assert spotify.syncing.playlists(charlie) == []
    assert spotify.syncing.latest_top(charlie, kind="track", time_range="short_term") is None
    assert spotify.run(charlie) is None
    assert len(spotify.syncing.playlists(bob)) == 3


def test_a_sync_asked_for_again_and_again_asks_spotify_once(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    synced(spotify, user_id, "bob")
    found = []
    for minutes in (0, 0.5, 1, 14, 20):
        spotify.fake.reset_calls()
        spotify.fake.clock.advance(timedelta(minutes=minutes))
        spotify.syncing.ask(user_id)
        spotify.run(user_id)
        found.append((spotify.fake.calls["GET /me/player/recently-played"], spotify.fake.calls["GET /me/tracks"]))
    assert found == [(0, 0), (0, 0), (1, 0), (1, 1), (1, 1)]


def test_artists_addresses_are_kept_where_somebody_heard_them(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    bob = synced(spotify, user_id, "bob")
    known = dict(spotify.rows("select a.name, u.uri from artist_uris u join artists a on a.id = u.artist_id"))  # type: ignore[arg-type]
    ranked = [artist for tops in bob.top.values() for artist in tops.artists]
    named = {artist.name: artist.uri for artist in [*bob.followed, *ranked]}
    assert known
    assert known.items() <= named.items()


def test_daily_parts_run_once_a_day_at_the_persons_own_minute(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    synced(spotify, user_id, "bob")
    turns = []
    for _ in range(3):
        turns.append(next(part.next_at for part in spotify.syncing.state(user_id).parts if part.part == "top"))
        spotify.fake.clock.set(turns[-1])
        spotify.run(user_id)
    assert [later - earlier for earlier, later in pairwise(turns)] == [timedelta(days=1)] * 2
