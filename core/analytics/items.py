"""One artist, album or track; finding one by name; what there is to filter by."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from core.analytics.arrays import Ints, array, counts
from core.analytics.counting import Totals, counted, totals
from core.analytics.library import By, Library
from core.analytics.localtime import day_of
from core.analytics.selecting import BYS, matching
from core.analytics.view import View
from core.domain.listen import Platform, Source, country_letters
from core.domain.names import name_key, recording_title


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An artist, album or track as a person knows it.

    ``artist_id`` and ``album_id`` are 0 and their names empty where there is none; ``uri`` and ``length_ms`` (the usual
    length) are a track's; ``track_ids`` are all tracks that belong to it (of its recording when merged). ``first`` and
    ``last``: the first and last listen ever under the lens, in UTC. ``totals`` are those of the view with only this
    thing; ``rank`` (``None`` without a play) and ``share`` (of plays, 0..1) are its place in the view.
    """

    kind: By
    id: int
    name: str
    artist: str
    artist_id: int
    album: str
    album_id: int
    uri: str | None
    length_ms: int | None
    track_ids: tuple[int, ...]
    first: datetime | None
    last: datetime | None
    totals: Totals
    rank: int | None
    share: float


def item(everything: View, view: View, kind: By, id: int) -> ItemFacts | None:
    """Return the facts of an artist, album or track by its database id; ``None`` when this person never heard it.

    ``everything`` is the view of all time without filters: the first and last listen are taken from it.
    """
    code = view.code(kind, id)
    track_ids = array(view.library.tracks["id"])[_tracks(view, kind, code)] if code >= 0 else ()
    if not len(track_ids):
        return None
    ever, own = totals(everything.only(kind, code)), totals(view.only(kind, code))
    place = np.flatnonzero(counted(view, kind).ranked == code)
    plays = view.plays
    return ItemFacts(
        kind=kind,
        id=_id(view.library, kind, id),
        **_names(view.library, kind, view.library.code(kind, id)),
        track_ids=tuple(int(track) for track in track_ids),
        first=ever.first,
        last=ever.last,
        totals=own,
        rank=int(place[0]) + 1 if len(place) else None,
        share=own.plays / plays if plays else 0.0,
    )


def _id(library: Library, kind: By, id: int) -> int:
    """Return the id of what is shown: of an artist or album merged away, where it went."""
    frame = {"artist": library.artists, "album": library.albums, "track": library.tracks}[kind]
    return int(frame["id"][library.code(kind, id)])


def _tracks(view: View, kind: By, code: int) -> Ints:
    """Return the codes of the tracks that belong to a code of ``kind``; of an artist also those they are a guest on."""
    tracks, column = view.library.tracks, view.code_column(kind)
    if column == "track":
        return np.array([code])
    inside = array(tracks[column]) == code
    if kind == "artist" and view.lens.featured:
        inside |= view.library.credited([code])
    return np.flatnonzero(inside)


def _names(library: Library, kind: By, code: int) -> dict[str, Any]:
    """Return the names, ids and facts of a row of a look-up."""
    frame = {"artist": library.artists, "album": library.albums, "track": library.tracks}[kind]
    artist = code if kind == "artist" else int(frame["artist"][code])
    album = {"artist": 0, "album": code}.get(kind)
    album = int(frame["album"][code]) if album is None else album
    return {
        "name": str(frame["name"][code]),
        "artist": str(library.items(kind, merged=False).artists[code]),
        "artist_id": int(library.artists["id"][artist]),
        "album": str(library.albums["name"][album]),
        "album_id": int(library.albums["id"][album]),
        "uri": frame["uri"][code] if kind == "track" else None,
        "length_ms": frame["length_ms"][code] if kind == "track" else None,
    }


@dataclass(frozen=True, slots=True)
class Found:
    """One thing whose name holds the text looked for; ``plays`` are those of the view."""

    kind: By
    id: int
    name: str
    artist: str
    plays: int


def find(view: View, text: str, *, limit: int = 20) -> list[Found]:
    """Return artists, albums and tracks played in the view with ``text`` in their name, in any case: most plays first.

    Of equals artists come before albums before tracks, then the list's own order. An empty text finds nothing.
    """
    wanted, found = text.strip(), []
    for by in BYS if wanted else ():
        items, known = view.items(by), counted(view, by)
        lowered = items.names.gather(known.ranked).str.to_lowercase()
        for code in known.ranked[array(matching(lowered, wanted))][:limit]:
            name, artist = str(items.names[int(code)]), str(items.artists[int(code)])
            found.append(Found(by, int(items.ids[code]), name, artist, int(known.plays[code])))
    return sorted(found, key=lambda thing: -thing.plays)[:limit]


def named(view: View, kind: By, name: str, artist: str = "") -> int | None:
    """Return the id of what is called so (and is by ``artist``), the most played of several; None: nothing here is.

    Names are compared as ``name_key`` folds them, titles without the words that name an edition.
    """
    items, known = view.items(kind), counted(view, kind)
    ranked, wanted, whose = known.ranked, name_key(recording_title(name)), name_key(artist)
    lowered = items.names.gather(ranked).str.to_lowercase()
    near = np.flatnonzero(array(lowered.str.starts_with(recording_title(name).lower()).fill_null(value=False)))
    for code in ranked[near]:
        alike = name_key(recording_title(str(items.names[int(code)]))) == wanted
        if alike and (not whose or name_key(str(items.artists[int(code)])) == whose):
            return int(items.ids[int(code)])
    return None


@dataclass(frozen=True, slots=True)
class Choices:
    """The values the listens of a view have: countries A-Z, platforms, sources, local years newest first."""

    countries: tuple[str, ...]
    platforms: tuple[Platform, ...]
    sources: tuple[Source, ...]
    years: tuple[int, ...]


def choices(view: View) -> Choices:
    """Return what the listens of a view can be filtered by; unknown countries are left out."""
    days = view.values("day")
    low = int(days.min()) if len(days) else 0
    years = {day_of(low + int(day)).year for day in np.flatnonzero(counts(days - low, 1))}
    countries = (country_letters(code) for code in _present(view, "country"))
    return Choices(
        countries=tuple(sorted(letters for letters in countries if letters)),
        platforms=tuple(Platform(code) for code in _present(view, "platform")),
        sources=tuple(Source(code) for code in _present(view, "source")),
        years=tuple(sorted(years, reverse=True)),
    )


def _present(view: View, name: str) -> list[int]:
    """Return the different values of a column, rising."""
    return [int(value) for value in np.flatnonzero(counts(view.values(name), 1))]
