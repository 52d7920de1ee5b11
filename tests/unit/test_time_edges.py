"""The edges of the figures about time: days of 23 and 25 hours, leap days, silences, equal moments, too few."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from heard import Heard, library, listen

from core.analytics import calendar, clock, milestones, seasons, sessions, streaks, trips
from core.analytics.selecting import select
from core.analytics.view import View
from core.domain.lens import Lens
from core.domain.listen import Flag, country_code
from core.domain.period import Period

BERLIN = Lens(timezone="Europe/Berlin")
DAY = timedelta(days=1)
FRANCE, GERMANY = country_code("FR"), country_code("DE")


def seen(heard: Iterable[Heard], lens: Lens = BERLIN, period: Period | None = None) -> View:
    return select(library(heard), lens, period=period or Period())


def on(day: date, track: int = 1, hour: int = 12, **fields: int) -> Heard:
    return listen(f"{day}T{hour:02}:00", track, **fields)


def daily(first: date, days: int, track: int = 1, **fields: int) -> list[Heard]:
    return [on(first + i * DAY, track, **fields) for i in range(days)]


# Days of 23 and 25 hours: each hour of the day by the wall clock, the doubled one counted twice, none lost.
@pytest.mark.parametrize(("day", "hours"), [(date(2024, 3, 31), 23), (date(2024, 10, 27), 25)])
def test_a_day_when_the_clock_changes_has_the_hours_it_has(day: date, hours: int) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=1 if hours == 23 else 2)
    ends = [midnight + timedelta(minutes=30 + 60 * i) for i in range(hours)]
    heard = [Heard(end, 1, 200_000, end - timedelta(milliseconds=200_000)) for end in ends]
    view = seen(heard)
    assert calendar.days(view).select("day", "plays").rows() == [(day, hours)]
    by_hour = dict(clock.hours(view).select("hour", "plays").rows())
    assert by_hour == dict.fromkeys(range(24), 1) | {2: 0 if hours == 23 else 2}
    assert clock.best_of_hours(view).filter(pl.col("hour") == 2)["name"].to_list() == (
        [None] if hours == 23 else ["Björk"]
    )
    neighbours = seen([*heard, on(day - DAY), on(day + DAY)])
    assert streaks.streaks(neighbours, today=day + DAY).longest == streaks.Streak(day - DAY, day + 2 * DAY)
    assert streaks.streaks_by(neighbours, "artist").select("days", "plays").rows() == [(3, hours + 2)]


def test_a_session_over_the_change_of_the_clock_lasts_as_long_as_it_lasted() -> None:
    # 1:50 summer time to 2:10 winter time: 80 minutes pass, the clock says 20.
    found = sessions.longest(seen([listen("2024-10-26T23:53:20"), listen("2024-10-27T01:10", ms=4_600_000)]))
    assert found["minutes"].to_list() == pytest.approx([80])
    assert found["start"][0].strftime("%H:%M") == "01:50"
    assert found["end"][0].strftime("%H:%M") == "02:10"


# Sessions.
def test_a_silence_of_the_gap_is_none_and_a_moment_more_ends_the_session() -> None:
    first = listen("2024-05-01T10:00")
    for seconds, count in ((0, 1), (1, 2)):
        next_end = first.ended + timedelta(minutes=20, seconds=200 + seconds)
        heard = [first, Heard(next_end, 3, 200_000, next_end - timedelta(seconds=200))]
        assert sessions.sessions(seen(heard), gap_minutes=20).height == count


def test_a_long_listen_keeps_the_session_open_while_others_end_on_another_device() -> None:
    long = listen("2024-05-01T13:00", ms=3 * 3_600_000)
    within = [listen("2024-05-01T10:30", 3), listen("2024-05-01T12:00", 4)]
    found = sessions.sessions(seen([long, *within], Lens()))
    assert found.select("listens", "plays", "artists").rows() == [(3, 3, 3)]
    assert (found["start"][0], found["end"][0]) == (long.began, long.ended)


def test_where_only_an_estimate_is_known_the_silence_must_be_longer_than_half_an_hour() -> None:
    first = listen("2024-05-01T10:00")
    for flags, minutes, count in ((Flag.ESTIMATED, 25, 1), (Flag(0), 25, 2), (Flag.ESTIMATED, 31, 2)):
        end = first.ended + timedelta(minutes=minutes, seconds=200)
        heard = [first, Heard(end, 3, 200_000, end - timedelta(seconds=200), flags=int(flags))]
        assert sessions.sessions(seen(heard), gap_minutes=20).height == count, (flags, minutes)


def test_a_listen_paused_overnight_belongs_to_the_morning() -> None:
    evening, morning = listen("2024-05-01T22:00", 3), listen("2024-05-02T09:00")
    paused = Heard(morning.ended, 1, 200_000, evening.ended, flags=int(Flag.START_KNOWN))
    found = sessions.sessions(seen([evening, paused], Lens()))
    assert found.select("start", "end").rows() == [(evening.began, evening.ended), (morning.began, morning.ended)]
    briefly = Heard(evening.ended + timedelta(minutes=23), 1, 200_000, evening.ended, flags=int(Flag.START_KNOWN))
    assert sessions.sessions(seen([evening, briefly], Lens())).height == 1


def test_a_session_without_a_play_is_none() -> None:
    assert sessions.sessions(seen([listen("2024-05-01T10:00", ms=5_000)])).height == 0


def test_many_listens_of_one_moment_are_one_session() -> None:
    moment = datetime(2024, 5, 1, 10, tzinfo=UTC)
    heard = [Heard(moment, 1 + i % 5, 30_000 + i, moment - timedelta(milliseconds=30_000 + i)) for i in range(500)]
    view = seen(heard)
    assert sessions.sessions(view).select("listens", "plays").rows() == [(500, 500)]
    assert sessions.summary(view).count == 1
    assert clock.day_shape(view).together == pytest.approx(1)
    assert clock.day_shape(view).hours == pytest.approx(1)
    assert calendar.busiest(view)["plays"].to_list() == [500]
    assert milestones.milestones(view).filter(pl.col("n") == 100).height == 1
    assert seasons.yearly_round(view).strength is None
    assert streaks.streaks_by(view, "track").height == 0


# Nothing and next to nothing.
@pytest.mark.parametrize("heard", [[], [listen("2024-02-29T10:00")]])
def test_nothing_and_one_listen(heard: list[Heard]) -> None:
    view, count = seen(heard), len(heard)
    assert sessions.sessions(view).height == count
    assert sessions.lengths(view)["sessions"].sum() == count
    assert sessions.longest(view).height == count
    assert calendar.days(view).height == count
    assert calendar.busiest(view).height == count
    assert calendar.on_this_day(view, today=date(2025, 2, 28)).height == 0
    assert clock.season_hours(view)["plays"].sum() == count
    assert clock.best_of_hours(view)["name"].null_count() == 24 - count
    assert clock.day_shape(view).night is None
    assert streaks.streaks_by(view, "artist").height == 0
    assert trips.trips(view, view).height == 0
    assert trips.known_days(view) == 0
    assert milestones.milestones(view).select("kind", "n").rows() == [("play", 1)] * count
    assert milestones.coming(view, today=date(2025, 1, 1)).height == 4 * count
    assert seasons.yearly_round(view).index.height == 0
    assert seasons.artists_by_month(view).height == 0


# Days.
def test_a_leap_day_is_a_day_and_other_years_answer_with_their_28th() -> None:
    heard = [on(date(2024, 2, 29)), on(date(2023, 2, 28), 3), on(date(2023, 3, 1), 4), on(date(2020, 2, 29), 5)]
    view = seen(heard)
    assert calendar.days(seen(heard, period=Period.month(2024, 2))).height == 29
    found = calendar.on_this_day(view, today=date(2028, 2, 29))
    assert found.select("year", "day", "track_id").rows() == [
        (2024, date(2024, 2, 29), 1),
        (2023, date(2023, 2, 28), 3),
        (2020, date(2020, 2, 29), 5),
    ]
    assert calendar.on_this_day(view, today=date(2025, 2, 28))["year"].to_list() == [2023]


def test_the_same_day_of_this_year_is_not_in_an_earlier_one() -> None:
    assert calendar.on_this_day(seen([on(date(2024, 5, 1))]), today=date(2024, 5, 1)).height == 0


def test_a_day_without_a_play_ends_a_streak_of_an_artist() -> None:
    heard = [*daily(date(2024, 5, 1), 3), *daily(date(2024, 5, 5), 2), *daily(date(2024, 5, 4), 1, track=3)]
    found = streaks.streaks_by(seen(heard), "artist")
    assert found.select("name", "days", "start", "end").rows() == [("Björk", 3, date(2024, 5, 1), date(2024, 5, 4))]
    two_artists = streaks.streaks_by(seen([*heard, on(date(2024, 5, 5), 3)]), "artist")
    assert two_artists.select("name", "days").rows() == [("Björk", 3), ("abba", 2)]


def test_the_middle_of_a_day_around_midnight_is_midnight() -> None:
    heard = [on(date(2024, 5, 1) + i * DAY, hour=(22, 23, 0, 1)[i % 4]) for i in range(24)]
    found = clock.day_shape(seen(heard, Lens()))
    assert found.middle == pytest.approx(0, abs=1e-6) or found.middle == pytest.approx(24)
    assert found.night == pytest.approx(0.5)


# Trips.
HOME = daily(date(2024, 1, 1), 60, country=GERMANY)


def trip_days(abroad: list[Heard]) -> list[tuple[date, int]]:
    away = {h.ended.date() for h in abroad}
    view = seen([h for h in HOME if h.ended.date() not in away] + abroad, Lens())
    return trips.trips(view, view).select("start", "days").rows()


def test_two_days_or_ten_plays_are_a_trip_and_less_is_none() -> None:
    one, ten = date(2024, 2, 1), range(1, 11)
    assert trip_days([on(one, country=FRANCE)]) == []
    assert trip_days([on(one, hour=h, country=FRANCE) for h in ten][:9]) == []
    assert trip_days([on(one, hour=h, country=FRANCE) for h in ten]) == [(one, 1)]
    assert trip_days(daily(one, 2, country=FRANCE)) == [(one, 2)]


def test_days_without_a_known_country_belong_to_a_trip_up_to_a_week() -> None:
    one = date(2024, 2, 1)
    for silent, found in ((7, [(one, 11)]), (8, [(one + 10 * DAY, 2), (one, 2)])):
        unknown = daily(one + 2 * DAY, silent)
        assert (
            trip_days([*daily(one, 2, country=FRANCE), *unknown, *daily(one + (2 + silent) * DAY, 2, country=FRANCE)])
            == found
        )


def test_a_day_at_home_between_two_stays_makes_two_trips_of_them() -> None:
    one = date(2024, 2, 1)
    abroad = [*daily(one, 2, country=FRANCE), *daily(one + 3 * DAY, 2, country=FRANCE)]
    assert trip_days(abroad) == [(one + 3 * DAY, 2), (one, 2)]
    italy = daily(one + 2 * DAY, 2, country=country_code("IT"))
    assert trip_days([*daily(one, 2, country=FRANCE), *italy]) == [(one + 2 * DAY, 2), (one, 2)]


def test_without_ten_days_somewhere_nothing_is_usual() -> None:
    for home, found in ((9, []), (10, [2])):
        heard = [*daily(date(2024, 1, 1), home, country=GERMANY), *daily(date(2024, 1, 20), 2, country=FRANCE)]
        view = seen(heard)
        assert trips.trips(view, view)["days"].to_list() == found


def test_a_move_is_no_trip() -> None:
    view = seen([*HOME, *daily(date(2024, 3, 1), 60, country=FRANCE)])
    assert trips.trips(view, view).height == 0


@pytest.mark.parametrize(("days", "found"), [(45, [45]), (46, [])])
def test_a_stay_of_more_than_45_days_is_a_home(days: int, found: list[int]) -> None:
    first = date(2024, 3, 1)
    before, after = daily(first - 60 * DAY, 60, country=GERMANY), daily(first + days * DAY, 60, country=GERMANY)
    view = seen([*before, *daily(first, days, country=FRANCE), *after])
    assert trips.trips(view, view)["days"].to_list() == found


# Milestones.
def test_the_pace_is_that_of_the_90_days_before_today() -> None:
    view = seen(daily(date(2024, 1, 1), 40))
    last = date(2024, 2, 9)
    for today, lately in ((last + DAY, 40), (last + 51 * DAY, 40), (last + 52 * DAY, 39), (last + 90 * DAY, 1)):
        due = milestones.coming(view, today=today).filter(pl.col("kind") == "play")["due"][0]
        expected = today - (-(60 * 90) // lately) * DAY
        assert due == (expected if 60 * 90 / lately <= 3_660 else None), today
    assert milestones.coming(view, today=last + 91 * DAY)["due"].to_list() == [None, None, None, date(2025, 1, 1)]


def test_anniversaries_of_a_leap_day_are_on_the_28th() -> None:
    view = seen([on(date(2024, 2, 29)), on(date(2025, 2, 28), 3), on(date(2025, 3, 5), 4)])
    found = milestones.milestones(view).filter(pl.col("kind") == "year")
    assert found.select("n", "track_id").rows() == [(1, 3)]
    due = milestones.coming(view, today=date(2025, 3, 6)).filter(pl.col("kind") == "year")
    assert due.select("n", "now", "due").rows() == [(2, 1, date(2026, 2, 28))]


# The year's round.
YEARS = [on(date(year, month, day), 4) for year in (2020, 2021, 2022) for month in range(1, 13) for day in (1, 15, 28)]
EVERY_MONTH = [*YEARS, on(date(2022, 12, 31), 4)]


def christmas(plays: dict[int, int]) -> list[Heard]:
    return [on(date(year, 12, 1 + i), 1) for year, count in plays.items() for i in range(count)]


@pytest.mark.parametrize(
    ("plays", "names"),
    [
        ({2020: 10, 2021: 10}, ["Björk"]),
        ({2020: 10, 2021: 9}, []),
        ({2020: 25}, []),
        ({2020: 7, 2021: 7, 2022: 7}, ["Björk"]),
    ],
)
def test_a_month_belongs_to_an_artist_of_20_plays_in_two_years(plays: dict[int, int], names: list[str]) -> None:
    found = seasons.artists_by_month(seen([*EVERY_MONTH, *christmas(plays)]))
    assert found["name"].to_list() == names
    assert found["month"].to_list() == [12] * len(names)


def test_a_yearly_round_is_seen_and_none_is_seen_in_chance() -> None:
    assert seasons.yearly_round(seen(EVERY_MONTH)).certain is False
    every_december = [h for year in range(2016, 2023) for h in (
        *[on(date(year, m, d), 4, hour=h) for m in range(1, 13) for d in (1, 9, 17, 25) for h in (9, 15)],
        *[on(date(year, 12, d), 3, hour=20) for d in range(1, 29)],
    )]  # fmt: skip
    found = seasons.yearly_round(seen([*every_december, on(date(2022, 12, 31))]))
    assert found.certain
    assert found.strength == pytest.approx(1, abs=0.05)
    assert found.index.sort("index")["month"][-1] == 12


def test_under_24_whole_months_nothing_is_said() -> None:
    two_years = [h for h in EVERY_MONTH if h.ended.year < 2022] + [on(date(2021, 12, 31), 4)]
    assert seasons.yearly_round(seen(two_years)).months == 24
    assert seasons.yearly_round(seen(two_years)).strength is not None
    short = [h for h in two_years if h.ended.date() < date(2021, 12, 31)]
    assert seasons.yearly_round(seen(short)).months == 23
    assert seasons.yearly_round(seen(short)).strength is None
    assert seasons.artists_by_month(seen(short)).height == 0
