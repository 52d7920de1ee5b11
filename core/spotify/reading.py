"""Spotify's JSON to our models, whatever is missing, null or new in it: nothing here raises over an answer's shape."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from core.domain.guests import MOST_GUESTS
from core.logs import logger
from core.spotify.models import Followed, Me, Page, Play, Playlist, PlaylistItem, RecentPage, SavedItem, TopItem, Track

T = TypeVar("T")
Json = Mapping[str, Any]
LIMIT = 50
FURTHEST = 100_000
_NOBODY = "Various Artists"
_SPOKEN = {"episode", "chapter"}
_LARGEST = 2**31 - 1
_OFFSET = re.compile(r"[?&]offset=([0-9]{1,9})(?![0-9])")
log = logger(__name__)


def text(value: object) -> str | None:
    """Return a text that PostgreSQL can keep, None for an empty one and for anything else."""
    if not isinstance(value, str):
        return None
    return value.encode("utf-8", "replace").decode().replace("\0", "") or None


def number(value: object) -> int | None:
    """Return a whole number of 0 and more that fits into a column, else None."""
    return value if type(value) is int and 0 <= value <= _LARGEST else None


def moment(value: object) -> datetime | None:
    """Return the moment of an ISO text, in UTC where it says no zone; None for anything else."""
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
        return read and (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def thing(value: object) -> Json:
    """Return an object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def inner(value: object, *names: str) -> Json:
    """Return the object under the first of these names that holds one, an empty one where none does."""
    return next((found for name in names if (found := thing(thing(value).get(name)))), {})


def entries(value: object) -> list[Any]:
    """Return the entries of a page, nulls included."""
    items = thing(value).get("items")
    return items if isinstance(items, list) else []


def _first(value: object) -> Json:
    """Return the first object of a list, an empty one where there is none."""
    return next((entry for entry in value if isinstance(entry, dict)), {}) if isinstance(value, list) else {}


def me(answer: Json) -> Me:
    """Return whose account it is; ``id`` is empty where Spotify does not say."""
    return Me(text(answer.get("id")) or "", text(answer.get("account_id")), text(answer.get("display_name")))


def kind_of(item: Json) -> str:
    """Return track, episode, local, or gone for what is none of these."""
    uri, said = text(item.get("uri")) or "", text(item.get("type"))
    if item.get("is_local") is True or uri.startswith("spotify:local:"):
        return "local"
    if said in _SPOKEN or uri.startswith(("spotify:episode:", "spotify:chapter:")):
        return "episode"
    return "track" if said == "track" or uri.startswith("spotify:track:") else "gone"


def artist_of(item: Json) -> Json:
    """Return the artist an export would name for a track: its album's, else its own; of an episode its show."""
    if kind_of(item) == "episode":
        return inner(item, "show", "audiobook")
    of_album, own = _first(inner(item, "album").get("artists")), _first(item.get("artists"))
    return own if own and text(of_album.get("name")) in (None, _NOBODY) else of_album


def track(value: object) -> Track | None:
    """Return a track, an episode or a local file; None for what has no address or is none of these."""
    item = thing(value)
    uri, kind, artist = text(item.get("uri")), kind_of(item), artist_of(item)
    if uri is None or kind == "gone":
        return None
    return Track(
        uri=uri,
        name=text(item.get("name")),
        artist=text(artist.get("name")),
        artist_uri=text(artist.get("uri")) if kind == "track" else None,
        album=text(inner(item, "album").get("name")),
        duration_ms=number(item.get("duration_ms")),
        kind=kind,
        artists=_names(item.get("artists")) if kind == "track" else (),
    )


def _names(artists: object) -> tuple[str, ...]:
    """Return the names of a list of artists, those that have one."""
    listed = artists if isinstance(artists, list) else []
    return tuple(name for artist in listed if (name := text(thing(artist).get("name"))))[:MOST_GUESTS]


def recent(answer: Json) -> RecentPage:
    """Return a page of plays; what has no track or no moment is left out and counted in the log."""
    listed = entries(answer)
    plays = _those(map(_play, listed), of="recently-played", seen=len(listed))
    return RecentPage(plays, full=len(listed) >= LIMIT)


def _play(entry: object) -> Play | None:
    played, at = track(inner(entry, "track", "item")), moment(thing(entry).get("played_at"))
    return Play(played, at) if played and at else None


