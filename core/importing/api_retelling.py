"""Which plays that Spotify's API reported are plays it reported before, at a slightly other moment."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from datetime import datetime, timedelta

Told = tuple[datetime, str]  # when a play ended, and the address of its track

# A play comes back with another fraction of a second, or a second or two off. Nobody plays a track twice in so short a
# time for long enough to count.
SAME = timedelta(seconds=5)


def first_told(known: Iterable[Told], told: Iterable[Told]) -> list[Told]:
    """Return the told plays that are neither known ones told again nor each other told again, oldest first.

    Plays of one address within ``SAME`` are one play. Each is compared with those that stay, never with those that
    go: a row of small steps does not become one play.
    """
    kept: dict[str, list[datetime]] = {}
    for moment, uri in known:
        insort(kept.setdefault(uri, []), moment)
    new = []
    for moment, uri in sorted(told):
        moments = kept.setdefault(uri, [])
        place = bisect_left(moments, moment - SAME)
        if place == len(moments) or moments[place] > moment + SAME:
            insort(moments, moment)
            new.append((moment, uri))
    return new
