"""The way out: what a server does, bounded; nothing taken along from one call to the next."""

import gzip
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from core.spotify.wire import Endless, Wire, hush

BODY = b'{"a":1}' * 30_000


class Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    opened: list[object] = []
    over = threading.Event()

    def log_message(self, *args: object) -> None:
        pass

    def setup(self) -> None:
        self.opened.append(self.client_address)
        super().setup()

    def do_GET(self) -> None:
        getattr(self, self.path[1:])()

    def head(self, status: int = 200, **headers: object) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def whole(self) -> None:
        self.head(content_length=len(BODY))
        self.wfile.write(BODY)

    def pieces(self) -> None:
        packed = gzip.compress(BODY)
        self.head(transfer_encoding="chunked", content_encoding="gzip")
        for at in range(0, len(packed), 50):
            piece = packed[at : at + 50]
            self.wfile.write(b"%x\r\n" % len(piece) + piece + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def nothing(self) -> None:
        self.head(204)

    def cookie(self) -> None:
        self.head(content_length=0, set_cookie="a=b; Path=/")

    def who(self) -> None:
        told = str(dict(self.headers)).encode()
        self.head(content_length=len(told))
        self.wfile.write(told)

    def away(self) -> None:
        self.head(302, content_length=0, location="/who")

    def short(self) -> None:
        self.head(content_length=100)
        self.wfile.write(b"x" * 50)
        self.close_connection = True

    def silent(self) -> None:
        self.over.wait(5)

    def dripping(self) -> None:
        self.head(content_length=1000)
        while not self.over.wait(0.02):
            self.wfile.write(b"x")

    def endless(self) -> None:
        self.head(content_length=10**12)
        while not self.over.is_set():
            self.wfile.write(b"x" * 100_000)

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True


class Threads(ThreadingHTTPServer):
    daemon_threads = True


@pytest.fixture
def url() -> Iterator[str]:
    Server.opened, Server.over = [], threading.Event()
    with Threads(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        Server.over.set()
        server.shutdown()


@pytest.fixture
def wire() -> Iterator[Wire]:
    with Wire(silent=0.5, whole=0.3, most=2_000_000) as made:
        yield made


def test_whole_answers_come_over_one_connection(url: str, wire: Wire) -> None:
    assert [wire.get(url + path).content for path in ("whole", "pieces", "whole")] == [BODY] * 3
    assert wire.get(url + "nothing").status_code == 204
    assert len(Server.opened) == 1


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("short", requests.ConnectionError),
        ("silent", requests.ReadTimeout),
        ("dripping", Endless),
        ("endless", Endless),
    ],
)
def test_what_does_not_end_well_ends(url: str, wire: Wire, path: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        wire.get(url + path)
    assert wire.heard is None


def test_nobody_there_is_said_at_once(wire: Wire) -> None:
    with pytest.raises(requests.ConnectionError):
        wire.get("http://127.0.0.1:1/")


def test_a_redirect_is_an_answer_like_any_other(url: str, wire: Wire) -> None:
    assert wire.get(url + "away").status_code == 302


def test_cookies_are_not_kept(url: str, wire: Wire) -> None:
    wire.get(url + "cookie")
    assert "ookie" not in wire.get(url + "who").text


def test_a_netrc_of_the_machine_is_not_asked(
    url: str, wire: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login somebody password word")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with requests.Session() as plain:
        assert "Basic" in plain.get(url + "who").text
    assert "Bearer token" in wire.get(url + "who", headers={"Authorization": "Bearer token"}).text


def test_each_thread_hears_its_own_answer(url: str, wire: Wire) -> None:
    wire.get(url + "nothing")
    heard: list[object] = []
    thread = threading.Thread(target=lambda: heard.append(wire.heard))
    thread.start()
    thread.join()
    assert heard == [None]
    assert wire.heard is not None
    assert wire.heard.status_code == 204


def test_spotipys_loggers_say_nothing_at_any_level(caplog: pytest.LogCaptureFixture) -> None:
    hush()
    for name in ("spotipy", "spotipy.client", "spotipy.oauth2", "spotipy.cache_handler", "spotipy.util"):
        caplog.set_level(logging.DEBUG, logger=name)
        logging.getLogger(name).critical("Bearer token")
    assert caplog.records == []
