"""A server in a process of its own, and a browser's side of Streamlit's websocket."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Server:
    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: list[str], **settings: str) -> Iterator[Server]:
    """Run a command that serves on PLAYPRINT_PORT until the block ends; yields once it answers."""
    port = free_port()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("PLAYPRINT_")},
        **{f"PLAYPRINT_{name.upper()}": value for name, value in settings.items()},
        "PLAYPRINT_PORT": str(port),
        "PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'web'}",
        "PYTHONUNBUFFERED": "1",
        "STREAMLIT_SERVER_COOKIE_SECRET": "a key for tests",
    }
    argv = [sys.executable, "-m", *(part.replace("{port}", str(port)) for part in command)]
    # The log goes through a pipe: reading it blocks until the server says that it is there.
    process = subprocess.Popen(argv, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        assert process.stdout
        said = b""
        for line in process.stdout:
            said += line
            if b"web.ready" in line:
                break
        else:
            raise AssertionError(said.decode())
        _forget(process)
        _reachable(port)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(20)
        if process.stdout:
            process.stdout.close()


def _reachable(port: int) -> None:
    """Return once the port takes connections: it does so right after the server said that it is ready."""
    end = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
        else:
            return


def _forget(process: subprocess.Popen[bytes]) -> None:
    """Read a process's log to nowhere, so that it never waits for a reader."""
    import threading

    stream = process.stdout
    assert stream
    threading.Thread(target=lambda: [None for _ in iter(lambda: stream.read1(65536), b"")], daemon=True).start()  # type: ignore[attr-defined]


@dataclass
class Tab:
    """One open page: the session id Streamlit gave it, and the texts on it after its last run."""

    socket: ClientConnection
    session_id: str = ""
    texts: dict[str, str] = field(default_factory=dict)

    def run(self, query: str = "") -> dict[str, str]:
        """Run the script and return the texts it wrote, by their names."""
        message = BackMsg()
        message.rerun_script.query_string = query
        self.socket.send(message.SerializeToString())
        written: list[str] = []
        while True:
            answer = ForwardMsg.FromString(self.socket.recv(timeout=20))  # type: ignore[arg-type]
            kind = answer.WhichOneof("type")
            if kind == "new_session":
                self.session_id = answer.new_session.initialize.session_id
                written = []
            elif kind == "delta" and answer.delta.new_element.WhichOneof("type") == "text":
                written.append(answer.delta.new_element.text.body)
            elif kind == "script_finished":
                self.texts = dict(re.findall(r"(\w+)=(.*?);", " ".join(written)))
                return self.texts


@contextmanager
def tab(
    server: Server,
    *,
    cookie: str = "",
    resume: str = "",
    origin: str | None = "same",
    headers: dict[str, str] | None = None,
) -> Iterator[Tab]:
    """Open Streamlit's websocket as a browser does; ``resume`` asks for the session of that id."""
    protocols = ["streamlit", "none", resume] if resume else ["streamlit"]
    sent = {**({"Cookie": f"playprint={cookie}"} if cookie else {}), **(headers or {})}
    with connect(
        f"ws://localhost:{server.port}/_stcore/stream",
        origin=server.address if origin == "same" else origin,  # type: ignore[arg-type]
        additional_headers=sent,
        subprotocols=protocols,  # type: ignore[arg-type]
        max_size=None,
    ) as opened:
        yield Tab(opened)
