"""Names this instance answers to: its own, plain addresses, and no other's."""

import socket
from collections.abc import Callable, Iterator

import pytest
from running import Server, serving, tab
from someone import Someone, TestClient
from starlette.applications import Starlette
from websockets.exceptions import InvalidStatus

from core.bootstrap import Playprint, build
from core.settings import Settings
from web.routes import middleware, routes

OURS = [
    "localhost",
    "LOCALHOST:8501",
    "127.0.0.1",
    "127.0.0.1:8501",
    "192.168.1.7",
    "[::1]",
    "[::1]:8501",
    "[2001:db8::7]:80",
    "music.example",
    "Music.Example.",
    "music.example:443",
    "nas",
    "nas.fritz.box:8501",
]
FOREIGN = [
    "evil.example",
    "music.example.evil.example",
    "notmusic.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "127.0.0.1.nip.io",
    "evil.example@127.0.0.1",
    "127.0.0.1, evil.example",
    "127.0.0.1/../evil.example",
    "0x7f.1",
    "2130706433.example",
    "[::1",
    "::1",
    "nas:port",
    "nas:1:2",
    " nas",
    "",
    "a!b.evil.example",
    "..",
]


@pytest.fixture(scope="module")
def client(playing: Playprint) -> Iterator[TestClient]:
    settings = Settings(
        home=playing.settings.home,
        public_url="https://music.example:443/",
        # The last two name nobody, and nobody is let in for them.
        allowed_hosts="nas, NAS.fritz.box:8501 , *.example, http://old.example",
    )
    made = build(settings, database_url=playing.db.url, redis_url=playing.redis_url)
    app = Starlette(routes=routes(lambda: made), middleware=middleware(lambda: made))
    yield TestClient(app, follow_redirects=False)
    made.close()


@pytest.mark.parametrize("host", OURS)
def test_our_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_other_names_are_misdirected(client: TestClient, host: str, method: str) -> None:
    answer = client.request(method, "/healthz" if method == "GET" else "/auth/sign-in", headers={"Host": host})
    assert answer.status_code == 421
    assert "PLAYPRINT_ALLOWED_HOSTS" in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers
    assert not host or host not in answer.text


def test_a_forwarded_name_is_not_believed(client: TestClient) -> None:
    spoofed = {"Host": "evil.example", "X-Forwarded-Host": "music.example", "Forwarded": "host=music.example"}
    assert client.get("/healthz", headers=spoofed).status_code == 421


@pytest.fixture(scope="module")
def server(playing: Playprint) -> Iterator[Server]:
    command = ["uvicorn", "probe:app", "--port", "{port}", "--ws", "websockets-sansio"]
    urls = {"database_url": playing.db.url, "redis_url": playing.redis_url}
    with serving(command, home=str(playing.settings.home), **urls) as made:
        yield made


def said(server: Server, request: str) -> str:
    """Return the first line of what a server says to bytes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(request.encode())
        return connection.recv(4096).decode().splitlines()[0]


def test_requests_without_a_host_or_with_two_are_nobodys(server: Server) -> None:
    assert " 200 " in said(server, f"GET /healthz HTTP/1.1\r\nHost: localhost:{server.port}\r\n\r\n")
    for hosts in ("", "Host: localhost\r\nHost: evil.example\r\n"):
        assert " 200 " not in said(server, f"GET /healthz HTTP/1.1\r\n{hosts}\r\n")
        assert " 200 " not in said(server, f"GET /healthz HTTP/1.0\r\n{hosts}\r\n")


def test_a_websocket_under_a_foreign_name_is_closed_before_it_opens(
    server: Server, somebody: Callable[..., Someone]
) -> None:
    """What DNS rebinding would do: a page of evil.example whose name leads here, its Origin and Host the same."""
    alice = somebody()
    foreign = f"evil.example:{server.port}"
    with tab(server, cookie=alice.cookie) as own:
        assert own.run()["looking"] == alice.name
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(
            f"GET /_stcore/stream HTTP/1.1\r\nHost: {foreign}\r\nOrigin: http://{foreign}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Cookie: playprint={alice.cookie}\r\n\r\n".encode()
        )
        assert connection.recv(4096).decode().startswith("HTTP/1.1 403 ")
    with pytest.raises(InvalidStatus), tab(server, cookie=alice.cookie, origin=f"http://{foreign}"):
        pass
