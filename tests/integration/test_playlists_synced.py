"""Playlists Spotify's API told of: their versions, beside exported ones of the same name, and gone when it ends."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from exports import Importer
from fakes.spotify.playlists import Playlist
from spotify_house import SpotifyHouse

from core.domain.errors import NotFound
from core.repositories import spotify_lists
from core.services.listening import Listening
from core.services.playlists import Playlists

Someone = Callable[[str], int]


def service(house: SpotifyHouse, *, counts_api: bool) -> Playlists:
    return Playlists(house.db, Listening(house.db, house.cache, memory_bytes=10**8), counts_api=counts_api)


def next_day(house: SpotifyHouse, user_id: int) -> None:
    house.fake.clock.advance(timedelta(days=1))
    house.run(user_id)


def first_list(house: SpotifyHouse, user_id: int) -> Playlist:
    """Connect Bob, sync what there is, and return his first list that can be read."""
    house.connect(user_id, "bob")
    house.run(user_id)
    bob = house.fake.person("bob")
    return next(each for each in bob.playlists if each and each.open_to(bob.id) and each.items)


def names(playlists: Playlists, user_id: int, key: str, version: int = 0) -> list[str]:
    return playlists.listed(user_id, key, version=version).frame["uri"].to_list()


def truth(playlist: Playlist) -> list[str]:
    return [entry.thing.uri if entry and entry.thing else "" for entry in playlist.items]


def key_of(playlists: Playlists, user_id: int, playlist: Playlist) -> str:
    return next(each.key for each in playlists.heads(user_id) if each.spotify_id == playlist.id)


def test_a_list_that_changes_keeps_its_versions(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    one, playlists = first_list(spotify, user_id), service(spotify, counts_api=True)
    key, before = key_of(playlists, user_id, one), truth(one)
    assert names(playlists, user_id, key) == before
    stamp = playlists.stamp(user_id)
    one.add(spotify.fake.music.tracks[5], at=spotify.now())
    next_day(spotify, user_id)
    assert playlists.stamp(user_id) != stamp
    assert key_of(playlists, user_id, one) == key
    assert names(playlists, user_id, key) == truth(one) != before
    assert names(playlists, user_id, key, 1) == before
    head = next(each for each in playlists.heads(user_id) if each.key == key)
    versions = playlists.versions(user_id, key)
    assert (head.items, head.versions) == (len(truth(one)), 2)
    assert [(each.origin, each.items) for each in versions] == [("spotify", len(truth(one))), ("spotify", len(before))]
    stamp = playlists.stamp(user_id)
    next_day(spotify, user_id)
    assert playlists.stamp(user_id) == stamp
    assert len(playlists.versions(user_id, key)) == 2


def test_only_so_many_versions_are_kept(
    spotify: SpotifyHouse, someone: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spotify_lists, "MOST_VERSIONS", 3)
    user_id = someone("bob")
    one, playlists = first_list(spotify, user_id), service(spotify, counts_api=True)
    for number in range(5):
        one.add(spotify.fake.music.tracks[number], at=spotify.now())
        next_day(spotify, user_id)
    key, whole = key_of(playlists, user_id, one), truth(one)
    assert [names(playlists, user_id, key, at) for at in range(3)] == [whole, whole[:-1], whole[:-2]]
    assert len(playlists.versions(user_id, key)) == 3


def test_disconnecting_takes_lists_and_versions_along(spotify: SpotifyHouse, someone: Someone) -> None:
    user_id = someone("bob")
    one, playlists = first_list(spotify, user_id), service(spotify, counts_api=True)
    key = key_of(playlists, user_id, one)
    assert spotify.rows("select 1 from spotify_playlist_versions where user_id = %s", user_id)
    spotify.connecting.disconnect(user_id)
    assert playlists.heads(user_id) == ()
    assert playlists.every(user_id) == ()
    with pytest.raises(NotFound):
        playlists.listed(user_id, key)
    assert not spotify.rows("select 1 from spotify_playlist_versions where user_id = %s", user_id)


def test_figures_of_lists_known_from_the_api_alone_are_the_operators_choice(
    spotify: SpotifyHouse, someone: Someone
) -> None:
    user_id = someone("bob")
    one = first_list(spotify, user_id)
    shown, counted = service(spotify, counts_api=False), service(spotify, counts_api=True)
    assert {each.counted for each in shown.heads(user_id)} == {False}
    assert {each.counted for each in counted.heads(user_id)} == {True}
    assert shown.every(user_id) == ()
    readable = {each.key for each in counted.heads(user_id) if each.readable}
    assert {each.key for each in counted.every(user_id)} == readable
    key = key_of(shown, user_id, one)
    assert names(shown, user_id, key) == names(counted, user_id, key) == truth(one)


def test_an_exported_and_a_synced_list_of_one_name_are_one(
    spotify: SpotifyHouse, someone: Someone, tmp_path: Path
) -> None:
    user_id = someone("bob")
    one, importer = first_list(spotify, user_id), Importer(spotify.db, tmp_path)
    track = {"trackName": "Track 1", "artistName": "Artist", "trackUri": "spotify:track:" + "1" * 22}
    sent = {"name": one.name.upper(), "lastModifiedDate": "2020-01-01", "items": [{"track": track}]}
    assert importer.run(user_id, importer.write("Playlist1.json", {"playlists": [sent]})).status == "done"
    shown, counted = service(spotify, counts_api=False), service(spotify, counts_api=True)
    key = key_of(shown, user_id, one)
    assert key_of(counted, user_id, one) == key
    for playlists, origin, entries in ((shown, "export", [track["trackUri"]]), (counted, "spotify", truth(one))):
        (head,) = [each for each in playlists.heads(user_id) if each.key == key]
        assert (head.origin, head.counted, head.gone, head.versions) == (origin, True, False, 2)
        assert names(playlists, user_id, key) == entries
        assert {each.origin for each in playlists.versions(user_id, key)} == {"export", "spotify"}
        assert playlists.versions(user_id, key)[0].origin == origin
        assert key in {each.key for each in playlists.every(user_id)}
    spotify.connecting.disconnect(user_id)
    assert [(each.key, each.origin) for each in counted.heads(user_id)] == [(key, "export")]


def test_a_list_spotify_does_not_open_is_read_from_the_export(
    spotify: SpotifyHouse, someone: Someone, tmp_path: Path
) -> None:
    user_id, importer = someone("bob"), Importer(spotify.db, tmp_path)
    one = first_list(spotify, user_id)
    with spotify.db.driver() as connection:
        connection.execute("update spotify_playlists set contents = 'forbidden' where user_id = %s", (user_id,))
        connection.execute("delete from spotify_playlist_versions where user_id = %s", (user_id,))
    playlists = service(spotify, counts_api=True)
    closed = key_of(playlists, user_id, one)
    assert not any(each.readable for each in playlists.heads(user_id))
    assert playlists.every(user_id) == ()
    with pytest.raises(NotFound, match="not known here"):
        playlists.listed(user_id, closed)
    track = {"trackName": "Track 1", "artistName": "Artist", "trackUri": "spotify:track:" + "1" * 22}
    sent = {"name": one.name, "items": [{"track": track}]}
    importer.run(user_id, importer.write("Playlist1.json", {"playlists": [sent]}))
    assert names(playlists, user_id, closed) == [track["trackUri"]]
    assert [each.key for each in playlists.every(user_id)] == [closed]
