"""The words of the panels about one thing, and their pictures' rows, on made-up figures."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from heard import Heard, library, listen

from core.analytics.selecting import ALL_TIME, UNFILTERED, select
from core.analytics.timeline import rank_history as ranks_of
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.period import Period
from core.domain.selection import Selection
from ui.figures.chart import FIELDS, chart_of
from ui.figures.panel import Listing, Panel, Picture, Strip
from ui.figures.panels_items import PANELS
from ui.figures.things import bucket_words, span_words, step_for, thing

LENS = Lens(timezone="Europe/Berlin")


class Listening:
    """The service's part that the panels use, on listens in memory."""

    def __init__(self, heard: list[Heard]) -> None:
        self._library = library(heard)

    def ask(self, _user: int, metric: Any, /, *, lens: Lens, period: Period = ALL_TIME,
            filters: Filters = UNFILTERED, **more: Any) -> Any:  # fmt: skip
        return metric(select(self._library, lens, period=period, filters=filters), **more)

    def rank_history(self, _user: int, *, lens: Lens, period: Period, filters: Filters, **more: Any) -> pl.DataFrame:
        return ranks_of(select(self._library, lens, period=period, filters=filters), **more)


def days_of(tracks: list[int], *, days: int = 40) -> list[Heard]:
    """Return an evening on each of some days: the tracks one after the other, four minutes each."""
    start = datetime(2024, 1, 1, 18, tzinfo=UTC)
    found = []
    for day in range(days):
        for place, track in enumerate(tracks):
            ended = start + timedelta(days=day, minutes=4 * (place + 1))
            found.append(Heard(ended, track, 200_000, ended - timedelta(milliseconds=200_000), flags=16))
    return found


def make(name: str, heard: list[Heard], filters: Filters, metric: Any = "plays") -> Panel:
    period = Period(date(2024, 1, 1), date(2024, 4, 1))
    selection = Selection(range="2024-01-01..2024-03-31", period=period, metric=metric, filters=filters)
    return PANELS[name](Listening(heard), 1, LENS, selection)  # type: ignore[arg-type]


ORDINARY = days_of([1, 3, 4, 5, 1])
CASES = {"ordinary": ORDINARY, "empty": [], "one": [listen("2024-02-29T12:00", track=1)]}
ABOUT = {"artist": Filters(artists=(11,)), "album": Filters(albums=(21,)), "track": Filters(tracks=(1,)), "": Filters()}


@pytest.mark.parametrize("name", sorted(PANELS))
@pytest.mark.parametrize("case", list(CASES))
@pytest.mark.parametrize("about", list(ABOUT))
@pytest.mark.parametrize("metric", ["plays", "hours"])
def test_every_panel_says_something_on_any_history(name: str, case: str, about: str, metric: str) -> None:
    made = make(name, CASES[case], ABOUT[about], metric)
    assert made.title.strip()
    assert made.explained.endswith(".")
    assert "None" not in made.title + made.about + made.n
    if isinstance(made, Picture):
        assert isinstance(made.spec, dict)
        assert made.alternative
    if isinstance(made, Listing):
        assert made.empty.endswith(".")
        assert {c.field for c in made.columns if c.kind != "rank"} <= set(made.frame.columns)


def values(made: Panel) -> dict[str, str]:
    assert isinstance(made, Strip)
    return {one.label: one.value for one in made.numbers}


def test_how_it_was_found_in_words() -> None:
    made = make("found", ORDINARY, ABOUT["track"])
    assert made.title == "Found on 1 Jan 2024"
    said = values(made)
    assert said["First play"] == "1 Jan 2024"
    assert said["Before it"] == "Nothing"
    assert said["In the first week"] == "14 plays"
    later = make("found", ORDINARY, Filters(tracks=(3,)))
    assert values(later)["Before it"] == "Human Behaviour"
    assert make("found", [], ABOUT["track"]).title == "Never played"


