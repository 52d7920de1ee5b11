"""The stand-in for Spotify: what each app mode may see, and paging through everything."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fakes.spotify import FakeSpotify
from fakes.spotify.asking import Asker
from fakes.spotify.clock import milliseconds
from fakes.spotify.playlists import Playlist

FORBIDDEN = {"error": {"status": 403, "message": "Forbidden"}}
CLOSED = """/tracks?ids=x /albums?ids=x /artists?ids=x /shows?ids=x /episodes?ids=x /audiobooks?ids=x /chapters?ids=x
/browse/new-releases /browse/categories /browse/categories/pop /artists/{artist}/top-tracks /users/somebody
/users/somebody/playlists /markets /playlists/{list}/tracks /playlists/{list}/followers/contains
/me/tracks/contains?ids=x /me/albums/contains?ids=x /me/episodes/contains?ids=x /me/shows/contains?ids=x
/me/audiobooks/contains?ids=x /me/following/contains?ids=x&type=artist""".split()  # noqa: SIM905 - a list of words


@pytest.fixture
def fake() -> Iterator[FakeSpotify]:
    with FakeSpotify() as fake:
        yield fake


@pytest.fixture
def alice(fake: FakeSpotify) -> Asker:
    return Asker(fake)


def playlist(fake: FakeSpotify, name: str) -> Playlist:
    return next(each for each in fake.person("alice").every_playlist() if each.name == name)


@pytest.mark.parametrize("path", CLOSED)
def test_what_was_closed_in_2026_is_forbidden(fake: FakeSpotify, alice: Asker, path: str) -> None:
    own = playlist(fake, "List 1").id
    answer = alice.ask(path.format(artist=fake.music.artists[0].id, list=own))
    assert (answer.status_code, answer.json()) == (403, FORBIDDEN)
    fake.mode = "dev_legacy"
    answer = alice.ask(path.format(artist=fake.music.artists[0].id, list=own))
    assert answer.json() != FORBIDDEN


def test_both_spellings_of_a_path_are_one_endpoint(fake: FakeSpotify, alice: Asker) -> None:
    assert alice.get("/me/") == alice.get("/me")
    assert alice.get("/me/tracks/", limit=1)["items"] == alice.get("/me/tracks", limit=1)["items"]
    assert fake.calls == {"GET /me": 2, "GET /me/tracks": 2}


@pytest.mark.parametrize(
    ("path", "most", "legacy"),
    [
        ("/me/tracks", 50, 50),
        ("/me/albums", 50, 50),
        ("/me/playlists", 50, 50),
        ("/me/top/tracks", 50, 50),
        ("/me/player/recently-played", 50, 50),
        ("/me/following?type=artist", 50, 50),
        ("/search?q=love&type=track", 10, 50),
        ("/artists/{artist}/albums", 10, 50),
        ("/playlists/{list}/items", 50, 50),
        ("/playlists/{list}/tracks", 0, 100),
    ],
)
def test_limits(fake: FakeSpotify, alice: Asker, path: str, most: int, legacy: int) -> None:
    path = path.format(artist=fake.music.artists[0].id, list=playlist(fake, "List 1").id)
    for mode, limit in (("dev_2026", most), ("dev_legacy", legacy), ("extended", legacy)):
        fake.mode = mode
        if limit:
            assert alice.ask(path, limit=limit).status_code == 200, mode
            refused = alice.ask(path, limit=limit + 1)
            assert (refused.status_code, refused.json()["error"]["message"]) == (400, "Invalid limit"), mode
            assert alice.ask(path, limit="many").status_code == 400


@pytest.mark.parametrize(
    ("path", "total"), [("/me/tracks", 5000), ("/me/albums", 300), ("/me/playlists", 39), ("/me/top/artists", 50)]
)
def test_pages_are_the_whole_list_once(alice: Asker, path: str, total: int) -> None:
    page = alice.get(path, limit=50)
    assert (page["total"], page["offset"], page["limit"], page["previous"]) == (total, 0, 50, None)
    things = alice.all(path, limit=50)
    assert len(things) == total
    found = [thing for thing in things if thing]
    names = [(thing.get("track") or thing.get("album") or thing)["id"] for thing in found]
    assert len(set(names)) == len(names)
    assert alice.fake.calls[f"GET {path}"] == 1 + -(-total // 50)
    beyond = alice.get(path, limit=50, offset=total)
    assert (beyond["items"], beyond["next"], beyond["total"]) == ([], None, total)
    last = alice.get(path, limit=7, offset=total - 7)
    assert (len(last["items"]), last["next"]) == (7, None)
    assert alice.get(last["previous"])["offset"] == max(total - 14, 0)


def test_links_stay_on_the_host_that_was_asked(fake: FakeSpotify, alice: Asker) -> None:
    for path in ("/me/tracks", "/me/player/recently-played", "/me/playlists", "/me/top/tracks?time_range=short_term"):
        page = alice.get(path, limit=3)
        assert page["next"].startswith(f"{fake.api_url}{path.split('?')[0]}?")
        assert page["href"].startswith(fake.api_url)
    assert "time_range=short_term" in page["next"]


def test_followed_artists_go_by_their_cursor(alice: Asker) -> None:
    found, after = [], None
    while True:
        page = alice.get("/me/following", type="artist", limit=50, **({"after": after} if after else {}))["artists"]
        found += [artist["id"] for artist in page["items"]]
        after = page["cursors"]["after"]
        if after is None:
            break
        assert page["next"]
    assert page["next"] is None
    assert len(found) == len(set(found)) == page["total"] == 120
    assert alice.ask("/me/following").status_code == 400
    assert alice.ask("/me/following", type="user").status_code == 400


def test_recent_plays_are_fifty_at_most_and_newest_first(fake: FakeSpotify, alice: Asker) -> None:
    page = alice.get("/me/player/recently-played", limit=50)
    moments = [play["played_at"] for play in page["items"]]
    assert len(moments) == 50
    assert moments == sorted(moments, reverse=True)
    assert len(set(moments)) == 50
    trailing = alice.get(page["next"])
    assert (trailing["items"], trailing["next"], trailing["cursors"]) == ([], None, None)
    contexts = [play["context"] for play in page["items"]]
    assert None in contexts
    assert any(contexts)


def test_recent_plays_before_and_after_a_moment(fake: FakeSpotify, alice: Asker) -> None:
    shown = [milliseconds(fake.person("alice").shown(play)) for play in fake.person("alice").visible()]
    page = alice.get("/me/player/recently-played", limit=50, after=shown[10])
    assert (len(page["items"]), page["cursors"]) == (10, {"after": str(shown[0]), "before": str(shown[9])})
    page = alice.get("/me/player/recently-played", limit=50, before=shown[10])
    assert (len(page["items"]), page["cursors"]["after"]) == (39, str(shown[11]))
    assert alice.get("/me/player/recently-played", after=shown[0])["cursors"] is None
    assert alice.ask("/me/player/recently-played", after=1, before=2).status_code == 400
    assert len(alice.all("/me/player/recently-played", limit=7)) == 50


def test_new_plays_appear_as_time_goes_by(fake: FakeSpotify, alice: Asker) -> None:
    before = alice.get("/me/player/recently-played", limit=50)["cursors"]["after"]
    fake.clock.advance(timedelta(minutes=30))
    new = alice.get("/me/player/recently-played", limit=50, after=before)["items"]
    assert 4 <= len(new) <= 20
    heard = fake.person("alice").heard(fake.clock.now - timedelta(minutes=30), fake.clock.now)
    assert {play["track"]["uri"] for play in new} <= {play.thing.uri for play in heard}


def test_what_a_person_plays_is_seen(fake: FakeSpotify) -> None:
    dora, asker = fake.person("dora"), Asker(fake, "dora")
    page = asker.get("/me/player/recently-played")
    assert (page["items"], page["cursors"], page["next"]) == ([], None, None)
    play = dora.play(fake.music.tracks[3])
    dora.play(fake.music.episodes[0])
    dora.play(fake.music.locals[0])
    dora.play(fake.music.tracks[4], at=fake.clock.now - timedelta(seconds=10))  # still goes on
    (seen,) = asker.get("/me/player/recently-played")["items"]
    assert seen["track"]["uri"] == play.thing.uri
    assert seen["played_at"] == "2026-11-20T21:00:00.000Z"
    dora.played_at = "start"
    (seen,) = asker.get("/me/player/recently-played")["items"]
    assert seen["played_at"] == play.began.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert asker.get("/me/player/currently-playing")["item"]["uri"] == fake.music.tracks[4].uri
    fake.clock.advance(timedelta(minutes=50))
    assert asker.ask("/me/player/currently-playing").status_code == 204
    dora.hears_an_ad = True
    assert asker.get("/me/player/currently-playing")["item"] is None
    assert len(asker.get("/me/player/recently-played")["items"]) == 2


def test_playlists_of_others(fake: FakeSpotify, alice: Asker) -> None:
    listed = {each["name"]: each for each in alice.get("/me/playlists", limit=50)["items"] if each}
    assert listed["List 1"]["items"]["total"] == 712
    assert listed["Our Road Trip"]["items"]["total"] == 40
    assert "items" not in listed["Mira's Mornings"]
    assert "tracks" not in listed["List 1"]
    mira, road, gone = (playlist(fake, name).id for name in ("Mira's Mornings", "Our Road Trip", "Made for You"))
    assert "items" not in alice.get(f"/playlists/{mira}")
    assert alice.ask(f"/playlists/{mira}/items").json() == FORBIDDEN
    assert len(alice.all(f"/playlists/{road}/items", limit=50)) == 40
    assert alice.ask(f"/playlists/{gone}").status_code == 404
    assert alice.ask(f"/playlists/{gone}/items").status_code == 404
    assert alice.get("/me/playlists", limit=50)["items"].count(None) == 2


def test_playlists_hold_more_than_tracks(fake: FakeSpotify, alice: Asker) -> None:
    odd = playlist(fake, "List 11")
    lines = alice.all(f"/playlists/{odd.id}/items", limit=50)
    assert len(lines) == len(odd.items)
    items = [line["item"] for line in lines]
    local = next(line for line in lines if line["is_local"])["item"]
    assert (local["id"], local["uri"]) == (None, "spotify:local:My+Old+Band:Home+Tapes:Rehearsal+0:180")
    assert [item["type"] for item in items if item].count("episode") == 2
    assert items.count(None) == 1
    assert [line for line in lines if line["added_at"] is None and line["added_by"] is None]
    odd.items.insert(0, None)
    assert alice.get(f"/playlists/{odd.id}/items")["items"][0] is None


def test_a_snapshot_changes_with_what_is_in_it(fake: FakeSpotify, alice: Asker) -> None:
    def snapshots() -> dict[str, str]:
        return {each["id"]: each["snapshot_id"] for each in alice.get("/me/playlists", limit=50)["items"] if each}

    before, changed = snapshots(), playlist(fake, "List 4")
    assert before == snapshots()
    changed.add(fake.music.tracks[9])
    grown = snapshots()
    assert {id for id in grown if grown[id] != before[id]} == {changed.id}
    changed.items.pop(0)
    assert snapshots()[changed.id] not in (before[changed.id], grown[changed.id])


def test_an_older_app_sees_the_old_names(fake: FakeSpotify) -> None:
    fake.mode = "dev_legacy"
    alice = Asker(fake)
    listed: list[dict[str, Any]] = [each for each in alice.all("/me/playlists", limit=50) if each]
    assert all("tracks" in each and "items" not in each for each in listed)
    for name in ("List 11", "Mira's Mornings"):
        known = playlist(fake, name)
        for path, limit in ((f"/playlists/{known.id}/tracks", 100), (f"/playlists/{known.id}/items", 50)):
            lines = alice.all(path, limit=limit)
            assert len(lines) == len(known.items)
            assert all("track" in line and "item" not in line for line in lines)
        assert alice.get(f"/playlists/{known.id}")["tracks"]["total"] == len(known.items)
    track = alice.get(f"/tracks/{fake.music.tracks[0].id}")
    assert {"popularity", "available_markets"} <= track.keys()
    artist = alice.get("/artists", ids=fake.music.artists[0].id)["artists"][0]
    assert artist["genres"] == ["rock", "pop"]
    assert {"popularity", "followers"} <= artist.keys()
    ids = ",".join([fake.music.tracks[0].id, "0" * 22])
    assert [each and each["id"] for each in alice.get("/tracks", ids=ids)["tracks"]] == [fake.music.tracks[0].id, None]
    assert alice.get("/me/tracks/contains", ids=fake.person("alice").saved_tracks[0].thing.id) == [True]


def test_an_extended_app_sees_old_and_new_and_everybody(fake: FakeSpotify) -> None:
    fake.mode = "extended"
    charlie, alice = Asker(fake, "charlie"), Asker(fake)
    assert charlie.get("/me")["display_name"] == "Charlie Example"
    listed = next(each for each in alice.get("/me/playlists")["items"] if each)
    assert listed["tracks"]["total"] == listed["items"]["total"] == 712
    line = alice.get(f"/playlists/{listed['id']}/items")["items"][0]
    assert line["track"] == line["item"]
    assert alice.get(f"/playlists/{listed['id']}/tracks", limit=100)["items"][0]["track"] == line["item"]


def test_who_is_who(fake: FakeSpotify) -> None:
    alice, bob = Asker(fake).get("/me"), Asker(fake, "bob").get("/me")
    assert (alice["display_name"], bob["display_name"]) == ("Alice Example", None)
    assert alice["account_id"] != alice["id"] != bob["id"]
    fake.mode = "dev_legacy"
    assert "account_id" not in Asker(fake, "bob").get("/me")
    assert Asker(fake).get("/me")["account_id"] == alice["account_id"]
    fake.mode, fake.omit_account_id = "dev_2026", True
    assert "account_id" not in Asker(fake).get("/me")


def test_searching(fake: FakeSpotify, alice: Asker) -> None:
    track = fake.music.tracks[50]
    (found,) = alice.get("/search", q=f"isrc:{track.isrc}", type="track")["tracks"]["items"]
    assert found["id"] == track.id
    (found,) = alice.get("/search", q=f"upc:{track.album.upc}", type="album")["albums"]["items"]
    assert found["id"] == track.album.id
    found = alice.get("/search", q=f'track:"{track.name}" artist:"{track.album.artist.name}"', type="track,artist")
    assert track.id in [each["id"] for each in found["tracks"]["items"]]
    assert alice.get("/search", q="zzzz-nothing", type="track")["tracks"]["total"] == 0
    assert len(alice.get("/search", q="love", type="track")["tracks"]["items"]) == 5
    assert alice.ask("/search", q="love").status_code == 400


def test_an_unknown_path_or_id(alice: Asker) -> None:
    assert alice.ask("/me/nothing").json()["error"] == {"status": 404, "message": "Service not found"}
    assert alice.ask("/tracks/short").json()["error"] == {"status": 400, "message": "Invalid base62 id"}
    assert alice.ask("/tracks/" + "0" * 22).json()["error"] == {"status": 404, "message": "Resource not found"}
    assert alice.ask("/me/shows").status_code == 501
