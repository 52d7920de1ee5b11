from dataclasses import replace
from datetime import date

import pytest

from core.domain.errors import InvalidInput
from core.domain.filters import Filters
from core.domain.listen import Platform, Source
from core.domain.period import Period
from core.domain.selection import parse_filters, parse_range, parse_selection, range_token

FIRST, LAST = date(2019, 3, 4), date(2024, 2, 29)


@pytest.mark.parametrize(
    ("token", "start", "end"),
    [
        ("all", FIRST, date(2024, 3, 1)),
        ("7d", date(2024, 2, 23), date(2024, 3, 1)),
        ("12m", date(2023, 3, 1), date(2024, 3, 1)),
        ("2023", date(2023, 1, 1), date(2024, 1, 1)),
        ("2023-12", date(2023, 12, 1), date(2024, 1, 1)),
        ("2023-12-30..2024-01-02", date(2023, 12, 30), date(2024, 1, 3)),
    ],
)
def test_a_range_token_means_its_days(token: str, start: date, end: date) -> None:
    assert parse_range(token, first=FIRST, last=LAST) == Period(start, end)


@pytest.mark.parametrize(
    "token", ["", "2023-13", "0000", "2024-01-02..2023-01-01", "2023-02-30..2023-03-01", "yesterday"]
)
def test_a_range_that_is_none_is_refused(token: str) -> None:
    with pytest.raises(InvalidInput):
        parse_range(token, first=FIRST, last=LAST)


@pytest.mark.parametrize("name", ["range", "brush", "vs"])
@pytest.mark.parametrize(
    "token", ["0001-01-01..9999-12-31", "9999-12-31..9999-12-31", "0001", "1899-12-31..2020-01-01", "9999-11", "٢٠٢٥"]
)
def test_days_at_the_ends_of_the_calendar_are_no_range(name: str, token: str) -> None:
    selection = parse_selection({name: token}, first=FIRST, last=LAST)
    assert selection == parse_selection({}, first=FIRST, last=LAST)


@pytest.mark.parametrize("token", ["1900", "2199", "1900-01-01..2199-12-31", "2199-12", "1900-01-02..2199-12-30"])
def test_the_widest_ranges_still_have_neighbours(token: str) -> None:
    period = parse_range(token, first=FIRST, last=LAST)
    before, after = period.before(), period.after()
    assert before is not None
    assert after is not None
    assert before.end == period.start
    assert after.start == period.end


def test_a_strange_address_falls_back_to_the_defaults() -> None:
    selection = parse_selection(
        {"range": "soon", "metric": "<b>", "brush": "x", "hour": "99,-1,a"}, first=FIRST, last=LAST
    )
    assert selection.range == "12m"
    assert selection.metric == "plays"
    assert selection.brush is None
    assert selection.filters == Filters()


def test_an_address_reproduces_its_selection() -> None:
    filters = Filters(
        artists=(3, 9),
        weekdays=(0, 6),
        platforms=(Platform.MOBILE, Platform.CAR),
        countries=("DE",),
        sources=(Source.SPOTIFY_EXPORT,),
        skipped=False,
        shuffle=True,
        search="a & b",
        genres=("Jazz", "deep house"),
    )
    params = {"range": "2023", "metric": "hours", "brush": "2023-04-02..2023-05-01"}
    params |= {"vs": "2022", "gap": "60", "half": "0", "genre": "Jazz,deep house"}
    selection = parse_selection(params, first=FIRST, last=LAST)
    selection = replace(selection, filters=filters)
    assert parse_selection(selection.params(), first=FIRST, last=LAST) == selection
    assert parse_filters(selection.params()) == filters
    assert (selection.versus, selection.gap, selection.half_life) == (Period.year(2022), 60, 0)
    other = selection.other()
    assert other is not None
    assert (other.period, other.versus, other.brush) == (Period.year(2022), Period.year(2023), None)


def test_numbers_nobody_can_choose_fall_back() -> None:
    selection = parse_selection({"gap": "21", "half": "-1", "vs": "yesterday"}, first=FIRST, last=LAST)
    assert (selection.gap, selection.half_life, selection.versus, selection.other()) == (20, 180, None, None)


def test_a_period_finds_its_shortest_token() -> None:
    assert range_token(Period.year(2024)) == "2024"
    assert range_token(Period.month(2024, 2)) == "2024-02"
    assert range_token(Period(date(2024, 2, 1), date(2024, 2, 3))) == "2024-02-01..2024-02-02"
    assert range_token(Period()) == "all"


def test_an_address_names_a_hundred_things_at_most() -> None:
    filters = parse_filters({name: ",".join(map(str, range(5_000))) for name in ("artist", "album", "track")})
    assert filters.artists == filters.albums == filters.tracks == tuple(range(100))
