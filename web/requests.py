"""What every route needs: who asks, small forms, cookies, and answers that lead back to a page."""

import hmac
import ipaddress
import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse

from core.domain.browsers import browser_label
from core.domain.people import CookieNames, Refused, Session, cookie_names

if TYPE_CHECKING:
    from core.bootstrap import Playprint

Parts = Callable[[], "Playprint"]
_LARGEST_FORM = 16_384
_LOCAL = re.compile(r"/[a-z0-9-]*(\?[A-Za-z0-9._~%&=+,:;@!$'()*/-]*)?")


def local_path(wanted: str, otherwise: str = "/") -> str:
    """Return ``wanted`` when it is a page of this instance with its query, else ``otherwise``."""
    return wanted if len(wanted) <= 2000 and _LOCAL.fullmatch(wanted) else otherwise


def same(given: str, expected: str) -> bool:
    """Return whether two secrets are the same, in constant time; two blanks are not."""
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def cookies_of(parts: Parts) -> CookieNames:
    """Return this instance's cookie names."""
    return cookie_names(parts().settings.address)


async def session_of(request: Request, parts: Parts) -> Session | None:
    """Return the live session of the request's cookie, None when there is none."""
    token = request.cookies.get(cookies_of(parts).session, "")
    return await run_in_threadpool(parts().accounts.session, token) if token else None


async def small_form(request: Request) -> dict[str, str]:
    """Return the fields of a URL-encoded form; raises ``Refused`` (``broken``) for a large or unreadable one."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_FORM:
            raise Refused("broken")
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=20, strict_parsing=False))
    except ValueError as error:
        raise Refused("broken") from error


def neighbourhood(request: Request) -> str:
    """Return where a request comes from, coarse enough for a brake: the IPv4 address or the IPv6 /64.

    Of a visitor behind a trusted proxy it is the visitor's own (web/proxies.py).
    """
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def device(request: Request) -> str:
    """Return what a person recognises the asking browser by."""
    return browser_label(request.headers.get("user-agent", ""))


def back(path: str, **fields: str) -> RedirectResponse:
    """Return an answer that leads on to a page by GET, with query fields; blank ones are left out."""
    query = urlencode({name: value for name, value in fields.items() if value})
    joint = "&" if "?" in path else "?"
    return RedirectResponse(f"{path}{joint}{query}" if query else path, status_code=303)
