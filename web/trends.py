"""Downloads of public charts: what a panel shows, as CSV, JSON, PNG or SVG, for anybody."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.domain.trends import TrendAsk, parse_trend
from core.logs import logger
from ui.figures.panel import Panel, Picture
from ui.figures.trend_panels import TREND_PANELS
from web.downloads import file_name, named, nothing
from web.drawing import TYPES, csv_bytes, drawn, json_bytes
from web.few import Few
from web.requests import Parts, neighbourhood

if TYPE_CHECKING:
    from core.services.trends import Settled

_KEPT = 3600  # seconds
LOG = logger("trends")


class TrendFiles:
    """The panels of the public pages, to take away; nobody needs to be signed in, and nobody's own is in them."""

    def __init__(self, parts: Parts, few: Few) -> None:
        self._parts, self._few = parts, few

    def routes(self) -> list[BaseRoute]:
        """Return the route; it takes GET alone."""
        return [Route("/download/trend/{name}.{kind}", self.panel, methods=["GET"])]

    async def panel(self, request: Request) -> Response:
        """Return a panel as a file, for what the address asks; its source, licence and days are in it."""
        name, kind = request.path_params["name"], request.path_params["kind"]
        if kind not in TYPES or name not in TREND_PANELS:
            return nothing()
        await run_in_threadpool(self._parts().limits.take, "trend-download", neighbourhood(request))
        ask = parse_trend(request.query_params)
        body = await self._few.run(self._file, name, kind, ask)
        if not body:
            return nothing()
        LOG.info("trend.downloaded", panel=name, kind=kind)
        words = "-".join(filter(None, (ask.source, ask.kind, ask.region, ask.at.isoformat() if ask.at else "")))
        return Response(
            body, media_type=TYPES[kind], headers=named(file_name(f"trend-{name.removeprefix('trend-')}", words, kind))
        )

    def _file(self, name: str, kind: str, ask: TrendAsk) -> bytes:
        return self._kept(self._parts().trends.version, name, kind, ask)

    @cached_property
    def _kept(self) -> Callable[[int, str, str, TrendAsk], bytes]:
        """Return ``_made`` with its results kept while no chart changes."""
        return self._parts().cache.cached(ttl=_KEPT, name="trend-file")(self._made)

    def _made(self, data_version: int, name: str, kind: str, ask: TrendAsk) -> bytes:
        """Return a panel as a file, empty where there is none; ``data_version`` changes with the charts."""
        trends = self._parts().trends
        settled = trends.settle(ask)
        if settled is None or (ask.thing and trends.thing(ask.thing) is None):
            return b""
        made = TREND_PANELS[name](trends, ask)
        if kind == "csv":
            return csv_bytes(signed(made, settled))
        if kind == "json":
            return json_bytes(about(made, settled), made.frame)
        return drawn(made, kind, source=source_line(settled)) if isinstance(made, Picture) else b""


def signed(made: Panel, settled: "Settled") -> pl.DataFrame:
    """Return the rows of a panel with whose they are in columns of their own, but those the panel has itself."""
    constant = {
        "source": settled.info.title,
        "first": settled.at,
        "until": settled.until,
        "credit": made.credit or settled.info.credit,
    }
    missing = [pl.lit(value).alias(name) for name, value in constant.items() if name not in made.frame.columns]
    return made.frame.with_columns(missing)


def about(made: Panel, settled: "Settled") -> dict[str, object]:
    """Return what a program needs to know of a panel beside its rows; days are ISO 8601, ``until`` is the day after."""
    return {
        "title": made.title,
        "about": made.about,
        "source": settled.info.title,
        "licence": settled.info.licence,
        "credit": made.credit or settled.info.credit,
        "first": settled.at,
        "until": settled.until,
        "as_of": settled.computed_at,
    }


def source_line(settled: "Settled") -> str:
    """Return what a picture taken away says beside what its panel does: licence and day."""
    made = f"as of {settled.computed_at.day} {settled.computed_at:%b %Y}"
    return " · ".join((f"Licence: {settled.info.licence}", made, "Playprint"))
