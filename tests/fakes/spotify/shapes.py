"""What things look like in answers, in each of the app modes."""

from dataclasses import dataclass
from typing import Any

from .clock import written
from .music import SHOW, Album, Artist, Episode, Local, Thing, Track, made_id, number_of
from .people import Person
from .playlists import Entry, Playlist, Saved
from .world import Mode

Json = dict[str, Any]
MARKETS = ["AT", "CH", "DE", "FR", "GB", "SE", "US"]


@dataclass(frozen=True)
class Shapes:
    """Builds the JSON of one answer: ``base`` is the address the fake was called by."""

    mode: Mode
    base: str

    @property
    def full(self) -> bool:
        """Return whether the fields cut in 2026 are there."""
        return self.mode != "dev_2026"

    def api(self, path: str) -> str:
        """Return an address of the Web API."""
        return f"{self.base}/v1{path}"

    def _named(self, kind: str, id: str) -> Json:
        return {
            "external_urls": {"spotify": f"https://open.spotify.com/{kind}/{id}"},
            "href": self.api(f"/{kind}s/{id}"), "id": id, "type": kind, "uri": f"spotify:{kind}:{id}",
        }  # fmt: skip

    def images(self, id: str, *sizes: int) -> list[Json]:
        """Return pictures that the fake itself serves."""
        return [{"url": f"{self.base}/image/{id}/{size}", "height": size, "width": size} for size in sizes]

    def artist(self, artist: Artist) -> Json:
        """Return an artist as their own page has them."""
        body = self.simple_artist(artist) | {"images": self.images(artist.id, 640, 320, 160), "genres": []}
        if self.full:
            chance = number_of("popularity", artist.id)
            body |= {"genres": list(artist.genres), "popularity": chance % 101,
                     "followers": {"href": None, "total": chance % 10**7}}  # fmt: skip
        return body

    def simple_artist(self, artist: Artist) -> Json:
        """Return an artist as tracks and albums name them."""
        return self._named("artist", artist.id) | {"name": artist.name}

    def simple_album(self, album: Album) -> Json:
        """Return an album as tracks and lists name it."""
        precise = number_of("released", album.id) % 3
        date = f"{album.year}" + ("-03" if precise else "") + ("-14" if precise == 2 else "")
        body = self._named("album", album.id) | {
            "album_type": album.type, "total_tracks": len(album.tracks), "images": self.images(album.id, 640, 300, 64),
            "name": album.name, "release_date": date, "release_date_precision": ("year", "month", "day")[precise],
            "artists": [self.simple_artist(album.artist)],
        }  # fmt: skip
        return body | ({"available_markets": MARKETS} if self.full else {})

    def album(self, album: Album) -> Json:
        """Return an album as its own page has it, with the first page of its tracks."""
        tracks = [self.simple_track(track) for track in album.tracks[:50]]
        first = self.page(f"/albums/{album.id}/tracks", tracks, limit=50, total=len(album.tracks))
        body = self.simple_album(album) | {
            "tracks": first, "copyrights": [{"text": f"{album.year} A Label", "type": "C"}],
            "external_ids": {"upc": album.upc}, "genres": [],
        }  # fmt: skip
        if self.full:
            body |= {"label": "A Label", "popularity": number_of("popularity", album.id) % 101}
        return body

    def page(self, path: str, items: list[Any], *, limit: int, total: int) -> Json:
        """Return the first page of a list, as albums and playlists carry it within them."""
        href = self.api(path)
        following = f"{href}?offset={limit}&limit={limit}" if total > limit else None
        return {"href": f"{href}?offset=0&limit={limit}", "items": items, "limit": limit, "next": following,
                "offset": 0, "previous": None, "total": total}  # fmt: skip

    def simple_track(self, track: Track) -> Json:
        """Return a track as its album lists it."""
        body = self._named("track", track.id) | {
            "artists": [self.simple_artist(artist) for artist in track.artists], "disc_number": 1,
            "duration_ms": track.duration_ms, "explicit": number_of("explicit", track.id) % 12 == 0,
            "is_playable": True, "name": track.name, "track_number": track.number, "preview_url": None,
            "is_local": False,
        }  # fmt: skip
        return body | ({"available_markets": MARKETS} if self.full else {})

    def track(self, track: Track) -> Json:
        """Return a track with its album."""
        body = self.simple_track(track) | {
            "album": self.simple_album(track.album), "external_ids": {"isrc": track.isrc},
        }  # fmt: skip
        return body | ({"popularity": number_of("popularity", track.id) % 101} if self.full else {})

    def thing(self, thing: Thing) -> Json:
        """Return what stands in a playlist."""
        if isinstance(thing, Track):
            return self.track(thing)
        return self.episode(thing) if isinstance(thing, Episode) else self.local(thing)

    def local(self, local: Local) -> Json:
        """Return a file from somebody's disk: named, and without any id."""
        nameless: Json = {"external_urls": {}, "href": None, "id": None, "uri": None}
        album = nameless | {"album_type": None, "artists": [], "images": [], "name": local.album, "type": "album",
                            "release_date": None, "release_date_precision": None}  # fmt: skip
        body = nameless | {
            "album": album, "artists": [nameless | {"name": local.artist, "type": "artist"}], "disc_number": 0,
            "duration_ms": local.duration_ms, "explicit": False, "external_ids": {}, "is_local": True,
            "name": local.name, "preview_url": None, "track_number": 0, "type": "track", "uri": local.uri,
        }  # fmt: skip
        return body | ({"popularity": 0, "available_markets": []} if self.full else {})

    def episode(self, episode: Episode) -> Json:
        """Return an episode with its show."""
        return self.simple_episode(episode) | {"show": self.show()}

    def simple_episode(self, episode: Episode) -> Json:
        """Return an episode as its show lists it."""
        return self._named("episode", episode.id) | {
            "description": "Two people talk.", "html_description": "Two people talk.",
            "duration_ms": episode.duration_ms, "explicit": False, "images": self.images(episode.id, 640),
            "audio_preview_url": None, "is_externally_hosted": False, "is_playable": True, "languages": ["en"],
            "name": episode.name, "release_date": "2026-01-01", "release_date_precision": "day",
        }  # fmt: skip

    def show(self) -> Json:
        """Return the one podcast there is."""
        id = made_id("show", SHOW)
        body = self._named("show", id) | {
            "copyrights": [], "description": "Talk.", "html_description": "Talk.", "explicit": False,
            "images": self.images(id, 640), "is_externally_hosted": False, "languages": ["en"],
            "media_type": "audio", "name": SHOW, "total_episodes": 12,
        }  # fmt: skip
        return body | ({"available_markets": MARKETS, "publisher": "Nobody"} if self.full else {})

    def user(self, id: str) -> Json:
        """Return somebody by id alone."""
        return self._named("user", id)

    def me(self, person: Person, scopes: frozenset[str], *, account_id: bool) -> Json:
        """Return the person who asks."""
        body = self.user(person.id) | {"display_name": person.display_name, "images": []}
        if account_id and (self.mode != "dev_legacy" or person.account_id_in_legacy):
            body["account_id"] = person.account_id
        if self.full:
            body["followers"] = {"href": None, "total": 3}
        if self.full and "user-read-private" in scopes:
            body |= {"country": "DE", "product": "premium",
                     "explicit_content": {"filter_enabled": False, "filter_locked": False}}  # fmt: skip
        return body | ({"email": f"{person.name}@example.org"} if self.full and "user-read-email" in scopes else {})

    def saved(self, saved: Saved) -> Json:
        """Return a saved track or album."""
        if isinstance(saved.thing, Track):
            return {"added_at": written(saved.added_at), "track": self.track(saved.thing)}
        return {"added_at": written(saved.added_at), "album": self.album(saved.thing)}

    def playlist(self, playlist: Playlist, *, reader: str, first_page: int = 0) -> Json:
        """Return a playlist; what is in it only for those who may see it, with a first page when that is asked for."""
        owner = self.user(playlist.owner) | {"display_name": playlist.owner_name}
        body = self._named("playlist", playlist.id) | {
            "collaborative": playlist.collaborative, "description": playlist.description, "name": playlist.name,
            "images": self.images(playlist.id, 640) if playlist.items else None, "owner": owner,
            "public": playlist.public, "snapshot_id": playlist.snapshot_id,
        }  # fmt: skip
        for key in self.content_keys(playlist, reader):
            path, total = f"/playlists/{playlist.id}/{key}", len(playlist.items)
            entries = [self.entry(entry, key=key) for entry in playlist.items[:first_page]]
            page = self.page(path, entries, limit=first_page, total=total)
            body[key] = page if first_page else {"href": self.api(path), "total": total}
        if self.full and first_page:
            body["followers"] = {"href": None, "total": 1}
        return body

    def content_keys(self, playlist: Playlist, reader: str) -> tuple[str, ...]:
        """Return the keys under which a playlist says what is in it."""
        if self.mode == "dev_legacy":
            return ("tracks",)
        seen = ("items",) if playlist.open_to(reader) or self.mode == "extended" else ()
        return ("tracks", *seen) if self.mode == "extended" else seen

    def entry(self, entry: Entry | None, *, key: str = "items") -> Json | None:
        """Return one line of a playlist."""
        if entry is None:
            return None
        thing = self.thing(entry.thing) if entry.thing else None
        names = {"dev_2026": ("item",), "dev_legacy": ("track",), "extended": ("item", "track")}[self.mode]
        if key == "tracks" and self.mode == "extended":
            names = ("track",)
        return {
            "added_at": written(entry.added_at) if entry.added_at else None,
            "added_by": self.user(entry.added_by) if entry.added_by else None,
            "is_local": isinstance(entry.thing, Local), "primary_color": None, "video_thumbnail": {"url": None},
        } | dict.fromkeys(names, thing)  # fmt: skip
