"""Pages of lists: which part was asked for, and the addresses of the next."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from .answers import Refusal
from .shapes import Json

T = TypeVar("T")


def number(query: Mapping[str, str], name: str, usual: int, *, at_most: int) -> int:
    """Return a number that was asked for.

    Raises:
        Refusal: it is none, or outside the allowed.
    """
    text = query.get(name, str(usual))
    if not text.isascii() or not text.isdigit() or int(text) > at_most:
        raise Refusal(400, f"Invalid {name}")
    return int(text)


def offset_page(
    href: str,
    query: Mapping[str, str],
    things: Sequence[T],
    shape: Callable[[T], Any],
    *,
    usual: int = 20,
    most: int = 50,
    furthest: int = 100_000,
) -> Json:
    """Return the part of a list that ``limit`` and ``offset`` ask for."""
    limit = number(query, "limit", usual, at_most=most)
    offset = number(query, "offset", 0, at_most=furthest)
    total = len(things)

    def at(start: int) -> str:
        kept = {name: value for name, value in query.items() if name not in ("limit", "offset")}
        return f"{href}?{urlencode({'offset': start, 'limit': limit} | kept)}"

    return {
        "href": at(offset), "items": [shape(thing) for thing in things[offset : offset + limit]], "limit": limit,
        "next": at(offset + limit) if limit and offset + limit < total else None, "offset": offset,
        "previous": at(max(offset - limit, 0)) if offset else None, "total": total,
    }  # fmt: skip
