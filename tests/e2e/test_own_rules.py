"""What should not count, what is one thing, what is deleted: decided on the pages, and taken back."""

import re
from pathlib import Path

import pytest
from archives import archive
from browsing import Open, Running, Visit, be_owner
from playwright.sync_api import Error, Locator, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def owner(visit: Open, running: Running, tmp_path: Path) -> Visit:
    """Return the owner with two years of three artists imported."""
    someone = visit()
    be_owner(someone, running)
    export = tmp_path / "my_spotify_data.zip"
    export.write_bytes(archive())
    someone.go("/imports")
    someone.page.set_input_files("input[type=file]", export)
    someone.page.get_by_role("button", name="Upload").click()
    for _ in range(60):  # sheets of earlier imports look the same: what counts is that the listens are there
        someone.go("/?range=all")
        if someone.page.locator(".pp-facts .pp-value").count():
            return someone
    raise AssertionError("the history was not imported")


def first(someone: Visit) -> Locator:
    """Return the first row of the artists' chart of all time."""
    someone.go("/charts?range=all&of=artist")
    return someone.page.locator(".pp-table tbody tr").first


def choose(someone: Visit, label: str, option: str) -> None:
    """Choose from a list that may be drawn anew, and so closed, just when it was opened."""
    entry = someone.page.get_by_role("option", name=re.compile(option))
    for _ in range(5):
        someone.settle()
        someone.page.get_by_label(label).click()
        try:
            entry.click(timeout=3_000)
        except Error:
            continue
        return
    raise AssertionError(f"{option} cannot be chosen")


def plays(someone: Visit) -> str:
    someone.go("/?range=all")
    return someone.page.locator(".pp-facts .pp-value").nth(1).inner_text()


def test_leaving_an_artist_out_and_counting_them_again(owner: Visit) -> None:
    page, before = owner.page, plays(owner)
    expect(first(owner)).to_contain_text("Ada Moll")
    owner.go("/rules")
    page.get_by_label("Part of the name of the artist").fill("ada")
    page.get_by_label("Part of the name of the artist").press("Enter")
    choose(owner, "Which one", "Ada Moll")
    expect(page.get_by_text("Your top artist becomes")).to_be_visible()
    page.get_by_role("button", name="Leave it out").click()
    expect(page.get_by_role("button", name=re.compile("Count .* again|Count again")).first).to_be_visible()
    owner.settle()
    expect(first(owner)).not_to_contain_text("Ada Moll")
    assert plays(owner) != before
    owner.go("/rules")
    page.get_by_role("button", name=re.compile("Count .* again|Count again")).first.click()
    owner.settle()
    assert plays(owner) == before
    assert owner.errors == []


def test_merging_two_artists_and_taking_it_back(owner: Visit) -> None:
    page = owner.page
    expect(first(owner)).to_contain_text("730")
    first(owner).get_by_role("link", name="Ada Moll").first.click()
    owner.settle()
    owner.go(page.url.removeprefix(page.url.split("/artist")[0]) + "&part=right")
    page.get_by_text("This is the same as").first.click()
    page.get_by_label("Part of the name of the other artist").fill("long")
    page.get_by_label("Part of the name of the other artist").press("Enter")
    choose(owner, "Which one", "The Long Tide")
    page.get_by_role("radiogroup", name="Its name from then on").get_by_text("Ada Moll").click()
    expect(page.get_by_text(re.compile("Together"))).to_be_visible()
    page.get_by_role("button", name="Put together").click()
    owner.settle()
    expect(first(owner)).to_contain_text(re.compile("1\u202f09\\d"))
    owner.go("/rules?part=together")
    page.get_by_role("button", name="Undo").first.click()
    owner.settle()
    expect(first(owner)).to_contain_text("730")
    assert owner.errors == []


def test_deleting_what_the_list_shows_and_undoing_it(owner: Visit) -> None:
    page, before = owner.page, plays(owner)
    owner.go("/history?range=2023-05&q=Kanten")
    page.get_by_role("button", name="Delete…").click()
    expect(page.get_by_text("Delete these 31 listens")).to_be_visible()
    page.get_by_role("button", name="Delete them").click()
    expect(page.get_by_role("button", name=re.compile("Undo"))).to_be_visible()
    owner.settle()
    assert plays(owner) != before
    owner.go("/rules?part=deleted")
    page.get_by_role("button", name=re.compile("Undo|Bring")).first.click()
    owner.settle()
    assert plays(owner) == before
    assert owner.errors == []
