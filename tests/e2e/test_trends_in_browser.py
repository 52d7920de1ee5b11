"""Public trends as a visitor uses them in a real browser: on the demo's invented charts, without an account."""

import json
import re

import pytest
from browsing import Open, Running, Visit
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def chart(someone: Visit) -> list[str]:
    """Return the names of the chart shown, in their order."""
    rows = someone.page.locator(".pp-table").first.locator("tbody td.pp-name .pp-clip")
    return rows.all_inner_texts()


def choose(someone: Visit, label: str, option: str) -> None:
    """Choose from a list; one that a rerun closes is opened again."""
    page = someone.page
    for _ in range(3):
        page.get_by_label(label, exact=True).click()
        found = page.get_by_role("option", name=option, exact=True)
        try:
            found.click(timeout=3_000)
        except Exception:
            continue
        break
    someone.settle()


def test_a_visitor_looks_around(visit: Open, running: Running) -> None:
    someone = visit()
    page = someone.page
    someone.go("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("What the world listens to")
    expect(page.get_by_text("Demo charts").first).to_be_visible()
    world = chart(someone)
    assert len(world) == 20

    # Another country, another kind: the address says so, Back takes it away.
    choose(someone, "Where", "Germany")
    assert "in=DE" in page.url
    expect(page.get_by_role("heading", level=1)).to_have_text("What Germany listens to")
    assert chart(someone) != world
    page.locator("[data-testid=stButtonGroup]").get_by_text("Songs").click()
    someone.settle()
    assert "of=track" in page.url
    page.go_back()
    page.go_back()
    someone.settle()
    assert chart(someone) == world

    # Back in time, and forward again.
    page.get_by_role("button", name="‹").click()
    someone.settle()
    assert re.search(r"at=\d{4}-\d\d-\d\d", page.url)
    assert chart(someone) != world
    page.get_by_role("button", name="›").click()
    someone.settle()
    assert chart(someone) == world

    # A name leads to its own page, which leads on.
    page.locator(".pp-table").first.get_by_role("link", name=world[0]).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(world[0])
    assert "/trend?" in page.url
    someone.settle()
    assert page.locator("[data-testid=stVegaLiteChart]").count() >= 1

    # Search finds it; two are compared.
    someone.go("/trends")
    page.get_by_label("Search artists, songs and albums").fill(world[1][:6])
    page.keyboard.press("Enter")
    someone.settle()
    expect(page.get_by_role("link", name=world[1], exact=True).first).to_be_visible()
    page.get_by_role("link", name="Compare").first.click()
    someone.settle()
    assert "with=" in page.url
    assert "part=compare" in page.url
    assert page.locator("[data-testid=stVegaLiteChart]").count() >= 1

    assert someone.errors == []
    assert {host.replace("ws", "http") for host in someone.hosts if host.startswith(("http", "ws"))} == {
        running.address
    }
    kept = {cookie["name"]: cookie["expires"] for cookie in page.context.cookies()}
    assert kept == {"playprint_visitor": -1, "_streamlit_xsrf": -1}, "only what guards forms, until the browser closes"


def test_what_is_shown_can_be_taken_away(visit: Open) -> None:
    someone = visit()
    page = someone.page
    someone.go("/trends?of=track&in=FR")
    with page.expect_download() as data:
        page.get_by_role("link", name="CSV", exact=True).first.click()
    assert data.value.path().read_text().count("\n") > 1
    with page.expect_download() as data:
        page.get_by_role("link", name="JSON", exact=True).nth(1).click()
    said = json.loads(data.value.path().read_text())
    assert len(said["rows"]) == 100
    assert "Invented" in said["credit"]
    with page.expect_download() as picture:
        page.get_by_role("link", name="PNG", exact=True).first.click()
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("part", ["chart", "moves", "genres", "places", "listening"])
def test_every_part_fits_a_phone(visit: Open, part: str) -> None:
    someone = visit(viewport={"width": 390, "height": 844}, color_scheme="dark")
    someone.go(f"/trends?part={part}")
    page = someone.page
    assert page.locator(".pp-head").count() >= 2
    wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= 390
    assert someone.errors == []
    assert "could not be drawn" not in page.locator("body").inner_text()


def test_a_click_on_a_country_opens_its_chart(visit: Open) -> None:
    someone = visit()
    page = someone.page
    someone.go("/trends?part=places")
    link = page.locator(".pp-table td.pp-text a").first
    name = link.inner_text()
    link.click()
    someone.settle()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"What {name} listens to")


def test_the_head_tells_messengers_what_it_is(visit: Open) -> None:
    someone = visit()
    answer = someone.page.request.get("/trends?of=track&in=DE")
    assert "og:image" in answer.text()
    address = re.search(r'property="og:image" content="([^"]+)"', answer.text())
    assert address
    path = address.group(1).replace("&amp;", "&").split("/", 3)[3]
    picture = someone.page.request.get(f"/{path}")
    assert picture.body().startswith(b"\x89PNG")
