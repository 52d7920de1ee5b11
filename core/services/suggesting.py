"""What a list of suggestions starts from: what somebody plays, what they said, and what they know already."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, cast
from uuid import UUID

import numpy as np
import polars as pl

from core.analytics.library import Library
from core.analytics.view import View
from core.domain.lens import Lens
from core.domain.names import name_key
from core.domain.recommending import Dial, Feedback, Kind, Reason, Suggestion, Voice, suggestion_key
from core.facts.naming import loose

# What an answer weighs as a thing of one's own: as much as something one plays a lot, or half of that against it.
MORE_AT, LESS_SHARE = 0.9, 0.5
LEAST_SAY = 0.1  # of what the first reason says


@dataclass(frozen=True, eq=False)
class Profile:
    """A person as suggestions see them.

    ``view``: all their plays under their lens, but those Spotify's API told of. ``today``: the last day their history
    tells of, for what came after an export nobody knows. ``artists``, ``albums``, ``tracks``:
    ``core.recommend.attention`` of it. ``said``: their answers. ``banned``: keys of what they told Spotify not to play.
    """

    user_id: int
    view: View
    lens: Lens
    today: date
    artists: pl.DataFrame
    albums: pl.DataFrame
    tracks: pl.DataFrame
    said: tuple[Feedback, ...]
    banned: frozenset[UUID] = frozenset()

    @property
    def library(self) -> Library:
        """Return everything they ever heard."""
        return self.view.library

    def of(self, kind: Kind) -> pl.DataFrame:
        """Return the attention to things of a kind."""
        return {"artist": self.artists, "album": self.albums, "track": self.tracks}[kind]

    @cached_property
    def known_artists(self) -> frozenset[str]:
        """Return the keys of the names of all artists in the library: nobody among them is new."""
        made = self.view.kept("suggestion artists", lambda: cast("Any", _artists(self.library)))
        return cast("frozenset[str]", made)

    @cached_property
    def spellings(self) -> frozenset[str]:
        """Return the names of all artists in the library and of those left out, without articles, accents and signs."""
        known = self.view.kept("suggestion spellings", lambda: cast("Any", frozenset(map(loose, self.known_artists))))
        return cast("frozenset[str]", known) | self._shunned

    @cached_property
    def left_out_ids(self) -> frozenset[int]:
        """Return the ids of artists they left out of their figures, whether they still have plays of them or not."""
        return frozenset(each.value for each in self.lens.exclusions if each.kind == "artist")

    @cached_property
    def left_out(self) -> frozenset[str]:
        """Return the keys of artists they left out of their figures, said "never" to, or see less of."""
        names = self.library.artists.filter(pl.col("id").is_in(list(self.left_out_ids)))["name"].to_list()
        said = [each.name for each in self.said if each.kind == "artist" and each.verdict != "more"]
        return frozenset(map(name_key, [*names, *said])) - {""}

    def shuns(self, artist: str) -> bool:
        """Return whether nothing by an artist is to be suggested."""
        return spelled(artist) in self._shunned or suggestion_key("artist", artist) in self.banned

    @cached_property
    def _shunned(self) -> frozenset[str]:
        return frozenset(map(spelled, self.left_out))

    def answers(self, kind: Kind) -> dict[UUID, float]:
        """Return key -> weight of the answers about a kind: above 0 for more, below for less and never."""
        weights = self.of(kind)["weight"]
        usual = float(weights.quantile(MORE_AT) or 1.0) if len(weights) else 1.0
        worth = {"more": usual, "less": -LESS_SHARE * usual, "never": -LESS_SHARE * usual}
        return {each.key: worth[each.verdict] for each in self.said if each.kind == kind}

    @cached_property
    def answered(self) -> frozenset[UUID]:
        """Return the keys of everything there is an answer to, or that is banned or left out: it is not suggested."""
        return frozenset(each.key for each in self.said) | self.banned | self._excluded

    @cached_property
    def _excluded(self) -> frozenset[UUID]:
        """Return the keys of the albums and songs left out of the figures."""
        ids = {kind: [each.value for each in self.lens.exclusions if each.kind == kind] for kind in ("album", "track")}
        names, found = self.library.artists["name"], set[UUID]()
        for kind, things in (("album", self.library.albums), ("track", self.library.tracks)):
            rows = things.filter(pl.col("id").is_in(ids[kind])) if ids[kind] else things.head(0)
            pairs = zip(rows["name"].to_list(), names.gather(rows["artist"]).to_list(), strict=True)
            found |= {suggestion_key(cast("Kind", kind), name, by or "") for name, by in pairs if name}
        return frozenset(found)

    def keys(self, kind: Kind) -> frozenset[UUID]:
        """Return the keys of everything of a kind in the library, as suggestions have them; kept with the view."""
        made = self.view.kept(f"suggestion keys of {kind}", lambda: cast("Any", _keys(self.library, kind)))
        return cast("frozenset[UUID]", made)


@lru_cache(maxsize=16_384)
def spelled(artist: str) -> str:
    """Return what spellings of an artist have in common: "The Carpenters" are "Carpenters"."""
    return loose(artist)


def _artists(library: Library) -> frozenset[str]:
    return frozenset(map(name_key, library.artists["name"].drop_nulls().to_list())) - {""}


def _keys(library: Library, kind: Kind) -> frozenset[UUID]:
    """Return the keys of everything of a kind in a library."""
    names = library.artists["name"]
    if kind == "artist":
        return frozenset(suggestion_key(kind, name) for name in names.to_list() if name)
    things = library.albums if kind == "album" else library.tracks
    pairs = set(zip(things["name"].to_list(), names.gather(things["artist"]).to_list(), strict=True))
    return frozenset(suggestion_key(kind, name, by or "") for name, by in pairs if name)


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one voice suggests, best first; ``note``: what it had to say about itself, blank for nothing.

    ``because``: the reasons of a suggestion that comes without, for voices that take a while to find them.
    """

    voice: Voice
    items: tuple[Suggestion, ...]
    note: str = ""
    because: Callable[[Suggestion], tuple[Reason, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: ``n`` things of a kind, ``new`` ones alone or known ones, too."""

    kind: Kind
    dial: Dial
    n: int = 30


def reasons_of(added: np.ndarray, own: Sequence[Reason], *, most: int) -> tuple[Reason, ...]:
    """Return the own things that add most to a score, with their share of all that speaks for it.

    Positives only, and nothing that says a tenth of what the first one says: it would be no reason.
    """
    positive = np.maximum(added, 0)
    whole = float(positive.sum())
    if whole <= 0:
        return ()
    best = np.argsort(-positive, kind="stable")[:most]
    enough = float(positive[best[0]]) * LEAST_SAY
    return tuple(replace(own[at], weight=float(positive[at]) / whole) for at in best if positive[at] >= enough)
