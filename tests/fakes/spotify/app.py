"""The one application behind the fake's port: accounts, Web API, pictures and controls."""

import asyncio
import socket
import struct
import time
from email.utils import format_datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from . import accounts, api
from .control import control
from .faults import Fault
from .music import number_of
from .world import Asked, World

# What may be kept of a request to the accounts service: the rest is secret.
_HARMLESS = {
    "response_type",
    "redirect_uri",
    "scope",
    "code_challenge_method",
    "show_dialog",
    "as",
    "agree",
    "grant_type",
}
_CUT = Response()


class App:
    """Answers everything that comes in; what breaks within it is kept in ``errors``."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.errors: list[Exception] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            answer = await self._answer(request)
        except Exception as error:
            self.errors.append(error)
            answer = JSONResponse({"error": f"The stand-in itself broke: {error!r}"}, 500)
        if answer is _CUT:
            _cut(send)
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        # Whoever reads an HTTP date needs to know by which clock.
        answer.headers["Date"] = format_datetime(self._world.clock.now, usegmt=True)
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        path = request.url.path.rstrip("/") or "/"
        if path.startswith("/_control/"):
            return await control(self._world, request, path)
        if path.startswith("/image/"):
            return _picture(path)
        if path in ("/authorize", "/api/token"):
            return await self._logged(request, f"{request.method} {path}", path)
        if path.startswith("/v1/"):
            path = path.removeprefix("/v1")
            return await self._logged(request, api.named(request.method, path), path)
        return PlainTextResponse("Nothing is here.", 404)

    async def _logged(self, request: Request, endpoint: str, path: str) -> Response:
        world = self._world
        world.calls[endpoint] += 1
        access = api.access_of(world, request)
        person = access.consent.person.name if access and access.consent else None
        fault = world.faults.take(endpoint, person)
        at, monotonic = world.clock.now, time.monotonic()
        query = dict(request.query_params)
        if path in ("/authorize", "/api/token"):
            sent = query | {name: str(value) for name, value in (await request.form()).items()}
            query = {name: value for name, value in sent.items() if name in _HARMLESS}
        answer = await self._good(request, path) if fault is None else await self._bad(request, path, fault)
        status = 0 if answer is _CUT else answer.status_code
        world.requests.append(Asked(endpoint, request.method, path, query, person, status, at, monotonic))
        return answer

    async def _good(self, request: Request, path: str) -> Response:
        if path == "/authorize":
            return await accounts.authorize(self._world, request)
        if path == "/api/token":
            return await accounts.token(self._world, request)
        return await api.answer(self._world, request, path)

    async def _bad(self, request: Request, path: str, fault: Fault) -> Response:
        if fault.kind in ("done_but", "done_cut"):
            await self._good(request, path)
        if fault.kind in ("reset", "done_cut"):
            return _CUT
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            return await self._good(request, path)
        return fault.answer(self._world.clock)


def _cut(send: Send) -> None:
    """Cut the connection at once, without a word."""
    transport = send.__self__.transport  # type: ignore[attr-defined]
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _picture(path: str) -> Response:
    """Return a plain coloured square."""
    colour = f"hsl({number_of(path.split('/')[2]) % 360} 40% 55%)"
    body = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1H0z" fill="{colour}"/></svg>'
    return Response(body, media_type="image/svg+xml")
