"""The codes a stored listen is made of: kinds, sources, platform families, flags, countries."""

from enum import IntEnum, IntFlag


class Kind(IntEnum):
    """What was played; stored as a small integer."""

    MUSIC = 1
    PODCAST = 2
    AUDIOBOOK = 3
    VIDEO = 4  # a music video: a track from one of the export's video files


class Source(IntEnum):
    """Where a listen came from; stored as a small integer."""

    SPOTIFY_EXPORT = 1
    SPOTIFY_ACCOUNT = 2
    SPOTIFY_API = 3


# What may be counted together with other people's listens, or shown to others: a new source is not, until somebody has
# read its terms. Spotify's forbid it for what its API reports.
SHARED = frozenset({Source.SPOTIFY_EXPORT, Source.SPOTIFY_ACCOUNT})


class Platform(IntEnum):
    """The family of the device; finer names carry device ids and are dropped at the door."""

    UNKNOWN = 0
    MOBILE = 1
    DESKTOP = 2
    WEB = 3
    TV = 4
    SPEAKER = 5
    CAR = 6
    OTHER = 7


class Flag(IntFlag):
    """Yes/no facts of a listen; ``*_KNOWN`` tells a no from a blank."""

    START_KNOWN = 1
    SHUFFLE = 2
    SHUFFLE_KNOWN = 4
    SKIPPED = 8
    SKIPPED_KNOWN = 16
    OFFLINE = 32
    OFFLINE_KNOWN = 64
    INCOGNITO = 128
    INCOGNITO_KNOWN = 256
    ESTIMATED = 512  # ms_played is the longest it can have been, not what was measured


def country_code(letters: str | None) -> int:
    """Return the stored number of an ISO 3166 two-letter country; 0 for unknown (``None``, ``""``, ``ZZ``)."""
    if letters is None or len(letters) != 2 or letters == "ZZ":
        return 0
    first, second = ord(letters[0]) - 65, ord(letters[1]) - 65
    return 1 + first * 26 + second if 0 <= first < 26 and 0 <= second < 26 else 0


def country_letters(code: int) -> str | None:
    """Return the two letters of a stored country number; ``None`` for 0."""
    return None if code == 0 else chr(65 + (code - 1) // 26) + chr(65 + (code - 1) % 26)
