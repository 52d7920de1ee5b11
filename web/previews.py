"""The pictures messengers show beside a link to a public page."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.domain.trends import TrendAsk, Window, parse_trend
from ui.figures import trend_words
from web.few import Few
from web.plain import nothing_here
from web.preview_cards import ChartCard, Placed, ThingCard, chart_card, thing_card
from web.requests import Parts, neighbourhood
from web.trend_heads import headline, shown_by

if TYPE_CHECKING:
    from core.services.trends import Settled, Thing, Trends

_KEPT, _ROWS = 3600, 5
_KEEP = {"Cache-Control": "public, max-age=600"}
_TIMES: dict[Window, str] = {"day": "days", "week": "weeks", "month": "months", "year": "years", "all": "times"}
_DAYS: dict[Window, int] = {"day": 1, "week": 7, "month": 31, "year": 366, "all": 31}


class Previews:
    """Draws what a public page shows in little; for anybody, without an account."""

    def __init__(self, parts: Parts, few: Few) -> None:
        self._parts, self._few = parts, few

    def routes(self) -> list[BaseRoute]:
        """Return the route; it takes GET alone."""
        return [Route("/preview/trend.png", self.trend, methods=["GET"])]

    async def trend(self, request: Request) -> Response:
        """Return the picture of a chart or, with ``id``, of what stands on charts."""
        await run_in_threadpool(self._parts().limits.take, "preview", neighbourhood(request))
        body = await self._few.run(self._picture, parse_trend(request.query_params))
        return Response(body, media_type="image/png", headers=_KEEP) if body else nothing_here()

    def _picture(self, ask: TrendAsk) -> bytes:
        """Return a picture; asks that show the same share one."""
        trends = self._parts().trends
        settled = trends.settle(ask.other(kind="genre", thing=0) if ask.genre else ask)
        return self._kept(trends.version, settled.ask.other(ids=(), genre="")) if settled else b""

    @cached_property
    def _kept(self) -> Callable[[int, TrendAsk], bytes]:
        """Return ``_made`` with its results kept while no chart changes."""
        return self._parts().cache.cached(ttl=_KEPT, name="preview")(self._made)

    def _made(self, data_version: int, ask: TrendAsk) -> bytes:
        """Return a picture, empty where there is nothing to show; ``data_version`` changes with the charts."""
        trends, tags = self._parts().trends, self._parts().settings.genre_tags
        settled = trends.settle(ask)
        if settled is None:
            return b""
        if not ask.thing:
            return _chart(trends, settled, tags=tags)
        thing = trends.thing(ask.thing)
        return _thing(trends, shown_by(trends, thing, settled), thing, tags=tags) if thing is not None else b""


def _chart(trends: "Trends", settled: "Settled", *, tags: bool) -> bytes:
    """Return the picture of a chart."""
    chart = trends.chart(settled.ask)
    if chart is None or chart.frame.is_empty():
        return b""
    rows = tuple(
        Placed(
            rank=row["rank"],
            name=trend_words.plain(row["name"]),
            artist=trend_words.plain(row["artist"] or ""),
            change=row["change"],
            entry=row["entry"],
            ranks=tuple(row["ranks"] or ()),
        )
        for row in chart.frame.head(_ROWS).iter_rows(named=True)
    )
    when = trend_words.when(settled)
    return chart_card(ChartCard(trend_words.ranked(settled), when[:1].upper() + when[1:], rows, _credit(settled, tags)))


def _thing(trends: "Trends", settled: "Settled", thing: "Thing", *, tags: bool) -> bytes:
    """Return the picture of an artist, a song or an album: its places on the chart that says most."""
    row = headline(thing, settled.key.source)
    name, artist = trend_words.plain(thing.name), trend_words.plain(thing.artist)
    under = trend_words.ONE[thing.kind].capitalize() + (f" by {artist}" if artist else "")
    if row is None:
        return thing_card(ThingCard(name, under, (), (), _credit(settled, tags)))
    same = [pl.col(column) == row[column] for column in ("source", "window", "region")]
    curve = trends.curves(thing.id).filter(*same).sort("first").select("first", "rank")
    figures = [
        (str(row["peak_rank"]), f"best place {trend_words.place(str(row['region']))}"),
        (str(row["weeks"]), f"{_TIMES[row['window']]} on the chart"),
    ]
    if row["now_rank"]:
        figures.append((str(row["now_rank"]), "now"))
    points = broken(tuple(curve.iter_rows()), row["window"])
    return thing_card(ThingCard(name, under, tuple(figures), points, _credit(settled, tags)))


def broken(places: Sequence[tuple[date, int]], window: Window) -> tuple[tuple[date, int | None], ...]:
    """Return days and places with a hole wherever at least one chart lies between two of them."""
    most, points = timedelta(days=1.6 * _DAYS[window]), list[tuple[date, int | None]]()
    for day, rank in places:
        if points and day - points[-1][0] > most:
            points.append((day, None))
        points.append((day, rank))
    return tuple(points)


def _credit(settled: "Settled", tags: bool) -> str:
    """Return whose data it is, and as of when."""
    made = settled.computed_at
    return f"{trend_words.credit(settled, tags=tags)}  ·  as of {made.day} {made:%B %Y}"
