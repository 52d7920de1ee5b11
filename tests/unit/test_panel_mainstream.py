"""The panel that lays somebody's artists beside a public chart: what it says near it, far from it, and without one."""

from datetime import date

from heard import library, listen
from lone import Lone

from core.domain.lens import Lens
from core.domain.period import Period
from core.domain.selection import Selection
from core.domain.trends import SOURCES
from core.services.trend_answers import Reference
from ui.figures.panel import Strip
from ui.figures.panels_mainstream import NONE, PANELS

LENS = Lens("Europe/Berlin", rule="start")
DAYS = Selection(period=Period(date(2019, 1, 1), date(2020, 1, 1)))
HEARD = [listen(f"2019-02-{1 + n:02}T08:00:00", 1 if n % 4 else 4, 300_000) for n in range(24)]


def made(counts: dict[str, int] | None, *, rest: int = 0, heard: int = 24) -> Strip:
    listening = Lone(library(HEARD[:heard]))
    if counts is not None:
        ranking = Reference(SOURCES["listenbrainz"], date(2026, 11, 9), counts, rest)
        listening.public = lambda: ranking
    panel = PANELS["mainstream"](listening, 1, LENS, DAYS)
    assert isinstance(panel, Strip)
    return panel


def names() -> list[str]:
    listening = Lone(library(HEARD))
    found = listening.top(1, by="artist", lens=LENS, period=DAYS.period, limit=5)
    return found["name"].to_list()


def values(panel: Strip) -> dict[str, str]:
    return {number.label: number.value for number in panel.numbers}


def test_the_same_as_everybody() -> None:
    first, second = names()
    panel = made({first: 18, second: 6})
    assert values(panel)["Alike"] == "100\u202f%"
    assert values(panel)["Off the chart"] == "0\u202f%"
    assert values(panel)["On the chart"] == "2"
    assert "ListenBrainz" in panel.credit


def test_nothing_in_common() -> None:
    panel = made({"Somebody else": 10}, rest=0)
    assert values(panel)["Alike"] == "0\u202f%"
    assert values(panel)["Off the chart"] == "100\u202f%"
    assert panel.title.startswith("100\u202f% of plays")


def test_a_part_is_on_the_chart() -> None:
    first, _ = names()
    assert values(made({first: 5}, rest=5))["Off the chart"] == "25\u202f%"


def test_too_few_plays_and_no_charts_say_so() -> None:
    assert made({"X": 1}, heard=5).numbers == ()
    assert "Under 20 plays" in made({"X": 1}, heard=5).title
    assert made(None).title == NONE


def test_an_invented_chart_is_called_so() -> None:
    listening = Lone(library(HEARD))
    invented = Reference(SOURCES["demo"], date(2026, 1, 5), {"X": 1}, 0)
    listening.public = lambda: invented
    panel = PANELS["mainstream"](listening, 1, LENS, DAYS)
    assert "(invented)" in panel.title
