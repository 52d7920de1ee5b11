"""The invented charts: what an invented world plays, ranked by week, month and year, in the world and by country."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from core.demo.catalogue import Catalogue
from core.demo.chart_spans import Span, months_and_years, week_of, weeks
from core.demo.chart_world import REGIONS, World
from core.domain.trends import DEMO, WORLD, ChartKey, Entry, Kind, Snapshot

Integers = NDArray[np.int64]

# Raise it whenever the same catalogue would give other charts: instances then make theirs anew.
VERSION = 1
YEARS = 4
MOST_WORLD, MOST_COUNTRY, MOST_ALBUMS = 200, 100, 100
_SIX = time(6, tzinfo=UTC)


def beginning(today: date) -> date:
    """Return the Monday four years before a day, where the charts of a new instance begin."""
    return week_of(today) - timedelta(weeks=52 * YEARS)


class Charts:
    """Every chart of the invented world; the same catalogue and day always give the same charts."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Make the world that listens to a catalogue's music."""
        self.world = World(catalogue)
        songs = self.world.songs
        self._artists, self._artist_starts = np.unique(songs.artist, return_index=True)
        self._albums, self._album_starts = np.unique(songs.album, return_index=True)
        artists, self._blank = catalogue.artists, [""] * len(catalogue.artists)
        self._tracks = songs.names, [artists[each] for each in songs.artist]
        self._artist_names = [artists[each] for each in self._artists]
        self._album_names = (
            [catalogue.albums[each] for each in self._albums],
            [artists[catalogue.album_artist[each]] for each in self._albums],
        )
        self._kept: dict[date, Integers] = {}

    def snapshots(self, since: date, now: datetime, *, begin: date | None = None) -> Iterator[Snapshot]:
        """Yield every chart from the week of a day to the running week, in order of time.

        Months and years are the world's alone, of the time since ``begin`` (``since`` where it is not given).
        """
        today = now.astimezone(UTC).date()
        for span in weeks(since, today):
            streams = self._passed(self.world.streams(span.first.toordinal()), span.over(today))
            self._kept[span.first] = streams[0]
            for region, plays in zip(REGIONS, streams, strict=True):
                most = MOST_WORLD if region == WORLD else MOST_COUNTRY
                yield self._tracks_of(span, region, plays, most, now)
                yield self._artists_of(span, region, plays, most, now)
            yield self._albums_of(span, streams[0], now)
        for span in months_and_years(begin or week_of(since), week_of(since), today):
            plays = self.plays(span, today)
            yield self._artists_of(span, WORLD, plays, MOST_WORLD, now)
            yield self._tracks_of(span, WORLD, plays, MOST_WORLD, now)
            yield self._albums_of(span, plays, now)

    def plays(self, span: Span, today: date) -> Integers:
        """Return how often the world played each song in a span up to a day's noon."""
        parts = [self.week(start) * share for start, share in span.weeks(today)]
        return np.asarray(np.rint(np.sum(parts, axis=0)), dtype=np.int64)

    def week(self, start: date) -> Integers:
        """Return how often the world plays each song in a whole week, from its Monday."""
        if start not in self._kept:
            self._kept[start] = self.world.streams(start.toordinal())[0]
        return self._kept[start]

    def by_artist(self, plays: Integers) -> Integers:
        """Return the plays of all songs of each artist, in the order of ``artist_names``."""
        return np.asarray(np.add.reduceat(plays, self._artist_starts))

    @property
    def artist_names(self) -> list[str]:
        """The artists who have songs."""
        return self._artist_names

    def _passed(self, streams: Integers, share: float) -> Integers:
        """Return the plays of the part of a week that is over."""
        return streams if share == 1 else np.rint(streams * share).astype(np.int64)

    def _tracks_of(self, span: Span, region: str, plays: Integers, most: int, now: datetime) -> Snapshot:
        return _snapshot(span, "track", region, plays, *self._tracks, most, now)

    def _artists_of(self, span: Span, region: str, plays: Integers, most: int, now: datetime) -> Snapshot:
        return _snapshot(span, "artist", region, self.by_artist(plays), self._artist_names, self._blank, most, now)

    def _albums_of(self, span: Span, plays: Integers, now: datetime) -> Snapshot:
        summed = np.add.reduceat(plays, self._album_starts)
        return _snapshot(span, "album", WORLD, summed, *self._album_names, MOST_ALBUMS, now)


def _snapshot(
    span: Span, kind: Kind, region: str, plays: Integers, names: list[str], artists: list[str], most: int, now: datetime
) -> Snapshot:
    """Return the chart of what was played most; equal numbers keep the catalogue's order."""
    best = np.argsort(-plays, kind="stable")[:most]
    best = best[plays[best] > 0]
    entries = tuple(
        Entry(rank, names[each], artists[each], value)
        for rank, (each, value) in enumerate(zip(best.tolist(), plays[best].tolist(), strict=True), start=1)
    )
    closed = datetime.combine(span.until, _SIX)
    complete = span.until <= now.astimezone(UTC).date()
    key = ChartKey(DEMO, kind, span.window, region)
    computed = closed if complete and closed <= now else now
    return Snapshot(key, span.first, span.until, complete, computed, entries, int(plays.sum()))
