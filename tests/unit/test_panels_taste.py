"""The panels of taste on an ordinary history, on nothing and on one listen: what they say and what they draw."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
import vl_convert
from heard import Heard, library, listen

from core.analytics import attaching
from core.analytics.library import Library
from core.analytics.selecting import select
from core.analytics.variety import variety
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.period import Period
from core.domain.selection import Selection, parse_range
from core.services.listening import Listening
from ui.figures.base import standalone
from ui.figures.panel import Listing, Panel, Picture, Strip
from ui.figures.panels_taste import PANELS
from ui.figures.spans import end_of, label, start_before, step_for, token

LENS = Lens("Europe/Berlin", rule="start")
FIRST = date(2019, 1, 7)
NAMES = [
    "variety", "variety-over-time", "concentration", "novelty", "exploration", "retention", "drift", "drift-artists",
    "eras", "era-list", "affinity", "affinity-parts", "long-form", "forgotten", "new-artists",
]  # fmt: skip


@dataclass
class OneLibrary:
    """Stands in for the libraries of a process: everybody has this one."""

    library: Library

    def get(self, user_id: int) -> Library:
        return self.library

    def holds(self, user_id: int, library: Library) -> bool:
        return library is self.library

    def reading(self) -> AbstractContextManager[None]:
        return nullcontext()


def listening(heard: list[Heard]) -> Listening:
    made = Listening(None, None, memory_bytes=10**7)  # type: ignore[arg-type]  # nothing is read from either
    made._libraries = OneLibrary(library(heard))  # type: ignore[assignment]
    return made


def ordinary() -> list[Heard]:
    """Return two years: mostly Björk, then mostly ABBA, with abba in both; a favourite given up in the first month."""
    heard = [listen(f"{FIRST}T08:{n:02}:00", 8, 300_000) for n in range(8)]
    rng = np.random.default_rng(5)
    for week in range(104):
        day = FIRST + timedelta(weeks=week, days=3)
        tracks = rng.choice([1, 3, 4, 5], 30, p=[0.8, 0.1, 0, 0.1] if week < 52 else [0.02, 0.1, 0.8, 0.08])
        heard += [
            listen(f"{day}T{10 + n // 12}:{n % 12 * 5:02}:00", int(track), 100_000 + 1_000 * int(track) + week)
            for n, track in enumerate(tracks)
        ]
    return heard


def selection(start: date, end: date, **more: Any) -> Selection:
    return replace(Selection(period=Period(start, end), range="all", today=end - timedelta(days=1)), **more)


WHOLE = selection(date(2019, 1, 1), date(2021, 1, 4))


@pytest.fixture(scope="module")
def lived() -> Listening:
    return listening(ordinary())


def make(name: str, own: Listening, chosen: Selection = WHOLE) -> Panel:
    return PANELS[name](own, 1, LENS, chosen)


def fields(spec: Any) -> set[str]:
    """Return the fields a specification reads."""
    if isinstance(spec, list):
        return set().union(*map(fields, spec))
    if not isinstance(spec, dict):
        return set()
    own = {spec["field"]} if isinstance(spec.get("field"), str) else set()
    own |= set(spec["select"].get("fields", ())) if isinstance(spec.get("select"), dict) else set()
    return own.union(*map(fields, spec.values()))


def check(made: Panel) -> None:
    """Hold a panel to what all of them promise."""
    for text in (made.title, made.about, made.explained, made.n):
        assert text.strip()
        assert "None" not in text
    assert not made.title.endswith(".")
    module, _, function = made.definition.partition(".")
    assert function in vars(__import__(f"core.analytics.{module}", fromlist=[function]))
    if isinstance(made, Picture):
        assert isinstance(made.spec, dict)
        assert fields(made.spec) <= set(made.rows.column_names)
        assert made.alternative.strip()
        drawn = standalone(made.spec, made.rows, title=made.title, subtitle=made.about, width=390)
        assert vl_convert.vegalite_to_svg(drawn).startswith("<svg")
    if isinstance(made, Listing):
        for column in made.columns:
            used = {column.field, column.under, column.under_id, column.until} | (
                {column.id} if column.kind in ("name", "filter") else set()
            )
            assert used - {""} <= set(made.frame.columns)


def test_all_panels_are_there():
    assert sorted(PANELS) == sorted([*NAMES, "mainstream"]), "that one needs public charts: test_panel_mainstream"


@pytest.mark.parametrize("name", NAMES)
def test_a_panel_of_an_ordinary_history(lived: Listening, name: str):
    made = make(name, lived)
    check(made)
    assert made.frame.height


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "chosen",
    [
        selection(date(2001, 1, 1), date(2002, 1, 1)),
        replace(WHOLE, filters=Filters(hours=(3,))),
        selection(date(2019, 1, 7), date(2019, 1, 8)),
        replace(WHOLE, brush=Period(date(2020, 1, 1), date(2020, 2, 1)), filters=Filters(artists=(13,))),
    ],
    ids=["a time before", "no hour", "one day", "brushed, one artist"],
)
def test_a_panel_of_little(lived: Listening, name: str, chosen: Selection):
    check(make(name, lived, chosen))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("heard", [[], [listen("2020-02-29T12:00:00")]], ids=["nothing", "one listen"])
def test_a_panel_of_a_history_that_begins(heard: list[Heard], name: str):
    check(make(name, listening(heard)))


def test_what_the_panels_find(lived: Listening):
    titles = {name: make(name, lived).title for name in NAMES}
    assert titles["eras"] == "2 eras, the last one since 6 Jan 2020"
    assert titles["drift"] == "The biggest change of taste: Jan–Mar 2020"
    assert titles["drift-artists"].startswith("Jan–Mar 2020: more ABBA")
    assert titles["drift-artists"].endswith("less Björk")
    assert titles["affinity"] == "Closest to you: ABBA"
    assert titles["forgotten"] == "1 favourite not played lately: uri:8"
    assert titles["variety"].startswith("Half of it comes from 2 artists out of 3")
    assert titles["concentration"].startswith("100\u202f% of plays go to 3 artists")


def test_the_picture_of_eras_ignores_the_part_that_is_picked(lived: Listening):
    picked = replace(WHOLE, brush=Period(date(2020, 1, 6), date(2020, 3, 1)), filters=Filters(artists=(13,)))
    assert make("eras", lived, picked).frame.equals(make("eras", lived).frame)
    rows = pl.DataFrame(make("eras", lived).rows)  # type: ignore[union-attr]
    for name, start, until, days in rows.select("name", "start", "until", "pick_brush").iter_rows():
        period = parse_range(days, first=FIRST, last=FIRST)
        assert (period.start, period.end) == (start, until)
        assert name.endswith(f"{until - timedelta(days=1):%b %Y}")


def test_the_parts_are_those_of_the_artist_of_the_page(lived: Listening):
    one = make("affinity-parts", lived, replace(WHOLE, filters=Filters(artists=(11,))))
    assert one.title == "Björk is number 3 of 3 artists" or one.title == "Björk is number 2 of 3 artists"
    assert one.frame["name"].to_list() == ["Björk"]
    nobody = make("affinity-parts", lived, replace(WHOLE, filters=Filters(artists=(99,))))
    assert nobody.title == "Not played in this range"


def test_variety_is_compared_at_the_same_number_of_plays(lived: Listening):
    later = selection(date(2020, 1, 6), date(2020, 7, 6), versus=Period(date(2019, 1, 7), date(2019, 3, 1)))
    made = make("variety", lived, later)
    assert isinstance(made, Strip)
    assert made.numbers[1].note.endswith("against 7 Jan – 28 Feb 2019")
    assert variety(select(library(ordinary()), LENS, period=later.shown)).plays == 780


def test_months_and_quarters_in_words():
    assert (label(date(2020, 3, 1), "month"), label(date(2020, 1, 1), "quarter")) == ("Mar 2020", "Jan–Mar 2020")
    assert label(date(2020, 1, 1), "year") == "2020"
    assert end_of(date(2020, 10, 1), "quarter") == date(2021, 1, 1)
    assert start_before(date(2021, 1, 1), "quarter") == date(2020, 10, 1)
    assert start_before(date(2021, 1, 1), "month") == date(2020, 12, 1)
    assert token(date(2020, 2, 1), date(2020, 3, 1), Period(date(2020, 2, 10), None)) == "2020-02-10..2020-02-29"
    assert (step_for(Period.year(2020)), step_for(Period())) == ("month", "quarter")


ROW = {"plays": 40, "months_heard": 9, "months": 10, "intent": 0.6, "silent_days": 3, "gap_days": 4.0}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "You come back to it in 9 of 10 months and mostly choose it yourself; the last time was 3 days ago, "
             "usually every 4 days."),
        ({"plays": 1}, "Only 1 play so far: too few to tell a habit."),
        ({"intent": None, "months_heard": 10}, "You come back to it every month (10 so far); the last time was 3 days "
                                               "ago, usually every 4 days."),
        ({"intent": 0.3, "silent_days": 90}, "You come back to it in 9 of 10 months and choose it yourself more often "
                                             "than most; it has been silent for 3 months, usually every 4 days "
                                             "before."),
        ({"intent": 0.01, "silent_days": 0}, "You come back to it in 9 of 10 months and mostly let it come by itself; "
                                             "the last time was just now."),
        ({"intent": 0.1, "months": 1, "months_heard": 1, "gap_days": None}, "You met it this month and choose it "
         "yourself about as often as others; all on one day, 3 days ago."),
        ({"gap_days": 1.2, "silent_days": 2}, "You come back to it in 9 of 10 months and mostly choose it yourself; it "
                                              "has been silent for 2 days, usually every day before."),
    ],
)  # fmt: skip
def test_an_attachment_in_words(change: dict[str, Any], expected: str):
    assert attaching.sentence(ROW | change, 0.1) == expected
