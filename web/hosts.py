"""Which names this instance answers to: another site's name that leads here is a trick (DNS rebinding)."""

import ipaddress
import re
from functools import cached_property
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from web.requests import Parts

_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::[0-9]{1,5})?")
_MISDIRECTED = (
    "This Playprint does not go by the name in the address. Use the address it printed at its start, or add the name "
    "to PLAYPRINT_ALLOWED_HOSTS."
)


class KnownHosts:
    """Refuses requests and websockets for hosts that are neither plain addresses nor names of this instance."""

    def __init__(self, app: ASGIApp, parts: Parts) -> None:
        self._app, self._parts = app, parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket") or self._ours(Headers(scope=scope).getlist("host")):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(_MISDIRECTED, status_code=421)(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": ""})

    def _ours(self, hosts: list[str]) -> bool:
        """Return whether the one Host header names this instance; none, or several, name nobody."""
        if len(hosts) != 1:
            return False
        name = _name(hosts[0])
        return bool(name) and (_is_address(name) or name in self._names)

    @cached_property
    def _names(self) -> frozenset[str]:
        """Return the names of this instance."""
        settings = self._parts().settings
        more = (host.strip() for host in settings.allowed_hosts.split(","))
        names = ("localhost", urlsplit(settings.public_url).netloc, *more)
        return frozenset(_name(name) for name in names if name)


def _name(host: str) -> str:
    """Return the name in a Host header: without port and final dot, in small letters; blank for what is none."""
    found = _HOST.fullmatch(host)
    return (found[1] or found[2]).rstrip(".").lower() if found else ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
