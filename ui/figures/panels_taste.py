"""How taste is made and changes: variety, discovery, drift, eras, affinity."""

from ui.figures.panel import Make

PANELS: dict[str, Make] = {}
