"""Trends: what the world listens to, from open sources; the start page of visitors."""

from ui import trends_page

trends_page.show()
