"""The taste page: which panels answer what the music is, how it changes, what was found, kept and forgotten."""

from core.domain.selection import DEFAULT_HALF_LIFE, HALF_LIVES
from ui.arranging import Rows, number_of

PARTS = {
    "genres": "Genres",
    "change": "Change & eras",
    "variety": "Variety",
    "new": "New & forgotten",
    "close": "Closest to you",
    "moments": "Moments",
}
ROWS: dict[str, Rows] = {
    "genres": [
        [("genre-stream", 1)],
        [("genres", 0.5), ("genre-list", 0.5)],
        [("genre-breadth", 1)],
        [("decades", 1)],
    ],
    "change": [
        [("eras", 1)],
        [("era-list", 1)],
        [("drift", 0.6), ("drift-artists", 0.4)],
    ],
    "variety": [
        [("variety", 1)],
        [("variety-over-time", 0.5), ("concentration", 0.5)],
        [("long-form", 1)],
        [("mainstream", 1)],
    ],
    "new": [
        [("novelty", 0.5), ("exploration", 0.5)],
        [("retention", 0.5), ("new-artists", 0.5)],
        [("forgotten", 1)],
    ],
    "close": [[("affinity", 1)]],
    "moments": [
        [("milestones", 0.5), ("on-this-day", 0.5)],
    ],
}
FADING = {30: "30 days", 180: "180 days", 0: "never"}


def controls(part: str) -> None:
    """Draw what a part lets one choose: how fast old plays fade."""
    if part == "close":
        number_of("A play counts half after", "half", HALF_LIVES, DEFAULT_HALF_LIFE, FADING.__getitem__)
