"""Trend: how one artist, song, album or genre moved on public charts."""

from ui import trend_page

trend_page.show()
