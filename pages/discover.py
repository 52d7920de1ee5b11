"""Discover: what to hear next, and why."""

from ui import discover
from ui.controls import open_scene

discover.show(open_scene("Discover"))
