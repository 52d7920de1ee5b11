"""The lens: what counts, in which timezone, with which exclusions; applied when computing, never when storing."""

from dataclasses import dataclass
from typing import Literal

from core.domain.listen import Kind

Rule = Literal["seconds", "half", "start"]
ExclusionKind = Literal["artist", "album", "track", "platform", "hour", "country"]


@dataclass(frozen=True, slots=True, order=True)
class Exclusion:
    """One thing left out of the statistics without deleting it.

    ``value`` is the id of an artist, album or track (a track stands for its recording when recordings are
    merged), a ``Platform`` code, a local hour 0..23, or a country (``core.domain.listen.country_code``).
    """

    kind: ExclusionKind
    value: int


@dataclass(frozen=True, slots=True)
class Lens:
    """How stored listens become figures.

    ``rule``: a listen counts as a play when it lasted ``minimum_ms`` (``seconds``), half of its track's usual
    length (``half``; ``minimum_ms`` where no length is known), or always (``start``).
    Shorter listens still count for time and skips. ``api``: plays that Spotify's API reported count; the operator of
    the instance decides (``PLAYPRINT_SPOTIFY_COUNTS``), nobody else. ``featured``: a play counts for everybody who is
    on the track in lists, totals and pages of artists; everything else goes by a track's main artist.
    """

    timezone: str = "UTC"
    rule: Rule = "seconds"
    minimum_ms: int = 30_000
    kinds: tuple[Kind, ...] = (Kind.MUSIC, Kind.VIDEO)
    incognito: bool = True
    merge_recordings: bool = True
    exclusions: tuple[Exclusion, ...] = ()
    api: bool = True
    featured: bool = True
