"""Downloads of playlists: what a panel shows as CSV, PNG or SVG, and their songs as CSV, JSPF or XSPF."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.domain.errors import NotFound
from core.domain.lens import Lens
from core.domain.playlists import ListAsk
from core.domain.selection import Selection, parse_selection
from core.logs import logger
from core.services.list_files import FORMS, written
from ui.figures.list_panels import LIST_PANELS, ONE
from ui.figures.panel import Picture
from ui.figures.panels import source_line
from web.downloads import file_name, named, nothing, whose
from web.drawing import TYPES, csv_bytes, drawn
from web.requests import Parts, back

_KINDS = ("csv", "png", "svg")
_SONGS = ("songs", "cleaned", "duplicates", "never", "skipped", "none")
_UNCOUNTED = ("list-songs",)  # what is shown of a list no figures are made of
LOG = logger("lists")


class ListFiles:
    """Each person's own playlists; ``profile=demo`` gives the demo profile's, to anybody."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[BaseRoute]:
        """Return the routes; all take GET alone."""
        return [
            Route("/download/list/{name}.{kind}", self.panel, methods=["GET"]),
            Route("/download/playlist/{what}.{form}", self.songs, methods=["GET"]),
        ]

    async def panel(self, request: Request) -> Response:
        """Return a panel of playlists as a file, for the list and selection of the address."""
        name, kind = request.path_params["name"], request.path_params["kind"]
        if name not in LIST_PANELS or kind not in _KINDS:
            return nothing()
        user_id = await whose(request, self._parts, "picture")
        if user_id is None:
            return back("/sign-in", error="signed-out")
        try:
            body = await run_in_threadpool(self._panel, user_id, name, kind, dict(request.query_params))
        except NotFound:
            return nothing()
        if not body:
            return nothing()
        LOG.info("list.downloaded", user_id=user_id, panel=name, kind=kind)
        title = file_name(name, request.query_params.get("range", ""), kind)
        return Response(body, media_type=TYPES[kind], headers=named(title))

    async def songs(self, request: Request) -> Response:
        """Return the songs of a playlist, or of a part of it, as a file other programs read."""
        what, form = request.path_params["what"], request.path_params["form"]
        if what not in _SONGS or form not in FORMS:
            return nothing()
        user_id = await whose(request, self._parts, "download")
        if user_id is None:
            return back("/sign-in", error="signed-out")
        try:
            title, body = await run_in_threadpool(self._file, user_id, what, form, dict(request.query_params))
        except NotFound:
            return nothing()
        LOG.info("playlist.downloaded", user_id=user_id, part=what, form=form)
        return Response(body, media_type=FORMS[form], headers=named(file_name("playlist", title, form)))

    def _file(self, user_id: int, what: str, form: str, asked: dict[str, str]) -> tuple[str, bytes]:
        title, songs = self._parts().list_songs.songs(user_id, what, asked)
        return title, written(form, title, songs, made=datetime.now(UTC))

    def _panel(self, user_id: int, name: str, kind: str, asked: dict[str, str]) -> bytes:
        parts = self._parts()
        key = asked.get("list", "") if name in ONE else ""
        lens = parts.profiles.lens(user_id)
        span = parts.listening.span(user_id, lens=lens)
        if span is None or (key and not self._shown(user_id, name, key)):
            return b""
        today = datetime.now(UTC).astimezone(ZoneInfo(lens.timezone)).date()
        selection = parse_selection(asked, first=span[0], last=span[1], today=today)
        stamp = (*parts.listening.library(user_id).stamp, parts.playlists.stamp(user_id))
        return self._kept(user_id, stamp, name, kind, lens, key, selection)

    def _shown(self, user_id: int, name: str, key: str) -> bool:
        """Return whether a panel is drawn of a list: of one no figures are made of, its songs alone are."""
        found = [each for each in self._parts().playlists.heads(user_id) if each.key == key]
        return bool(found) and (found[0].counted or name in _UNCOUNTED)

    @cached_property
    def _kept(self) -> Callable[[int, tuple[int, str, str], str, str, Lens, str, Selection], bytes]:
        """Return ``_made`` with its results kept for an hour: drawing takes the better part of a second."""
        return self._parts().cache.cached(ttl=3600, name="list-picture")(self._made)

    def _made(
        self,
        user_id: int,
        stamp: tuple[int, str, str],
        name: str,
        kind: str,
        lens: Lens,
        key: str,
        selection: Selection,
    ) -> bytes:
        """Return a panel as a file, empty where it cannot be one; ``stamp`` changes with history and playlists."""
        made = LIST_PANELS[name](self._parts().playlists, user_id, lens, ListAsk(key, selection))
        if kind == "csv":
            return csv_bytes(made.frame)
        if not isinstance(made, Picture):
            return b""
        return drawn(made, kind, source=source_line(lens, selection.period, selection.today))
