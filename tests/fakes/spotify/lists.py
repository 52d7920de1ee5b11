"""Endpoints of playlists."""

from datetime import timedelta

from .answers import Refusal
from .call import Call, endpoint
from .music import Album, Artist, made_id
from .paging import offset_page
from .playlists import Playlist
from .shapes import Json

FIRST_PAGE = 100


@endpoint("GET /me/playlists", "playlist-read-private")
def my_playlists(call: Call) -> Json:
    """Return the playlists one owns or follows; those made together only with the scope for them."""
    together = "playlist-read-collaborative" in call.scopes
    lists = [each for each in call.person.playlists if together or not (each and each.collaborative)]
    reader = call.person.id
    return offset_page(call.href, call.query, lists, lambda each: each and call.shapes.playlist(each, reader=reader))


def _opened(call: Call) -> Playlist:
    """Return the playlist of the path, if it can be opened."""
    playlist = call.world.playlist(call.parts["playlist_id"])
    reader = call.caller.id if call.caller else ""
    if playlist is None or playlist.gone:
        raise Refusal(404, "Resource not found")
    if not playlist.public and not playlist.open_to(reader):
        raise Refusal(404, "Resource not found")
    if playlist.open_to(reader) and not playlist.public and "playlist-read-private" not in call.scopes:
        raise Refusal(403, "Insufficient client scope")
    return playlist


@endpoint("GET /playlists/{playlist_id}")
def playlist(call: Call) -> Json:
    """Return a playlist with its first lines."""
    return call.shapes.playlist(_opened(call), reader=call.caller.id if call.caller else "", first_page=FIRST_PAGE)


@endpoint("GET /playlists/{playlist_id}/items")
def playlist_items(call: Call) -> Json:
    """Return the lines of a playlist: to its owner and those who work on it."""
    playlist = _opened(call)
    if call.world.mode == "dev_2026" and not (call.caller and playlist.open_to(call.caller.id)):
        raise Refusal(403, "Forbidden")
    return offset_page(call.href, call.query, playlist.items, call.shapes.entry)


@endpoint("GET /playlists/{playlist_id}/tracks", closed=True)
def playlist_tracks(call: Call) -> Json:
    """Return the lines of a playlist as they were before 2026."""
    playlist = _opened(call)
    shapes = call.shapes
    return offset_page(
        call.href, call.query, playlist.items, lambda entry: shapes.entry(entry, key="tracks"), usual=100, most=100
    )


@endpoint("POST /me/playlists", "playlist-modify-private", status=201)
def make_playlist(call: Call) -> Json:
    """Make an empty playlist."""
    wanted = call.body if isinstance(call.body, dict) else {}
    if not wanted.get("name"):
        raise Refusal(400, "Missing required field: name")
    person = call.person
    made = Playlist(
        made_id("playlist", person.name, "made", len(person.playlists)), wanted["name"], person.id,
        person.display_name, wanted.get("description", ""), wanted.get("public", True),
    )  # fmt: skip
    person.playlists.insert(0, made)
    return call.shapes.playlist(made, reader=person.id, first_page=FIRST_PAGE)


@endpoint("POST /playlists/{playlist_id}/items", "playlist-modify-private", status=201)
def add_items(call: Call) -> Json:
    """Put tracks at the end of a playlist."""
    playlist = _opened(call)
    if not playlist.open_to(call.person.id):
        raise Refusal(403, "Forbidden")
    uris = (call.body if isinstance(call.body, dict) else {}).get("uris") or call.query.get("uris", "").split(",")
    if not 1 <= len(uris) <= 100:
        raise Refusal(400, "Too many ids requested")
    add_uris(call, playlist, uris)
    return {"snapshot_id": playlist.snapshot_id}


def add_uris(call: Call, playlist: Playlist, uris: list[str]) -> None:
    """Put what the URIs name at the end, all or nothing."""
    now = call.world.clock.now.replace(microsecond=0)
    found = [call.world.music.find(uri) for uri in uris]
    things = [thing for thing in found if thing is not None and not isinstance(thing, Artist | Album)]
    if len(things) < len(uris):
        raise Refusal(400, "Invalid track uri")
    for position, thing in enumerate(things):
        playlist.add(thing, at=now + timedelta(seconds=position), by=call.person.id)
