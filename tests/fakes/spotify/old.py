"""Endpoints that were closed to apps in development mode in 2026, and those that are not played here."""

from typing import Any

from starlette.responses import Response

from .answers import Refusal, failure
from .call import Call, endpoint
from .mine import keeps
from .music import Album, Artist, Track
from .paging import offset_page
from .shapes import MARKETS, Json

# Known to the Web API; the fake says 501 rather than something wrong.
NOT_PLAYED = """GET /me/player|GET /me/player/devices|GET /me/player/queue|PUT /me/player|PUT /me/player/play
PUT /me/player/pause|POST /me/player/next|POST /me/player/previous|PUT /me/player/seek|PUT /me/player/repeat
PUT /me/player/volume|PUT /me/player/shuffle|POST /me/player/queue|GET /me/episodes|GET /me/shows|GET /me/audiobooks
GET /audiobooks/{id}|GET /audiobooks/{id}/chapters|GET /chapters/{id}|PUT /me/library|DELETE /me/library
PUT /playlists/{playlist_id}|PUT /playlists/{playlist_id}/items|DELETE /playlists/{playlist_id}/items
GET /playlists/{playlist_id}/images|PUT /playlists/{playlist_id}/images"""
CLOSED = """GET /episodes|GET /shows|GET /audiobooks|GET /chapters|GET /browse/new-releases|GET /browse/categories
GET /browse/categories/{id}|GET /browse/featured-playlists|GET /recommendations|GET /audio-features
GET /audio-features/{id}|GET /audio-analysis/{id}|GET /artists/{id}/related-artists|POST /users/{user_id}/playlists
POST /playlists/{playlist_id}/tracks|PUT /playlists/{playlist_id}/tracks|DELETE /playlists/{playlist_id}/tracks
PUT /playlists/{playlist_id}/followers|DELETE /playlists/{playlist_id}/followers
GET /playlists/{playlist_id}/followers/contains|PUT /me/tracks|DELETE /me/tracks|PUT /me/albums|DELETE /me/albums
PUT /me/episodes|DELETE /me/episodes|GET /me/episodes/contains|PUT /me/shows|DELETE /me/shows|GET /me/shows/contains
PUT /me/audiobooks|DELETE /me/audiobooks|GET /me/audiobooks/contains|PUT /me/following|DELETE /me/following"""


def _not_played(call: Call) -> Response:
    return failure(501, "This stand-in does not play this endpoint.")


for _name in NOT_PLAYED.replace("\n", "|").split("|"):
    endpoint(_name)(_not_played)
for _name in CLOSED.replace("\n", "|").split("|"):
    endpoint(_name, closed=True)(_not_played)


def _ids(call: Call, most: int) -> list[str]:
    ids = call.asked("ids").split(",")
    if len(ids) > most:
        raise Refusal(400, "Too many ids requested")
    return ids


def _each(call: Call, kind: type, name: str, most: int) -> list[Any]:
    found = (call.world.music.find(f"spotify:{name}:{id}") for id in _ids(call, most))
    return [thing if isinstance(thing, kind) else None for thing in found]


@endpoint("GET /tracks", closed=True)
def tracks(call: Call) -> Json:
    """Return several tracks; null for those that are not there."""
    return {"tracks": [each and call.shapes.track(each) for each in _each(call, Track, "track", 50)]}


@endpoint("GET /albums", closed=True)
def albums(call: Call) -> Json:
    """Return several albums; null for those that are not there."""
    return {"albums": [each and call.shapes.album(each) for each in _each(call, Album, "album", 20)]}


@endpoint("GET /artists", closed=True)
def artists(call: Call) -> Json:
    """Return several artists; null for those that are not there."""
    return {"artists": [each and call.shapes.artist(each) for each in _each(call, Artist, "artist", 50)]}


@endpoint("GET /artists/{id}/top-tracks", closed=True)
def top_tracks(call: Call) -> Json:
    """Return ten tracks of an artist."""
    artist = call.known(Artist, call.parts["id"], "artist")
    return {"tracks": [call.shapes.track(track) for album in artist.albums for track in album.tracks][:10]}


@endpoint("GET /markets", closed=True)
def markets(call: Call) -> Json:
    """Return the countries."""
    return {"markets": MARKETS}


@endpoint("GET /users/{user_id}", closed=True)
def user(call: Call) -> Json:
    """Return somebody's public page."""
    names = {person.id: person.display_name for person in call.world.people.values()}
    id = call.parts["user_id"]
    return call.shapes.user(id) | {"display_name": names.get(id), "images": [], "followers": {"href": None, "total": 0}}


@endpoint("GET /users/{user_id}/playlists", closed=True)
def playlists(call: Call) -> Json:
    """Return the public playlists of somebody."""
    own = [
        each for person in call.world.people.values() for each in person.every_playlist()
        if each.owner == call.parts["user_id"] and each.public
    ]  # fmt: skip
    reader = call.caller.id if call.caller else ""
    return offset_page(call.href, call.query, own, lambda each: call.shapes.playlist(each, reader=reader))


@endpoint("GET /me/tracks/contains", "user-library-read", closed=True)
def has_tracks(call: Call) -> list[bool]:
    """Return for each track whether it is saved."""
    return [keeps(call, f"spotify:track:{id}") for id in _ids(call, 50)]


@endpoint("GET /me/albums/contains", "user-library-read", closed=True)
def has_albums(call: Call) -> list[bool]:
    """Return for each album whether it is saved."""
    return [keeps(call, f"spotify:album:{id}") for id in _ids(call, 20)]


@endpoint("GET /me/following/contains", "user-follow-read", closed=True)
def follows(call: Call) -> list[bool]:
    """Return for each artist whether they are followed."""
    return [keeps(call, f"spotify:artist:{id}") for id in _ids(call, 50)]
