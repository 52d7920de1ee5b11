"""Chart files from the owner and admins: stored at once or refused, each wholly or not at all."""

import shutil
from datetime import date
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core.domain.errors import InvalidInput
from core.domain.people import Refused, Session, SlowDown
from core.logs import logger
from core.services.chart_files import ByHand, Taken
from core.services.chart_unpacking import Given
from core.services.waiting import waiting_folder
from core.trends.chart_names import read_region
from web.doors import check_csrf
from web.multipart import Sink
from web.plain import nothing_here
from web.requests import Parts, back, same, session_of
from web.uploads import ENVELOPE, STATUS, drain, stream_into

PAGE = "/trends-admin"
MOST_BYTES, MOST_FILES = 200_000_000, 10_000
_FIELDS = frozenset({"csrf", "country", "day"})
# What the same refusals are called where charts are uploaded.
_CODES = {"no-file": "no-chart-file", "too-large": "charts-too-large"}
LOG = logger("charts")


class ChartUploads:
    """The route that takes chart files; to everybody but owner and admins it looks as if it did not exist."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[BaseRoute]:
        """Return the route."""
        return [Route("/charts/upload", self.upload, methods=["POST"])]

    async def upload(self, request: Request) -> Response:
        """Store the charts in the files of a multipart form.

        The CSRF token comes as header ``X-CSRF`` or as form field ``csrf`` before the first file; ``country`` and
        ``day`` too, where the names of the files do not say them. A script (``Accept: application/json``) gets a list
        of files with what became of each (status 422 when none was stored), a form is led back to the page.
        """
        as_json = "application/json" in request.headers.get("accept", "")
        session = await session_of(request, self._parts)
        if session is None:
            return _refused(Refused("signed-out"), as_json) if as_json else back("/sign-in", error="signed-out")
        if not session.staff:
            return nothing_here()
        try:
            told = await self._take(request, session)
        except Refused as refused:
            LOG.info("charts.refused", user_id=session.user_id, code=refused.code)
            await drain(request)
            return _refused(refused, as_json)
        except ClientDisconnect:
            return Response(status_code=400)
        bad = sum(bool(each.message) for each in told)
        LOG.info("charts.uploaded", user_id=session.user_id, files=len(told), refused=bad)
        if as_json:
            return JSONResponse([each.answer() for each in told], status_code=422 if bad == len(told) else 200)
        if bad:
            return back(PAGE, error="charts-refused", at="files")
        return back(PAGE, done="charts" if any(each.stored for each in told) else "charts-known", at="files")

    async def _take(self, request: Request, session: Session) -> list[Taken]:
        """Return what became of the files; they are removed whatever that was."""
        if "x-csrf" in request.headers:
            check_csrf(session, request.headers["x-csrf"])
        length = request.headers.get("content-length", "")
        if length.isdigit() and int(length) > MOST_BYTES + ENVELOPE:
            raise Refused("too-large")
        await run_in_threadpool(self._parts().limits.take, "upload", session.user_id)
        folder = waiting_folder(self._parts().uploads, session.user_id)

        def gate(fields: dict[str, str]) -> None:
            if "x-csrf" not in request.headers and not same(fields.get("csrf", ""), session.csrf):
                raise Refused("expired")
            by_hand(fields)

        kind = request.headers.get("content-type", "")
        sink = Sink(kind, folder, most_bytes=MOST_BYTES, most_files=MOST_FILES, gate=gate, known=_FIELDS)
        await stream_into(request, sink, folder)
        return await run_in_threadpool(self._store, folder, sink)

    def _store(self, folder: Path, sink: Sink) -> list[Taken]:
        given = [Given(path, label) for path, label in sink.files]
        try:
            return self._parts().chart_files.take(given, by_hand(sink.fields))
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def by_hand(fields: dict[str, str]) -> ByHand:
    """Return what a form says about its files; raises ``Refused`` for what is no country or no date."""
    try:
        region = read_region(fields["country"]) if fields.get("country", "").strip() else ""
    except InvalidInput as error:
        raise Refused("chart-country") from error
    try:
        day = date.fromisoformat(fields["day"].strip()) if fields.get("day", "").strip() else None
    except ValueError as error:
        raise Refused("chart-date") from error
    return ByHand(region, day)


def _refused(refused: Refused, as_json: bool) -> Response:
    """Return a refusal of the whole upload, as JSON or on the page."""
    known = Refused(_CODES.get(refused.code, refused.code))
    if not as_json:
        return back(PAGE, error=known.code)
    later = {"Retry-After": str(refused.seconds)} if isinstance(refused, SlowDown) else None
    said = {"error": known.code, "message": known.message}
    return JSONResponse(said, status_code=STATUS.get(refused.code, 400), headers=later)
