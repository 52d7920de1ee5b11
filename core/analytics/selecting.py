"""Applies a lens, a period and filters to a library."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Ints, array, table
from core.analytics.library import By, Library
from core.analytics.localtime import LocalTime
from core.analytics.view import View
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.listen import Flag, country_code
from core.domain.period import Period

ALL_TIME = Period()
UNFILTERED = Filters()
BYS: tuple[By, ...] = ("artist", "album", "track")


def select(library: Library, lens: Lens, *, period: Period = ALL_TIME, filters: Filters = UNFILTERED) -> View:
    """Return the view of a library: what the lens, the period and the filters let through.

    Kinds, private sessions and exclusions of the lens hide listens; its rule decides which visible ones are plays.
    The period is in local days of the lens's timezone, by the end of a listen. A track stands for its recording
    when the lens merges recordings, in exclusions and in filters.
    """
    local = library.local(lens.timezone)
    rows, mask = local.between(period.start, period.end)
    for visible in _conditions(library, local, lens, filters, rows):
        mask = visible if mask is None else mask & visible
    return View(library, lens, period, filters, local, rows, mask)


def _conditions(library: Library, local: LocalTime, lens: Lens, filters: Filters, rows: slice) -> Iterable[Bools]:
    """Yield a mask of ``rows`` for each condition that hides something; conditions that cannot are left out."""
    tracks = _tracks(library, lens, filters)
    if tracks is not None:
        yield tracks[library.column("track")[rows]]
    for name, allowed in _small(library, lens, filters):
        yield allowed[(getattr(local, name) if name in ("hour", "weekday") else library.column(name))[rows]]
    flags = library.column("flags")[rows]
    if not lens.incognito and library.any_incognito:
        yield (flags & Flag.INCOGNITO) == 0
    if filters.shuffle is not None:
        yield (flags & (Flag.SHUFFLE | Flag.SHUFFLE_KNOWN)) == Flag.SHUFFLE_KNOWN + Flag.SHUFFLE * filters.shuffle
    if filters.skipped is not None:
        skipped, known = (part[rows] for part in library.skipped)
        yield skipped if filters.skipped else known & ~skipped


def _small(library: Library, lens: Lens, filters: Filters) -> Iterable[tuple[str, Bools]]:
    """Yield (column, allowed values as a table) for conditions on columns of few values."""
    excluded = {kind: {e.value for e in lens.exclusions if e.kind == kind} for kind in ("platform", "hour")}
    if not library.present("kind") <= set(lens.kinds):
        yield "kind", table(256, [int(kind) for kind in lens.kinds])
    if filters.platforms or excluded["platform"]:
        yield "platform", _allowed(256, [int(p) for p in filters.platforms], excluded["platform"])
    if filters.countries:
        yield "country", table(1024, [country_code(letters) for letters in filters.countries])
    if filters.sources:
        yield "source", table(256, [int(source) for source in filters.sources])
    if filters.weekdays:
        yield "weekday", table(7, [day for day in filters.weekdays if 0 <= day < 7])
    if filters.hours or excluded["hour"]:
        yield "hour", _allowed(24, filters.hours, excluded["hour"])


def _allowed(size: int, wanted: Iterable[int], excluded: Iterable[int]) -> Bools:
    """Return a table of the wanted values (none: all) without the excluded ones."""
    inside = [value for value in wanted if 0 <= value < size]
    made = table(size, inside) if inside or wanted else np.ones(size, dtype=np.bool_)
    made[[value for value in excluded if 0 <= value < size]] = False
    return made


def _tracks(library: Library, lens: Lens, filters: Filters) -> Bools | None:
    """Return which tracks are let through by exclusions, item filters and the search; ``None``: all."""
    allowed: Bools | None = None
    wanted: dict[By, tuple[int, ...]] = {"artist": filters.artists, "album": filters.albums, "track": filters.tracks}
    for by in BYS:
        if wanted[by]:
            some = _of(library, by, wanted[by], merged=lens.merge_recordings)
            allowed = some if allowed is None else allowed & some
        excluded = tuple(e.value for e in lens.exclusions if e.kind == by)
        if excluded:
            rest = ~_of(library, by, excluded, merged=lens.merge_recordings)
            allowed = rest if allowed is None else allowed & rest
    if filters.search.strip():
        found = _named(library, filters.search.strip())
        allowed = found if allowed is None else allowed & found
    return allowed


def _of(library: Library, by: By, ids: tuple[int, ...], *, merged: bool) -> Bools:
    """Return which tracks are, or belong to, the things with these database ids."""
    codes = [code for code in (library.code(by, id) for id in ids) if code >= 0]
    if by != "track":
        size = len(library.artists if by == "artist" else library.albums)
        some: Bools = table(size, codes)[array(library.tracks[by])]
        return some
    if not merged:
        return table(len(library.tracks), codes)
    recording: Ints = array(library.tracks["recording"])
    return table(len(library.recordings), recording[codes])[recording]


def _named(library: Library, text: str) -> Bools:
    """Return which tracks have the text in their name, their artist's or their album's, in any case."""
    found: dict[By, Bools] = {by: array(matching(names, text)) for by, names in library.lowered.items()}
    tracks = library.tracks
    artists, albums = array(tracks["artist"]), array(tracks["album"])
    either: Bools = found["track"] | found["artist"][artists] | found["album"][albums]
    return either


def matching(lowered: pl.Series, text: str) -> pl.Series:
    """Return which lower-case names contain the text, in any case."""
    return lowered.str.contains(text.lower(), literal=True)
