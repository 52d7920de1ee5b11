"""What a list goes on from when it continues a playlist: its songs, its artists, and the lists beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
import polars as pl

from core.analytics.arrays import array
from core.analytics.listed import Listed
from core.analytics.naming import listed
from core.domain.recommending import Reason, Suggestion, suggestion_key
from core.services.suggesting import Profile, Ranking

MOST_SEEDS = 300  # tracks of a list that songs are followed from
SEED_PLAYS = 5.0  # what being on the list counts for, as plays


@dataclass(frozen=True, eq=False)
class Seeds:
    """A playlist as a beginning: ids of its tracks in the library, the same with a weight, its artists, its keys.

    ``same``: what its songs are among all lists (see ``Listed``).
    """

    key: str
    tracks: tuple[int, ...]
    worth: dict[int, float]
    artists: frozenset[int]
    keys: frozenset[UUID]
    same: frozenset[int]


def seeds_of(profile: Profile, listed: Listed) -> Seeds:
    """Return a playlist as a beginning."""
    frame = listed.frame.filter(pl.col("kind") == "track")
    heard = frame.filter(pl.col("track") >= 0)
    ids = array(profile.library.tracks["id"])[array(heard["track"])].tolist()
    leading = array(profile.library.recordings["track"])[array(heard["recording"])]  # what attention goes by
    pages = array(profile.library.tracks["id"])[leading].tolist()
    names = frame.select("name", "artist").fill_null("").iter_rows()
    codes = frame.filter(pl.col("artist_code") > 0)["artist_code"].unique()
    return Seeds(
        listed.key,
        tuple(dict.fromkeys(ids[-MOST_SEEDS:])),
        dict.fromkeys(pages, SEED_PLAYS),
        frozenset(array(profile.library.artists["id"])[array(codes)].tolist()),
        frozenset(suggestion_key("track", name, artist) for name, artist in names),
        frozenset(frame["same"].to_list()),
    )


def narrowed(profile: Profile, seeds: Seeds) -> Profile:
    """Return a person as if they played the artists of a list alone."""
    return replace(profile, artists=profile.artists.filter(pl.col("id").is_in(list(seeds.artists))))


def beside(profile: Profile, seeds: Seeds, lists: Sequence[Listed]) -> Ranking:
    """Return songs of one's other lists that have songs in common with this one, by how much the lists share.

    Source: sum over other lists of their cosine with this one, |A and B| / sqrt(|A| |B|).
    """
    found: dict[UUID, tuple[dict[str, object], float, list[str]]] = {}
    for other in lists:
        frame = other.frame.filter(pl.col("kind") == "track")
        own = set(frame["same"].to_list())
        if other.key == seeds.key or not own & seeds.same:
            continue
        likeness = len(own & seeds.same) / float(np.sqrt(len(own) * len(seeds.same)))
        rows = frame.filter(~pl.col("same").is_in(list(seeds.same))).unique("same", maintain_order=True)
        for row in rows.fill_null("").to_dicts():
            key = suggestion_key("track", row["name"], row["artist"])
            _, score, places = found.get(key, (row, 0.0, []))
            found[key] = (row, score + likeness, [*places, other.name])
    made = [_suggestion(profile, row, score, places) for row, score, places in found.values()]
    return Ranking("shelf", tuple(sorted(made, key=lambda each: (-each.score, each.artist, each.name))))


def _suggestion(profile: Profile, row: dict[str, object], score: float, places: list[str]) -> Suggestion:
    """Return a song of another list."""
    track = int(str(row["track"]))
    return Suggestion(
        "track",
        str(row["name"]),
        str(row["artist"]),
        id=int(profile.library.tracks["id"][track]) if track >= 0 else 0,
        album=str(row["album"]),
        uri=str(row["uri"]),
        score=score,
        reasons=tuple(Reason("list", place, weight=1 / len(places)) for place in dict.fromkeys(places)),
        voices=("shelf",),
        why=f"On {_named(list(dict.fromkeys(places)))}, beside songs of this list.",
    )


def _named(places: list[str]) -> str:
    """Return the names of some lists for a sentence; of many the first ones."""
    return listed([f"“{place}”" for place in places[:3]])
