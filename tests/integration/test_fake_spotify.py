"""The stand-in for Spotify against the API's description and samples (where they are here) and our own strict rules."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.spotify import FakeSpotify
from fakes.spotify.asking import Asker
from openapi_schema_validator import OAS30Validator, oas30_format_checker

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "spotify"
BODY = "#/components/responses/"


@pytest.fixture
def fake() -> Iterator[FakeSpotify]:
    with FakeSpotify() as fake:
        yield fake


def ids(fake: FakeSpotify) -> dict[str, str]:
    """Return ids to fill paths with."""
    lists = list(fake.person("alice").every_playlist())
    track = fake.music.tracks[0]
    return {
        "track": track.id,
        "album": track.album.id,
        "artist": track.artists[0].id,
        "episode": fake.music.episodes[0].id,
        "own": lists[0].id,
        "odd": lists[10].id,
        "empty": next(each for each in lists if not each.items).id,
        "foreign": next(each for each in lists if each.name == "Mira's Mornings").id,
        "together": next(each for each in lists if each.collaborative).id,
        "gone": next(each for each in lists if each.gone).id,
    }


# path of the description, path asked, query
CALLS: list[tuple[str, str, dict[str, object]]] = [
    ("/me", "/me", {}),
    ("/me/player/recently-played", "/me/player/recently-played", {"limit": 50}),
    ("/me/player/recently-played", "/me/player/recently-played", {"limit": 50, "before": 1}),
    ("/me/player/currently-playing", "/me/player/currently-playing", {}),
    ("/me/top/artists", "/me/top/artists", {"limit": 50, "time_range": "short_term"}),
    ("/me/top/tracks", "/me/top/tracks", {"limit": 50, "time_range": "long_term"}),
    ("/me/playlists", "/me/playlists", {"limit": 50}),
    ("/me/tracks", "/me/tracks", {"limit": 50, "offset": 4990}),
    ("/me/albums", "/me/albums", {"limit": 50}),
    ("/me/following", "/me/following", {"type": "artist", "limit": 50}),
    ("/playlists/{playlist_id}", "/playlists/{own}", {}),
    ("/playlists/{playlist_id}", "/playlists/{odd}", {}),
    ("/playlists/{playlist_id}", "/playlists/{empty}", {}),
    ("/playlists/{playlist_id}", "/playlists/{foreign}", {}),
    ("/playlists/{playlist_id}", "/playlists/{together}", {}),
    ("/playlists/{playlist_id}", "/playlists/{gone}", {}),
    ("/playlists/{playlist_id}/items", "/playlists/{own}/items", {"limit": 50, "offset": 700}),
    ("/playlists/{playlist_id}/items", "/playlists/{odd}/items", {"limit": 50}),
    ("/playlists/{playlist_id}/items", "/playlists/{odd}/items", {"limit": 50, "offset": 50}),
    ("/playlists/{playlist_id}/items", "/playlists/{foreign}/items", {}),
    ("/tracks/{id}", "/tracks/{track}", {}),
    ("/tracks/{id}", "/tracks/0000000000000000000000", {}),
    ("/albums/{id}", "/albums/{album}", {}),
    ("/albums/{id}/tracks", "/albums/{album}/tracks", {}),
    ("/artists/{id}", "/artists/{artist}", {}),
    ("/artists/{id}/albums", "/artists/{artist}/albums", {}),
    ("/episodes/{id}", "/episodes/{episode}", {}),
    ("/search", "/search", {"q": "love", "type": "track,artist,album,playlist", "limit": 10}),
    ("/search", "/search", {"q": "love", "type": "track", "limit": 11}),
    ("/me/library/contains", "/me/library/contains", {"uris": "spotify:track:{track}"}),
]


def asked(alice: Asker, path: str, query: dict[str, object]) -> Any:
    known = ids(alice.fake)
    return alice.ask(path.format(**known), **{k: str(v).format(**known) for k, v in query.items()})


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    path = REFERENCE / "openapi_devmode_derived.json"
    if not path.is_file():
        pytest.skip("the API's description is not here")
    return json.loads(path.read_text())


def faults_of(description: dict[str, Any], path: str, method: str, status: int, body: Any) -> list[str]:
    """Return where an answer differs from its description."""
    responses = description["paths"][path][method]["responses"]
    answer = responses.get(str(status), responses["default"])
    if "$ref" in answer:
        answer = description["components"]["responses"][answer["$ref"].removeprefix(BODY)]
    if "content" not in answer:
        return [] if body is None else ["a body where none should be"]
    schema = answer["content"]["application/json"]["schema"] | {"components": description["components"]}
    validator = OAS30Validator(schema, format_checker=oas30_format_checker)
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(body)]


@pytest.mark.parametrize("name", ["alice", "bob", "dora"])
def test_every_answer_is_as_described(fake: FakeSpotify, description: dict[str, Any], name: str) -> None:
    asker, wrong = Asker(fake, name), {}
    for described, path, query in CALLS:
        answer = asked(asker, path, query)
        body = answer.json() if answer.content else None
        if found := faults_of(description, described, "get", answer.status_code, body):
            wrong[path, answer.status_code] = found
    assert wrong == {}


def test_what_is_made_is_as_described(fake: FakeSpotify, description: dict[str, Any]) -> None:
    alice = Asker(fake)
    made = alice.ask("/me/playlists", "POST", {"name": "Found again", "public": False})
    assert made.status_code == 201
    assert faults_of(description, "/me/playlists", "post", 201, made.json()) == []
    uris = [track.uri for track in fake.music.tracks[:3]]
    added = alice.ask(f"/playlists/{made.json()['id']}/items", "POST", {"uris": uris})
    assert added.status_code == 201
    assert faults_of(description, "/playlists/{playlist_id}/items", "post", 201, added.json()) == []
    assert added.json()["snapshot_id"] != made.json()["snapshot_id"]
    assert [line["item"]["uri"] for line in alice.all(f"/playlists/{made.json()['id']}/items")] == uris


def test_the_description_catches_what_is_wrong(description: dict[str, Any]) -> None:
    answer = {"items": [{"played_at": 5}], "limit": 50, "href": "x"}
    assert faults_of(description, "/me/player/recently-played", "get", 200, answer)
    assert faults_of(description, "/me", "get", 403, {"error": "no"})


def test_every_endpoint_that_is_left_is_known(fake: FakeSpotify, description: dict[str, Any]) -> None:
    """None is mistaken for one that does not exist, or for one that was closed."""
    alice, filled, wrong = Asker(fake), ids(fake), []
    for path, operations in description["paths"].items():
        real = path.replace("{id}", filled["track"]).replace("{playlist_id}", filled["own"])
        for method in operations.keys() & {"get", "post", "put", "delete"}:
            answer = alice.ask(real, method.upper(), {"name": "x", "uris": []} if method == "post" else None)
            message = (
                answer.json().get("error", {}).get("message") if answer.content and answer.status_code >= 400 else ""
            )
            if message in ("Forbidden", "Service not found"):
                wrong.append((method, path, message))
    assert wrong == []


def lacks(sample: Any, body: Any, where: str = "") -> list[str]:
    """Return the keys that a sample has and a body has not; of a list, one line must have what each sample line has."""
    if isinstance(sample, dict):
        if not isinstance(body, dict):
            return [f"{where}: {type(body).__name__} instead of an object"]
        missing = [f"{where}.{key}" for key in sample if key not in body]
        return missing + [
            gap for key in sample.keys() & body.keys() for gap in lacks(sample[key], body[key], f"{where}.{key}")
        ]
    if isinstance(sample, list) and sample:
        lines = body if isinstance(body, list) else []
        return [
            gap
            for wanted in sample
            for gap in min(
                ([lacks(wanted, line, f"{where}[]") for line in lines] or [[f"{where}[] is empty"]]), key=len
            )
        ]
    if sample is not None and body is None and isinstance(sample, list):
        return [f"{where} is null"]
    return []


# sample → what is asked; samples that are not here are told in the test below.
SAMPLED: dict[str, tuple[str, dict[str, object]]] = {
    "me": ("/me", {}),
    "recently_played": ("/me/player/recently-played", {"limit": 50}),
    "recently_played_context_null": ("/me/player/recently-played", {"limit": 50}),
    "recently_played_last_page": ("/me/player/recently-played", {"before": 1}),
    "top_artists": ("/me/top/artists", {}),
    "top_tracks": ("/me/top/tracks", {}),
    "me_playlists": ("/me/playlists", {"limit": 50}),
    "me_playlists_null_entry": ("/me/playlists", {"limit": 50}),
    "me_playlists_null_desc_public_images": ("/me/playlists", {"limit": 50}),
    "playlist_own": ("/playlists/{own}", {}),
    "playlist_other": ("/playlists/{foreign}", {}),
    "playlist_items": ("/playlists/{own}/items", {}),
    "playlist_items_null_item": ("/playlists/{odd}/items", {"limit": 50, "offset": 50}),
    "playlist_items_null_added": ("/playlists/{odd}/items", {"limit": 50, "offset": 50}),
    "playlist_items_local": ("/playlists/{odd}/items", {"limit": 50, "offset": 50}),
    "playlist_items_episode": ("/playlists/{odd}/items", {"limit": 50, "offset": 50}),
    "me_tracks": ("/me/tracks", {}),
    "me_albums": ("/me/albums", {}),
    "me_following": ("/me/following", {"type": "artist"}),
    "me_following_last_page": ("/me/following", {"type": "artist", "limit": 50}),
    "artist": ("/artists/{artist}", {}),
    "artist_albums": ("/artists/{artist}/albums", {}),
    "track": ("/tracks/{track}", {}),
    "album": ("/albums/{album}", {}),
    "search": ("/search", {"q": "love", "type": "track"}),
    "search_playlists_null": ("/search", {"q": "list", "type": "playlist"}),
    "library_contains": ("/me/library/contains", {"uris": "spotify:track:{track}"}),
    "err_404": ("/artists/0000000000000000000000", {}),
    "err_400_limit": ("/search", {"q": "x", "type": "track", "limit": 11}),
    "err_403_forbidden": ("/playlists/{foreign}/items", {}),
}


def test_nothing_is_missing_that_the_samples_have(fake: FakeSpotify) -> None:
    path = REFERENCE / "samples_dev_mode.json"
    if not path.is_file():
        pytest.skip("the samples are not here")
    samples, alice, wrong = json.loads(path.read_text()), Asker(fake), {}
    for name, (asked_path, query) in SAMPLED.items():
        answer = asked(alice, asked_path, query)
        assert answer.status_code == samples[name]["status"], name
        if found := lacks(samples[name]["body"], answer.json()):
            wrong[name] = found
        if name.startswith("err_"):
            assert answer.json() == samples[name]["body"]
    assert wrong == {}
    assert lacks({"a": [{"b": 1}]}, {"a": [{"c": 1}, None]}) == [".a[].b"]


Check = Callable[[Any], bool]
_text: Check = lambda value: isinstance(value, str) and bool(value)  # noqa: E731
_whole: Check = lambda value: isinstance(value, int) and not isinstance(value, bool)  # noqa: E731
STRICT: dict[str, Check] = {"id": _text, "name": _text, "uri": _text, "href": _text, "type": _text}


def strictly(body: dict[str, Any], **more: Check) -> dict[str, Any]:
    """Return the body after a look at the keys that the description does not ask for."""
    for key, good in (STRICT | more).items():
        assert key in body, (key, body)
        assert good(body[key]), (key, body)
    assert body["uri"] == f"spotify:{body['type']}:{body['id']}"
    return body


def strict_track(body: dict[str, Any]) -> None:
    strictly(body, duration_ms=lambda ms: _whole(ms) and ms > 0)
    assert len(body["id"]) == 22
    strictly(body["album"], release_date=_text, total_tracks=_whole)
    for artist in [*body["artists"], *body["album"]["artists"]]:
        strictly(artist)
    assert not {"popularity", "available_markets", "linked_from"} & (body.keys() | body["album"].keys())
    assert body["preview_url"] is None
    assert len(body["external_ids"]["isrc"]) == 12


def test_what_is_always_there_is_there(fake: FakeSpotify) -> None:
    alice = Asker(fake)
    for played in alice.get("/me/player/recently-played", limit=50)["items"]:
        strict_track(played["track"])
        assert played["played_at"].endswith("Z")
        assert len(played["played_at"]) == 24
        assert played["context"] is None or played["context"]["uri"].startswith("spotify:playlist:")
    for saved in alice.get("/me/tracks", limit=50)["items"]:
        assert saved.keys() == {"added_at", "track"}
        strict_track(saved["track"])
    for saved in alice.get("/me/albums", limit=20)["items"]:
        album = strictly(saved["album"])
        assert album["genres"] == []
        assert len(album["external_ids"]["upc"]) == 13
        assert album["tracks"]["total"] == album["total_tracks"] == len(album["tracks"]["items"])
        assert not {"popularity", "label", "available_markets", "album_group"} & album.keys()
    for artist in alice.get("/me/top/artists")["items"]:
        assert strictly(artist)["genres"] == []
        assert not {"popularity", "followers"} & artist.keys()
    me = alice.get("/me")
    assert me.keys() == {"account_id", "display_name", "external_urls", "href", "id", "images", "type", "uri"}


def test_pictures_come_from_the_fake_itself(fake: FakeSpotify) -> None:
    alice = Asker(fake)
    image = alice.get("/me/tracks")["items"][0]["track"]["album"]["images"][0]
    assert image["url"].startswith(fake.url)
    assert alice.ask(image["url"]).headers["content-type"].startswith("image/svg+xml")
