"""Downloads of what a page draws: a picture's data, PNG or SVG, and a whole ranked list."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import polars as pl
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.domain.lens import Lens
from core.domain.selection import Selection, parse_selection
from core.logs import logger
from ui.figures.chart import KINDS, chart_of
from ui.figures.panel import Picture
from ui.figures.panels import PANELS, source_line
from ui.figures.ranking import ranked
from web.downloads import as_csv, file_name, named, nothing, whose
from web.drawing import TYPES, csv_bytes, drawn
from web.requests import Parts, back

_KINDS = ("csv", "png", "svg")
LOG = logger("pictures")


class Pictures:
    """What the panels of a page show, to take away; ``profile=demo`` gives the demo profile's, to anybody."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[BaseRoute]:
        """Return the routes; all take GET alone."""
        return [
            Route("/download/figure/{name}.{kind}", self.figure, methods=["GET"]),
            Route("/download/chart.csv", self.chart, methods=["GET"]),
        ]

    async def figure(self, request: Request) -> Response:
        """Return a picture of a page as CSV, PNG or SVG, for the selection of the address."""
        name, kind = request.path_params["name"], request.path_params["kind"]
        if name not in PANELS or kind not in _KINDS:
            return nothing()
        user_id = await whose(request, self._parts, "picture")
        if user_id is None:
            return back("/sign-in", error="signed-out")
        body = await run_in_threadpool(self._figure, user_id, name, kind, dict(request.query_params))
        if not body:
            return nothing()
        LOG.info("picture.downloaded", user_id=user_id, picture=name, kind=kind)
        title = file_name(name, request.query_params.get("range", ""), kind)
        return Response(body, media_type=TYPES[kind], headers=named(title))

    async def chart(self, request: Request) -> Response:
        """Return the list of the charts page as CSV: in its order, narrowed by its search, beside another range."""
        if request.query_params.get("of", "artist") not in KINDS:
            return nothing()
        user_id = await whose(request, self._parts, "download")
        if user_id is None:
            return back("/sign-in", error="signed-out")
        frame = await run_in_threadpool(self._chart, user_id, dict(request.query_params))
        if frame is None:
            return nothing()
        title = file_name(f"{request.query_params.get('of', 'artist')}s", request.query_params.get("range", ""), "csv")
        return Response(b"".join(as_csv(frame)), media_type=TYPES["csv"], headers=named(title))

    def _selection(self, user_id: int, params: dict[str, str]) -> tuple[Lens, tuple[int, str], Selection] | None:
        """Return the person's lens, the stamp of their library and what the address selects; None for no history."""
        parts = self._parts()
        lens = parts.profiles.lens(user_id)
        stamp = parts.listening.library(user_id).stamp
        span = parts.listening.span(user_id, lens=lens)
        if span is None:
            return None
        today = datetime.now(UTC).astimezone(ZoneInfo(lens.timezone)).date()
        return lens, stamp, parse_selection(params, first=span[0], last=span[1], today=today)

    def _figure(self, user_id: int, name: str, kind: str, params: dict[str, str]) -> bytes | None:
        found = self._selection(user_id, params)
        if found is None:
            return None
        lens, stamp, selection = found
        return self._kept(user_id, stamp, name, kind, lens, selection)

    @cached_property
    def _kept(self) -> Callable[[int, tuple[int, str], str, str, Lens, Selection], bytes]:
        """Return ``_made`` with its results kept for an hour: drawing takes the better part of a second."""
        return self._parts().cache.cached(ttl=3600, name="picture")(self._made)

    def _made(
        self, user_id: int, stamp: tuple[int, str], name: str, kind: str, lens: Lens, selection: Selection
    ) -> bytes:
        """Return a panel as a file, empty where it cannot be one; ``stamp`` changes with the data."""
        made = PANELS[name](self._parts().listening, user_id, lens, selection)
        if kind == "csv":
            return csv_bytes(made.frame)
        if not isinstance(made, Picture):
            return b""
        return drawn(made, kind, source=source_line(lens, selection.period, selection.today))

    def _chart(self, user_id: int, params: dict[str, str]) -> pl.DataFrame | None:
        found = self._selection(user_id, params)
        if found is None:
            return None
        lens, _, selection = found
        chart = chart_of(params, two=selection.versus is not None)
        frame = ranked(self._parts().listening, user_id, lens, selection, chart).frame
        return frame.drop("id", "artist_id", "change", strict=False)
