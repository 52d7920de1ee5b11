"""Countries: names in plain English by their two letters, and where the small ones lie."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

WORLD = Path(__file__).resolve().parent.parent / "data" / "world"


@dataclass(frozen=True, slots=True)
class Country:
    """A country; ``latitude`` and ``longitude`` (degrees) where its shape is too small to see or missing."""

    letters: str
    name: str
    latitude: float | None
    longitude: float | None


@lru_cache(maxsize=1)
def countries() -> dict[str, Country]:
    """Return all countries by their two letters."""
    lines = (WORLD / "countries.txt").read_text(encoding="utf-8").splitlines()
    parts = (line.split("\t") for line in lines if not line.startswith("#"))
    return {
        letters: Country(letters, name, float(north) if north else None, float(east) if east else None)
        for letters, _, name, north, east in parts
    }


def country_name(letters: str) -> str:
    """Return a country's name; the letters themselves where nobody knows them."""
    known = countries().get(letters)
    return known.name if known else letters
