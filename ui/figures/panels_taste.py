"""How taste is made and changes: variety, discovery, drift, eras, affinity."""

from ui.figures import panels_affinity, panels_discovery, panels_eras, panels_mainstream, panels_variety
from ui.figures.panel import Make

PANELS: dict[str, Make] = {
    **panels_variety.PANELS,
    **panels_discovery.PANELS,
    **panels_eras.PANELS,
    **panels_affinity.PANELS,
    **panels_mainstream.PANELS,
}
