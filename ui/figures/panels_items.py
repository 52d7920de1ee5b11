"""One artist, album, track or genre: the story between first and last listen."""

from ui.figures.panel import Make

PANELS: dict[str, Make] = {}
