"""Podcasts and audiobooks: apart from music."""

from core.domain.listen import Kind
from ui.arranging import arrange
from ui.chips import chips
from ui.controls import draw_head, open_scene

ROWS = [
    [("spoken", 1.0)],
    [("spoken-timeline", 1.0)],
    [("shows", 1.0)],
    [("episodes", 1.0)],
]
scene = open_scene("Podcasts", kinds=(Kind.PODCAST, Kind.AUDIOBOOK))
draw_head(scene, "Podcasts")
chips(scene, "podcasts")
arrange(scene, "podcasts", ROWS)