def test_skips_against_the_average_in_words() -> None:
    skipped = [replace(h, flags=24) if h.track == 3 else h for h in ORDINARY]
    assert make("item-skips", skipped, Filters(tracks=(3,))).title == "Skipped more often than your average"
    assert make("item-skips", skipped, Filters(tracks=(4,))).title == "Skipped less often than your average"
    assert make("item-skips", ORDINARY, Filters(tracks=(4,))).title == "Skipped about as often as your average"
    few = make("item-skips", CASES["one"], ABOUT["track"])
    assert few.title == "Too few listens to say how often it is skipped"
    assert set(values(few).values()) == {"–"}


def test_sessions_in_words() -> None:
    said = values(make("item-sessions", ORDINARY, ABOUT["track"]))
    assert said["Sessions"] == "40"
    assert said["Plays a session"] == "2.0"
    assert (said["Alone"], said["Opened"], said["Most in a row"]) == ("0", "40", "1")
    alone = make("item-sessions", days_of([1]), ABOUT["track"])
    assert alone.title == "Mostly played alone: 100\u202f% of its sessions hold nothing else"


def test_the_place_and_the_share_in_words() -> None:
    title = make("rank-history", ORDINARY, ABOUT["track"]).title
    assert title == "Highest in the week of 1 Jan 2024: 1st of 4 tracks"
    assert make("share-over-time", ORDINARY, ABOUT["track"]).title.endswith("40\u202f% of all plays")
    assert make("time-between", ORDINARY, ABOUT["track"]).title.startswith("Half of the time it is played again within")


def test_the_lines_of_the_first_ten() -> None:
    made = make("bump", ORDINARY, Filters())
    assert isinstance(made, Picture)
    rows = made.rows.to_pylist()
    assert {row["lead"] for row in rows} == {True}
    labels = [row["label"] for row in rows if row["label"]]
    assert labels == ["Björk +1", "ABBA"]
    assert all(row["rank"] is None or row["rank"] <= 20 for row in rows)
    assert all(row["pick_artist"] == row["id"] for row in rows)


def test_lines_that_end_at_one_point_share_a_label() -> None:
    """Three artists with equal plays to the end: their labels would lie on each other."""
    made = make("bump", days_of([1, 3, 4]), Filters())
    assert isinstance(made, Picture)
    assert [row["label"] for row in made.rows.to_pylist() if row["label"]] == ["ABBA +2"]


def test_which_thing_a_selection_is_about() -> None:
    assert thing(Selection(filters=Filters(artists=(5,), tracks=(7,)))) == ("track", 7)
    assert thing(Selection(filters=Filters(albums=(5,), artists=(7,)))) == ("album", 5)
    assert thing(Selection()) == ("artist", 0)


def test_steps_and_stretches_in_words() -> None:
    steps = [(30, "week"), (365, "month"), (1200, "quarter"), (9000, "year")]
    for days, step in steps:
        assert step_for(Period(date(2000, 1, 1), date(2000, 1, 1) + timedelta(days=days))) == step
    assert step_for(Period(date(2000, 1, 1), date(2008, 1, 1)), few=True) == "year"
    assert bucket_words(date(2024, 4, 1), "quarter") == "April to June 2024"
    assert bucket_words(date(2024, 10, 1), "quarter") == "October to December 2024"
    assert [bucket_words(date(2024, 1, 1), s) for s in ("month", "year")] == ["January 2024", "2024"]
    words = [span_words(timedelta(hours=h)) for h in (0.5, 1.5, 5, 72, 2000, 20_000)]
    assert words == ["30 minutes", "90 minutes", "5 hours", "3 days", "3 months", "2.3 years"]


@pytest.mark.parametrize("sort", [*FIELDS, *(f"-{name}" for name in FIELDS)])
@pytest.mark.parametrize("of", ["artist", "genre"])
def test_the_list_of_an_address_and_back(sort: str, of: str) -> None:
    chart = chart_of({"of": of, "sort": sort, "find": " a "}, two=True)
    again = chart_of({name: value for name, value in chart.params().items() if value}, two=True)
    assert again == chart
    assert chart.search == "a"
    fits = sort.removeprefix("-") not in (("skips", "first") if of == "genre" else ("artists",))
    assert chart.sort == (sort if fits else "rank")


def test_nonsense_in_an_address_falls_back() -> None:
    assert chart_of({"of": "x", "sort": "--plays", "level": "x"}) == chart_of({})
    assert chart_of({"sort": "there"}).sort == "rank"
