"""What a page shows where its address leaves things open, or names what is not there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from core.domain.trends import (
    DEMO,
    KINDS,
    SOURCES,
    WINDOWS,
    WORLD,
    Available,
    ChartKey,
    Kind,
    Series,
    TrendAsk,
    Window,
)
from core.services.trend_answers import Settled
from core.services.trend_keeping import Keeping

RANKED: tuple[Kind, ...] = ("artist", "track", "album")  # genres are taken from the first of these a source ranks


@dataclass(frozen=True, slots=True)
class Choice:
    """The chart chosen; ``kind`` is "genre" also where genres are to be taken from the chart of something else."""

    series: Series
    kind: Kind
    kinds: tuple[Kind, ...]
    windows: tuple[Window, ...]
    regions: tuple[str, ...]


def available(series: Iterable[Series]) -> tuple[Available, ...]:
    """Return the sources that have anything, in their order; invented charts only where there are no others."""
    by_source: dict[str, list[Series]] = {}
    for each in series:
        by_source.setdefault(each.key.source, []).append(each)
    if len(by_source.keys() & SOURCES.keys()) > 1:
        by_source.pop(DEMO, None)
    return tuple(
        Available(info, tuple(sorted(mine, key=lambda s: s.key)), max(s.computed_at for s in mine))
        for id, info in SOURCES.items()
        if (mine := by_source.get(id))
    )


def choose(ask: TrendAsk, sources: Sequence[Available]) -> Choice | None:
    """Return the chart that fits best what is asked; ``None`` where there is none at all."""
    source = _source(ask, sources)
    if source is None:
        return None
    has = {s.key.kind for s in source.charts}
    kinds = tuple(kind for kind in KINDS if kind in has or (kind == "genre" and has.intersection(RANKED)))
    kind = ask.kind if ask.kind in kinds else kinds[0]
    charts = of_kind(source.charts, kind)
    window = _window(ask, charts)
    region = _region(ask, [s for s in charts if s.key.window == window])
    series = next(s for s in charts if (s.key.window, s.key.region) == (window, region))
    return Choice(
        series,
        kind,
        kinds,
        tuple(each for each in WINDOWS if any(s.key.window == each for s in charts)),
        tuple(sorted({s.key.region for s in charts if s.key.window == window}, key=lambda r: (r != WORLD, r))),
    )


def of_kind(charts: Iterable[Series], kind: Kind) -> list[Series]:
    """Return the charts of a kind; for genres nobody ranks, by window and region those of artists, else tracks."""
    charts = list(charts)
    own = [s for s in charts if s.key.kind == kind]
    if own or kind != "genre":
        return own
    found: dict[tuple[str, str], Series] = {}
    for base in reversed(RANKED):
        found |= {(s.key.window, s.key.region): s for s in charts if s.key.kind == base}
    return list(found.values())


def _source(ask: TrendAsk, sources: Sequence[Available]) -> Available | None:
    """Return the source asked for, else the first that has most of what is asked."""
    named = next((each for each in sources if each.info.id == ask.source), None)
    if named or not sources:
        return named

    def fitting(source: Available) -> int:
        charts = of_kind(source.charts, ask.kind)
        return max(
            (
                4 + 2 * (not ask.region or s.key.region == ask.region) + (not ask.window or s.key.window == ask.window)
                for s in charts
            ),
            default=0,
        )

    return max(sources, key=fitting)  # the first of those that fit alike


def _window(ask: TrendAsk, charts: Sequence[Series]) -> Window:
    """Return the window asked for, else weeks, else the first there is; where it is open, one the region has."""
    has = {s.key.window for s in charts}
    if ask.window and ask.window in has:
        return ask.window
    local = {s.key.window for s in charts if s.key.region == (ask.region or WORLD)} or has
    return "week" if "week" in local else next(each for each in WINDOWS if each in local)


def _region(ask: TrendAsk, charts: Sequence[Series]) -> str:
    """Return the region asked for, else the world, else the first there is."""
    has = {s.key.region for s in charts}
    return next((each for each in (ask.region, WORLD) if each in has), min(has))


def day_of(ask: TrendAsk, firsts: Sequence[date], complete: Sequence[bool]) -> int:
    """Return the snapshot to show: of the day asked for, else the last complete one, else the last.

    A day between snapshots shows the one before it, a day before all of them the first.
    """
    if ask.at is None:
        return max((at for at, whole in enumerate(complete) if whole), default=len(firsts) - 1)
    return max((at for at, first in enumerate(firsts) if first <= ask.at), default=0)


class Settling:
    """What is there to be shown, and which of it an address means."""

    def __init__(self, keeping: Keeping) -> None:
        self._keeping = keeping

    def available(self) -> tuple[Available, ...]:
        """Return the sources that have anything (``available``)."""
        return self._keeping.remember("available", lambda: available(self._keeping.series()))

    def visible(self) -> tuple[Series, ...]:
        """Return the charts of the sources that are shown."""
        return tuple(each for source in self.available() for each in source.charts)

    def settle(self, ask: TrendAsk) -> Settled | None:
        """Return what a page shows; ``None``: nothing is stored."""
        return self._keeping.remember(("settle", ask), lambda: self._settled(ask))

    def base(self, ask: TrendAsk) -> tuple[int, date] | None:
        """Return the chart genres and countries are taken from: of artists, else of tracks or albums, there and then.

        Its id, and a day of its snapshot; ``None``: there is none.
        """
        settled = self.settle(ask)
        if settled is None:
            return None
        key, charts = settled.series.key, {each.key: each.id for each in self.visible()}
        wanted = (ChartKey(key.source, kind, key.window, key.region) for kind in RANKED)
        return next(((charts[each], settled.at) for each in wanted if each in charts), None)

    def _settled(self, ask: TrendAsk) -> Settled | None:
        """Return what a page shows, found anew."""
        chosen = choose(ask, self.available())
        moments = self._keeping.moments(chosen.series.id) if chosen else None
        if chosen is None or moments is None or moments.is_empty():  # empty: forgotten this very moment
            return None
        row = moments.row(day_of(ask, moments["first"].to_list(), moments["complete"].to_list()), named=True)
        stored = chosen.series.key
        key = ChartKey(stored.source, chosen.kind, stored.window, stored.region)
        filled = ask.other(source=key.source, kind=key.kind, window=key.window, region=key.region, at=row["first"])
        return Settled(
            info=SOURCES[key.source],
            key=key,
            series=chosen.series,
            at=row["first"],
            until=row["until"],
            complete=row["complete"],
            computed_at=row["computed_at"],
            ask=filled,
            kinds=chosen.kinds,
            windows=chosen.windows,
            regions=chosen.regions,
            later=moments.filter(pl.col("first") > row["first"])["first"].min(),  # type: ignore[arg-type]
        )
