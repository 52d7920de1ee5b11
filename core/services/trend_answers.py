"""What the public pages are answered with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from core.domain.trends import ChartKey, Kind, Series, SourceInfo, TrendAsk, Window


@dataclass(frozen=True, slots=True)
class Settled:
    """What a page shows, every blank of what was asked filled in; ``ask`` is that again as an address.

    ``key``: the chart; ``series``: where it is stored (for genres that a source does not rank: the chart they are taken
    from). ``at``, ``until``: first day of its snapshot and the first after. ``kinds``, ``windows``, ``regions``: what
    else the source offers. ``later``: first day of the snapshot after it, None for the newest.
    """

    info: SourceInfo
    key: ChartKey
    series: Series
    at: date
    until: date
    complete: bool
    computed_at: datetime
    ask: TrendAsk
    kinds: tuple[Kind, ...]
    windows: tuple[Window, ...]
    regions: tuple[str, ...]
    later: date | None = None

    @property
    def derived(self) -> bool:
        """Whether it is of genres that are taken from a chart of artists."""
        return self.key.kind != self.series.key.kind


@dataclass(frozen=True, eq=False, slots=True)
class Chart:
    """A chart at a moment; ``before``: the first day of the snapshot it is compared with, None for none.

    ``total``: what the whole world counts to, where the source says so. Columns of ``frame``: those of
    ``core.analytics.chart_standing.standing``, and name, artist, uri, mbid (str, null: none).
    """

    settled: Settled
    before: date | None
    size: int
    total: int | None
    frame: pl.DataFrame


@dataclass(frozen=True, eq=False, slots=True)
class Thing:
    """An artist, a track or an album; ``genres``: most telling first; ``artist_id``: the thing that is its artist.

    Columns of ``charts``: source, kind, window, region (str), peak_rank (i64), peak_on (date, first day of the first
    snapshot with it, null: before those stored here), weeks (i64, snapshots with it), first, last (date), now_rank
    (i64, null: not on the newest).
    """

    id: int
    kind: Kind
    name: str
    artist: str
    mbid: str | None
    uri: str | None
    country: str
    genres: tuple[str, ...]
    artist_id: int | None
    charts: pl.DataFrame


@dataclass(frozen=True, eq=False, slots=True)
class Reference:
    """What everybody plays, to compare with: counts by artist, and ``rest``: the counts of all others."""

    info: SourceInfo
    first: date
    counts: Mapping[str, int]
    rest: int
