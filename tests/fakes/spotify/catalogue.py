"""Endpoints of music: tracks, albums, artists, the one podcast, and searching."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from .answers import Refusal
from .call import Call, endpoint
from .music import SHOW, Album, Artist, Episode, Track, made_id
from .paging import offset_page
from .playlists import Playlist
from .shapes import Json

_FILTER = re.compile(r'(?P<name>isrc|upc|artist|album|track):(?:"(?P<quoted>[^"]*)"|(?P<plain>\S+))')


@endpoint("GET /tracks/{id}")
def track(call: Call) -> Json:
    """Return a track."""
    return call.shapes.track(call.known(Track, call.parts["id"], "track"))


@endpoint("GET /albums/{id}")
def album(call: Call) -> Json:
    """Return an album."""
    return call.shapes.album(call.known(Album, call.parts["id"], "album"))


@endpoint("GET /albums/{id}/tracks")
def album_tracks(call: Call) -> Json:
    """Return the tracks of an album."""
    tracks = call.known(Album, call.parts["id"], "album").tracks
    return offset_page(call.href, call.query, tracks, call.shapes.simple_track)


@endpoint("GET /artists/{id}")
def artist(call: Call) -> Json:
    """Return an artist."""
    return call.shapes.artist(call.known(Artist, call.parts["id"], "artist"))


@endpoint("GET /artists/{id}/albums")
def artist_albums(call: Call) -> Json:
    """Return the albums of an artist, at most ten at a time since 2026."""
    albums = call.known(Artist, call.parts["id"], "artist").albums
    usual, most = (20, 50) if call.shapes.full else (5, 10)
    group = {"album_group": "album"} if call.shapes.full else {}

    def shape(album: Album) -> Json:
        return call.shapes.simple_album(album) | group

    return offset_page(call.href, call.query, albums, shape, usual=usual, most=most)


@endpoint("GET /episodes/{id}")
def episode(call: Call) -> Json:
    """Return an episode."""
    return call.shapes.episode(call.known(Episode, call.parts["id"], "episode"))


@endpoint("GET /shows/{id}")
def show(call: Call) -> Json:
    """Return the podcast with its episodes."""
    episodes = [call.shapes.simple_episode(each) for each in _episodes(call)]
    path = f"/shows/{call.parts['id']}/episodes"
    return call.shapes.show() | {"episodes": call.shapes.page(path, episodes, limit=50, total=len(episodes))}


@endpoint("GET /shows/{id}/episodes")
def show_episodes(call: Call) -> Json:
    """Return the episodes of the podcast."""
    return offset_page(call.href, call.query, _episodes(call), call.shapes.simple_episode)


def _episodes(call: Call) -> list[Episode]:
    if call.parts["id"] != made_id("show", SHOW):
        raise Refusal(404, "Resource not found")
    return call.world.music.episodes


@endpoint("GET /search")
def search(call: Call) -> Json:
    """Return what fits the words and filters of ``q``, at most ten at a time since 2026."""
    words = call.asked("q").lower()
    filters = {match["name"]: match["quoted"] or match["plain"] or "" for match in _FILTER.finditer(words)}
    words = _FILTER.sub("", words).strip()
    reader = call.caller.id if call.caller else ""
    found: dict[str, tuple[Iterable[Any], Callable[[Any], Json]]] = {
        "artist": ((each for each in call.world.music.artists if _fits(each, words, filters)), call.shapes.artist),
        "album": ((each for each in call.world.music.albums if _fits(each, words, filters)), call.shapes.simple_album),
        "track": ((each for each in call.world.music.tracks if _fits(each, words, filters)), call.shapes.track),
        # Lists of playlists are full of holes.
        "playlist": ([None, *_playlists(call, words)], lambda each: each and call.shapes.playlist(each, reader=reader)),
    }
    kinds = call.asked("type").split(",")
    if not set(kinds) <= set(found):
        raise Refusal(400, "Bad search type field")
    usual, most = (20, 50) if call.shapes.full else (5, 10)
    return {
        f"{kind}s": offset_page(call.href, call.query, list(things), shape, usual=usual, most=most, furthest=1000)
        for kind, (things, shape) in found.items()
        if kind in kinds
    }


def _playlists(call: Call, words: str) -> list[Playlist]:
    every = (each for person in call.world.people.values() for each in person.every_playlist())
    return [each for each in every if each.public and all(word in each.name.lower() for word in words.split())]


def _fits(thing: Artist | Album | Track, words: str, filters: dict[str, str]) -> bool:
    """Return whether a thing has all of the words and every filter."""
    said = {
        "isrc": thing.isrc.lower() if isinstance(thing, Track) else "",
        "upc": thing.upc if isinstance(thing, Album) else "",
        "artist": _artists(thing).lower(),
        "album": (thing.album if isinstance(thing, Track) else thing).name.lower(),
        "track": thing.name.lower() if isinstance(thing, Track) else "",
    }
    exact = ("isrc", "upc")
    if not all(text == said[name] if name in exact else text in said[name] for name, text in filters.items()):
        return False
    return all(word in f"{thing.name.lower()} {said['artist']}" for word in words.split())


def _artists(thing: Artist | Album | Track) -> str:
    if isinstance(thing, Artist):
        return thing.name
    return thing.artist.name if isinstance(thing, Album) else " ".join(artist.name for artist in thing.artists)
