"""From an export with playlists to suggestions that change with what one says to them, and out again as files."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from archives import account_archive
from browsing import Open, Running, Visit, be_owner
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
XSPF = "{http://xspf.org/ns/0/}"


@pytest.fixture
def listener(visit: Open, running: Running, tmp_path: Path) -> Visit:
    """Return the owner with a year of jazz and three playlists imported."""
    someone = visit()
    be_owner(someone, running)
    export = tmp_path / "my_spotify_data.zip"
    export.write_bytes(account_archive())
    someone.go("/imports")
    someone.page.set_input_files("input[type=file]", export)
    someone.page.get_by_role("button", name="Upload").click()
    expect(someone.page.get_by_text("1\u202f095").first).to_be_visible(timeout=30_000)
    for _ in range(60):
        someone.go("/playlists?range=all")
        if someone.page.get_by_text("Late hours").count():
            return someone
    raise AssertionError("the playlists were not imported")


def saved(someone: Visit, name: str, folder: Path, nth: int = 0) -> bytes:
    """Return what a download link of a name gives."""
    with someone.page.expect_download() as waiting:
        someone.page.get_by_role("link", name=name, exact=True).nth(nth).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path.read_bytes()


def titles(someone: Visit) -> list[str]:
    return someone.page.locator(".pp-sug h3").all_inner_texts()


def test_from_playlists_to_suggestions_and_out_as_files(listener: Visit, tmp_path: Path) -> None:
    page = listener.page
    page.get_by_role("link", name="Late hours").first.click()
    listener.settle()
    expect(page.get_by_role("heading", name="Late hours")).to_be_visible()
    expect(page.get_by_text("Alone Together").first).to_be_visible()
    whole = json.loads(saved(listener, "JSPF", tmp_path))["playlist"]
    assert [track["title"] for track in whole["track"]] == [
        "Naima", "Blue in Green", "Alone Together", "Naima", "Equinox",
    ]  # fmt: skip
    page.get_by_text("Clean up").first.click()
    listener.settle()
    cleaned = ElementTree.fromstring(saved(listener, "XSPF", tmp_path, nth=1))  # the first one is the whole list
    kept = [each.text for each in cleaned.iter(f"{XSPF}title")]
    assert kept.count("Naima") == 1
    page.get_by_text("Continue").first.click()
    listener.settle()
    assert "Naima" not in titles(listener)
    assert titles(listener)

    listener.go("/discover")
    before = titles(listener)
    assert len(before) > 9
    reason = page.locator(".pp-sug .pp-why").first.inner_text()
    assert re.search("John Coltrane|Miles Davis|Art Blakey", reason)
    page.get_by_role("radiogroup").or_(page.get_by_role("group")).filter(has_text="Never").first.get_by_text(
        "Never"
    ).click()
    expect(page.get_by_text(f"You will not see again {before[0]}.")).to_be_visible()
    listener.settle()
    assert before[0] not in titles(listener)
    assert before[1] in titles(listener)
    page.get_by_role("button", name="Undo").click()
    listener.settle()
    assert titles(listener) == before

    page.get_by_role("radio", name="Adventurous").click()
    listener.settle()
    assert titles(listener) != before
    assert "dial=adventurous" in page.url
    page.get_by_role("radio", name="Songs").click()
    listener.settle()
    assert "Alone Together" in titles(listener)
    assert "Peace Piece" in titles(listener)
    songs = ElementTree.fromstring(saved(listener, "XSPF", tmp_path))
    names = {each.text for each in songs.iter(f"{XSPF}title")}
    assert {"Alone Together", "Peace Piece"} <= names
    assert not names & {"Naima", "So What"}
    assert listener.errors == []
    assert all(re.match(r"http://127\.0\.0\.1|data:|blob:", host) for host in listener.hosts)


def test_the_demo_can_be_looked_at_and_not_answered(visit: Open) -> None:
    someone = visit()
    someone.go("/demo-discover")
    assert titles(someone)
    assert someone.page.get_by_text("Never", exact=True).count() == 0
    someone.go("/demo-playlists")
    expect(someone.page.get_by_role("heading", name="Playlists", exact=True)).to_be_visible()
    assert someone.page.locator(".pp-table tbody tr").count() > 5
    assert someone.errors == []
