"""What a rule-checker for accessibility finds on every page, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Open

from ui import discover, patterns, playlists, taste, trends

pytestmark = pytest.mark.browser
# Vega draws the brush of a chart as an unnamed rectangle; the chart itself carries its description.
KNOWN = {"svg-img-alt"}
FAVOURITES = "9a470abe6473"  # a playlist of the demo; its key is made of its name
PAGES = [
    "demo?range=all",
    "demo-charts?range=2025",
    "demo-history",
    "demo-artist?id=1&range=all",
    *(f"demo-patterns?range=2025&part={part}" for part in patterns.PARTS),
    *(f"demo-taste?range=all&part={part}" for part in taste.PARTS),
    "demo-podcasts?range=all",
    *(f"demo-discover?part={part}" for part in discover.PARTS),
    "demo-discover?of=track&dial=adventurous",
    *(f"demo-playlists?range=all&part={part}" for part in playlists.PARTS),
    *(f"demo-playlist?list={FAVOURITES}&range=all&part={part}" for part in playlists.ONE_PARTS),
    *(f"trends?part={part}" for part in trends.PARTS),
    "trends?part=compare&with=1,2,3",
    "trends?q=a&of=track&in=DE",
    "trend?id=1",
    "trend?genre=Rock",
    "definitions",
    "sign-in",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_keeps_the_rules(visit: Open, address: str, scheme: str) -> None:
    someone = visit(color_scheme=scheme, bypass_csp=True)  # the checker is a script of its own
    someone.go(f"/{address}")
    found = Axe().run(someone.page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found if rule["id"] not in KNOWN] == []
