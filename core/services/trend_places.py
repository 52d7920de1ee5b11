"""Countries as sources of charts name them: by three letters, by two, by names."""

from functools import lru_cache

from core.settings import ROOT

WORLD = ROOT / "data" / "world"
# What MusicBrainz names an artist's place, where that is a part of a country or its older name.
_PARTS = dict.fromkeys(("England", "Scotland", "Wales", "Northern Ireland"), "GB") | {
    "Bahamas": "BS",
    "Cabo Verde": "CV",
    "Congo": "CG",
    "Côte d'Ivoire": "CI",
    "Czech Republic": "CZ",
    "Democratic Republic of the Congo": "CD",
    "Federated States of Micronesia": "FM",
    "Gambia": "GM",
    "Macau": "MO",
    "Macedonia": "MK",
    "Swaziland": "SZ",
    "The Netherlands": "NL",
    "Turkey": "TR",
}


@lru_cache(maxsize=1)
def letters() -> dict[str, str]:
    """Return two letters by three."""
    parts = (line.partition(" ") for line in _lines("letters.txt"))
    return {three: two for three, _, two in parts}


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """Return names in plain English by two letters."""
    parts = (line.split("\t") for line in _lines("countries.txt"))
    return {two: name for two, _, name, *_ in parts}


@lru_cache(maxsize=1)
def by_name() -> dict[str, str]:
    """Return two letters by names."""
    return _PARTS | {name: two for two, name in names().items()}


def _lines(name: str) -> list[str]:
    text = (WORLD / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
