"""A click in one picture and all panels follow; a chip says so; Back and the chip take it away again."""

import re

import pytest
from browsing import Open
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def plays(page: Page) -> str:
    """Return on how many plays the timeline of a page stands."""
    return page.locator(".pp-head .pp-sub").first.inner_text()


def test_a_click_on_an_hour_narrows_the_page_and_back_undoes_it(visit: Open) -> None:
    tab = visit()
    tab.go("/demo-patterns?range=2025")
    page, whole = tab.page, plays(tab.page)
    chart = page.locator(".st-key-patterns-when [data-testid=stVegaLiteChart]").first
    box = chart.bounding_box()
    assert box
    chart.click(position={"x": box["width"] * 0.62, "y": 90})
    expect(page.locator(".pp-chip")).to_have_count(2)
    tab.settle()
    assert re.search(r"[?&]weekday=\d", page.url)
    assert re.search(r"[?&]hour=\d+", page.url)
    narrowed = plays(page)
    assert narrowed != whole
    page.reload()
    tab.settle()
    assert plays(page) == narrowed, "the link keeps the filter"
    page.locator(".pp-chip a").first.click()
    expect(page.locator(".pp-chip")).to_have_count(1)
    page.go_back()
    expect(page.locator(".pp-chip")).to_have_count(2)
    assert not tab.errors


def test_a_range_beside_another(visit: Open) -> None:
    tab = visit()
    tab.go("/demo-patterns?range=2025&vs=2024&part=how")
    expect(tab.page.get_by_text("compared with 2024")).to_be_visible()
    assert not tab.errors
