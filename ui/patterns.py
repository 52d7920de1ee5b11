"""The patterns page: which panels answer when, how and where somebody listens."""

from core.domain.selection import DEFAULT_GAP, GAPS
from ui.arranging import Rows, number_of

PARTS = {
    "when": "When",
    "sessions": "Sessions & streaks",
    "how": "How",
    "repeats": "Repeats & obsessions",
    "where": "Where",
}
ROWS: dict[str, Rows] = {
    "when": [
        [("timeline", 1)],
        [("day-shares", 1)],
        [("when", 0.5), ("hours", 0.5)],
        [("calendar", 1)],
        [(("clock-seasons", "seasons", "seasonal-artists"), 0.5), ("best-of-hours", 0.5)],
    ],
    "sessions": [
        [("sessions", 1)],
        [("sessions-lengths", 0.5), ("sessions-longest", 0.5)],
        [("streaks", 1)],
        [("streak-list", 0.34), ("streaks-artists", 0.33), ("streaks-tracks", 0.33)],
    ],
    "how": [
        [("skips", 1)],
        [("skips-over-time", 0.5), (("skip-reasons", "endings"), 0.5)],
        [("skipped-artists", 0.5), ("skipped-tracks", 0.5)],
        [("modes", 1)],
        [("modes-over-time", 0.5), ("devices", 0.5)],
        [("devices-over-time", 1)],
    ],
    "repeats": [
        [("repeats", 1)],
        [("repeat-curve", 0.5), ("on-your-mind", 0.5)],
        [("obsessions", 0.5), ("binges", 0.5)],
    ],
    "where": [
        [("countries", 1)],
        [("country-list", 0.5), ("trips", 0.5)],
        [("artist-map", 0.62), ("artist-places", 0.38)],
    ],
}


def controls(part: str) -> None:
    """Draw what a part lets one choose: how long a silence ends a session."""
    if part == "sessions":
        number_of("A session ends after a silence of", "gap", GAPS, DEFAULT_GAP, lambda minutes: f"{minutes} min")
