"""The fake as a server: in a thread of a test, or by itself."""

import asyncio
import socket
import threading
from datetime import datetime
from types import TracebackType
from typing import Self

import uvicorn

from . import accounts
from .app import App
from .clock import START, Clock
from .tokens import ALL_SCOPES
from .world import CLIENT_ID, CLIENT_SECRET, Mode, World

STARTS_WITHIN = 10.0


class FakeSpotify(World):
    """A Spotify to test against, from ``with`` to the end of the block."""

    def __init__(
        self,
        mode: Mode = "dev_2026",
        *,
        now: datetime = START,
        clock: Clock | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        client_id: str = CLIENT_ID,
        client_secret: str = CLIENT_SECRET,
    ) -> None:
        super().__init__(clock or Clock(now), mode, client_id, client_secret)
        self._app = App(self)
        self._socket = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        # Without it every answer waits 40 ms for the machine to gather more.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        bound = self._socket.getsockname()[1]
        self.url = f"http://[{host}]:{bound}" if ":" in host else f"http://{host}:{bound}"
        config = uvicorn.Config(
            self._app, loop="asyncio", ws="none", lifespan="off", interface="asgi3", log_config=None, access_log=False,
            proxy_headers=False, date_header=False, server_header=False,
        )  # fmt: skip
        self._server = _Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="spotify", daemon=True)

    @property
    def api_url(self) -> str:
        """Return the address of the Web API."""
        return f"{self.url}/v1"

    def consent(
        self, name: str, *, scopes: frozenset[str] | set[str] = ALL_SCOPES, pkce: bool = False
    ) -> dict[str, object]:
        """Return what the token endpoint would give the app after a person's consent, without a browser.

        With ``pkce`` the refresh token works without the app's secret.
        """
        return accounts.consent(self, name, frozenset(scopes), needs_secret=not pkce)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._server.ready.wait(STARTS_WITHIN):
            raise RuntimeError("The stand-in does not start.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()
        self._thread.join(STARTS_WITHIN)
        if self._app.errors and error is None:
            raise self._app.errors[0]


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

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close everything at once; nobody waits for the answers that are still owed."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)

    def stop(self) -> None:
        """Stop at once, whatever is still being answered."""
        self.should_exit = True
        self._loop.call_soon_threadsafe(self._over.set)
