"""What a rerun of each page costs the server, as a ratio to the rerun of an empty page in the same run.

Two real servers, Playprint with a person of 300,000 listens and an empty page, are driven over their websockets; what
is measured is the CPU time of the server's process. ``python -m benchmarks.pages [--listens 300000] [--runs 40]``.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from benchmarks.budgets import Held, quiet, verdict
from benchmarks.person import add_catalogue, add_person
from core.bootstrap import Playprint, open_playprint
from core.settings import ROOT, Settings
from ui import item_parts, patterns, taste

BUDGET = 6.0
WARM_MS, COLD_MS = 60.0, 400.0  # at 300,000 listens; four times as much at a million
PARTS = {"patterns": patterns.PARTS, "taste": taste.PARTS}
RANGES = [f"{year}-{month:02}" for year in range(2015, 2024) for month in range(1, 13)]


@contextmanager
def serving(application: str, port: int, environment: Mapping[str, str]) -> Iterator[psutil.Process]:
    """Run an application under uvicorn until the block ends; yields its process once it answers."""
    command = [sys.executable, "-m", "uvicorn", application, "--port", str(port), "--log-level", "error"]
    command += ["--ws", "websockets-sansio", "--ws-per-message-deflate", "false"]  # as web/__main__.py serves
    full = {**os.environ, **environment, "STREAMLIT_SERVER_COOKIE_SECRET": "benchmark"}
    with subprocess.Popen(command, cwd=ROOT, env=full, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            end = time.monotonic() + 30
            while time.monotonic() < end:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield psutil.Process(process.pid)
        finally:
            process.terminate()


class Tab:
    """One browser tab as the server sees it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.pages: dict[str, str] = {}
        self.run()

    def run(self, page: str = "", query: str = "") -> int:
        """Run the script and return the bytes of its answer."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_script_hash = self.pages.get(page, "")
        self.socket.send(message.SerializeToString())
        received = 0
        while True:
            data = self.socket.recv(timeout=60, decode=False)
            received += len(data)
            answer = ForwardMsg.FromString(data)
            kind = answer.WhichOneof("type")
            if kind == "navigation":
                self.pages = {p.url_pathname: p.page_script_hash for p in answer.navigation.app_pages}
            elif kind == "script_finished":
                return received


@contextmanager
def tab(port: int, cookie: str = "") -> Iterator[Tab]:
    """Open a tab on the application at ``port``, signed in by ``cookie``, until the block ends."""
    address = f"localhost:{port}"
    with connect(
        f"ws://{address}/_stcore/stream",
        origin=Origin(f"http://{address}"),
        additional_headers={"Cookie": f"playprint={cookie}"} if cookie else {},
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
    ) as socket:
        yield Tab(socket)


def cpu_ms(server: psutil.Process, tab: Tab, page: str, queries: list[str], runs: int) -> tuple[float, float]:
    """Return (server CPU ms, kB received) per rerun of a page."""
    feed = cycle(queries)
    for _ in range(4):
        tab.run(page, next(feed))
    before, received = sum(server.cpu_times()[:2]), 0
    for _ in range(runs):
        received += tab.run(page, next(feed))
    return (sum(server.cpu_times()[:2]) - before) / runs * 1000, received / runs / 1000


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cases(playing: Playprint, user_id: int) -> dict[str, tuple[str, str]]:
    """Return case → (page, parameters) of every personal page."""
    lens = playing.profiles.lens(user_id)
    made = {"overview": ("", "")} | {
        name: (name, "") for name in ("history", "imports", "settings", "account", "spotify")
    }
    for kind in ("artist", "album", "track"):
        first = playing.listening.top(user_id, by=kind, lens=lens, limit=1)["id"][0]
        made |= {f"charts, {kind}s": ("charts", f"of={kind}&"), kind: (kind, f"id={first}&")}
    return made


def stories(playing: Playprint, user_id: int) -> dict[str, tuple[str, str]]:
    """Return case → (page, parameters) of the pages with many panels: every part of them."""
    lens = playing.profiles.lens(user_id)
    made = {f"{page}, {part}": (page, f"part={part}&") for page, parts in PARTS.items() for part in parts}
    for kind in ("artist", "album", "track"):
        first = playing.listening.top(user_id, by=kind, lens=lens, limit=1)["id"][0]
        made |= {f"{kind}, {part}": (kind, f"id={first}&part={part}&") for part in item_parts.PARTS}
    return made | {"charts, genres": ("charts", "of=genre&"), "podcasts": ("podcasts", "")}


def report(listens: int, runs: int) -> list[Held]:
    """Measure and print; return each page's rerun with its budget."""
    with tempfile.TemporaryDirectory(prefix="pp-bench-") as home:
        playing = open_playprint(Settings(home=Path(home), demo=False))
        try:
            return _measure(playing, listens, runs)
        finally:
            playing.close()


