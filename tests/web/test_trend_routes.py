"""What the web hands out of public charts: heads, previews, files, robots and sitemap; to everybody the same."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from html import unescape
from urllib.parse import parse_qsl
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st
from PIL import Image
from someone import GOOD, TestClient
from starlette.applications import Starlette

from core.bootstrap import Playprint, build
from core.domain.people import SENTENCES
from core.domain.trends import ChartKey, Entry, Snapshot, TrendAsk, parse_trend
from core.repositories.chart_rows import ChartRows
from core.repositories.database import Database
from core.services.limits import LIMITS
from core.settings import Settings
from ui.figures.panel import Picture
from ui.figures.trend_panels import TREND_PANELS
from web.page import inline_script_hashes, page_html
from web.routes import middleware, routes

AnotherDb = Callable[[], AbstractContextManager[Database]]
Opened = Callable[..., TestClient]
EVIL = '"><script>alert(1)</script>'
NAMES = (EVIL, "=1+1", "星野源", "عمرو دياب", "Ordinary & Sons", "A " * 90, "Turned\u202eback\x07")
FIRST = date(2025, 11, 3)  # a Monday
SITE = "https://music.example"
RANKED = "trend-chart"  # the panel that is the ranked list
HERE = "source=listenbrainz&of=artist&per=week&in=ZZ"


def week(number: int, key: ChartKey, order: tuple[int, ...]) -> Snapshot:
    """Return a week of a chart with the names in an order."""
    first, until = FIRST + timedelta(weeks=number), FIRST + timedelta(weeks=number + 1)
    artist = "" if key.kind == "artist" else "@Artist"
    entries = tuple(
        Entry(rank=rank, name=NAMES[at], artist=artist, value=1000 - rank) for rank, at in enumerate(order, 1)
    )
    return Snapshot(key, first, until, True, datetime(2026, 1, 12, 3, tzinfo=UTC), entries, 100_000)


def put_charts(db: Database) -> None:
    """Store ten weeks of artists and tracks, of the world and of Germany."""
    orders = ((0, 1, 2, 3, 4, 5, 6), (1, 0, 3, 2, 5, 4), (0, 2, 1, 4, 3, 6))
    ChartRows(db).store(
        week(number, ChartKey("listenbrainz", kind, "week", region), orders[number % 3])
        for kind in ("artist", "track")
        for region in ("ZZ", "DE")
        for number in range(10)
    )


def opening(playing: Playprint) -> Opened:
    app = Starlette(routes=routes(lambda: playing), middleware=middleware(lambda: playing))

    def opened(address: str = "") -> TestClient:
        address = address or f"10.{uuid4().int % 250}.{uuid4().int % 250}.{uuid4().int % 250}"
        return TestClient(app, base_url=SITE, follow_redirects=False, client=(address, 1))

    return opened


@pytest.fixture(scope="module")
def charted(another_db: AnotherDb, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Playprint]:
    """Return a Playprint with charts, of an address people know."""
    home = tmp_path_factory.mktemp("charted")
    with another_db() as db:
        put_charts(db)
        made = build(Settings(home=home, public_url=SITE, demo=False), database_url=db.url, redis_url=redis_url)
        yield made
        made.close()


@pytest.fixture(scope="module")
def opened(charted: Playprint) -> Opened:
    """Return a function that opens a visitor's browser, at an address of its own."""
    return opening(charted)


@pytest.fixture
def unlisted(charted: Playprint, redis_url: str) -> Iterator[Opened]:
    """Return such a function for the same charts where search engines are not wanted."""
    set_ = Settings(home=charted.settings.home, public_url=SITE, demo=False, indexed="no")
    made = build(set_, database_url=charted.db.url, redis_url=redis_url)
    yield opening(made)
    made.close()


def parse(query: str) -> TrendAsk:
    """Return what an address asks."""
    return parse_trend(dict(parse_qsl(query)))


def artist(playing: Playprint, name: str) -> int:
    found = ChartRows(playing.db).thing_of("artist", name)
    assert found is not None
    return found


def tags(html: str) -> dict[str, str]:
    """Return title and tags of a head, by name."""
    found = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', html))
    found["title"] = re.findall(r"<title>(.*?)</title>", html)[0]
    found["canonical"] = next(iter(re.findall(r'<link rel="canonical" href="([^"]*)"', html)), "")
    return {name: unescape(value) for name, value in found.items()}


