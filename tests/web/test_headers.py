"""What every answer carries: a strict policy, no third party, nothing kept in shared places."""

import re
from collections.abc import Callable

import pytest
from someone import Someone, TestClient

from web.page import STATIC, inline_script_hashes, page_html

Browser = Callable[..., TestClient]
EVERYWHERE = [
    "/",
    "/charts",
    "/healthz",
    "/assets/links.js",
    "/assets/none.js",
    "/upload",
    "/auth/sign-in",
    "/download/listens.csv",
    "/download/import/1.json",
    "/nothing/here",
    "/_stcore/metrics",
    "/_stcore/agent/openapi.json",
    "/_stcore/upload_file/a/b",
]


def policy(answer: object) -> dict[str, str]:
    parts = answer.headers["content-security-policy"].split("; ")  # type: ignore[attr-defined]
    return dict(part.split(" ", 1) for part in parts)


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_answer_carries_the_policy(browser: Browser, path: str, method: str) -> None:
    answer = browser().request(method, path)
    rules = policy(answer)
    assert rules["default-src"] == "'self'"
    assert rules["object-src"] == rules["frame-ancestors"] == rules["frame-src"] == rules["base-uri"] == "'none'"
    assert rules["script-src"] == " ".join(["'self'", *inline_script_hashes()])
    assert not re.search(r"unsafe-eval|\*|https?:|//|\bwss?:", answer.headers["content-security-policy"])
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["x-frame-options"] == "DENY"
    if not path.startswith("/assets"):
        assert answer.headers["cache-control"] == "no-store"


def test_the_page_is_ours_and_asks_nobody_else(browser: Browser) -> None:
    html = browser().get("/charts").text
    assert "<title>Playprint</title>" in html
    assert '<html lang="en">' in html
    assert 'name="description"' in html
    assert 'name="theme-color"' in html
    assert not re.search(r"https?://", html)
    assert "Streamlit app" not in html
    assert "<!--" not in html
    scripts = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", html)
    assert len(scripts) == len(inline_script_hashes()) == 1
    for path in re.findall(r'(?:href|src)="/(assets/[^"?]+)', html):
        assert (STATIC.parent / path.replace("assets", "static", 1)).is_file(), path


def test_our_own_files_ask_nobody_else() -> None:
    for file in STATIC.iterdir():
        found = re.findall(r"https?://[^\s\"')]+", file.read_text(encoding="utf-8"))
        assert set(found) <= {"http://www.w3.org/2000/svg"}, file.name


def test_pages_have_one_part_and_leave_streamlits_paths_alone(browser: Browser) -> None:
    client = browser()
    for path in ("/sign-in", "/artist?id=3", "/healthy"):
        assert client.get(path).text == page_html()
    rest = page_html()[page_html().index('<meta name="theme-color"') :].partition("</noscript>")[0]
    assert rest in client.get("/").text, "the start page differs in its title and what is said to messengers alone"
    for path in ("/static", "/media", "/component", "/a/b", "/favicon.png", "/CHARTS"):
        assert client.get(path).status_code == 404, path


def test_a_visitor_keeps_one_secret(browser: Browser) -> None:
    client = browser()
    first = client.get("/")
    assert "HttpOnly" in first.headers["set-cookie"]
    assert "set-cookie" not in client.get("/charts").headers


def test_health_says_one_word(browser: Browser) -> None:
    answer = browser().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_health_says_so_when_the_database_is_gone(servers: tuple[str, str], playing: object) -> None:
    from dataclasses import replace

    from starlette.applications import Starlette

    from core.repositories.database import Database
    from web.routes import middleware, routes

    gone = replace(playing, db=Database("postgresql://nobody@/none?host=/nowhere"))  # type: ignore[type-var]
    app = Starlette(routes=routes(lambda: gone), middleware=middleware(lambda: gone))
    answer = TestClient(app).get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})


def test_signed_in_answers_are_kept_nowhere(somebody: Callable[..., Someone]) -> None:
    alice = somebody()
    assert alice.client.get("/download/import/1.json").headers["cache-control"] == "no-store"


def test_a_broken_route_says_so_with_an_id_and_the_policy(playing: object) -> None:
    from starlette.applications import Starlette
    from starlette.routing import Route

    from web.routes import middleware

    def broken(request: object) -> None:
        raise RuntimeError("a secret word")

    app = Starlette(routes=[Route("/", broken)], middleware=middleware(lambda: playing))  # type: ignore[arg-type, return-value]
    answer = TestClient(app).get("/")
    assert answer.status_code == 500
    assert re.search(r"look for [0-9a-f]{8} in the log", answer.text)
    assert "secret" not in answer.text
    assert policy(answer)["default-src"] == "'self'"