def _measure(playing: Playprint, listens: int, runs: int) -> list[Held]:
    """Serve both applications and measure them."""
    add_catalogue(playing.db)
    user_id = add_person(playing.db, listens=listens)
    token = playing.accounts.redeem(playing.accounts.reset_link("synthetic"), password="a page of numbers").token
    empty_port, port = free_port(), free_port()
    environment = {"PLAYPRINT_HOME": str(playing.settings.home), "PLAYPRINT_PORT": str(port), "PLAYPRINT_DEMO": "false"}
    environment["PLAYPRINT_SPOTIFY_CLIENT_ID"] = "an app that nobody asks"
    with serving("benchmarks.empty:app", empty_port, {}) as empty, tab(empty_port) as nothing:
        floor, _ = cpu_ms(empty, nothing, "", [""], runs * 3)
    print(f"an empty page costs {floor:.1f} ms of server CPU a rerun (the floor)")
    print(f"{'':16}{'rerun ms':>9}{'ratio':>7}{'budget':>8}{'kB':>6}{'new range ms':>14}{'ratio':>7}")
    held = []
    with serving("app:app", port, environment) as server, tab(port, token) as signed_in:
        for name, (page, fixed) in cases(playing, user_id).items():
            same, size = cpu_ms(server, signed_in, page, [f"{fixed}range=all&metric=plays"], runs)
            fresh, _ = cpu_ms(server, signed_in, page, [f"{fixed}range={r}&metric=plays" for r in RANGES], runs)
            held.append(Held(f"a rerun of {name}", same / floor, BUDGET, "x empty page"))
            over = "" if held[-1].within else "  OVER"
            print(
                f"{name:<16}{same:>9.1f}{same / floor:>7.2f}{BUDGET:>8.0f}{size:>6.0f}"
                f"{fresh:>14.1f}{fresh / floor:>7.2f}{over}"
            )
        more = 4 if listens >= 1_000_000 else 1
        held += _measure_stories(server, signed_in, stories(playing, user_id), max(6, runs // 4), more)
    print("(new range: each rerun asks for another month, not computed yet; it has no budget of its own)")
    return held


def _measure_stories(
    server: psutil.Process, tab: Tab, cases: Mapping[str, tuple[str, str]], runs: int, more: int
) -> list[Held]:
    """Print what the pages with many panels cost: asked again, and asked for days nobody asked for yet."""
    held = []
    print(f"\n{'':28}{'again ms':>9}{'budget':>8}{'first ms':>10}{'budget':>8}{'kB':>6}")
    for name, (page, fixed) in cases.items():
        again, size = cpu_ms(server, tab, page, [f"{fixed}range=all&metric=plays"], runs)
        ranges = [f"2010-01-{2 + number:02}..2030-01-01" for number in range(runs + 4)]
        first, _ = cpu_ms(server, tab, page, [f"{fixed}range={days}&metric=plays" for days in ranges], runs)
        both = [
            Held(f"{name}, again", again, WARM_MS * more, "ms"),
            Held(f"{name}, first", first, COLD_MS * more, "ms"),
        ]
        over = "" if all(each.within for each in both) else "  OVER"
        print(f"{name:<28}{again:>9.1f}{WARM_MS * more:>8.0f}{first:>10.1f}{COLD_MS * more:>8.0f}{size:>6.0f}{over}")
        held += both
    return held


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--listens", type=int, default=300_000)
    arguments.add_argument("--runs", type=int, default=40)
    chosen = arguments.parse_args()
    quiet()
    print(verdict(report(chosen.listens, chosen.runs)))


if __name__ == "__main__":
    main()
