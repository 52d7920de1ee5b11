"""History: the listens themselves, filtered and searched, a page at a time, to take away."""

from ui import history
from ui.controls import personal_page

scene = personal_page("History")
history.filters(scene)
history.listens(scene)
