"""Proxies: whose word about an address is believed, and that nobody else's is."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import looping
import pytest
from someone import TestClient, visitor
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from core.bootstrap import Playprint, build
from core.domain.errors import InvalidInput
from core.settings import Settings, load_settings, networks
from web.proxies import KnownClient, visitor_address
from web.requests import neighbourhood
from web.routes import middleware, routes

PROXIES = "10.0.0.1, 10.9.0.0/16, fd00:1::/64"
Open = Callable[[str], TestClient]


@pytest.fixture(scope="module")
def behind(playing: Playprint, redis_url: str) -> Iterator[Open]:
    """Return a function that opens a connection from an address, a proxy's or a visitor's."""
    settings = Settings(home=playing.settings.home, allowed_hosts="testserver", trusted_proxies=PROXIES, demo=False)
    made = build(settings, database_url=playing.db.url, redis_url=redis_url)
    yield opener(made)
    made.close()


def opener(parts: Playprint) -> Open:
    """Return a function that opens a connection from an address to the routes, and one that says who is seen."""

    async def seen(request: Request) -> PlainTextResponse:
        return PlainTextResponse(neighbourhood(request))

    mine = [Route("/seen/from", seen), *routes(lambda: parts)]
    app = Starlette(routes=mine, middleware=middleware(lambda: parts))
    return lambda address: TestClient(app, follow_redirects=False, client=(address, 1))


def seen(client: TestClient, *forwarded: str) -> str:
    """Return which address is seen when these X-Forwarded-For lines come along."""
    return client.get("/seen/from", headers=[("X-Forwarded-For", line) for line in forwarded]).text


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("10.9.44.2", ["203.0.113.7"], "203.0.113.7"),
        ("::ffff:10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["::ffff:203.0.113.7"], "203.0.113.7"),
        ("fd00:1::5", ["2001:db8:7:1::9"], "2001:db8:7:1::/64"),
        ("10.0.0.1", ["2001:db8:7:1:2:3:4:5"], "2001:db8:7:1::/64"),
        # a chain of proxies, in one line or several
        ("10.0.0.1", ["203.0.113.7, 10.9.1.1"], "203.0.113.7"),
        ("10.0.0.1", ["203.0.113.7", "fd00:1::1,10.9.1.1"], "203.0.113.7"),
        ("10.0.0.1", ["10.9.1.2, 10.9.1.1"], "10.9.1.2"),
        # what a visitor claims stands further left
        ("10.0.0.1", ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["10.9.1.1, 203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
        # nobody who is not trusted is believed
        ("10.0.0.2", ["203.0.113.7"], "10.0.0.2"),
        ("203.0.113.9", ["10.0.0.1"], "203.0.113.9"),
        ("fd00:2::5", ["203.0.113.7"], "fd00:2::/64"),
        # nothing, or nothing that is an address
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.7, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.7, junk, 10.9.1.1"], "10.9.1.1"),
        ("10.0.0.1", ["203.0.113.7:4711"], "10.0.0.1"),
        ("10.0.0.1", ["[2001:db8::1]"], "10.0.0.1"),
        ("10.0.0.1", ["fe80::1%eth0"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.7,"], "10.0.0.1"),
    ],
)
def test_the_nearest_address_that_is_no_trusted_proxy(
    behind: Open, peer: str, forwarded: list[str], expected: str
) -> None:
    assert seen(behind(peer), *forwarded) == expected


def test_by_default_nobody_is_believed(playing: Playprint) -> None:
    assert playing.settings.trusted_proxies == ""
    for peer in ("10.0.0.1", "127.0.0.1", "testclient"):
        assert seen(opener(playing)(peer), "203.0.113.7") == peer
    assert seen(opener(playing)("::1"), "203.0.113.7") == "::/64"


@pytest.mark.parametrize("name", ["X-Real-IP", "Forwarded", "X-Client-IP", "X-Forwarded-Host"])
def test_no_other_header_is_read(behind: Open, name: str) -> None:
    value = "for=203.0.113.7" if name == "Forwarded" else "203.0.113.7"
    assert behind("10.0.0.1").get("/seen/from", headers={name: value}).text == "10.0.0.1"


def test_a_socket_without_an_address_is_never_believed(playing: Playprint) -> None:
    everybody = Settings(home=playing.settings.home, trusted_proxies="0.0.0.0/0, ::/0")
    assert visitor_address("", ["203.0.113.7"], networks(everybody.trusted_proxies)) == ""
    assert visitor_address("unix:", ["203.0.113.7"], networks(everybody.trusted_proxies)) == "unix:"


def test_a_peer_of_none_stays_none(playing: Playprint) -> None:
    passed: list[object] = []

    async def app(scope: dict[str, object], receive: object, send: object) -> None:
        passed.append(scope["client"])

    class Parts:
        settings = Settings(home=playing.settings.home, trusted_proxies="0.0.0.0/0")

    for kind in ("http", "websocket"):
        scope = {"type": kind, "client": None, "headers": [(b"x-forwarded-for", b"203.0.113.7")]}
        looping.run(KnownClient(app, Parts)(scope, None, None))  # type: ignore[arg-type]
    assert passed == [None, None]


def wrong(client: TestClient, address: str, name: str) -> str:
    """Return where a wrong password from an address behind the proxy leads."""
    client.headers["X-Forwarded-For"] = address
    form = {"csrf": visitor(client), "person": name, "password": "wrong wrong wrong"}
    return client.post("/auth/sign-in", data=form).headers["location"]


def test_two_visitors_behind_one_proxy_have_a_brake_each(behind: Open, playing: Playprint) -> None:
    user, _ = playing.accounts.add(f"Alice {uuid4().hex[:8]}")
    stranger, alice = f"2001:db8:{uuid4().hex[:4]}::1", f"2001:db8:{uuid4().hex[:4]}::2"
    client = behind("10.0.0.1")
    for _ in range(5):
        assert "error=wrong" in wrong(client, stranger, user.name)
    assert "error=wait" in wrong(client, stranger, user.name)
    assert "error=wait" in wrong(client, f"198.51.100.1, {stranger}", user.name), "claiming more does not help"
    assert "error=wrong" in wrong(behind("10.0.0.1"), alice, user.name)


@pytest.mark.parametrize(
    "text", ["proxy.example", "10.0.0.1/33", "10.0.0.1/8", "10.0.0.1 10.0.0.2", "*", "10.0.0.1:80"]
)
def test_what_is_no_network_is_refused_at_the_start(text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PLAYPRINT_TRUSTED_PROXIES", text)
    with pytest.raises(InvalidInput, match=r"^PLAYPRINT_TRUSTED_PROXIES: these are not addresses or networks like "):
        load_settings(tmp_path / "none.env")
