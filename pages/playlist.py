"""One playlist: its songs, how it is played, what it is made of, what could go, what could come."""

from ui import playlists

playlists.show_one()
