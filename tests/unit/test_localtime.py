"""Local days at the clock's oddest hours."""

from datetime import date

import pytest
from heard import library, listen

from core.analytics.discovery import discoveries
from core.analytics.selecting import select
from core.analytics.timeline import timeline
from core.domain.errors import InvalidInput
from core.domain.lens import Lens
from core.domain.period import Period

# Newfoundland put its clocks back at one minute past midnight: Sunday began, and it was Saturday again.
SUNDAY, SATURDAY_AGAIN, SUNDAY_AGAIN = "2010-11-07T02:30:30", "2010-11-07T02:45:00", "2010-11-07T03:45:00"
BACK_OVER_MIDNIGHT = library([listen(moment) for moment in (SUNDAY, SATURDAY_AGAIN, SUNDAY_AGAIN)])


def days(lens: Lens, period: Period) -> list[date]:
    return select(BACK_OVER_MIDNIGHT, lens, period=period).frame["day"].to_list()


def test_a_day_that_comes_twice_holds_both_its_parts() -> None:
    lens, saturday, sunday = Lens("America/St_Johns"), date(2010, 11, 6), date(2010, 11, 7)
    assert not BACK_OVER_MIDNIGHT.local(lens.timezone).ordered
    assert days(lens, Period(sunday, None)) == [sunday, sunday]
    assert days(lens, Period(None, sunday)) == [saturday]
    assert days(lens, Period()) == [sunday, saturday, sunday]
    whole, only_sunday = select(BACK_OVER_MIDNIGHT, lens), select(BACK_OVER_MIDNIGHT, lens, period=Period(sunday, None))
    only_saturday = select(BACK_OVER_MIDNIGHT, lens, period=Period(saturday, sunday))
    assert discoveries(whole, only_sunday, "track")["plays"].to_list() == [2]
    assert discoveries(whole, only_saturday, "track").is_empty()
    counted = timeline(select(BACK_OVER_MIDNIGHT, lens))
    assert counted.select("start", "plays").rows() == [(saturday, 1), (sunday, 2)]


@pytest.mark.parametrize(
    ("zone", "day", "first", "last"),
    [
        ("Europe/Berlin", date(2021, 3, 28), "2021-03-27T23:00:00", "2021-03-28T21:59:59"),  # 23 hours
        ("Europe/Berlin", date(2021, 10, 31), "2021-10-30T22:00:00", "2021-10-31T22:59:59"),  # 25 hours
        ("America/Sao_Paulo", date(2017, 10, 15), "2017-10-15T03:00:00", "2017-10-16T01:59:59"),  # no midnight
    ],
)
def test_a_day_of_23_or_25_hours_or_without_midnight_is_whole(zone: str, day: date, first: str, last: str) -> None:
    from datetime import datetime, timedelta

    before = (datetime.fromisoformat(first) - timedelta(seconds=1)).isoformat()
    after = (datetime.fromisoformat(last) + timedelta(seconds=1)).isoformat()
    heard = library([listen(moment) for moment in (before, first, last, after)])
    found = select(heard, Lens(zone), period=Period(day, day + timedelta(days=1))).frame["ended"]
    assert [moment.replace(tzinfo=None).isoformat() for moment in found] == [first, last]


def test_only_the_last_few_timezones_are_kept() -> None:
    kept = library([listen("2024-05-01T10:00")])
    berlin = kept.local("Europe/Berlin")
    assert kept.local("Europe/Berlin") is berlin
    for zone in ("UTC", "Asia/Tokyo", "Asia/Kathmandu", "America/New_York"):
        kept.local(zone)
    assert kept.local("Europe/Berlin") is not berlin
    assert len(kept._zones) == 4


def test_an_unknown_timezone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no timezone"):
        library([]).local("Nowhere/Here")
