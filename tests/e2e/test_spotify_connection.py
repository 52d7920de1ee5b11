"""The whole connection in a real browser, with stand-ins behind it: connect, see plays, import, no doubles, leave."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from browsing import PASSWORD, Open, Running, Visit, be_owner
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def asked(running: Running, path: str) -> object:
    """Return what the stand-in says to whoever controls it."""
    with urlopen(f"{running.fake}/_control/{path}") as answer:
        return json.load(answer)


def figure(page: Page, name: str) -> int:
    """Return a figure of the strip at the top of a page."""
    text = page.locator(".pp-facts > div", has=page.get_by_text(name, exact=True)).locator(".pp-value").inner_text()
    return int(re.sub(r"\D", "", text) or 0)


def wait_for_part(someone: Visit, part: str) -> None:
    """Reload the page until a part of the sync is done."""
    row = someone.page.locator(".pp-table tr", has_text=part).first
    for _ in range(60):
        someone.go("/spotify")
        if "done" in row.inner_text():
            return
    raise AssertionError(row.inner_text())


def disconnect(someone: Visit) -> None:
    """Press both buttons."""
    someone.go("/spotify")
    someone.page.get_by_text("Disconnect: all of this goes").click()
    someone.page.get_by_role("button", name="Disconnect now").click()
    someone.settle()


def listens(someone: Visit, query: str = "") -> list[list[str]]:
    """Return the person's listens as History gives them away."""
    answer = someone.page.request.get(f"/download/listens.csv?range=all{query}")
    assert answer.ok
    return [line.split(",") for line in answer.text().splitlines()[1:]]


def plays_and_export(someone: Visit, running: Running, who: str, folder: Path) -> list[list[str]]:
    """See plays appear, import an export of the same days, and return the listens: every play once."""
    page = someone.page
    # Plays appear by themselves, marked as what they are.
    wait_for_part(someone, "Recent plays")
    before = listens(someone)
    assert 40 <= len(before) <= 50
    assert figure(page, "Plays from the API") == len(before)
    someone.go("/history?range=all")
    expect(page.get_by_text("Spotify API").first).to_be_visible()

    # An export of the same days: every play once.
    now = datetime.now(UTC)
    since = (now - timedelta(days=30)).isoformat().replace("+00:00", "Z")
    rows = asked(running, f"plays/{who}?since={since}&until={now.isoformat().replace('+00:00', 'Z')}")
    assert isinstance(rows, list)
    export = folder / "Streaming_History_Audio_2026_0.json"
    export.write_text(json.dumps(rows))
    someone.go("/imports")
    page.set_input_files("input[type=file]", export)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("Rows by reason")).to_be_attached(timeout=60_000)
    stored = [line for line in listens(someone) if "spotify_export" in line]
    assert len(listens(someone)) == len(stored), "a play from the API stayed beside the export's"
    return stored


def test_connect_import_disconnect(visit: Open, trying: Running, tmp_path: Path) -> None:
    someone = visit(on=trying)
    page = someone.page
    be_owner(someone, trying)

    # The self-check knows the address to register and has nothing to complain about.
    someone.go("/spotify-setup")
    expect(page.get_by_text(f"{trying.address}/oauth/spotify/callback").first).to_be_visible()
    expect(page.locator(".pp-finding").first).to_be_visible()
    assert page.locator(".pp-finding.pp-found-wrong").count() == 0, page.locator(".pp-findings").inner_text()

    # Connecting says what it means, asks first, and comes back here.
    someone.go("/spotify")
    expect(page.get_by_text("your last fifty plays")).to_be_visible()
    page.get_by_role("checkbox").check()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Connect with Spotify").click()
    page.get_by_role("button", name=re.compile("alice", re.IGNORECASE)).click()
    someone.settle()
    assert page.url.startswith(f"{trying.address}/spotify")
    expect(page.get_by_text("Connected", exact=True)).to_be_visible()

    stored = plays_and_export(someone, trying, "alice", tmp_path)

    # Disconnecting takes it all away, though the sync is still at it; the import stays.
    disconnect(someone)
    expect(page.get_by_role("button", name="Connect with Spotify")).to_be_visible()
    assert listens(someone) == stored
    assert someone.errors == []
    assert all(host.startswith((trying.address, trying.fake, "ws:", "data:", "blob:")) for host in someone.hosts)


def test_sign_in_with_spotify(visit: Open, trying: Running, tmp_path: Path) -> None:
    someone = visit(on=trying)
    page = someone.page
    # Signing in makes no account; joining does, after saying what it means. Then signing in leads back here.
    someone.go("/sign-in")
    page.get_by_role("button", name="Sign in with Spotify").click()
    page.get_by_role("button", name=re.compile("bob", re.IGNORECASE)).click()
    someone.settle()
    expect(page.locator(".pp-error")).to_contain_text("make one first")
    someone.go("/register")
    expect(page.get_by_text("your last fifty plays")).to_be_visible()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Begin with Spotify").click()
    page.get_by_role("button", name=re.compile("bob", re.IGNORECASE)).click()
    someone.settle()
    someone.go("/sign-out")
    page.get_by_role("button", name="Sign out", exact=True).click()
    someone.settle()
    for _ in range(2):
        someone.go("/sign-in?next=%2Fimports")
        page.get_by_role("button", name="Sign in with Spotify").click()
        page.get_by_role("button", name=re.compile("bob", re.IGNORECASE)).click()
        someone.settle()
        assert page.url == f"{trying.address}/imports"
        someone.go("/sign-out")
        page.get_by_role("button", name="Sign out", exact=True).click()
        someone.settle()

    # His plays are there; Spotify alone lets him in, so he chooses a password before he disconnects.
    page.goto("/sign-in")
    someone.settle()
    page.get_by_role("button", name="Sign in with Spotify").click()
    page.get_by_role("button", name=re.compile("bob", re.IGNORECASE)).click()
    someone.settle()
    stored = plays_and_export(someone, trying, "bob", tmp_path)
    disconnect(someone)
    expect(page.locator(".pp-error")).to_contain_text("password")
    someone.go("/account")
    form = page.locator("form[action='/account/password']")
    form.get_by_label("New password").fill(PASSWORD)
    form.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Set password").click()
    someone.settle()
    disconnect(someone)
    expect(page.get_by_role("button", name="Connect with Spotify")).to_be_visible()
    assert listens(someone) == stored
    assert someone.errors == []


def test_who_may_not_is_told_why(visit: Open, trying: Running) -> None:
    someone = visit(on=trying)
    page = someone.page
    # Charlie is not on the app's list; who says no at Spotify is told what to do.
    for name, words in (("charlie", "ask the owner"), ("cancel", "Spotify")):
        someone.go("/sign-in")
        page.get_by_role("button", name="Sign in with Spotify").click()
        page.get_by_role("button", name=re.compile(name, re.IGNORECASE)).click()
        someone.settle()
        expect(page.locator(".pp-error")).to_contain_text(words)
    assert someone.errors == []
