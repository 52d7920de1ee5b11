"""Days: runs of days with music, weeks without any, and journeys are exactly those of the life."""

from datetime import date, timedelta

from core.analytics.streaks import streaks
from core.analytics.trips import trips
from core.analytics.view import View
from core.demo.calendar import LAST, QUIET
from core.demo.truth import Truth

EVERY = 10_000


def runs(days: frozenset[date]) -> list[tuple[date, date]]:
    """Return first day and day after the last of each run of days, the longest first, then the earlier."""
    one = timedelta(days=1)
    starts = sorted(day for day in days if day - one not in days)
    ends = sorted(day + one for day in days if day + one not in days)
    return sorted(zip(starts, ends, strict=True), key=lambda run: (run[0] - run[1], run[0]))


def test_the_streaks_are_those_of_the_life(view: View, truth: Truth) -> None:
    found = streaks(view, today=LAST, limit=EVERY).ranked
    assert found.select("start", "end").rows() == runs(truth.heard)


def test_the_bet_is_the_longest_streak(view: View, truth: Truth) -> None:
    longest = streaks(view, today=LAST).longest
    assert longest is not None
    assert (longest.start, longest.end, longest.days) == (truth.bet.start, truth.bet.end, 100)


def test_no_streak_reaches_into_a_quiet_week(view: View) -> None:
    found = streaks(view, today=LAST, limit=EVERY).ranked
    for start, length in QUIET:
        over = start + timedelta(days=length)
        assert found.filter((found["start"] < over) & (found["end"] > start)).is_empty()


def test_trips_are_found_with_country_and_days(view: View, truth: Truth) -> None:
    found = trips(view, view).select("country", "start", "end").sort("start").rows()
    assert found == [(trip.country, trip.start, trip.end) for trip in truth.trips]