# Heads


@pytest.mark.parametrize("path", ["/", "/trends"])
def test_the_charts_say_what_they_show(opened: Opened, path: str) -> None:
    head = tags(opened().get(path).text)
    assert head["title"] == "Top artists worldwide, week of 5–11 January 2026 · Playprint"
    assert head["og:title"] == "Top artists worldwide, week of 5–11 January 2026"
    assert head["description"].startswith(f"1. {EVIL}, 2. =1+1, 3. 星野源.")
    assert "ListenBrainz" in head["description"]
    assert head["robots"] == "index,follow"
    assert head["canonical"] == f"{SITE}/trends"
    assert head["og:url"] == f"{SITE}/trends"
    assert head["og:image"].startswith(f"{SITE}/preview/trend.png?")
    assert "at=2026-01-05" in head["og:image"], "messengers keep pictures by their address"
    assert head["twitter:card"] == "summary_large_image"


def test_another_chart_has_another_head(opened: Opened) -> None:
    head = tags(opened().get("/trends?of=track&in=DE&at=2025-12-24&with=1,2").text)
    assert head["title"] == "Top songs in Germany, week of 22–28 December 2025 · Playprint"
    assert head["canonical"] == f"{SITE}/trends?source=listenbrainz&of=track&per=week&in=DE"
    assert head["og:url"] == f"{SITE}/trends?of=track&in=DE&at=2025-12-24&with=1%2C2"


def test_an_artist_says_how_it_stood(charted: Playprint, opened: Opened) -> None:
    id = artist(charted, "星野源")
    head = tags(opened().get(f"/trend?id={id}").text)
    assert head["title"] == "星野源 in the charts · Playprint"
    assert head["description"].startswith("Best place 2 worldwide, on 17 November 2025")
    assert head["canonical"] == f"{SITE}/trend?id={id}"
    assert head["robots"] == "index,follow"


def test_names_of_charts_are_words_and_nothing_else(charted: Playprint, opened: Opened) -> None:
    for path in ("/trends", f"/trend?id={artist(charted, EVIL)}"):
        html = opened().get(path).text
        assert "<script>alert" not in html
        assert tags(html)["og:title"].count("<script>") == (path != "/trends")
        scripts = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", html)
        assert len(scripts) == len(inline_script_hashes()) == 1
    turned = tags(opened().get("/trend?id=" + str(ChartRows(charted.db).find("Turned")["id"][0])).text)
    assert "\u202e" not in turned["title"]
    assert "\x07" not in turned["title"]


def test_a_page_says_something_without_scripts(opened: Opened) -> None:
    said = re.findall(r"<noscript>(.*?)</noscript>", opened().get("/trends").text, re.DOTALL)[0]
    assert said.count("<li>") == 7
    assert "星野源" in said


@pytest.mark.parametrize(
    "path",
    ["/charts", "/sign-in", "/trend", "/trend?id=999999999", "/trend?id=x", "/trend?genre=no+such", "/artist?id=1"],
)
def test_all_else_has_the_plain_head(opened: Opened, path: str) -> None:
    assert opened().get(path).text == page_html()
    assert tags(page_html())["robots"] == "noindex"


def test_somebodys_start_page_is_their_own(charted: Playprint, opened: Opened) -> None:
    client = opened()
    client.cookies.set("__Host-playprint", "whatever")
    assert client.get("/").text == page_html()


def test_without_charts_the_head_is_plain(playing: Playprint, browser: Callable[[], TestClient]) -> None:
    if not playing.trends.available():
        assert browser().get("/trends").text == page_html()


