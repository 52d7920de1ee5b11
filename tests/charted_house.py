"""An instance with a small invented set of charts: two sources of several countries, weeks and kinds."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from core.domain.trends import WORLD, ChartKey, Entry, Extra, Kind, Snapshot
from core.repositories.chart_rows import ChartRows

MONDAY = date(2024, 1, 1)
WEEK = timedelta(7)
NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
ARTISTS = ("Miles Davis", "Daft Punk", "Björk", "Nobody Knows", "Aphex Twin")
MILES = UUID("561d854a-6a28-4aa7-8c99-323e6ce46c2a")


def entry(rank: int, name: str, value: int | None = None, artist: str = "", **told: object) -> Entry:
    mbid = MILES if name == "Miles Davis" else None
    return Entry(rank, name, artist, value, mbid=mbid, **told)  # type: ignore[arg-type]


def snapshot(key: ChartKey, week: int, *entries: Entry, complete: bool = True, total: int | None = None) -> Snapshot:
    first = MONDAY + week * WEEK
    return Snapshot(key, first, first + WEEK, complete, NOON, entries, total)


def listens(kind: Kind = "artist", region: str = WORLD) -> ChartKey:
    return ChartKey("listenbrainz", kind, "week", region)


def streams(region: str) -> ChartKey:
    return ChartKey("spotify", "track", "week", region)


def world(weeks: int = 8) -> list[Snapshot]:
    """Return weeks in which one artist after the other is first; the last week is still running."""
    made = []
    for week in range(weeks):
        names = [ARTISTS[(week + place) % 5] for place in range(4)]
        entries = (entry(place + 1, name, 1000 - 200 * place + week) for place, name in enumerate(names))
        made.append(snapshot(listens(), week, *entries, complete=week < weeks - 1, total=10_000))
    return made


def tracks(region: str, weeks: int = 3, *, shift: int = 0) -> list[Snapshot]:
    """Return the same three songs in another order by country."""
    songs = [("One More Time", "Daft Punk"), ("So What", "Miles Davis"), ("Windowlicker, Live", "Aphex Twin, Björk")]
    made = []
    for week in range(weeks):
        turned = songs[(week + shift) % 3 :] + songs[: (week + shift) % 3]
        entries = (entry(n + 1, name, 300 - n, artist, weeks=week + 4) for n, (name, artist) in enumerate(turned))
        made.append(snapshot(streams(region), week, *entries))
    return made


def demo() -> list[Snapshot]:
    """Return one invented chart."""
    return [snapshot(ChartKey("demo", "artist", "week"), 0, entry(1, "Made Up", 5))]


def eras() -> Extra:
    """Return what a source says of release years."""
    rows = ({"year": 1999, "count": 5}, {"year": 2004, "count": 7})
    return Extra("listenbrainz", "eras", "month", MONDAY, MONDAY + 4 * WEEK, NOON, rows)


def fill(rows: ChartRows) -> None:
    """Store all of it."""
    rows.store([*world(), *(s for n, region in enumerate((WORLD, "DE", "HK")) for s in tracks(region, shift=n))])
    rows.store(demo())
    rows.store_extra(eras())
    rows.note("listenbrainz", ok=True, now=NOON)
