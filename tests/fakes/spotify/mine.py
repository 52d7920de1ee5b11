"""Endpoints about the person who asks: who they are, what they heard, saved and follow."""

from urllib.parse import urlencode

from starlette.responses import Response

from .answers import Refusal
from .call import Call, endpoint
from .clock import milliseconds, written
from .music import Album, Artist, Episode, Track
from .paging import number, offset_page
from .playing import Play
from .shapes import Json

READ_OF = {"track": "user-library-read", "album": "user-library-read", "artist": "user-follow-read",
           "playlist": "playlist-read-private"}  # fmt: skip
BIGGEST = 10**15


@endpoint("GET /me")
def me(call: Call) -> Json:
    """Return who asks."""
    return call.shapes.me(call.person, call.scopes, account_id=not call.world.omit_account_id)


@endpoint("GET /me/player/recently-played", "user-read-recently-played")
def recently_played(call: Call) -> Json:
    """Return the last plays, newest first: of the fifty there are, those before or after a moment.

    Every page with plays has a next one, which reaches further back; the last has no plays and no cursors.
    """
    if "before" in call.query and "after" in call.query:
        raise Refusal(400, "Only one of before and after may be given")
    limit = number(call.query, "limit", 20, at_most=50)
    before = number(call.query, "before", BIGGEST, at_most=BIGGEST)
    after = number(call.query, "after", 0, at_most=BIGGEST)
    shown = [(milliseconds(call.person.shown(play)), play) for play in call.person.visible()]
    page = [(moment, play) for moment, play in shown if after < moment < before][:limit]
    following = urlencode({"before": page[-1][0], "limit": limit}) if page else None
    return {
        "href": call.href, "items": [_played(call, play) for _, play in page], "limit": limit,
        "next": f"{call.href}?{following}" if following else None,
        "cursors": {"after": str(page[0][0]), "before": str(page[-1][0])} if page else None,
    }  # fmt: skip


def _played(call: Call, play: Play) -> Json:
    assert isinstance(play.thing, Track)
    context = play.context and {
        "type": play.context.split(":")[1], "uri": play.context,
        "href": call.shapes.api("/{1}s/{2}".format(*play.context.split(":"))),
        "external_urls": {"spotify": "https://open.spotify.com/{1}/{2}".format(*play.context.split(":"))},
    }  # fmt: skip
    at = written(call.person.shown(play), fine=True)
    return {"track": call.shapes.track(play.thing), "played_at": at, "context": context or None}


@endpoint("GET /me/player/currently-playing", "user-read-currently-playing")
def currently_playing(call: Call) -> Json | Response:
    """Return what plays at this moment, an advertisement, or nothing."""
    now, play = call.world.clock.now, call.person.playing()
    said: Json = {"timestamp": milliseconds(now), "context": None, "is_playing": True}
    if call.person.hears_an_ad:
        nothing: Json = {"progress_ms": None, "item": None, "actions": {"disallows": {}}}
        return said | nothing | {"currently_playing_type": "ad"}
    if play is None:
        return Response(status_code=204)
    gone = min(milliseconds(now) - milliseconds(play.began), play.thing.duration_ms)
    return said | {
        "progress_ms": gone, "item": call.shapes.thing(play.thing), "actions": {"disallows": {"resuming": True}},
        "currently_playing_type": "episode" if isinstance(play.thing, Episode) else "track",
    }  # fmt: skip


@endpoint("GET /me/top/artists", "user-top-read")
def top_artists(call: Call) -> Json:
    """Return the artists that rank highest."""
    return offset_page(call.href, call.query, call.person.top[_range(call)].artists, call.shapes.artist)


@endpoint("GET /me/top/tracks", "user-top-read")
def top_tracks(call: Call) -> Json:
    """Return the tracks that rank highest."""
    return offset_page(call.href, call.query, call.person.top[_range(call)].tracks, call.shapes.track)


def _range(call: Call) -> str:
    asked = call.query.get("time_range", "medium_term")
    if asked not in call.person.top:
        raise Refusal(400, "Invalid time range")
    return asked


@endpoint("GET /me/tracks", "user-library-read")
def saved_tracks(call: Call) -> Json:
    """Return the saved tracks, newest first."""
    return offset_page(call.href, call.query, call.person.saved_tracks, call.shapes.saved)


@endpoint("GET /me/albums", "user-library-read")
def saved_albums(call: Call) -> Json:
    """Return the saved albums, newest first."""
    return offset_page(call.href, call.query, call.person.saved_albums, call.shapes.saved)


@endpoint("GET /me/following", "user-follow-read")
def following(call: Call) -> Json:
    """Return the followed artists, from the one after ``after``."""
    if call.asked("type") != "artist":
        raise Refusal(400, "Invalid type")
    limit, ids = number(call.query, "limit", 20, at_most=50), [artist.id for artist in call.person.followed]
    after = call.query.get("after")
    start = ids.index(after) + 1 if after in ids else 0
    page = call.person.followed[start : start + limit]
    last = page[-1].id if page and start + limit < len(ids) else None
    link = f"{call.href}?{urlencode({'type': 'artist', 'after': last, 'limit': limit})}" if last else None
    return {"artists": {
        "href": f"{call.href}?{urlencode(dict(call.query))}", "limit": limit, "next": link, "cursors": {"after": last},
        "total": len(ids), "items": [call.shapes.artist(artist) for artist in page],
    }}  # fmt: skip


def keeps(call: Call, uri: str) -> bool:
    """Return whether the person saved or follows what a URI names."""
    kind = [*uri.split(":"), ""][1]
    if kind not in READ_OF:
        raise Refusal(400, "Invalid URI")
    if READ_OF[kind] not in call.scopes:
        raise Refusal(403, "Insufficient client scope")
    person = call.person
    kept = {Track.kind: person.saved_tracks, Album.kind: person.saved_albums}.get(kind)
    if kept is not None:
        return any(saved.thing.uri == uri for saved in kept)
    things = person.followed if kind == Artist.kind else list(person.every_playlist())
    return any(thing.uri == uri for thing in things)


@endpoint("GET /me/library/contains")
def library_contains(call: Call) -> list[bool]:
    """Return for each URI whether it is kept."""
    uris = call.asked("uris").split(",")
    if len(uris) > 40:
        raise Refusal(400, "Too many ids requested")
    return [keeps(call, uri) for uri in uris]