def test_a_head_that_fails_breaks_no_page(charted: Playprint, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a secret word")

    monkeypatch.setattr(charted.trends, "settle", broken)
    answer = opened().get("/trends?at=2025-12-01")
    assert answer.status_code == 200
    assert answer.text == page_html()


def test_a_warm_head_asks_the_database_nothing(
    charted: Playprint, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = opened()
    before = client.get("/trends").text

    def gone(*_: object, **__: object) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(charted.trends, "settle", gone)
    monkeypatch.setattr(charted.trends, "chart", gone)
    assert client.get("/trends").text == before != page_html()


def test_who_does_not_want_to_be_found_is_not(unlisted: Opened) -> None:
    head = tags(unlisted().get("/trends").text)
    assert head["robots"] == "noindex"
    assert head["og:title"].startswith("Top artists"), "people may share it all the same"
    robots = unlisted().get("/robots.txt")
    assert robots.text == "User-agent: *\nDisallow: /\n"
    assert unlisted().get("/sitemap.xml").status_code == 404


def test_an_address_nobody_was_told_is_not_found(playing: Playprint, browser: Callable[[], TestClient]) -> None:
    assert not playing.settings.findable
    assert browser().get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    assert browser().get("/sitemap.xml").status_code == 404


# Files


@pytest.mark.parametrize("kind", ["csv", "json"])
@pytest.mark.parametrize("name", list(TREND_PANELS))
def test_the_data_of_every_panel_can_be_taken_away(charted: Playprint, opened: Opened, name: str, kind: str) -> None:
    answer = opened().get(f"/download/trend/{name}.{kind}?{HERE}&id={artist(charted, '星野源')}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv" if kind == "csv" else "application/json")
    assert answer.headers["content-disposition"].startswith(
        f'attachment; filename="trend-{name.removeprefix("trend-")}-listenbrainz-artist'
    )
    assert "set-cookie" not in answer.headers
    if kind == "json":
        told = answer.json()
        assert {"title", "about", "source", "licence", "credit", "first", "until", "as_of", "rows"} <= told.keys()
        assert (told["source"], told["licence"]) == ("ListenBrainz", "CC0")
        assert told["as_of"].startswith("2026-01-12")
    else:
        header = answer.text.splitlines()[0].split(",")
        assert {"source", "first", "until", "credit"} <= set(header)
        assert len(header) == len(set(header))


@pytest.mark.parametrize("name", list(TREND_PANELS))
def test_every_picture_can_be_taken_away_with_whose_it_is(charted: Playprint, opened: Opened, name: str) -> None:
    made = TREND_PANELS[name](charted.trends, parse(f"{HERE}&id={artist(charted, '星野源')}"))
    answer = opened().get(f"/download/trend/{name}.svg?{HERE}&id={artist(charted, '星野源')}")
    if not isinstance(made, Picture):
        assert answer.status_code == 404
        return
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/svg+xml")
    words = " ".join(ET.fromstring(answer.text).itertext())
    assert "CC0" in words
    assert "12 Jan 2026" in words


def test_a_picture_for_a_letter_or_a_talk(charted: Playprint, opened: Opened) -> None:
    shown = {name: panel(charted.trends, parse(HERE)) for name, panel in TREND_PANELS.items()}
    name = next(name for name, made in shown.items() if isinstance(made, Picture) and not made.empty)
    answer = opened().get(f"/download/trend/{name}.png?{HERE}")
    assert answer.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).width > 1000


def test_a_download_holds_no_formula(opened: Opened) -> None:
    text = opened().get(f"/download/trend/{RANKED}.csv?{HERE.replace('artist', 'track')}").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["name"] for row in rows} >= {"'=1+1", EVIL}
    assert {row["artist"] for row in rows} == {"'@Artist"}
    assert {(row["source"], row["first"], row["until"]) for row in rows} == {
        ("ListenBrainz", "2026-01-05", "2026-01-12")
    }
    told = json.loads(opened().get(f"/download/trend/{RANKED}.json?{HERE}").text)
    assert "=1+1" in {row["name"] for row in told["rows"]}, "programs get names as they are"


@pytest.mark.parametrize("path", [f"nothing.csv?{HERE}", f"chart.exe?{HERE}", "chart.csv?id=999999999"])
def test_what_is_not_there_is_not_there(opened: Opened, path: str) -> None:
    assert opened().get(f"/download/trend/{path}").status_code == 404


def test_somebody_signed_in_gets_what_everybody_gets(charted: Playprint, opened: Opened) -> None:
    _, token = charted.accounts.add(f"Alice {uuid4().hex[:8]}", role="member")
    client = opened()
    fields = {"csrf": "", "link": token, "password": GOOD, "repeat": GOOD}
    client.get("/")
    fields["csrf"] = client.cookies["__Host-playprint_visitor"]
    client.post("/auth/redeem", data=fields)
    assert charted.accounts.session(client.cookies["__Host-playprint"])
    for path in (
        f"/download/trend/{RANKED}.json?{HERE}",
        "/preview/trend.png",
        "/trends",
        "/sitemap.xml",
        "/robots.txt",
    ):
        assert client.get(path).content == opened().get(path).content, path


