"""Charts: the whole ranked list of artists, albums or tracks, with movement, curves, search and order."""

from ui import charts
from ui.controls import personal_page

scene = personal_page("Charts")
kind, order, search = charts.controls(scene)
charts.ranking(scene, kind, order, search)