def page(answer: Json, *, offset: int, read: Callable[[Any], T]) -> Page[T]:
    """Return one page of a list that is paged by offset; Spotify's own link to the next page is only a hint."""
    listed, total, step = entries(answer), number(answer.get("total")), number(answer.get("limit")) or LIMIT
    after = min(offset + min(step, LIMIT), _linked(answer.get("next"), beyond=offset))
    more = bool(answer["next"]) if "next" in answer else len(listed) >= LIMIT if total is None else after < total
    ended = not listed or not more or after >= FURTHEST
    return Page([read(entry) for entry in listed], total or 0, None if ended else after)


def _linked(link: object, *, beyond: int) -> int:
    """Return where a link to the next page says that page begins: a page may be shorter than asked, or than it says."""
    said = _OFFSET.search(link) if isinstance(link, str) else None
    return place if said and (place := int(said[1])) > beyond else FURTHEST


def whole(answer: Json, *, offset: int, read: Callable[[Any], T | None], of: str) -> Page[T]:
    """Return a page as ``page`` does, without the entries that cannot be read."""
    found = page(answer, offset=offset, read=read)
    return Page(_those(found.items, of=of, seen=len(found.items)), found.total, found.next_offset)


def top_artist(value: object) -> TopItem | None:
    """Return an artist of a ranking, None without an address."""
    uri = text(thing(value).get("uri"))
    return TopItem(uri, text(thing(value).get("name")), None, None) if uri else None


def top_track(value: object) -> TopItem | None:
    """Return a track of a ranking, None without an address."""
    found = track(value)
    return TopItem(found.uri, found.name, found.artist, found.album) if found else None


def playlist(value: object) -> Playlist | None:
    """Return a playlist, None for an entry Spotify left empty."""
    listed = thing(value)
    id, public = text(listed.get("id")), listed.get("public")
    if id is None:
        return None
    return Playlist(
        id=id,
        name=text(listed.get("name")) or "",
        description=text(listed.get("description")),
        owner_id=text(inner(listed, "owner").get("id")),
        collaborative=listed.get("collaborative") is True,
        public=public if isinstance(public, bool) else None,
        snapshot=text(listed.get("snapshot_id")) or "",
        total=number(inner(listed, "items", "tracks").get("total")) or 0,
    )


def playlist_item(entry: object) -> PlaylistItem:
    """Return an entry of a playlist; one that Spotify left empty is gone."""
    item = inner(entry, "item", "track")
    return PlaylistItem(
        kind=kind_of(item),
        uri=text(item.get("uri")),
        name=text(item.get("name")),
        artist=text(artist_of(item).get("name")),
        album=text(inner(item, "album").get("name")),
        duration_ms=number(item.get("duration_ms")),
        added_at=moment(thing(entry).get("added_at")),
    )


def saved_track(entry: object) -> SavedItem | None:
    """Return a saved track, None without an address."""
    found, at = track(inner(entry, "track", "item")), moment(thing(entry).get("added_at"))
    return SavedItem("track", found.uri, found.name, found.artist, found.album, at) if found else None


def saved_album(entry: object) -> SavedItem | None:
    """Return a saved album, None without an address."""
    album, at = inner(entry, "album", "item"), moment(thing(entry).get("added_at"))
    uri, artist = text(album.get("uri")), text(_first(album.get("artists")).get("name"))
    return SavedItem("album", uri, text(album.get("name")), artist, None, at) if uri else None


def followed(answer: Json, *, after: str | None) -> Followed:
    """Return a page of followed artists; a cursor that does not move on ends the list."""
    artists = inner(answer, "artists")
    listed, further = entries(artists), text(inner(artists, "cursors").get("after"))
    items = _those(map(_followed, listed), of="following", seen=len(listed))
    return Followed(items, further if listed and further != after and artists.get("next", True) else None)


def _followed(value: object) -> SavedItem | None:
    found = top_artist(value)
    return SavedItem("artist", found.uri, found.name, None, None, None) if found else None


def _those(found: Iterable[T | None], *, of: str, seen: int) -> list[T]:
    """Return what could be read; the log counts what could not."""
    read = [item for item in found if item is not None]
    if len(read) < seen:
        log.warning("spotify.unreadable", of=of, seen=seen, unreadable=seen - len(read))
    return read