ODD = st.text(st.characters(codec="utf-8"), max_size=12)
WORDS = st.sampled_from(("source", "of", "per", "in", "at", "id", "with", "genre", "x"))
VALUES = st.sampled_from(("listenbrainz", "artist", "track", "album", "genre", "week", "all", "DE", "ZZ", "2025-12-01"))


@with_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.dictionaries(WORDS, VALUES | ODD | st.integers(0, 10**12).map(str), max_size=8), data=st.data())
def test_odd_addresses_break_nothing(opened: Opened, query: dict[str, str], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([*TREND_PANELS, "x", "..", "a b"]))
    kind = data.draw(st.sampled_from(("csv", "json", "xls")))
    for path in (f"/download/trend/{name}.{kind}", "/preview/trend.png", "/trends", "/trend", "/sitemap.xml"):
        assert opened().get(path, params=query).status_code in (200, 404), path


@pytest.mark.parametrize(
    ("what", "path"), [("trend-download", "download/trend/{}.csv"), ("preview", "preview/trend.png")]
)
def test_visitors_are_counted_by_address(charted: Playprint, opened: Opened, what: str, path: str) -> None:
    here, address = f"10.251.1.{len(path)}", f"/{path.format(RANKED)}"
    for _ in range(LIMITS[what].most - 1):  # type: ignore[index]
        charted.limits.take(what, here)  # type: ignore[arg-type]
    assert opened(here).get(address).status_code == 200
    slow = opened(here).get(address)
    assert (slow.status_code, slow.headers["cache-control"]) == (429, "no-store")
    assert SENTENCES["slow-down"] in slow.text
    assert opened().get(address).status_code == 200


# Previews


@pytest.mark.parametrize("query", ["", HERE, "of=track&in=DE", "of=genre", "at=2025-11-20", "with=1,2"])
def test_a_chart_has_a_picture(opened: Opened, query: str) -> None:
    answer = opened().get(f"/preview/trend.png?{query}")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "public, max-age=600"
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    assert len(answer.content) < 300_000, "messengers refuse large ones"


def test_all_that_stands_on_charts_has_a_picture(charted: Playprint, opened: Opened) -> None:
    seen = {opened().get(f"/preview/trend.png?id={artist(charted, name)}").content for name in NAMES[:5]}
    assert len(seen) == 5
    assert opened().get("/preview/trend.png?id=999999999").status_code == 404


def test_without_charts_there_is_no_picture(playing: Playprint, browser: Callable[[], TestClient]) -> None:
    if not playing.trends.available():
        answer = browser().get("/preview/trend.png")
        assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")


# Search engines


def test_robots_may_look_at_charts_alone(opened: Opened) -> None:
    answer = opened().get("/robots.txt")
    lines = answer.text.splitlines()
    assert answer.headers["cache-control"] == "public, max-age=600"
    assert "Allow: /trends" in lines
    assert "Allow: /preview/" in lines
    assert "Disallow: /" in lines
    assert not any(line.startswith("Allow: /download") for line in lines)
    assert lines[-1] == f"Sitemap: {SITE}/sitemap.xml"


def test_the_sitemap_names_charts_and_what_stands_on_them(charted: Playprint, opened: Opened) -> None:
    answer = opened().get("/sitemap.xml")
    assert answer.headers["content-type"].startswith("application/xml")
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    entries = ET.fromstring(answer.text).findall(f"{space}url")
    found = {each.findtext(f"{space}loc"): each.findtext(f"{space}lastmod") for each in entries}
    assert len(found) == len(entries), "no address twice"
    assert next(iter(found)) == f"{SITE}/trends"
    assert f"{SITE}/trends?source=listenbrainz&of=track&per=week&in=DE" in found
    assert f"{SITE}/trends?{HERE}" not in found, "that is the start page"
    assert f"{SITE}/trend?id={artist(charted, '星野源')}" in found
    assert set(found.values()) == {"2026-01-12T03:00:00Z"}
    for address in list(found)[:6]:
        assert address
        assert tags(opened().get(address.removeprefix(SITE)).text)["canonical"] == address
