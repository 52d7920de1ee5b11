"""Where a request really comes from: proxies this instance trusts are believed about it, nobody else is."""

import ipaddress
from functools import cached_property

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from core.settings import Network, networks
from web.requests import Parts

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class KnownClient:
    """Puts the visitor's own address in the place of a trusted proxy's, once, for everything that asks after it."""

    def __init__(self, app: ASGIApp, parts: Parts) -> None:
        self._app, self._parts = app, parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with the address it comes from."""
        if scope["type"] in ("http", "websocket") and self._trusted and scope.get("client"):
            peer = scope["client"][0]
            found = visitor_address(peer, Headers(scope=scope).getlist("x-forwarded-for"), self._trusted)
            if found != peer:
                scope = {**scope, "client": (found, 0)}
        await self._app(scope, receive, send)

    @cached_property
    def _trusted(self) -> tuple[Network, ...]:
        """Return the proxies of the settings."""
        return networks(self._parts().settings.trusted_proxies)


def visitor_address(peer: str, forwarded: list[str], trusted: tuple[Network, ...]) -> str:
    """Return the nearest address that is no trusted proxy; ``forwarded`` are the X-Forwarded-For lines.

    Every proxy adds the address it was asked from at the right, so the way leads from there to the left, and ends
    at the first that nobody trusted vouches for. What is no address ends it too: the last good one counts.
    """
    here = _address(peer)
    if here is None or not _among(here, trusted):
        return peer
    for part in reversed(",".join(forwarded).split(",")):
        further = _address(part.strip())
        if further is None:
            break
        here = further
        if not _among(here, trusted):
            break
    return str(here)


def _address(text: str) -> _Address | None:
    """Return an address, an IPv4 one in IPv6 clothes as IPv4; None for anything else, with a port or a zone too."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return address
    return None if address.scope_id else address.ipv4_mapped or address


def _among(address: _Address, trusted: tuple[Network, ...]) -> bool:
    return any(address in network for network in trusted)
