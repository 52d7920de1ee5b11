"""How listening happens: skips, shuffle, devices, repeats, obsessions, places; podcasts."""

from ui.figures.panel import Make

PANELS: dict[str, Make] = {}
