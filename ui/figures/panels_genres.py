"""What genres, decades and places the music comes from."""

from ui.figures.panel import Make

PANELS: dict[str, Make] = {}
