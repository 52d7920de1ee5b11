"""The server as ``playprint web`` starts it: it serves, and large uploads pass through its memory."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from running import Server, serving
from someone import GOOD, Someone

from core.bootstrap import Playprint

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def server(playing: Playprint) -> Iterator[Server]:
    urls = {"database_url": playing.db.url, "redis_url": playing.redis_url}
    with serving(["web"], home=str(playing.settings.home), max_upload_mb="60", **urls) as made:
        yield made


def test_it_serves_pages_files_and_health(server: Server) -> None:
    with httpx.Client(base_url=server.address) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        page = client.get("/charts")
        assert "<title>Playprint</title>" in page.text
        script = page.text.split('src="./static/js/')[1].split('"')[0]
        for path in (f"/static/js/{script}", "/_stcore/health", "/_stcore/host-config", "/assets/links.js"):
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "server" not in page.headers
        assert client.get("/_stcore/host-config").json()["allowedOrigins"] == []


def peak(process: psutil.Process) -> int:
    """Return the most memory a process has used since ``forget_peak``, in bytes."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def forget_peak(process: psutil.Process) -> None:
    Path(f"/proc/{process.pid}/clear_refs").write_text("5")


@pytest.mark.skipif(not os.access("/proc/self/clear_refs", os.W_OK), reason="peaks are read from Linux's /proc")
def test_a_large_upload_stays_out_of_memory(
    server: Server, somebody: Callable[..., Someone], playing: Playprint, tmp_path: Path
) -> None:
    alice = somebody()
    headers = {"X-CSRF": alice.csrf, "Accept": "application/json", "Cookie": f"playprint={alice.cookie}"}
    large = tmp_path / "large.zip"
    with large.open("wb") as file:
        for _ in range(50):
            file.write(os.urandom(MEGABYTE))
    process = psutil.Process(server.process.pid)

    def upload(content: object) -> int:
        with httpx.Client(base_url=server.address, timeout=60) as client:
            answer = client.post("/upload", files={"files": ("a.zip", content)}, headers=headers)  # type: ignore[dict-item]
        assert answer.status_code == 200, answer.text
        return int(answer.json()["import_id"])

    playing.importing.cancel(alice.id, import_id=upload(b"warm up"))
    forget_peak(process)
    before = process.memory_info().rss
    with large.open("rb") as file:
        upload(file)
    assert peak(process) - before < 20 * MEGABYTE
    folder = max(playing.uploads.iterdir(), key=lambda path: path.stat().st_mtime)
    assert (folder / "0").stat().st_size == 50 * MEGABYTE
    (folder / "0").unlink()


def test_an_upload_that_breaks_off_leaves_nothing(
    server: Server, somebody: Callable[..., Someone], playing: Playprint
) -> None:
    import socket

    alice = somebody()
    before = set(playing.uploads.rglob("*"))
    head = (
        f"POST /upload HTTP/1.1\r\nHost: localhost:{server.port}\r\nCookie: playprint={alice.cookie}\r\n"
        f"X-CSRF: {alice.csrf}\r\nContent-Type: multipart/form-data; boundary=edge\r\nContent-Length: 5000000\r\n\r\n"
        '--edge\r\nContent-Disposition: form-data; name="files"; filename="a.zip"\r\n\r\n'
    )
    with socket.create_connection(("localhost", server.port)) as connection:
        connection.sendall(head.encode() + b"x" * 3_000_000)
        _until(lambda: set(playing.uploads.rglob("*")) - before, server)
    _until(lambda: set(playing.uploads.rglob("*")) == before, server)
    assert playing.importing.records(alice.id) == []


def _until(true: Callable[[], object], server: Server) -> None:
    """Ask the server for its health until something has become true."""
    with httpx.Client(base_url=server.address) as client:
        for _ in range(2000):
            if true():
                return
            client.get("/healthz")
    raise AssertionError("it never came to pass")


def test_a_form_signs_in_over_the_wire(server: Server, somebody: Callable[..., Someone]) -> None:
    alice = somebody()
    with httpx.Client(base_url=server.address) as client:
        client.get("/")
        form = {"csrf": client.cookies["playprint_visitor"], "person": alice.name, "password": GOOD}
        answer = client.post("/auth/sign-in", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
