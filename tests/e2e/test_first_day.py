"""A first day with Playprint in a real browser: look at the demo, make the account, import, explore, undo, leave."""

import re
from pathlib import Path

import pytest
from archives import archive
from browsing import Open, Running, Visit
from playwright.sync_api import expect

from ui import patterns, taste

pytestmark = pytest.mark.browser
PASSWORD = "a tide of long songs"


def own_host(visit: Visit, running: Running) -> bool:
    """Return whether the browser asked nobody but this Playprint."""
    allowed = (running.address, running.address.replace("http", "ws"), "data:", "blob:")
    return all(host.startswith(allowed) for host in visit.hosts)


def test_a_first_day(visit: Open, running: Running, tmp_path: Path) -> None:
    someone = visit()
    page = someone.page

    # Trends are what a visitor begins with; the demo needs no account either.
    someone.go("/")
    expect(page.get_by_role("heading", name="What the world listens to")).to_be_visible()
    someone.go("/demo")
    expect(page.get_by_text("demo profile")).to_be_visible()
    expect(page.locator(".pp-facts .pp-value").first).not_to_have_text("0")
    assert page.locator("[data-testid=stVegaLiteChart]").count() == 2

    # The owner's link, once.
    someone.go(running.owner_link)
    page.get_by_label("Your name").fill("Alice")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    someone.settle()
    expect(page.get_by_role("heading", name="Bring your listening history")).to_be_visible()
    assert not page.evaluate("document.cookie.includes('playprint=')"), "the session can be read by scripts"

    # Upload the zip and see every row accounted for.
    export = tmp_path / "my_spotify_data.zip"
    export.write_bytes(archive())
    someone.go("/imports")
    page.set_input_files("input[type=file]", export)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("1\u202f561").first).to_be_visible(timeout=30_000)
    sheet = page.locator("dl.pp-facts").first
    numbers = dict(re.findall(r"(Rows read|Stored|Duplicates|Unidentified|Errors)\s+([\d\u202f]+)", sheet.inner_text()))
    counted = {name: int(value.replace("\u202f", "")) for name, value in numbers.items()}
    assert counted == {"Rows read": 1561, "Stored": 1560, "Duplicates": 0, "Unidentified": 0, "Errors": 1}

    # Figures follow; a name leads to its page; foreign names stay text.
    someone.go("/charts?range=all&of=artist")
    first = page.locator(".pp-table tbody tr").first
    expect(first).to_contain_text("Ada Moll")
    expect(first).to_contain_text("730")
    expect(page.locator(".pp-table").get_by_text("Nils <b>Bold</b>")).to_be_visible()
    first.get_by_role("link", name="Ada Moll").click()
    expect(page.get_by_role("heading", name="Ada Moll", level=1)).to_be_visible()
    assert "/artist?" in page.url
    page.go_back()
    expect(page.get_by_role("heading", name="Charts", level=1)).to_be_visible()

    # Take a picture and the data away.
    someone.go("/?range=2024")
    with page.expect_download() as picture:
        page.get_by_role("link", name="PNG").first.click()
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")
    someone.go("/history?range=2024-02")
    with page.expect_download() as data:
        page.get_by_role("link", name="CSV").click()
    assert len(data.value.path().read_text().splitlines()) == 1 + 58

    # Undo takes the whole import back.
    someone.go("/imports")
    page.get_by_text("Undo this import").click()
    page.get_by_role("button", name="Undo now").click()
    expect(page.get_by_text("undone").first).to_be_visible()
    someone.go("/")
    expect(page.get_by_role("heading", name="Bring your listening history")).to_be_visible()

    # Signing out ends it.
    someone.go("/sign-out")
    page.get_by_role("button", name="Sign out", exact=True).click()
    someone.settle()
    someone.go("/settings")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()

    assert someone.errors == []
    assert own_host(someone, running), someone.hosts


def test_brushing_the_timeline_narrows_the_page(visit: Open) -> None:
    someone = visit()
    someone.go("/demo?range=2025")
    page, before = someone.page, someone.page.locator(".pp-facts .pp-value").nth(1).inner_text()
    box = page.locator("[data-testid=stVegaLiteChart]").first.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.4, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, y, steps=8)
    page.mouse.up()
    expect(page.locator(".pp-chip")).to_contain_text("2025")
    someone.settle()
    assert "brush=2025-" in page.url
    assert page.locator(".pp-facts .pp-value").nth(1).inner_text() != before
    page.get_by_role("link", name="Whole range").click()
    expect(page.locator(".pp-chip")).to_have_count(0)
    expect(page.locator(".pp-facts .pp-value").nth(1)).to_have_text(before)


def test_a_choice_goes_into_the_address_and_back_undoes_it(visit: Open) -> None:
    someone = visit()
    someone.go("/demo?range=2025&metric=plays")
    page = someone.page
    page.locator("[data-testid=stButtonGroup]").get_by_text("Hours").click()
    page.wait_for_url(re.compile("metric=hours"))
    someone.settle()
    page.go_back()
    page.wait_for_url(re.compile("metric=plays"))
    someone.settle()
    expect(page.get_by_text("plays a day").first).to_be_visible()


WITH_PARTS = [f"demo-patterns?part={part}" for part in patterns.PARTS]
WITH_PARTS += [f"demo-taste?part={part}" for part in taste.PARTS]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page_name", ["demo", "demo-charts", "demo-history", "demo-podcasts", "sign-in", *WITH_PARTS])
def test_a_phone_shows_every_page_without_sideways_scrolling(visit: Open, page_name: str, scheme: str) -> None:
    someone = visit(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    someone.go(f"/{page_name}")
    wider = someone.page.evaluate(
        "document.querySelector('[data-testid=stMain]').scrollWidth - document.documentElement.clientWidth"
    )
    assert wider <= 0
    assert someone.errors == []
