"""Addresses inside Playprint: every page has one name, the demo has the same pages under ``demo``."""

from collections.abc import Mapping
from urllib.parse import urlencode

OPEN = "https://open.spotify.com"
PERSONAL = (
    "overview",
    "charts",
    "history",
    "artist",
    "album",
    "track",
    "patterns",
    "taste",
    "podcasts",
    "genre",
    "discover",
    "playlists",
    "playlist",
)


def path(page: str, *, demo: bool = False) -> str:
    """Return the path of a page; personal pages of the demo profile lie under ``/demo``."""
    if demo and page in PERSONAL:
        return "/demo" if page == "overview" else f"/demo-{page}"
    return "/" if page == "overview" else f"/{page}"


def href(page: str, *, demo: bool = False, params: Mapping[str, object]) -> str:
    """Return the address of a page with parameters; those that are ``None`` are left out."""
    query = urlencode({key: value for key, value in params.items() if value is not None})
    return path(page, demo=demo) + (f"?{query}" if query else "")


def on_spotify(uri: str) -> str:
    """Return the address of a Spotify URI on Spotify's own site, blank for local files and what is none."""
    parts = uri.split(":")
    if len(parts) != 3 or parts[0] != "spotify" or not (parts[1].isalpha() and parts[2].isalnum()):
        return ""
    return f"{OPEN}/{parts[1]}/{parts[2]}"
