"""What search engines read: which pages they may visit, and which there are."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import polars as pl
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from core.domain.trends import DEMO, WORLD, Available, Series, TrendAsk
from web.few import Few
from web.plain import nothing_here
from web.requests import Parts

if TYPE_CHECKING:
    from core.services.trends import Trends

MOST = 5_000  # addresses of the sitemap
_READ = 40  # charts whose things are listed
_HOUR = 3600
_KEEP = {"Cache-Control": "public, max-age=600"}
_OPEN = ("/$", "/trends", "/trend", "/preview/", "/assets/", "/static/")
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Finding:
    """``/robots.txt`` and ``/sitemap.xml``; both follow ``PLAYPRINT_INDEXED``."""

    def __init__(self, parts: Parts, few: Few) -> None:
        self._parts, self._few = parts, few

    def routes(self) -> list[BaseRoute]:
        """Return the routes; both take GET alone."""
        return [
            Route("/robots.txt", self.robots, methods=["GET"]),
            Route("/sitemap.xml", self.sitemap, methods=["GET"]),
        ]

    def robots(self, request: Request) -> Response:
        """Return what may be visited: the public pages and what they load, or nothing at all."""
        settings = self._parts().settings
        lines = ["User-agent: *"]
        if settings.findable:
            lines += [f"Allow: {path}" for path in _OPEN]
        lines.append("Disallow: /")
        if settings.findable:
            lines += ["", f"Sitemap: {settings.address}/sitemap.xml"]
        return PlainTextResponse("\n".join([*lines, ""]), headers=_KEEP)

    async def sitemap(self, request: Request) -> Response:
        """Return the public pages there are, as XML."""
        playing = self._parts()
        if not playing.settings.findable:
            return nothing_here()
        body = await self._few.run(self._map)
        return Response(body, media_type="application/xml", headers=_KEEP)

    def _map(self) -> bytes:
        playing = self._parts()
        return self._kept(playing.trends.version, playing.settings.address)

    @cached_property
    def _kept(self) -> Callable[[int, str], bytes]:
        """Return ``_made`` with its result kept while no chart changes."""
        return self._parts().cache.cached(ttl=24 * _HOUR, name="sitemap")(self._made)

    def _made(self, data_version: int, address: str) -> bytes:
        return sitemap(self._parts().trends, address)


def sitemap(trends: "Trends", address: str) -> bytes:
    """Return the sitemap of the charts and of what stands on them; invented charts are left out."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<urlset xmlns="{_NAMESPACE}">']
    for count, (path, moment) in enumerate(_pages(trends)):
        if count == MOST:
            break
        when = f"<lastmod>{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if moment else ""
        lines.append(f"<url><loc>{escape(address + path)}</loc>{when}</url>")
    return "\n".join([*lines, "</urlset>", ""]).encode()


def _pages(trends: "Trends") -> Iterator[tuple[str, datetime | None]]:
    """Yield the path and the moment of the last change of every page, those that matter most first."""
    sources = [each for each in trends.available() if each.info.id != DEMO]
    charts = [series for each in sources for series in _charts(each)]
    if not charts:
        return
    start = trends.settle(TrendAsk())
    usual = start.ask.other(at=None).query() if start else ""
    yield "/trends", max(each.computed_at for each in charts)
    for series in charts:
        query = _ask(series).query()
        if query != usual:
            yield f"/trends?{query}", series.computed_at
    for name in trends.genre_list(TrendAsk()).filter(pl.col("name") != "")["name"]:
        yield f"/trend?{urlencode({'genre': name})}", start.computed_at if start else None
    seen: set[int] = set()
    for series in charts[:_READ]:
        for id in _things(trends, series):
            if id not in seen:
                seen.add(id)
                yield f"/trend?id={id}", series.computed_at


def _charts(source: Available) -> list[Series]:
    """Return a source's charts, those of the world first."""
    return sorted(source.charts, key=lambda each: (each.key.region != WORLD, each.key.window == "day", each.key))


def _ask(series: Series) -> TrendAsk:
    key = series.key
    return TrendAsk(source=key.source, kind=key.kind, window=key.window, region=key.region)


def _things(trends: "Trends", series: Series) -> list[int]:
    """Return the ids of what stands on a chart now."""
    chart = trends.chart(_ask(series))
    return chart.frame.filter(pl.col("id") > 0)["id"].to_list() if chart is not None else []
