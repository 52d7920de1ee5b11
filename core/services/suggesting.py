"""What a list of suggestions starts from: what somebody plays, what they said, and what they know already."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from uuid import UUID

import numpy as np
import polars as pl

from core.analytics.library import Library
from core.analytics.view import View
from core.domain.lens import Lens
from core.domain.names import name_key
from core.domain.recommending import Dial, Feedback, Kind, Reason, Suggestion, Voice, suggestion_key

# What an answer weighs as a thing of one's own: as much as something one plays a lot, or half of that against it.
MORE_AT, LESS_SHARE = 0.9, 0.5
LEAST_SAY = 0.1  # of what the first reason says


@dataclass(frozen=True, eq=False)
class Profile:
    """A person as suggestions see them.

    ``view``: all their plays under their lens, but those Spotify's API told of. ``artists``, ``albums``, ``tracks``:
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
        return frozenset(map(name_key, self.library.artists["name"].drop_nulls().to_list()))

    @cached_property
    def left_out(self) -> frozenset[str]:
        """Return the keys of artists they left out of their figures, said "never" to, or see less of."""
        ids = {each.value for each in self.lens.exclusions if each.kind == "artist"}
        names = self.library.artists.filter(pl.col("id").is_in(list(ids)))["name"].to_list()
        said = [each.name for each in self.said if each.kind == "artist" and each.verdict != "more"]
        return frozenset(map(name_key, [*names, *said])) - {""}

    def shuns(self, artist: str) -> bool:
        """Return whether nothing by an artist is to be suggested."""
        return name_key(artist) in self.left_out or suggestion_key("artist", artist) in self.banned

    def answers(self, kind: Kind) -> dict[UUID, float]:
        """Return key -> weight of the answers about a kind: above 0 for more, below for less and never."""
        weights = self.of(kind)["weight"]
        usual = float(weights.quantile(MORE_AT) or 1.0) if len(weights) else 1.0
        worth = {"more": usual, "less": -LESS_SHARE * usual, "never": -LESS_SHARE * usual}
        return {each.key: worth[each.verdict] for each in self.said if each.kind == kind}

    @cached_property
    def answered(self) -> frozenset[UUID]:
        """Return the keys of everything there is an answer to, or that is banned: it is not suggested."""
        return frozenset(each.key for each in self.said) | self.banned

    def keys(self, kind: Kind) -> frozenset[UUID]:
        """Return the keys of everything of a kind in the library, as suggestions have them."""
        return self._keys[kind]

    @cached_property
    def _keys(self) -> dict[Kind, frozenset[UUID]]:
        library = self.library
        names = library.artists["name"]
        albums = zip(library.albums["name"].to_list(), names.gather(library.albums["artist"]).to_list(), strict=True)
        tracks = zip(library.tracks["name"].to_list(), names.gather(library.tracks["artist"]).to_list(), strict=True)
        return {
            "artist": frozenset(suggestion_key("artist", name) for name in names.to_list() if name),
            "album": frozenset(suggestion_key("album", name, by or "") for name, by in albums if name),
            "track": frozenset(suggestion_key("track", name, by or "") for name, by in tracks if name),
        }


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one voice suggests, best first; ``note``: what it had to say about itself, blank for nothing."""

    voice: Voice
    items: tuple[Suggestion, ...]
    note: str = ""


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
