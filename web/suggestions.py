"""Downloads of suggestions: a list of the discover page, or what continues a playlist, as CSV, JSPF or XSPF."""

from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.domain.errors import NotFound
from core.logs import logger
from core.services.list_files import FORMS, written
from web.downloads import file_name, named, nothing, whose
from web.requests import Parts, back

LOG = logger("suggestions")


class SuggestionFiles:
    """Each person's own lists; ``profile=demo`` gives the demo profile's, to anybody."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[BaseRoute]:
        """Return the route; it takes GET alone."""
        return [Route("/download/suggestions/{what}.{form}", self.songs, methods=["GET"])]

    async def songs(self, request: Request) -> Response:
        """Return a list as a file."""
        what, form = request.path_params["what"], request.path_params["form"]
        if form not in FORMS:
            return nothing()
        user_id = await whose(request, self._parts, "download")
        if user_id is None:
            return back("/sign-in", error="signed-out")
        try:
            body, title = await run_in_threadpool(self._file, user_id, what, form, dict(request.query_params))
        except NotFound:
            return nothing()
        LOG.info("suggestions.downloaded", user_id=user_id, list=what, form=form)
        return Response(body, media_type=FORMS[form], headers=named(file_name(title, "", form)))

    def _file(self, user_id: int, what: str, form: str, asked: dict[str, str]) -> tuple[bytes, str]:
        parts = self._parts()
        taken = parts.taking.songs(user_id, what, asked, lens=parts.profiles.lens(user_id))
        return written(form, taken.title, taken.songs, made=datetime.now(UTC)), taken.title
