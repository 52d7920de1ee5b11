"""Which family a device belongs to; the finer names carry device ids and are dropped here."""

import re
from functools import lru_cache

from core.domain.listen import Platform

_WORDS: tuple[tuple[Platform, str], ...] = (
    (Platform.WEB, r"web_?player|websocket"),
    (Platform.CAR, r"car_?thing|tesla|automotive|carplay|android[_ ]auto\b|volvo|polestar|\bbmw|\bcar\b|_car\b"),
    (
        Platform.TV,
        r"tv\b|_tv|\btv|tizen|webos|web0s|roku|chromecast|viera|vizio|bravia|playstation|\bps[345]|xbox|xboxone",
    ),
    (
        Platform.SPEAKER,
        r"cast|google_?home|sonos|echo|alexa|amazon|speaker|bose|denon|heos|marantz|yamaha|onkyo|libratone|harman"
        r"|marshall|bluesound|squeezebox|homepod|soundbar|hi-?fi|\bceol|raumfeld|naim\b",
    ),
    (Platform.OTHER, r"^partner|garmin|watch|wear"),
    (Platform.MOBILE, r"^android|^ios\b|iphone|ipad|windows ?phone|blackberry|symbian"),
    (Platform.DESKTOP, r"^windows|^os ?x|^osx|^mac|^linux|ubuntu|chrome ?os"),
)
_FAMILIES = [(family, re.compile(words)) for family, words in _WORDS]


@lru_cache(maxsize=4096)
def family(text: str | None) -> Platform:
    """Return the family of a device from the export's word for it; ``UNKNOWN`` for a blank or ``not_applicable``."""
    words = (text or "").strip().casefold()
    if words in ("", "not_applicable", "unknown"):
        return Platform.UNKNOWN
    return next((found for found, pattern in _FAMILIES if pattern.search(words)), Platform.OTHER)
