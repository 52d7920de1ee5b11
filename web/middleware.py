"""What every answer carries and every websocket must show: security headers, and the session it belongs to."""

from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from secrets import token_hex
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.domain.errors import PlayprintError, Unavailable
from core.domain.people import SlowDown
from core.logs import logger
from web.page import inline_script_hashes
from web.requests import Parts, cookies_of

# The name .streamlit/config.toml trusts; a client's own is thrown away.
USER_HEADER = "x-playprint-user"
# Parts of Streamlit that nothing here uses: numbers for anybody, a second way in, uploads held in memory.
_CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/upload_file")
_KEEPABLE = ("/static/", "/assets/", "/component/")
# The same for everybody: what the route itself says of keeping counts.
_PUBLIC = ("/preview/", "/robots.txt", "/sitemap.xml")
LOG = logger("requests")


@lru_cache(maxsize=8)
def content_security_policy(sign_in: str = "") -> str:
    """Return the policy: everything from this host, scripts from files and Streamlit's one known line.

    ``sign_in`` is the origin of the one other site that a form of ours may lead to: browsers hold the redirect that
    answers a form to this rule, too.
    """
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(("'self'", *inline_script_hashes())),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "media-src": "'self' blob:",
        "worker-src": "'self' blob:",
        "frame-src": "'none'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": f"'self' {sign_in}".strip(),
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def _sign_in_site(parts: Parts) -> str:
    """Return the origin people are sent to for Spotify's consent, blank where there is no Spotify app."""
    settings = parts().settings
    site = urlsplit(settings.spotify_accounts_url)
    return f"{site.scheme}://{site.netloc}" if settings.spotify_client_id else ""


class SecurityHeaders:
    """Puts the security headers on every HTTP answer, whoever made it."""

    def __init__(self, app: ASGIApp, parts: Parts) -> None:
        self._app, self._parts = app, parts
        self._headers = {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = content_security_policy(_sign_in_site(self._parts))
                for name, value in self._headers.items():
                    headers[name] = value
                if cookies_of(self._parts).secure:
                    headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
                if path.startswith(_PUBLIC):
                    headers.setdefault("Cache-Control", "no-store")
                elif not path.startswith(_KEEPABLE):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        if path.startswith(_CLOSED):
            await PlainTextResponse("There is nothing here.", status_code=404)(scope, receive, send_with_headers)
            return
        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:
            if begun:
                raise
            await _failure(error)(scope, receive, send_with_headers)


def _failure(error: Exception) -> PlainTextResponse:
    """Return the answer to a request that broke: what to do, or an id to look for in the log."""
    if isinstance(error, SlowDown):
        return PlainTextResponse(error.message, status_code=429, headers={"Retry-After": str(error.seconds)})
    if isinstance(error, PlayprintError):
        return PlainTextResponse(error.message, status_code=503 if isinstance(error, Unavailable) else 400)
    number = token_hex(4)
    LOG.error("request.failed", error_id=number, exc_info=error)
    return PlainTextResponse(
        f"Something broke here. Try again; if it stays, look for {number} in the log.", status_code=500
    )


class BoundIdentity:
    """Ties each websocket to the session of its cookie, and keeps other sites' pages out."""

    def __init__(self, app: ASGIApp, parts: Parts) -> None:
        self._app, self._parts = app, parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with a trustworthy identity, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        kept = [(name, value) for name, value in scope["headers"] if name.lower() != USER_HEADER.encode()]
        if scope["type"] == "websocket":
            if not self._same_origin(headers, required=True):
                await receive()
                await send({"type": "websocket.close", "code": 1008, "reason": ""})
                return
            kept.append((USER_HEADER.encode(), (await self._identity(headers)).encode()))
        elif scope["method"] not in ("GET", "HEAD", "OPTIONS") and not self._same_origin(headers, required=False):
            refusal = PlainTextResponse("This came from another site and was refused.", status_code=403)
            await refusal(scope, receive, send)
            return
        await self._app({**scope, "headers": kept}, receive, send)

    def _same_origin(self, headers: Headers, *, required: bool) -> bool:
        """Return whether a request comes from a page of this very host; ``null`` is nobody's origin."""
        origin = headers.get("origin")
        if origin is None:
            return not required
        mine = {headers.get("host", ""), urlsplit(self._parts().settings.public_url).netloc} - {""}
        try:
            return urlsplit(origin).netloc in mine
        except ValueError:  # not even an address
            return False

    async def _identity(self, headers: Headers) -> str:
        """Return who the websocket belongs to: person and session, or ``visitor``."""
        cookie: SimpleCookie = SimpleCookie()
        try:
            cookie.load(headers.get("cookie", ""))
        except CookieError:
            return "visitor"
        morsel = cookie.get(cookies_of(self._parts).session)
        session = await run_in_threadpool(self._parts().accounts.session, morsel.value) if morsel else None
        return f"{session.user_id}:{session.key}" if session else "visitor"
