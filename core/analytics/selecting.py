"""Applies a lens, a period and filters to a library."""

from collections.abc import Collection, Iterable

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Ints, among, array
from core.analytics.genres import artists_of
from core.analytics.library import By, Library
from core.analytics.localtime import LocalTime
from core.analytics.view import View
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.listen import Flag, Source, country_code
from core.domain.period import Period

ALL_TIME = Period()
UNFILTERED = Filters()
BYS: tuple[By, ...] = ("artist", "album", "track")


def select(library: Library, lens: Lens, *, period: Period = ALL_TIME, filters: Filters = UNFILTERED) -> View:
    """Return the view of a library: what the lens, the period and the filters let through.

    Kinds, private sessions, plays the API reported and exclusions of the lens hide listens; its rule decides which
    visible ones are plays. The period is in local days of the lens's timezone, by the end of a listen. A track stands
    for its recording when the lens merges recordings, in exclusions and in filters; ids this person never heard match
    nothing, ids merged into something else mean that. A filter of artists lets tracks through on which they are guests
    where the lens credits those; leaving an artist out leaves out their own tracks.
    """
    local = library.local(lens.timezone)
    rows, mask = local.between(period.start, period.end)
    for visible in _conditions(library, local, lens, filters, rows):
        mask = visible if mask is None else mask & visible
    picked = None if mask is None else np.flatnonzero(mask) + rows.start
    return View(library, lens, period, filters, local, rows, picked)


def _conditions(library: Library, local: LocalTime, lens: Lens, filters: Filters, rows: slice) -> Iterable[Bools]:
    """Yield a mask of ``rows`` for each condition that hides something; conditions that cannot are left out."""
    for name, values in _wanted(library, lens, filters):
        yield among(_column(library, local, name)[rows], values)
    for name, values in _excluded(library, lens):
        if values:
            yield ~among(_column(library, local, name)[rows], values)
    if filters.artists:
        yield _by_artists(library, lens, filters, rows)
    if filters.genres:
        counted = artists_of(library.knowledge.genres, filters.genres, len(library.artists))
        yield counted.take(library.column("artist")[rows])
    if filters.search.strip():
        yield _named(library, filters.search.strip()).take(library.column("track")[rows])
    flags = library.column("flags")[rows]
    if not lens.incognito and library.any_incognito:
        yield (flags & Flag.INCOGNITO.value) == 0
    if not lens.api and Source.SPOTIFY_API in library.present("source"):
        yield library.column("source")[rows] != Source.SPOTIFY_API.value
    if filters.shuffle is not None:
        wanted = Flag.SHUFFLE_KNOWN.value + Flag.SHUFFLE.value * filters.shuffle
        yield (flags & (Flag.SHUFFLE | Flag.SHUFFLE_KNOWN).value) == wanted
    if filters.skipped is not None:
        skipped, known = (part[rows] for part in library.skipped)
        yield skipped if filters.skipped else known & ~skipped


def _column(library: Library, local: LocalTime, name: str) -> Ints:
    """Return a stored column, or the local hour or weekday."""
    column: Ints = getattr(local, name) if name in ("hour", "weekday") else library.column(name)
    return column


def _wanted(library: Library, lens: Lens, filters: Filters) -> Iterable[tuple[str, Collection[int]]]:
    """Yield (column, values) for what a listen must be one of."""
    if not library.present("kind") <= set(lens.kinds):
        yield "kind", [int(kind) for kind in lens.kinds]
    ids: dict[By, tuple[int, ...]] = {"album": filters.albums, "track": filters.tracks}
    for by, wanted in ids.items():
        if wanted:
            yield library.codes(by, wanted, merged=lens.merge_recordings)
    if filters.platforms:
        yield "platform", [int(platform) for platform in filters.platforms]
    if filters.countries:
        yield "country", [country_code(letters) for letters in filters.countries]
    if filters.sources:
        yield "source", [int(source) for source in filters.sources]
    if filters.weekdays:
        yield "weekday", filters.weekdays
    if filters.hours:
        yield "hour", filters.hours


def _by_artists(library: Library, lens: Lens, filters: Filters, rows: slice) -> Bools:
    """Return which listens are of the wanted artists, or of tracks they are guests on where those are credited."""
    _, codes = library.codes("artist", filters.artists, merged=False)
    found = among(library.column("artist")[rows], codes)
    guests = library.credited(codes) if lens.featured and len(library.credits) else None
    if guests is None or not guests.any():
        return found
    return found | guests.take(library.column("track")[rows])


def _excluded(library: Library, lens: Lens) -> Iterable[tuple[str, Collection[int]]]:
    """Yield (column, values) for what a listen must not be."""
    if not lens.exclusions:
        return
    for by in BYS:
        yield library.codes(by, [e.value for e in lens.exclusions if e.kind == by], merged=lens.merge_recordings)
    for name in ("platform", "hour", "country"):
        yield name, [e.value for e in lens.exclusions if e.kind == name]


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
