"""Playlists: all of them beside each other."""

from ui import playlists

playlists.show_all()
