"""The heads of the public pages: what a chart, an artist, a song, an album or a genre says of itself."""

from collections import OrderedDict
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import polars as pl

from core.domain.trends import DEMO, WORLD, TrendAsk
from core.logs import logger
from core.settings import Settings
from ui.figures import trend_words
from web.heads import PLAIN, Head

if TYPE_CHECKING:
    from core.bootstrap import Playprint
    from core.services.trends import Settled, Thing, Trends

_LISTED, _NAMED, _KEPT = 10, 3, 500
LOG = logger("heads")


class TrendHeads:
    """Makes heads, and keeps the last few hundred while the charts stay as they are."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, str, TrendAsk], Head] = OrderedDict()
        self._lock = Lock()

    def head(self, playing: "Playprint", page: str, ask: TrendAsk) -> Head:
        """Return the head of ``/trends`` or ``/trend``; the plain one where there is nothing, or where it fails."""
        try:
            key = (playing.trends.version, page, ask)
            with self._lock:
                found = self._kept.get(key)
            if found is None:
                found = _made(playing.trends, playing.settings, page, ask)
                with self._lock:
                    self._kept[key] = found
                    if len(self._kept) > _KEPT:
                        self._kept.popitem(last=False)
            return found
        except Exception as error:  # a page is worth more than its head
            LOG.error("head.failed", page=page, error=type(error).__name__)
            return PLAIN


def _made(trends: "Trends", settings: Settings, page: str, ask: TrendAsk) -> Head:
    settled = trends.settle(ask)
    if settled is None:
        return PLAIN
    if page == "trends":
        made = _chart(trends, settled)
    elif ask.genre:
        made = _genre(trends, settled)
    else:
        thing = trends.thing(ask.thing) if ask.thing else None
        settled = shown_by(trends, thing, settled) if thing is not None else settled
        made = _thing(settled, thing) if thing is not None else PLAIN
    return made if made is PLAIN else _placed(made, settings, settled, page, ask)


def _chart(trends: "Trends", settled: "Settled") -> Head:
    """Return the head of a chart: its first three, and whose it is."""
    chart = trends.chart(settled.ask)
    if chart is None or chart.frame.is_empty():
        return PLAIN
    entries = tuple(_entry(row) for row in chart.frame.head(_LISTED).iter_rows(named=True))
    first = ", ".join(f"{rank}. {words}" for rank, (words, _) in enumerate(entries[:_NAMED], 1))
    ask, start = settled.ask.other(at=None, ids=(), thing=0, genre=""), trends.settle(TrendAsk())
    usual = start is not None and ask == start.ask.other(at=None)
    return Head(
        title=trend_words.title(settled),
        description=f"{first}.",
        canonical="/trends" if usual else f"/trends?{ask.query()}",
        entries=entries,
    )


def _entry(row: dict[str, object]) -> tuple[str, str]:
    """Return a row's words and the path of its page."""
    name, artist, id = trend_words.plain(str(row["name"])), trend_words.plain(str(row["artist"] or "")), row["id"]
    page = f"/trend?id={id}" if id else f"/trend?{urlencode({'genre': str(row['name'])})}"
    return f"{name} by {artist}" if artist else name, page


def _thing(settled: "Settled", thing: "Thing") -> Head:
    """Return the head of an artist, a song or an album: its best place, and for how long it was on a chart."""
    name, artist = trend_words.plain(thing.name), trend_words.plain(thing.artist)
    whole = f"{name} by {artist}" if artist else name
    return Head(
        title=f"{whole} in the charts",
        description=_best(thing, settled),
        canonical=f"/trend?id={thing.id}",
    )


def headline(thing: "Thing", source: str) -> dict[str, Any] | None:
    """Return the row of ``thing.charts`` that says most: of this source, of the world, of the most snapshots."""
    if thing.charts.is_empty():
        return None
    order = (pl.col("source") != source, pl.col("region") != WORLD, -pl.col("weeks"))
    found: dict[str, Any] = thing.charts.sort(order).row(0, named=True)
    return found


def shown_by(trends: "Trends", thing: "Thing", settled: "Settled") -> "Settled":
    """Return the chart that says most of a thing, as ``settle`` gives it: whose it is belongs beside what it says."""
    row = headline(thing, settled.ask.source)
    if row is None:
        return settled
    ask = TrendAsk(row["source"], row["kind"], row["window"], row["region"], thing=thing.id)
    return trends.settle(ask) or settled


def _best(thing: "Thing", settled: "Settled") -> str:
    row = headline(thing, settled.key.source)
    if row is None:
        return f"A {trend_words.ONE[thing.kind]} of the public charts."
    where, now = trend_words.place(str(row["region"])), row["now_rank"]
    day = f", on {row['peak_on']:%-d %B %Y}" if row["peak_on"] else ""
    best = f"Best place {row['peak_rank']} {where}{day}"
    return f"{best}; now at {now}." if now else f"{best}."


def _genre(trends: "Trends", settled: "Settled") -> Head:
    """Return the head of a genre: its share of a chart; the plain one for a genre no chart holds."""
    found = trends.genre_list(settled.ask).filter(pl.col("name") == settled.ask.genre)
    if found.is_empty():
        return PLAIN
    name, share = trend_words.plain(settled.ask.genre), float(found["share"][0])
    ask = TrendAsk(genre=settled.ask.genre)
    return Head(
        title=f"{trend_words.genre_title(name)} in the charts",
        description=f"{share:.1%} of the music behind “{trend_words.title(settled)}”.",
        canonical=f"/trend?{ask.query(of=None)}",
    )


def _placed(made: Head, settings: Settings, settled: "Settled", page: str, ask: TrendAsk) -> Head:
    """Return a head with whole addresses; its picture is of this very snapshot, for messengers keep pictures."""
    credit = trend_words.credit(settled, tags=settings.genre_tags)
    site, query = settings.address, "" if ask == TrendAsk() else f"?{ask.query()}"
    return replace(
        made,
        description=trend_words.plain(f"{made.description} Source: {credit}.", most=300),
        address=f"{site}/{page}{query}",
        canonical=f"{site}{made.canonical}",
        image=f"{site}/preview/trend.png?{settled.ask.query()}",
        alternative=made.title,
        indexed=settings.findable and settled.info.id != DEMO,
    )
