"""Broad groups of genres: how fond the invented person is of each over the years, the seasons and the occasions."""

import re

import numpy as np
from numpy.typing import NDArray

from core.demo.habits import Occasion

# The first group one of whose words occurs in an artist's genres takes the artist.
_WORDS: tuple[tuple[str, str], ...] = (
    ("christmas", r"christmas|weihnacht|holiday"),
    ("children", r"child|kids|kinder|nursery|lullab"),
    ("metal", r"metal|hardcore|punk|grunge|screamo"),
    ("hiphop", r"hip[ -]?hop|rap\b|deutschrap|trap|grime|drill"),
    (
        "classical",
        r"classical|baroque|romantic|opera|minimalis|orchestr|soundtrack|score|neoclassic|choral|early music",
    ),
    ("calm", r"ambient|new age|drone|downtempo|lo-?fi|chill"),
    ("jazz", r"jazz|bebop|swing|bossa|blues"),
    (
        "electronic",
        r"techno|house|electro|edm|trance|drum and bass|dubstep|idm|synthwave|garage|breakbeat|trip[ -]hop|dance",
    ),
    ("soul", r"soul|r&b|rnb|funk|disco|motown|gospel"),
    (
        "world",
        r"latin|reggae|dub|ska|afro|salsa|cumbia|samba|mpb|flamenco|fado|k-pop|j-pop|world|highlife|desert|rai\b|chanson",
    ),
    ("folk", r"folk|singer|country|americana|acoustic|bluegrass"),
    ("indie", r"indie|alternative|shoegaze|dream pop|post-punk|new wave|lo fi|art rock|post-rock|math"),
    ("german", r"deutsch|german|schlager|neue deutsche|liedermacher|krautrock|hamburger"),
    ("rock", r"rock|psychedel|prog|surf|garage|britpop"),
    ("pop", r""),
)
GROUPS = tuple(group for group, _ in _WORDS)
_PATTERNS = [re.compile(words) for _, words in _WORDS]
_APART = (0, 1)  # Christmas and children's music stand apart whatever else the artist plays

# Fondness through the years as (level, when it peaks, width in years of the peak, height of the peak).
_DRIFT: dict[str, tuple[float, float, float, float]] = {
    "metal": (0.35, 2019.0, 1.0, 0.5),
    "hiphop": (0.45, 2021.0, 1.2, 0.9),
    "classical": (0.35, 2022.9, 1.2, 0.6),
    "calm": (0.45, 2020.7, 0.8, 0.9),
    "jazz": (0.30, 2024.3, 1.3, 1.2),
    "electronic": (0.60, 2020.0, 1.1, 0.9),
    "soul": (0.50, 2023.8, 1.4, 0.8),
    "world": (0.35, 2025.4, 1.1, 1.0),
    "folk": (0.45, 2022.2, 1.0, 0.9),
    "indie": (0.90, 2019.2, 1.3, 0.7),
    "german": (0.45, 2025.9, 1.0, 0.5),
    "rock": (0.85, 2018.8, 1.5, 0.4),
    "pop": (0.75, 2024.9, 1.2, 0.6),
}
_SUMMER = {"world": 0.7, "pop": 0.3, "electronic": 0.3, "hiphop": 0.25, "folk": -0.2, "classical": -0.4, "calm": -0.3}
_MOOD: dict[Occasion, dict[str, float]] = {
    Occasion.COMMUTE: {"classical": 0.4, "calm": 0.5, "hiphop": 1.4, "indie": 1.2},
    Occasion.WORK: {
        "calm": 1.6,
        "electronic": 1.7,
        "classical": 1.7,
        "jazz": 1.5,
        "hiphop": 0.5,
        "german": 0.6,
        "metal": 0.6,
    },
    Occasion.EVENING: {"jazz": 1.5, "soul": 1.4, "folk": 1.3, "metal": 0.6},
    Occasion.NIGHT: {
        "calm": 2.4,
        "classical": 2.6,
        "jazz": 1.6,
        "folk": 1.6,
        "metal": 0.1,
        "hiphop": 0.4,
        "electronic": 0.6,
    },
    Occasion.SPORT: {
        "metal": 2.4,
        "electronic": 2.2,
        "hiphop": 2.2,
        "calm": 0.05,
        "classical": 0.05,
        "jazz": 0.2,
        "folk": 0.3,
    },
    Occasion.WEEKEND: {"soul": 1.3, "rock": 1.2, "world": 1.3},
    Occasion.PARTY: {
        "pop": 2.2,
        "electronic": 2.0,
        "soul": 1.8,
        "hiphop": 1.5,
        "world": 1.4,
        "classical": 0.03,
        "calm": 0.05,
    },
    Occasion.ROAD: {"rock": 1.8, "pop": 1.4, "german": 1.4, "calm": 0.4},
    Occasion.FLIGHT: {"calm": 1.8, "classical": 1.6, "jazz": 1.3},
    Occasion.CHILD: {},
}


def group_of(genres: tuple[str, ...], country: str) -> int:
    """Return the index in ``GROUPS`` of an artist, the first genre deciding where several fit."""
    apart = next((n for genre in genres for n in _APART if _PATTERNS[n].search(genre)), None)
    if apart is not None:
        return apart
    found = next(
        (n for genre in genres for n, each in enumerate(_PATTERNS[:-1]) if each.search(genre)), len(GROUPS) - 1
    )
    native = country in ("DE", "AT", "CH") and GROUPS[found] in ("pop", "rock", "indie")
    return GROUPS.index("german") if native else found


def fondness(year: float) -> NDArray[np.float64]:
    """Return the weight of each group at a moment (a year with its fraction); 0 for music of special occasions."""
    levels = np.zeros(len(GROUPS))
    summer = np.cos(2 * np.pi * (year % 1 - 0.54))
    for n, group in enumerate(GROUPS):
        if group in _DRIFT:
            level, peak, width, height = _DRIFT[group]
            drift = level + height * np.exp(-(((year - peak) / width) ** 2))
            levels[n] = drift * (1 + _SUMMER.get(group, 0.0) * summer)
    return levels


def mood(occasion: Occasion) -> NDArray[np.float64]:
    """Return the factor of each group for what the music accompanies."""
    return np.array([_MOOD[occasion].get(group, 1.0) for group in GROUPS])
