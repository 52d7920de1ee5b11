"""A running Playprint and a browser page that remembers what went wrong in it."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import ConsoleMessage, Page


@dataclass
class Running:
    """A Playprint that was started for the first time: its address, and the owner's one-time link.

    ``fake`` is the address of the stand-in for Spotify, where it was started with one.
    """

    address: str
    owner_link: str
    process: subprocess.Popen[str]
    environment: dict[str, str]
    fake: str = ""


@dataclass
class Visit:
    """A browser page that remembers what went wrong in it and which hosts it asked."""

    page: Page
    errors: list[str]
    hosts: set[str]

    def settle(self) -> None:
        """Wait until Streamlit is connected, has run and draws nothing any more."""
        self.page.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]")
        self.page.wait_for_function(
            """() => new Promise(done => {
              let last = performance.now();
              const busy = () => !document.querySelector("[data-test-script-state=notRunning]")
                || document.querySelector("[data-testid=stSkeleton]");
              const look = () => {
                if (busy()) last = performance.now();
                if (performance.now() - last > 350) done(true); else requestAnimationFrame(look);
              };
              look();
            })"""
        )

    def go(self, address: str) -> None:
        """Open an address and wait for its page."""
        self.page.goto(address)
        self.settle()


PASSWORD = "a tide of long songs"


def sign_in(someone: Visit, name: str, password: str = PASSWORD) -> None:
    """Sign in by the form."""
    page = someone.page
    someone.go("/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    someone.settle()


def be_owner(someone: Visit, running: Running) -> None:
    """Sign in as the owner, Alice; make the account with the one-time link where no test before has done so."""
    page = someone.page
    someone.go(running.owner_link)
    if not page.get_by_label("Your name").count():
        sign_in(someone, "Alice")
        return
    page.get_by_label("Your name").fill("Alice")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    someone.settle()


Open = Callable[..., Visit]


def note(visit: Visit, message: ConsoleMessage) -> None:
    """Remember violations of the content policy; Streamlit's own probes of deep links are harmless 404s."""
    if message.type == "error" and "404" not in message.text:
        visit.errors.append(message.text)
