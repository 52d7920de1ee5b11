"""Charts: the whole ranked list of artists, albums, tracks or genres, in any order; how the first changed places."""

from ui import charts
from ui.chips import chips
from ui.controls import personal_page

scene = personal_page("Charts")
chips(scene, "charts")
chart, part = charts.controls(scene)
if part == "places":
    charts.places(scene, chart)
else:
    charts.ranking(scene, chart)
