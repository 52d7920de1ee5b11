"""One `playprint run` in a home of its own and one Chromium, shared by the tests of this ring."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browsing import Open, Running, Visit, note
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from core.settings import ROOT

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
COMMAND = [sys.executable, "-c", "import cli; cli.main()"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Start everything on an empty home and wait for the demo; stop it at the end."""
    with started(tmp_path_factory.mktemp("e2e"), PLAYPRINT_FACTS="false", PLAYPRINT_TREND_SOURCES="") as run:
        # Seeds the demo, or waits for the process that does.
        subprocess.run([*COMMAND, "demo"], cwd=ROOT, env=run.environment, check=True, timeout=120)
        yield run


@pytest.fixture(scope="session")
def trying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Start everything with the stand-ins for Spotify and for the sources of facts, without a demo."""
    home = tmp_path_factory.mktemp("trying")
    with started(home, "--with-fake-spotify", PLAYPRINT_DEMO="false", PLAYPRINT_REGISTRATION="open") as run:
        yield run


@contextmanager
def started(home: Path, *options: str, **settings: str) -> Iterator[Running]:
    """Run Playprint on a home and a port of its own until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PLAYPRINT_")}
    environment = {**kept, **settings, "PLAYPRINT_HOME": str(home), "PLAYPRINT_PORT": str(port)}
    command = [*COMMAND, "run", *options]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        said = ""
        assert process.stdout
        for line in process.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        link = re.search(r"http://127.0.0.1:\d+/welcome\?link=\S+", said)
        assert link, f"playprint run said: {said}"
        fake = re.search(r"stand-in for Spotify.* at (http://127.0.0.1:\d+)", said)
        address = f"http://127.0.0.1:{port}"
        yield Running(address, link.group(), process, environment, fake.group(1) if fake else "")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a Chromium: the system's, else Playwright's own; without one the ring is skipped, and fails under CI."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        path = path or playwright.chromium.executable_path
        if not Path(path).exists():
            if os.environ.get("CI") == "true":
                pytest.fail("no browser on this machine: install chromium")
            pytest.skip("no browser on this machine: install chromium")
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Return a function that opens a fresh browser profile on ``running``, or on another Playprint (``on``)."""
    contexts: list[BrowserContext] = []

    def open_profile(on: Running | None = None, **options: object) -> Visit:
        place = on or request.getfixturevalue("running")
        wanted = {
            "viewport": {"width": 1440, "height": 900},
            "locale": "en-GB",
            "timezone_id": "Europe/Berlin",
        } | options
        context = browser.new_context(base_url=place.address, accept_downloads=True, **wanted)  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        contexts.append(context)
        made = Visit(context.new_page(), [], set())
        made.page.on("pageerror", lambda error: made.errors.append(str(error)))
        made.page.on("console", lambda message: note(made, message))
        made.page.on("request", lambda request: made.hosts.add(re.sub(r"^(\w+://[^/]*).*", r"\1", request.url)))
        return made

    yield open_profile
    for context in contexts:
        context.close()
