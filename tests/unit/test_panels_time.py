"""Each panel about time on an ordinary history, an empty selection and one listen: its words, its rows, its drawing."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
import vl_convert
from heard import Heard, library, listen
from lone import Lone

from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.listen import country_code
from core.domain.period import Period
from core.domain.selection import Selection
from ui.figures import hours as hours_figures
from ui.figures.base import standalone
from ui.figures.panel import Listing, Panel, Picture, Strip
from ui.figures.panels import PANELS as ALL
from ui.figures.panels_time import PANELS
from ui.figures.times import minutes, o_clock, ordinal

LENS = Lens(timezone="Europe/Berlin")
DAY = timedelta(days=1)
FIRST, TODAY = date(2021, 1, 1), date(2024, 6, 1)
YEAR = Selection("2023", Period.year(2023), today=TODAY)
EVER = Selection("all", Period(FIRST, TODAY), today=TODAY)


def life() -> list[Heard]:
    """Return three years and five months: two plays on most evenings, one artist in Decembers, a week in France."""
    heard = []
    for i in range((TODAY - FIRST).days):
        day = FIRST + i * DAY
        abroad = country_code("FR") if date(2023, 7, 3) <= day < date(2023, 7, 10) else country_code("DE")
        tracks = [3, 4] if day.month != 12 else [1, 3]
        if i % 9:
            heard += [
                listen(f"{day}T{18 + i % 3}:{10 * n:02}", track, country=abroad) for n, track in enumerate(tracks)
            ]
    return heard


ORDINARY, ONE, NONE = Lone(library(life())), Lone(library([listen("2023-05-01T20:00")])), Lone(library([]))


def made(name: str, listening: Lone = ORDINARY, selection: Selection = YEAR) -> Panel:
    return PANELS[name](listening, 1, LENS, selection)


def encoded(spec: dict) -> set[str]:
    """Return the fields a specification reads."""
    layers = spec.get("layer", [spec])
    return {
        part["field"]
        for layer in layers
        for channel in layer["encoding"].values()
        for part in (channel if isinstance(channel, list) else [channel])
        if "field" in part
    }


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("listening", [ORDINARY, ONE, NONE], ids=["ordinary", "one", "none"])
@pytest.mark.parametrize("metric", ["plays", "hours"])
def test_a_panel_says_what_it_shows_and_can_be_drawn(name: str, listening: Lone, metric: str) -> None:
    panel = made(name, listening, replace(YEAR, metric=metric))
    assert panel.title
    assert panel.about
    assert panel.explained or isinstance(panel, Strip)
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", panel.definition)
    assert "None" not in f"{panel.title} {panel.about} {panel.n} {panel.explained}"
    assert " 1 plays" not in f" {panel.n} {panel.title}"
    if isinstance(panel, Picture):
        assert isinstance(panel.spec, dict)
        assert panel.alternative
        assert encoded(panel.spec) <= set(panel.rows.column_names)
        drawn = vl_convert.vegalite_to_svg(standalone(panel.spec, panel.rows, title=panel.title, subtitle=panel.about))
        assert drawn.startswith("<svg")
    elif isinstance(panel, Listing):
        fields = {column.field for column in panel.columns}
        links = {column.id for column in panel.columns if column.kind in ("name", "filter")}
        more = {part for column in panel.columns for part in (column.under, column.under_id, column.until) if part}
        assert fields | links | more <= set(panel.frame.columns)
        assert panel.empty
    else:
        assert panel.frame.height == 1


def test_all_of_them_are_on_the_list_of_panels() -> None:
    assert PANELS.items() <= ALL.items()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("calendar", "No plays in this range"),
        ("hours", "No plays in this range"),
        ("clock-seasons", "No plays in this range"),
        ("best-of-hours", "No plays in this range"),
        ("day-shares", "No plays in this range"),
        ("sessions", "No sessions in this range"),
        ("streaks", "No plays in this range"),
        ("trips", "No country is known in this range"),
        ("milestones", "No milestone yet"),
        ("on-this-day", "Nothing on 1 June in earlier years"),
        ("seasons", "Two years of whole months are needed to see a yearly round"),
    ],
)
def test_an_empty_history_is_said_to_be_empty(name: str, title: str) -> None:
    panel = made(name, NONE)
    assert panel.title == title
    assert isinstance(panel, Picture) or not (panel.numbers if isinstance(panel, Strip) else panel.frame.height)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("calendar", "Most on 1 Jan 2023: 2 plays"),
        ("hours", "Most between 21:00 and 22:00: 38 %"),
        ("sessions-longest", "The longest lasted 13 min"),
        ("streaks", "8 days in a row"),
        ("streaks-artists", "ABBA: 8 days in a row"),
        ("trips", "1 trip to 1 country"),
        ("milestones", "3 years of history on 2 Jan 2024"),
        ("on-this-day", "1 June 2023: Waterloo, 1 play"),
        ("seasonal-artists", "Björk belongs to December"),
    ],
)
def test_the_title_states_the_finding(name: str, title: str) -> None:
    shown = made(name).title.replace("\u202f", " ")
    assert shown == title


def test_the_calendar_shows_the_last_twelve_months_of_a_long_range_whatever_is_brushed() -> None:
    panel = made("calendar", selection=replace(EVER, brush=Period.month(2022, 3)))
    assert isinstance(panel, Picture)
    assert (panel.frame["day"][0], panel.frame["day"][-1]) == (date(2023, 6, 1), date(2024, 5, 31))
    assert "the last twelve months" in panel.about
    row = panel.rows.to_pylist()[0]
    assert row["pick_brush"] == "2023-06-01..2023-06-01"
    assert (row["week"], row["weekday"], row["day"]) == ("2023-05-29", "Thu", "1 Jun 2023")


def test_a_calendar_of_a_leap_year_has_366_days() -> None:
    leap = Lone(library([listen("2024-01-01T12:00"), listen("2024-12-31T12:00")]))
    panel = made("calendar", leap, Selection("2024", Period.year(2024), today=TODAY))
    assert panel.frame.height == 366


def test_a_source_of_a_filter_shows_what_it_would_filter_away() -> None:
    for name, filters in (("hours", Filters(hours=(20,))), ("best-of-hours", Filters(hours=(20,)))):
        assert made(name, selection=replace(YEAR, filters=filters)).frame.equals(made(name).frame)
    french = replace(YEAR, filters=Filters(countries=("DE",)))
    assert made("trips", selection=french).frame.height == 1


def test_the_gap_of_the_selection_ends_sessions() -> None:
    apart = Lone(library([listen("2023-05-01T20:00"), listen("2023-05-01T20:30", 3)]))
    assert made("sessions", apart, replace(YEAR, gap=20)).n == "2 sessions"
    assert made("sessions", apart, replace(YEAR, gap=60)).n == "1 session"
    assert "60 minutes" in made("sessions", apart, replace(YEAR, gap=60)).explained


def test_trips_say_whose_clock_they_go_by() -> None:
    assert "Europe/Berlin" in made("trips").explained
    assert made("trips").frame.select("place", "days").rows() == [("France", 7)]
    unknown = made("trips", ONE)
    assert isinstance(unknown, Listing)
    assert "extended history" in unknown.empty


def test_the_next_milestone_is_named_with_its_day() -> None:
    assert made("milestones").about.endswith("; next: 5\u202f000th play, about 14 Sep 2028")
    assert "next" not in made("milestones", NONE).about
    assert "next" not in made("milestones", ONE, replace(YEAR, today=date(2030, 1, 1))).about


def test_a_range_under_two_years_shows_the_round_of_the_whole_history_and_says_so() -> None:
    assert "whole history" in made("seasons").about
    assert "whole history" not in made("seasons", selection=EVER).about
    assert made("seasons").frame.height == 12


def test_under_20_plays_there_are_no_shares() -> None:
    panel = made("day-shares", ONE)
    assert isinstance(panel, Strip)
    assert panel.title == "Too few plays for shares: 20 are needed"
    assert panel.numbers == ()


def test_every_axis_of_a_number_names_its_unit() -> None:
    assert hours_figures.hours("hours")["encoding"]["y"]["axis"]["title"] == "Hours"
    assert hours_figures.hours("plays")["encoding"]["y"]["axis"]["title"] == "Plays"


@pytest.mark.parametrize(("hour", "words"), [(0, "0:00"), (23.99, "0:00"), (19.26, "19:20"), (7.5, "7:30")])
def test_hours_in_words(hour: float, words: str) -> None:
    assert o_clock(hour) == words


@pytest.mark.parametrize(("value", "words"), [(0.2, "0 min"), (59.6, "1 h"), (60, "1 h"), (192, "3 h 12 min")])
def test_lengths_in_words(value: float, words: str) -> None:
    assert minutes(value).replace("\u202f", " ") == words


@pytest.mark.parametrize(("n", "words"), [(1, "1st"), (2, "2nd"), (11, "11th"), (113, "113th"), (23, "23rd")])
def test_places_in_words(n: int, words: str) -> None:
    assert ordinal(n) == words
