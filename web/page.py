"""The page every screen starts from: Streamlit's own HTML with our title, icon, styles and script."""

import base64
import hashlib
import importlib.util
import re
import secrets
from functools import lru_cache
from pathlib import Path

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from core.domain.trends import parse_trend
from ui.figures.shapes import SHAPES
from web.heads import PLAIN, Head
from web.requests import Parts, cookies_of
from web.trend_heads import TrendHeads

STATIC = Path(__file__).resolve().parent / "static"
_PUBLIC = {"trends": "trends", "trend": "trend", "": "trends"}  # pages anybody sees; visitors start with the charts
_HEAD, _LISTED = "<!-- head -->", "<!-- listed -->"
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


class _PageName(Convertor[str]):
    """A page's name in an address: one part, no dot, none of Streamlit's own prefixes."""

    regex = r"(?!(?:static|media|component)$)[a-z0-9-]*"

    def convert(self, value: str) -> str:
        """Return the name as it stands."""
        return value

    def to_string(self, value: str) -> str:
        """Return the name as it stands."""
        return value


register_url_convertor("page", _PageName())


def _original() -> str:
    """Return the HTML Streamlit ships."""
    package = importlib.util.find_spec("streamlit")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("streamlit")
    return (Path(package.origin).parent / "static" / "index.html").read_text(encoding="utf-8")


def _version(file: Path) -> str:
    """Return a short hash of a file, so that browsers may keep it until it changes."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=1)
def _parts_of_page() -> tuple[str, str, str]:
    """Return the page before its own head, between that and what it lists for browsers without scripts, and after.

    Every stylesheet in ``web/static`` is linked in alphabetical order.
    """
    styles = "".join(
        f'<link rel="stylesheet" href="/assets/{sheet.name}?v={_version(sheet)}" />\n'
        for sheet in sorted(STATIC.glob("*.css"))
    )
    head = (
        f"{_HEAD}"
        '<meta name="theme-color" content="#FBFAF7" media="(prefers-color-scheme: light)" />\n'
        '<meta name="theme-color" content="#161513" media="(prefers-color-scheme: dark)" />\n'
        '<link rel="icon" type="image/svg+xml" href="/assets/icon.svg" />\n'
        '<link rel="manifest" href="/assets/manifest.webmanifest" />\n'
        f"{styles}"
        f'<script src="/assets/links.js?v={_version(STATIC / "links.js")}" defer></script>\n'
    )
    html = re.sub(r"<!--.*?-->\s*", "", _original(), flags=re.DOTALL)
    html = html.replace("<title>Streamlit</title>", head)
    html = re.sub(r'<link rel="(?:shortcut icon|service-desc)"[^>]*/>\s*', "", html)
    words = f"<p>Playprint draws its pages with JavaScript; please allow it for this address.</p>{_LISTED}"
    html = re.sub(r"<noscript>.*?</noscript>", f"<noscript>{words}</noscript>", html, flags=re.DOTALL)
    before, _, rest = html.partition(_HEAD)
    between, _, after = rest.partition(_LISTED)
    return before, between, after


def page_html(head: Head = PLAIN) -> str:
    """Return the page with a head; the plain one says nothing but what Playprint is."""
    before, between, after = _parts_of_page()
    return f"{before}{head.tags}{between}{head.listed}{after}"


@lru_cache(maxsize=1)
def inline_script_hashes() -> tuple[str, ...]:
    """Return the CSP sources of the scripts written inside the page."""
    digests = (hashlib.sha256(script.encode()).digest() for script in _INLINE_SCRIPT.findall(page_html()))
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def routes(parts: Parts) -> list[BaseRoute]:
    """Return the routes of the pages (``/``, ``/charts`` …) and of the files they load (``/assets/…``)."""
    heads = TrendHeads()

    def head(name: str, request: Request) -> Head:
        """Return the head of a page: of the public ones what they show, of all others the plain one."""
        if name not in _PUBLIC or (not name and cookies_of(parts).session in request.cookies):
            return PLAIN
        playing = parts()
        return heads.head(playing, _PUBLIC[name], parse_trend(request.query_params))

    def page(request: Request) -> Response:
        """Return the page; a browser without one gets the secret its sign-in form will carry."""
        shown = head(request.path_params["name"], request)
        answer = HTMLResponse(page_html(shown), headers={"Cache-Control": "no-store"})
        names = cookies_of(parts)
        if not request.cookies.get(names.visitor):
            answer.set_cookie(
                names.visitor,
                secrets.token_urlsafe(32),
                path="/",
                secure=names.secure,
                httponly=True,
                samesite="lax",
            )
        return answer

    def world(request: Request) -> Response:
        """Return the shapes of countries; their address holds a hash of them, so browsers keep them for a year."""
        kept = {"Cache-Control": "public, max-age=31536000, immutable"}
        return FileResponse(SHAPES, media_type="application/json", headers=kept)

    return [
        Route("/assets/world.json", world, methods=["GET"]),
        Mount("/assets", StaticFiles(directory=STATIC), name="assets"),
        Route("/{name:page}", page, methods=["GET"]),
    ]
