"""The countries of the invented charts: how much is played there, whose music, and how late hits arrive."""

import numpy as np
from numpy.typing import NDArray

from core.demo.catalogue import Catalogue
from core.demo.chart_songs import SEED, Songs

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Share of the world's streams; what is missing to 1 is played elsewhere, in the mixture of all these.
WEIGHTS = {
    "US": 0.22, "BR": 0.09, "IN": 0.08, "MX": 0.08, "GB": 0.07, "DE": 0.07, "FR": 0.05, "JP": 0.04, "KR": 0.025,
    "SE": 0.02, "ZA": 0.015, "NG": 0.01,
}  # fmt: skip
COUNTRIES = tuple(WEIGHTS)
# How much more a country plays of its own artists, and of those of its neighbours in language or place.
_HOME = {
    "US": 1.5, "GB": 2.0, "BR": 14, "IN": 25, "MX": 3, "DE": 9, "FR": 9, "JP": 4, "KR": 3, "SE": 5, "ZA": 25, "NG": 4,
}  # fmt: skip
_NEAR = {
    "MX": ("PR", "CO", "ES", "AR", "CU"), "BR": ("PT", "CV"), "DE": ("AT", "CH"), "FR": ("BE", "CA", "SN", "ML"),
    "SE": ("NO", "IS", "DK", "FI"), "ZA": ("NG", "ET", "SN"), "NG": ("ZA", "JM", "SN"), "JP": ("KR", "TW"),
    "KR": ("JP",), "GB": ("IE",), "US": ("CA", "PR"), "IN": (),
}  # fmt: skip
_NEAR_BY = 2.2
_TASTE = {
    "US": {"country": 2.2, "hip-hop": 1.3},
    "BR": {"latin": 1.5, "bossa nova": 1.5},
    "IN": {"soundtrack": 1.5, "pop": 1.1},
    "MX": {"latin": 3.0},
    "GB": {"indie rock": 1.5, "electronic": 1.3},
    "DE": {"techno": 1.5, "electronic": 1.4, "schlager": 2.0},
    "FR": {"chanson": 1.8, "hip-hop": 1.4},
    "JP": {"j-pop": 2.5, "k-pop": 1.6, "rock": 1.2, "hip-hop": 0.5},
    "KR": {"k-pop": 2.5, "j-pop": 1.5, "hip-hop": 0.7},
    "SE": {"pop": 1.15, "metal": 1.8},
    "ZA": {"afrobeat": 3.0, "house": 2.5, "r&b": 1.4},
    "NG": {"afrobeat": 3.0, "hip-hop": 1.4, "k-pop": 0.5},
}
# How much of Christmas there is.
_CHRISTMAS = {"US": 1.1, "GB": 1.3, "DE": 1.3, "SE": 1.3, "IN": 0.15, "JP": 0.45, "KR": 0.5, "NG": 0.35, "BR": 0.5}
_LATEST = 6  # weeks


def fondness(catalogue: Catalogue, songs: Songs) -> Floats:
    """Return how much of each song each country plays: one row a country, ``WEIGHTS`` where all like a song alike.

    What is loved in one country alone gets little larger by it in the world.
    """
    rng = np.random.default_rng([SEED, 1])
    artists = np.array([[_liking(place, *each) for each in _artists(catalogue)] for place in COUNTRIES])
    artists *= np.exp(rng.normal(0, 0.3, artists.shape))
    liked = artists[:, songs.artist] * np.exp(rng.normal(0, 0.25, (len(COUNTRIES), len(songs.artist))))
    weights = np.array(list(WEIGHTS.values()))[:, None]
    liked /= ((liked * weights).sum(axis=0) / weights.sum()) ** 0.8
    christmas = np.array([_CHRISTMAS.get(place, 0.9) for place in COUNTRIES])[:, None]
    liked = np.where(songs.festive, christmas * np.sqrt(liked), liked)
    return np.asarray(liked * weights)


def delays(catalogue: Catalogue, songs: Songs) -> Integers:
    """Return how many weeks after its release each country takes a song up: 0 where its artist lives."""
    rng = np.random.default_rng([SEED, 2])
    shape = (len(COUNTRIES), len(songs.artist))
    patience = np.where(songs.strength > 0.7, 0.3, 1.6)
    late = np.minimum(rng.exponential(patience, shape).astype(np.int64), _LATEST)
    home = np.array(catalogue.countries)[songs.artist]
    return np.asarray(np.where(home == np.array(COUNTRIES)[:, None], 0, late))


def _artists(catalogue: Catalogue) -> list[tuple[str, tuple[str, ...]]]:
    """Return country and genres of each artist."""
    return list(zip(catalogue.countries, catalogue.genres, strict=True))


def _liking(place: str, country: str, genres: tuple[str, ...]) -> float:
    """Return how much more than the world a country likes an artist."""
    taste = [_TASTE[place].get(genre, 1.0) for genre in genres] or [1.0]
    near = _HOME[place] if country == place else _NEAR_BY if country in _NEAR[place] else 1.0
    return near * (0.7 * taste[0] + 0.3 * max(taste))
