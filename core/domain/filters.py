"""Filters: which listens a view is about, on top of the lens and the period."""

from dataclasses import dataclass

from core.domain.listen import Platform, Source


@dataclass(frozen=True, slots=True)
class Filters:
    """Every field that is empty or ``None`` lets everything through; fields combine with "and", values with "or".

    ``artists``, ``albums``, ``tracks`` are database ids; ``weekdays`` 0 (Monday)..6 and ``hours`` 0..23 are local;
    ``countries`` are two-letter codes; ``search`` is a case-insensitive part of a track, artist or album name.
    ``genres`` are names of genres (small letters), of families of genres (a capital first) or ``Unknown``; an artist
    counts to one with a quarter of their genres or more.
    """

    artists: tuple[int, ...] = ()
    albums: tuple[int, ...] = ()
    tracks: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()
    platforms: tuple[Platform, ...] = ()
    countries: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    genres: tuple[str, ...] = ()
    skipped: bool | None = None
    shuffle: bool | None = None
    search: str = ""
