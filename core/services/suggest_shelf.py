"""The voice of one's own shelf: saved songs and albums, and songs of one's playlists, that were never played."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import polars as pl

from core.domain.names import name_key
from core.domain.recommending import MOST_REASONS, Kind, Reason, Suggestion, suggestion_key
from core.services.playlists import Playlists
from core.services.suggesting import Profile, Ranking, Wanted

SAVED = "your saved songs"


@dataclass(frozen=True, slots=True)
class ShelfVoice:
    """What somebody put aside and did not play yet."""

    playlists: Playlists

    def banned(self, user_id: int) -> frozenset[UUID]:
        """Return the keys of the artists and songs somebody told Spotify not to play."""
        saved = self.playlists.saved(user_id).filter(pl.col("kind").str.starts_with("banned_"))
        kinds: dict[str, Kind] = {"banned_artist": "artist", "banned_track": "track"}
        rows = saved.select("kind", "name", "artist").iter_rows()
        return frozenset(suggestion_key(kinds[kind], name, artist) for kind, name, artist in rows if kind in kinds)

    def suggest(self, profile: Profile, wanted: Wanted) -> Ranking:
        """Return what is on the shelf and was never played: most lists and the best-loved artists first."""
        if wanted.kind == "artist":
            return Ranking("shelf", ())
        loved = {name_key(name): (id, weight) for id, name, weight in _artists(profile)}
        known, found = profile.keys(wanted.kind), {}  # type: ignore[var-annotated]  # key -> row and lists
        for row, place in self._entries(profile, wanted):
            key = suggestion_key(wanted.kind, row["name"], row["artist"])
            if row["name"] and row["artist"] and key not in known:
                _, places = found.setdefault(key, (row, []))
                if place not in places:
                    places.append(place)
        made = [_suggestion(wanted, row, places, loved) for row, places in found.values()]
        return Ranking("shelf", tuple(sorted(made, key=lambda each: (-each.score, each.artist, each.name))))

    def _entries(self, profile: Profile, wanted: Wanted) -> Iterator[tuple[dict[str, str], str]]:
        """Yield names of what is on the shelf, and where: a playlist's name, or among the saved ones."""
        saved = self.playlists.saved(profile.user_id).filter(pl.col("kind") == wanted.kind)
        for row in saved.select("name", "artist", "album", "uri").fill_null("").to_dicts():
            yield row, "" if wanted.kind == "album" else SAVED
        if wanted.kind == "track":
            for listed in self.playlists.every(profile.user_id):
                unheard = listed.frame.filter((pl.col("track") < 0) & (pl.col("kind") == "track"))
                for row in unheard.select("name", "artist", "album", "uri").fill_null("").to_dicts():
                    yield row, listed.name


def _artists(profile: Profile) -> Iterator[tuple[int, str, float]]:
    return profile.artists.select("id", "name", "weight").iter_rows()


def _suggestion(
    wanted: Wanted, row: dict[str, str], places: list[str], loved: dict[str, tuple[int, float]]
) -> Suggestion:
    """Return a thing of the shelf with where it lies."""
    artist_id, weight = loved.get(name_key(row["artist"]), (0, 0.0))
    lists = [place for place in places if place]
    return Suggestion(
        wanted.kind,
        row["name"],
        row["artist"],
        artist_id=artist_id,
        album=row["album"] if wanted.kind == "track" else "",
        uri=row["uri"],
        score=float(weight + np.log1p(len(lists))),
        reasons=tuple(Reason("list", place, weight=1 / len(lists)) for place in lists[:MOST_REASONS]),
        voices=("shelf",),
        why="" if lists else "You saved this album and never played it.",
    )
