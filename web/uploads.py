"""Uploads: a body streams into a private folder, then the worker is asked to import it."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core.domain.people import Refused, Session, SlowDown
from core.logs import logger
from core.services.waiting import waiting_folder
from web.auth import check_csrf
from web.multipart import Sink
from web.requests import Parts, back, same, session_of

# Room for the boundaries and headers around the files.
ENVELOPE = 1_000_000
_CHUNK = 512 * 1024
# A browser that is still sending reads an early answer only when its body is taken; a stranger's is not.
_DRAINED = 32_000_000
STATUS = {
    "signed-out": 401,
    "expired": 403,
    "busy": 409,
    "too-large": 413,
    "too-many": 413,
    "slow-down": 429,
    "full": 507,
}
LOG = logger("uploads")


@dataclass(frozen=True)
class _Arrived:
    """An upload that is wholly on disk."""

    folder: Path
    files: list[tuple[Path, str]]
    size: int
    other_account: bool

    @property
    def label(self) -> str:
        """Return what to call it: its file's name, or how many files."""
        first = self.files[0][1]
        return first if len(self.files) == 1 else f"{first} and {len(self.files) - 1} more"


class Uploads:
    """The one route that takes files."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._uploading: set[int] = set()
        self._lock = threading.Lock()

    def routes(self) -> list[BaseRoute]:
        """Return the route."""
        return [Route("/upload", self.upload, methods=["POST"])]

    async def upload(self, request: Request) -> Response:
        """Store the files of a multipart form and queue their import.

        The CSRF token comes as header ``X-CSRF`` or as form field ``csrf`` before the first file.
        A script (``Accept: application/json``) gets JSON, a plain form is led on to the imports page.
        """
        as_json = "application/json" in request.headers.get("accept", "")
        session = await session_of(request, self._parts)
        try:
            if session is None:
                raise Refused("signed-out")
            self._check_early(request, session)
            with self._one_at_a_time(session.user_id):
                await run_in_threadpool(self._check_idle, session.user_id)
                await run_in_threadpool(self._parts().limits.take, "upload", session.user_id)
                arrived = await self._receive(request, session)
                import_id = await run_in_threadpool(self._queue, session.user_id, arrived)
        except Refused as refused:
            LOG.info("upload.refused", code=refused.code)
            if session is not None:
                await drain(request)
            if as_json:
                status = STATUS.get(refused.code, 400)
                later = {"Retry-After": str(refused.seconds)} if isinstance(refused, SlowDown) else None
                said = {"error": refused.code, "message": refused.message}
                return JSONResponse(said, status_code=status, headers=later)
            return back("/imports" if session else "/sign-in", error=refused.code)
        except ClientDisconnect:
            LOG.info("upload.cancelled")
            return Response(status_code=400)
        LOG.info("upload.stored", user_id=session.user_id, import_id=import_id, bytes=arrived.size)
        return JSONResponse({"import_id": import_id, "next": "/imports"}) if as_json else back("/imports")

    def _check_early(self, request: Request, session: Session) -> None:
        """Raise ``Refused`` for what the headers alone forbid."""
        if "x-csrf" in request.headers:
            check_csrf(session, request.headers["x-csrf"])
        length = request.headers.get("content-length", "")
        if length.isdigit() and int(length) > self._most_bytes + ENVELOPE:
            raise Refused("too-large")

    @property
    def _most_bytes(self) -> int:
        return self._parts().settings.max_upload_mb * 1_000_000

    @contextmanager
    def _one_at_a_time(self, user_id: int) -> Iterator[None]:
        """Hold the person's turn; raises ``Refused`` (``busy``) while another upload of theirs is arriving."""
        with self._lock:
            if user_id in self._uploading:
                raise Refused("busy")
            self._uploading.add(user_id)
        try:
            yield
        finally:
            with self._lock:
                self._uploading.discard(user_id)

    def _check_idle(self, user_id: int) -> None:
        """Raise ``Refused`` (``busy``) while an earlier upload of the person waits or runs."""
        if any(record.status in ("queued", "running") for record in self._parts().importing.records(user_id)):
            raise Refused("busy")

    async def _receive(self, request: Request, session: Session) -> _Arrived:
        """Return the upload once it is on disk; nothing stays there when it is refused or breaks off."""
        settings = self._parts().settings
        folder = waiting_folder(self._parts().uploads, session.user_id)

        def gate(fields: dict[str, str]) -> None:
            if "x-csrf" not in request.headers and not same(fields.get("csrf", ""), session.csrf):
                raise Refused("expired")

        sink = Sink(
            request.headers.get("content-type", ""),
            folder,
            most_bytes=self._most_bytes,
            most_files=settings.max_files,
            gate=gate,
        )
        await stream_into(request, sink, folder)
        return _Arrived(folder, sink.files, sink.size, sink.fields.get("other_account") == "yes")

    def _queue(self, user_id: int, arrived: _Arrived) -> int:
        """Record the import and ask the worker for it; return the import's id."""
        parts = self._parts()
        try:
            import_id: int = parts.importing.create(user_id, label=arrived.label, bytes_total=arrived.size)
            try:
                parts.queue.defer_import(
                    user_id,
                    import_id=import_id,
                    files=[{"path": str(path), "label": label} for path, label in arrived.files],
                    other_account=arrived.other_account,
                )
            except BaseException:
                parts.importing.cancel(user_id, import_id=import_id)
                raise
        except BaseException:
            shutil.rmtree(arrived.folder, ignore_errors=True)
            raise
        return import_id


async def stream_into(request: Request, sink: Sink, folder: Path) -> None:
    """Write a body into a private folder of its own; nothing stays there when it is refused or breaks off."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700)
    try:
        waiting = bytearray()
        async for chunk in request.stream():
            waiting += chunk
            if len(waiting) >= _CHUNK:
                await run_in_threadpool(sink.feed, bytes(waiting))
                waiting.clear()
        await run_in_threadpool(sink.feed, bytes(waiting))
        sink.finish()
    except BaseException as error:
        sink.close()
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            LOG.exception("upload.failed")
            raise Refused("full") from error
        raise


async def drain(request: Request) -> None:
    """Take and forget the rest of a refused body, up to a limit, so that the answer is read."""
    taken = 0
    try:
        async for chunk in request.stream():
            taken += len(chunk)
            if taken > _DRAINED:
                return
    except (ClientDisconnect, RuntimeError):
        return
