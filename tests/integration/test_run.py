"""``playprint run``: one command, one address, and what happens when parts of it are killed."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar
from urllib.request import urlopen

import psutil
import pytest

from core.embedded import process
from core.embedded.layout import Layout

ROOT = Path(__file__).resolve().parents[2]
T = TypeVar("T")


class House:
    """A running ``playprint run`` of this test's own."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PLAYPRINT_")}
        more = {"PLAYPRINT_HOME": str(home), "PLAYPRINT_DEMO": "false", "PLAYPRINT_PORT": str(self.port)}
        more |= {"PLAYPRINT_FACTS": "false", "PLAYPRINT_TREND_SOURCES": ""}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cli", "run"],
            cwd=ROOT,
            env={**environment, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def printed_until_ready(self) -> str:
        assert self.process.stdout is not None
        lines = []
        while not lines or "Ctrl-C" not in lines[-1]:
            line = self.process.stdout.readline()
            assert line, "it ended"
            lines.append(line)
        return "".join(lines)

    def child(self, name: str) -> psutil.Process:
        (found,) = [
            each
            for each in psutil.Process(self.process.pid).children()
            if [name, "--with-parent"] == each.cmdline()[-2:]
        ]
        return found

    def is_served(self) -> bool:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    def everything(self) -> list[psutil.Process]:
        layout = Layout.of(self.home)
        servers = [*process.running_in(layout.data), *process.running_in(layout.valkey)]
        return [*psutil.Process(self.process.pid).children(recursive=True), *servers, *supervisors(self.home)]


def supervisors(home: Path) -> list[psutil.Process]:
    found = []
    for each in psutil.process_iter(["cmdline"]):
        line = each.info["cmdline"] or []
        if "core.embedded.supervisor" in line and str(home) in line and each.status() != psutil.STATUS_ZOMBIE:
            found.append(each)
    return found


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(condition: Callable[[], T], seconds: float = 60) -> T:
    give_up = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < give_up, "it never happened"
        time.sleep(0.05)
    return answer


def replaced(house: House, name: str, killed: psutil.Process) -> bool:
    with suppress(ValueError, psutil.Error):
        return house.child(name).pid != killed.pid
    return False


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="pp-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def house(home: Path) -> Iterator[House]:
    made = House(home)
    yield made
    with suppress(psutil.Error):
        for each in [*made.everything(), psutil.Process(made.process.pid)]:
            each.kill()
    made.process.communicate()


def test_one_command_serves_survives_kills_and_stops_cleanly(house: House) -> None:
    printed = house.printed_until_ready()
    assert re.findall(r"http://\S+", printed) == [
        re.search(r"http://127.0.0.1:\d+/welcome\?link=1\.\S+", printed)[0],  # type: ignore[index]
        f"http://127.0.0.1:{house.port}",
    ]
    assert house.is_served()

    for name in ("web", "worker"):
        killed = house.child(name)
        killed.kill()
        assert eventually(lambda name=name, killed=killed: replaced(house, name, killed))  # type: ignore[misc]
    eventually(house.is_served)

    killed = supervisors(house.home)[0]
    killed.kill()
    eventually(lambda: [each for each in supervisors(house.home) if each.pid != killed.pid])
    eventually(house.is_served)

    running = house.everything()
    house.process.send_signal(signal.SIGTERM)
    assert house.process.wait(20) == 0
    assert psutil.wait_procs(running, timeout=20)[1] == []


def test_killed_it_takes_everything_along(house: House) -> None:
    house.printed_until_ready()
    running = house.everything()
    assert len(running) > 4
    house.process.kill()
    assert psutil.wait_procs(running, timeout=30)[1] == []


def test_a_port_in_use_is_said_in_one_sentence(home: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "cli", "run", "--port", port],
            check=False,
            cwd=ROOT,
            env={**os.environ, "PLAYPRINT_HOME": str(home)},
            capture_output=True,
            text=True,
        )
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr == f"Port {port} on 127.0.0.1 cannot be used: Address already in use; choose another with --port.\n"
    )
    assert not (home / "owner.lock").exists()
