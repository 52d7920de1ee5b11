"""Edges of how somebody listens: borders of rules, days of 23 and 25 hours, nothing, one listen, all at one moment."""

from datetime import UTC, date, datetime, timedelta

import pytest
from heard import Heard, library, listen

from core.analytics import bursts, habits, places, repeats, skipping, spoken
from core.analytics.selecting import select
from core.analytics.view import View
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.listen import Flag, Kind, country_code
from core.domain.period import Period

BERLIN = Lens("Europe/Berlin")
SPOKEN = Lens("Europe/Berlin", kinds=(Kind.PODCAST, Kind.AUDIOBOOK))
EVER = Period()
MOMENT = datetime(2024, 2, 29, 23, 30, tzinfo=UTC)  # the 1st of March in Berlin


def view(heard: list[Heard], lens: Lens = BERLIN, period: Period = EVER) -> View:
    return select(library(heard), lens, period=period)


def at(moment: datetime, track: int = 1, **fields: int) -> Heard:
    return listen(moment.replace(tzinfo=None).isoformat(), track, **fields)


def one_a_minute(count: int, **fields: int) -> list[Heard]:
    return [at(MOMENT + timedelta(minutes=5 * n), **fields) for n in range(count)]


@pytest.mark.parametrize("lens", [BERLIN, SPOKEN])
@pytest.mark.parametrize("count", [0, 1])
def test_nothing_and_one_listen(lens: Lens, count: int) -> None:
    kind = 2 if lens is SPOKEN else 1
    seen = view(one_a_minute(count, kind=kind, country=country_code("DE")), lens)
    assert skipping.skip_rate(seen).share is None
    assert skipping.skip_reasons(seen).height == 0
    assert habits.modes(seen).completion is None
    assert habits.devices(seen).height == count
    assert repeats.repeats(seen).share is None
    assert repeats.returns(seen).half_life is None
    assert repeats.on_your_mind(seen)["last"].to_list() == [date(2024, 3, 1)] * count
    assert places.countries(seen)["country"].to_list() == ["DE"] * count
    assert places.origins(seen).height == 0
    assert spoken.summary(seen).episodes == count
    assert spoken.shows(seen).height == count
    assert spoken.episodes(seen).height == count
    months = [date(2024, 3, 1)] * count
    for monthly in (
        skipping.skips_over_time,
        habits.modes_over_time,
        habits.devices_over_time,
        spoken.spoken_over_time,
    ):
        assert monthly(seen)["start"].to_list() == months


def test_all_at_one_moment() -> None:
    seen = view([Heard(MOMENT, 1, 200_000, MOMENT - timedelta(microseconds=n)) for n in range(30)])
    found = repeats.returns(seen)
    assert (found.plays, found.again, found.half_life) == (30, 29, 0.0)
    assert repeats.repeats(seen).share == pytest.approx(29 / 30)
    assert bursts.obsessions(seen, seen).height == 0


def test_nineteen_say_nothing_and_twenty_do() -> None:
    for count, share in [(19, None), (20, 0.0)]:
        seen = view(one_a_minute(count))
        assert skipping.skip_rate(seen).share == share
        assert skipping.skips_over_time(seen)["share"].to_list() == [share]


@pytest.mark.parametrize(("gap", "rows"), [(10, 0), (20, 1)])
def test_a_pause_longer_than_the_gap_ends_a_binge(gap: int, rows: int) -> None:
    heard = [at(MOMENT + timedelta(minutes=n), ms=60_000) for n in (0, 2, 4, 20, 22, 24)]
    assert bursts.binges(view(heard), view(heard), gap_minutes=gap).height == rows


def test_touching_days_are_one_obsession_and_days_apart_are_two() -> None:
    usual = [at(MOMENT + timedelta(hours=n), [1, 3, 4, 5][n % 4]) for n in range(24 * 200)]
    for apart, spans in [(1, [2]), (2, [1, 1])]:
        taken = [at(MOMENT + timedelta(days=n, minutes=i), 8, ms=30_000) for n in (90, 90 + apart) for i in range(1, 7)]
        seen = view([*usual, *taken])
        assert bursts.obsessions(seen, seen)["days"].to_list() == spans


