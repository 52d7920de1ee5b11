"""Track: first and last listen and the story between."""

from ui import item

item.show("track")
