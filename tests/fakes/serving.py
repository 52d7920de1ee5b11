"""A stand-in as a real HTTP server in a thread: what it was asked, how often, and what goes wrong on demand."""

import argparse
import asyncio
import socket
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any, Literal, Self, get_args

import uvicorn
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from commands.keeping import end_with_parent, stop_signals

STARTS_WITHIN = 10.0
# server: a page of HTML with ``status``; broken: JSON that breaks off; html: 200 with HTML; cut: the connection ends in
# the middle; redirect: to ``location``; status: an empty JSON object with ``status``; slow: a byte now and then, for
# ``seconds``; long: ``size`` bytes of JSON; said: ``body`` as JSON with ``status``.
Wrong = Literal["server", "broken", "html", "cut", "redirect", "status", "slow", "long", "said"]


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str
    at: datetime


@dataclass
class Fault:
    """What goes wrong with ``count`` calls (None: all) of an endpoint, after ``skip`` that go well."""

    kind: Wrong
    endpoint: str = "*"
    count: int | None = 1
    skip: int = 0
    status: int = 502
    headers: dict[str, str] = field(default_factory=dict)
    location: str = "http://elsewhere.invalid/"
    seconds: float = 2.0
    size: int = 9_000_000
    body: Any = None

    def takes(self, endpoint: str) -> bool:
        """Return whether this call goes wrong, and count it."""
        if self.count == 0 or not fnmatchcase(endpoint, self.endpoint):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.count = None if self.count is None else self.count - 1
        return True

    def answer(self) -> Response:
        """Return what is said instead of the right answer."""
        match self.kind:
            case "server":
                return HTMLResponse("<html><h1>Bad Gateway</h1></html>", self.status, headers=self.headers)
            case "html":
                return HTMLResponse("<html>Hello</html>")
            case "broken":
                return Response('{"artists": [{"na', media_type="application/json")
            case "cut":
                return Response('{"artists"', headers={"Content-Length": "100"}, media_type="application/json")
            case "redirect":
                return RedirectResponse(self.location, 302)
            case "status":
                return JSONResponse({}, self.status, headers=self.headers)
            case "slow":
                return StreamingResponse(_dripping(self.seconds), media_type="application/json")
            case "long":
                return Response('["' + "x" * self.size + '"]', media_type="application/json")
            case "said":
                return JSONResponse(self.body, self.status, headers=self.headers)


async def _dripping(seconds: float) -> AsyncIterator[bytes]:
    """Yield a blank every twentieth of a second, then nothing of use."""
    for _ in range(int(seconds * 20)):
        yield b" "
        await asyncio.sleep(0.05)
    yield b"{}"


class Fake:
    """A server on this machine, from ``with`` to the end of the block.

    ``requests`` is what was asked, ``calls`` counts it by endpoint, ``faults`` is what shall go wrong, ``now`` its
    clock. ``on_request`` is called before each answer: a test may make something happen in the middle.
    """

    def __init__(self, *, port: int = 0, now: Callable[[], datetime] | None = None) -> None:
        self.requests: list[Asked] = []
        self.calls: Counter[str] = Counter()
        self.faults: list[Fault] = []
        self.now = now or (lambda: datetime.now(UTC))
        self.on_request: Callable[[Asked], None] = lambda asked: None
        self._socket = socket.create_server(("127.0.0.1", port))
        # Without it every answer waits 40 ms for the machine to gather more.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            self._serve, loop="asyncio", ws="none", lifespan="off", interface="asgi3", log_config=None, access_log=False
        )
        self._server = _Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)

    def endpoint(self, method: str, path: str) -> str:
        """Return what a call is counted as."""
        return f"{method} {path}"

    def answer(self, asked: Asked, request: Request) -> Response:
        """Return the right answer."""
        raise NotImplementedError

    def break_down(self, kind: Wrong, endpoint: str = "*", **options: Any) -> Fault:
        """Make calls to an endpoint (a pattern) go wrong; see ``Fault``."""
        if kind not in get_args(Wrong):
            raise ValueError(f"Nothing that goes wrong is called {kind}.")
        self.faults.append(Fault(kind, endpoint, **options))
        return self.faults[-1]

    def forget(self) -> None:
        """Empty the log and the counters."""
        self.requests.clear()
        self.calls.clear()

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._server.ready.wait(STARTS_WITHIN):
            raise RuntimeError("The stand-in does not start.")
        return self

    def __exit__(self, *error: object) -> None:
        self._server.stop()
        self._thread.join(STARTS_WITHIN)
        self._socket.close()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write a request down, then answer it, rightly or wrongly."""
        request = Request(scope, receive)
        body = (await request.body()).decode("utf-8", "replace")
        asked = Asked(request.method, request.url.path, request.url.query, dict(request.headers), body, self.now())
        endpoint = self.endpoint(asked.method, asked.path)
        self.requests.append(asked)
        self.calls[endpoint] += 1
        await asyncio.to_thread(self.on_request, asked)
        fault = next((each for each in self.faults if each.takes(endpoint)), None)
        response = fault.answer() if fault else self.answer(asked, request)
        await response(scope, receive, send)


class _Server(uvicorn.Server):
    """A server that says when it is there, and stops when told."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def main_loop(self) -> None:
        """Wait until told to stop."""
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        self.ready.set()
        await self._over.wait()

    def stop(self) -> None:
        """Stop at once, whatever is still being answered."""
        self.should_exit = self.force_exit = True
        self._loop.call_soon_threadsafe(self._over.set)


def run_alone(name: str, usual_port: int, make: Callable[[int], Fake], arguments: Sequence[str] | None = None) -> None:
    """Serve a stand-in until told to stop: its command line."""
    parser = argparse.ArgumentParser(description=f"A stand-in for {name}.")
    parser.add_argument("--port", type=int, default=usual_port, help="0 takes any free one")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input closes")
    chosen = parser.parse_args(arguments)
    with stop_signals() as stop:
        if chosen.with_parent:
            end_with_parent()
        with make(chosen.port) as fake:
            print(f"A stand-in for {name} at {fake.url}", flush=True)
            stop.wait()