def test_an_obsession_lies_in_the_period_that_it_reaches_into() -> None:
    usual = [at(MOMENT + timedelta(hours=n), [1, 3, 4, 5][n % 4]) for n in range(24 * 200)]
    kept = library([*usual, *[at(MOMENT + timedelta(days=90, minutes=i), 8) for i in range(1, 7)]])
    everything, day = select(kept, BERLIN), date(2024, 5, 30)
    for period, height in [(Period(day, day + timedelta(days=1)), 1), (Period(day + timedelta(days=1), None), 0)]:
        assert bursts.obsessions(everything, select(kept, BERLIN, period=period)).height == height
    other = select(kept, BERLIN, filters=Filters(artists=(11,)))
    assert bursts.obsessions(everything, other).height == 0, "of a track the selection does not show"


def test_waits_end_with_the_history_where_the_range_goes_on() -> None:
    heard = one_a_minute(20)
    short, long = (view(heard, period=Period(None, end)) for end in (None, date(2034, 1, 1)))
    assert repeats.returns(short).curve.equals(repeats.returns(long).curve)
    assert repeats.on_your_mind(short).equals(repeats.on_your_mind(long))
    assert repeats.last_day(long) == date(2024, 3, 2)


@pytest.mark.parametrize(("day", "hours"), [(date(2024, 3, 31), 23), (date(2024, 10, 27), 25)])
def test_a_wait_over_a_changed_clock_is_as_long_as_it_was(day: date, hours: int) -> None:
    first = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=2 if hours == 25 else 1)
    heard = [at(first + timedelta(hours=hours * n), 1) for n in range(2)]
    seen = view([*heard, *[at(first + timedelta(days=3, minutes=4 * n), 5) for n in range(20)]])
    assert hours / 24 in [w / repeats.DAY_US for w in repeats._waits(seen)[0]]
    assert skipping.skips_over_time(seen, "day")["starts"].to_list()[:2] == [1, 1]


def test_offline_and_private_are_counted_where_they_are_told() -> None:
    told = Flag.OFFLINE_KNOWN | Flag.INCOGNITO_KNOWN
    heard = [
        at(MOMENT + timedelta(minutes=5 * n), flags=int(told | (Flag.OFFLINE if n < 8 else Flag(0)))) for n in range(20)
    ]
    unknown = [at(MOMENT + timedelta(days=1, minutes=5 * n)) for n in range(30)]
    found = habits.modes(view([*heard, *unknown]))
    assert (found.offline.part, found.offline.whole, found.private.part) == (8, 20, 0)
    assert found.shuffle.share is None, "no source tells"


def test_podcasts_and_books_apart() -> None:
    heard = [
        at(MOMENT, 6, kind=2, reason_end=3),
        at(MOMENT + timedelta(hours=1), 6, kind=2, reason_end=1),
        at(MOMENT + timedelta(hours=2), 5, ms=3_600_000, kind=3, reason_end=3),
        at(MOMENT + timedelta(hours=3), 4, ms=9_000, kind=3, reason_end=1),
        at(MOMENT + timedelta(hours=4), 1),
    ]
    seen = view(heard, SPOKEN)
    found = spoken.summary(seen)
    assert (found.plays, found.episodes, found.book_ms) == (3, 2, 3_609_000)
    assert (found.finished.part, found.finished.whole) == (1, 2), "what was never a play does not count"
    shows = {row["name"]: row for row in spoken.shows(seen).to_dicts()}
    assert {name: (row["kind"], row["episodes"], row["finished"]) for name, row in shows.items()} == {
        "abba": ("audiobook", 1, 0),
        "": ("podcast", 1, 1),
        "ABBA": ("audiobook", 0, 0),
    }
    assert spoken.spoken_over_time(seen).row(0)[1:] == (400_000, 3_609_000)
    assert found.peak == (4, 2), "Friday, 2:00 to 3:00 in Berlin"
