"""The words of recommendations: what is suggested, why, by whom, and what a person says to it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from core.domain.errors import InvalidInput
from core.domain.names import name_key

Kind = Literal["artist", "album", "track"]
KINDS: tuple[Kind, ...] = ("artist", "album", "track")
Verdict = Literal["more", "less", "never"]
VERDICTS: tuple[Verdict, ...] = ("more", "less", "never")
# Who speaks for a suggestion: people of this instance who agreed, listeners of ListenBrainz, the genres it shares with
# what one plays, public charts, one's own history, lists and saved things of one's own that were not played yet.
Voice = Literal["people", "crowd", "genres", "charts", "history", "shelf"]
Dial = Literal["familiar", "balanced", "curious", "adventurous"]
# From familiar to adventurous: the power of an item's popularity that its score is divided by.
# Source: coverage and novelty at these powers, measured on public data (docs/recommendations.md).
DIAL: dict[Dial, float] = {"familiar": 0.0, "balanced": 0.2, "curious": 0.3, "adventurous": 0.4}
DEFAULT_DIAL: Dial = "balanced"
MOST_REASONS, MOST_OF_ARTIST = 3, 2
MOST_FEEDBACK = 10_000  # of one person
TERMS_VERSION = "2026-11-23"  # of the text somebody agrees to who lets the model learn from their listening
# Fewest people whose listening a model learns from, and fewest of them behind a thing it may suggest.
LEAST_PEOPLE, LEAST_LISTENERS = 50, 3
_UNIT = "\x1f"


def suggestion_key(kind: Kind, name: str, artist: str = "") -> UUID:
    """Return what stands for a thing by its names: feedback and "never this" go by it, however it was suggested.

    ``artist`` is blank for artists.
    """
    words = _UNIT.join((kind, name_key(name), name_key(artist) if kind != "artist" else ""))
    return UUID(bytes=hashlib.md5(words.encode(errors="replace"), usedforsecurity=False).digest())


@dataclass(frozen=True, slots=True)
class Reason:
    """Something of the person's own that speaks for a suggestion.

    ``kind``: artist, album, track; genre; or list (a playlist). ``id``: in the shared look-ups, 0 for others.
    ``weight``: its share of all that speaks for it, 0..1.
    """

    kind: Literal["artist", "album", "track", "genre", "list"]
    name: str
    artist: str = ""
    id: int = 0
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing suggested; an artist has a blank ``artist``.

    ``id``, ``artist_id``: in the shared look-ups, 0 where it is not there. ``plays``: one's own of it, so far.
    ``score`` orders one list and means nothing beside another. ``why``: one sentence where reasons do not say it.
    """

    kind: Kind
    name: str
    artist: str = ""
    id: int = 0
    artist_id: int = 0
    album: str = ""
    mbid: UUID | None = None
    uri: str = ""
    score: float = 0.0
    plays: int = 0
    reasons: tuple[Reason, ...] = ()
    voices: tuple[Voice, ...] = ()
    why: str = ""

    @property
    def key(self) -> UUID:
        """Return what feedback to it goes by."""
        return suggestion_key(self.kind, self.name, self.artist)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person said to a suggestion, when; by its names, as it was shown."""

    kind: Kind
    name: str
    artist: str
    verdict: Verdict
    at: datetime

    @property
    def key(self) -> UUID:
        """Return what it is about."""
        return suggestion_key(self.kind, self.name, self.artist)


def parse_dial(word: str) -> Dial:
    """Return the setting an address asks for; the default for words there are not."""
    return next((each for each in DIAL if each == word), DEFAULT_DIAL)


def parse_kind(word: str) -> Kind:
    """Return the kind an address asks for; artists for words there are not."""
    return next((each for each in KINDS if each == word), "artist")


def parse_verdict(word: str) -> Verdict:
    """Return the verdict a form sends; raises ``InvalidInput``."""
    found = next((each for each in VERDICTS if each == word), None)
    if found is None:
        raise InvalidInput("This was not one of the answers; please choose more, less or never.")
    return found
