"""The shapes of countries: whoever draws a map may fetch them, and keeps them."""

from starlette.applications import Starlette
from starlette.testclient import TestClient

from ui.figures.shapes import address, shapes
from web import page


def test_the_map_is_handed_out_whole_and_kept_for_a_year() -> None:
    client = TestClient(Starlette(routes=page.routes(lambda: None)))  # type: ignore[arg-type, return-value]
    answer = client.get(address())
    assert answer.status_code == 200
    assert answer.json() == shapes()
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/assets/links.js").status_code == 200, "the other files are still there"
