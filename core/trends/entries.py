"""The places of a chart as a source tells them: in its order, what is told twice once, what has no name left out."""

from collections.abc import Iterable

from core.asking.errors import Trouble
from core.domain.names import name_key
from core.domain.trends import Entry

MOST_PLACES = 1_000
MOST_COUNT = 2**62


def placed(service: str, told: Iterable[Entry | None]) -> tuple[Entry, ...]:
    """Return the places by rank, from 1 without gaps; None is what could not be read.

    Raises:
        Trouble: nothing can be used.
    """
    seen: dict[object, Entry] = {}
    for each in told:
        if each is not None and len(seen) < MOST_PLACES:
            identity = (each.mbid, each.uri, name_key(each.name), name_key(each.artist))
            seen.setdefault(identity, each._replace(rank=len(seen) + 1))
    if not seen:
        raise Trouble(service, "no places that can be read")
    return tuple(seen.values())
