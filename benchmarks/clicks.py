"""How long a click on a filter takes until the last panel of the page is drawn, in Chromium.

``python -m benchmarks.clicks [--listens 300000]``: a real server with a person of so many listens, a real browser.
Times are wall time in the browser: from the press of the mouse on the heat map to the moment after which nothing on
the page changed any more.
"""

import argparse
import os
import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.budgets import Held, quiet, table, verdict
from benchmarks.pages import free_port, serving
from benchmarks.person import add_catalogue, add_person
from core.bootstrap import open_playprint
from core.settings import Settings

BUDGET_S = 1.0
CLICKS = 7
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
# Starts a watch: the time of the last change of what the page shows, after the press.
WATCH = """() => {
  window.began = null; window.changed = null;
  addEventListener("pointerdown", () => { window.began = performance.now(); window.changed = null; }, {capture: true});
  new MutationObserver(() => { if (window.began) window.changed = performance.now(); })
    .observe(document.querySelector("[data-testid=stMain]"),
             {subtree: true, childList: true, characterData: true, attributes: true});
}"""
QUIET_MS = 1_500


def clicked(page: Page, column: int) -> float:
    """Return the seconds from a click on a cell of the heat map to the last change it made."""
    box = page.locator(".st-key-patterns-when [data-testid=stVegaLiteChart]").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * (0.15 + 0.08 * column), box["y"] + 60 + 18 * (column % 5))
    page.wait_for_selector(".pp-chip")
    page.wait_for_function(f"() => window.changed && performance.now() - window.changed > {QUIET_MS}", timeout=20_000)
    return float(page.evaluate("() => (window.changed - window.began) / 1000"))


def report(listens: int) -> list[Held]:
    """Measure and print; return the middle of some clicks with its budget."""
    browser_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with tempfile.TemporaryDirectory(prefix="pp-bench-") as home:
        playing = open_playprint(Settings(home=Path(home), demo=False))
        try:
            add_catalogue(playing.db)
            add_person(playing.db, listens=listens)
            token = playing.accounts.redeem(
                playing.accounts.reset_link("synthetic"), password="a page of numbers"
            ).token
            port = free_port()
            environment = {**os.environ, "PLAYPRINT_HOME": home, "PLAYPRINT_PORT": str(port), "PLAYPRINT_DEMO": "false"}
            with serving("app:app", port, environment), sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
                taken = _clicks(browser.new_page(viewport={"width": 1440, "height": 2400}), port, token)
                browser.close()
        finally:
            playing.close()
    held = [Held(f"a click on an hour, middle of {CLICKS}", statistics.median(taken), BUDGET_S, "s")]
    print(table("in Chromium, Patterns of all time", held))
    print(f"(each: {', '.join(f'{seconds:.2f}' for seconds in taken)})")
    return held


def _clicks(page: Page, port: int, token: str) -> list[float]:
    """Click on one hour after another and return how long each took."""
    page.context.add_cookies([{"name": "playprint", "value": token, "url": f"http://127.0.0.1:{port}"}])
    page.goto(f"http://127.0.0.1:{port}/patterns?range=all")
    page.wait_for_selector(".st-key-patterns-when [data-testid=stVegaLiteChart] svg, .st-key-patterns-when canvas")
    page.wait_for_timeout(4_000)
    page.evaluate(WATCH)
    return [clicked(page, column) for column in range(CLICKS)]


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--listens", type=int, default=300_000)
    quiet()
    print(verdict(report(arguments.parse_args().listens)))


if __name__ == "__main__":
    main()
