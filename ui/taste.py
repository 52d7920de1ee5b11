"""The taste page: which panels answer what the music is, how it changes, what was found, kept and forgotten."""

from ui.arranging import Rows

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
