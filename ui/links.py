"""Addresses inside Playprint: every page has one name, the demo has the same pages under ``demo``."""

from collections.abc import Mapping
from urllib.parse import urlencode

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
