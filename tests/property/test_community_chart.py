"""What the members' charts show: nobody can be found in it, whatever they played and whoever else is there."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analytics.community import Place, Plays, Stretch, due, gathered, hidden_quarters, published

relaxed = settings(max_examples=300, deadline=None)
NAMES = [f"{name}" for name in ("rose", "iris", "aster", "lily", "daisy", "tulip")]
World = dict[int, dict[int, int]]  # member → thing → plays
Shown = dict[int, int]  # thing → listeners

worlds = st.dictionaries(
    st.integers(0, 40),
    st.dictionaries(st.integers(0, len(NAMES) - 1), st.integers(1, 9), min_size=1),
    min_size=0,
    max_size=24,
)
thresholds = st.sampled_from([1, 3, 5, 6, 10])
tables = st.booleans()


def rows(world: World) -> Plays:
    """Return a world as rows."""
    flat = [(member, thing, plays) for member, things in world.items() for thing, plays in things.items()]
    columns = np.array(flat, dtype=np.int64).reshape(-1, 3)
    return gathered(columns[:, 0], columns[:, 1], columns[:, 2])


def chart(world: World, k: int, *, members: int = 0, most: int = 200, few_rows: bool = False) -> tuple[Place, ...]:
    return published(rows(world), NAMES, active=len(world), members=members, k=k, most=most, few_rows=few_rows)


def shown(places: tuple[Place, ...]) -> Shown:
    return {place.thing: place.listeners for place in places}


def plainly(world: World, k: int, most: int, *, few_rows: bool) -> list[tuple[int, int, int]]:
    """Return (rank, thing, listeners), the slow way."""
    kept = {m: sorted(things, key=lambda t: (-things[t], NAMES[t]))[:most] for m, things in world.items()}
    counts = {thing: sum(thing in things for things in kept.values()) for thing in range(len(NAMES))}
    fits = [thing for thing, count in counts.items() if count // 5 * 5 >= k and count >= 5]
    fits.sort(key=lambda thing: (-(counts[thing] // 5), NAMES[thing]))
    if few_rows and sum(count > 0 for thing, count in counts.items() if thing not in fits) == 1:
        fits = fits[:-1]
    return [(rank, thing, counts[thing] // 5 * 5) for rank, thing in enumerate(fits, 1)]


@relaxed
@given(worlds, thresholds, st.integers(1, 6), tables)
def test_it_is_what_plain_python_says(world: World, k: int, most: int, few_rows: bool) -> None:
    found = chart(world, k, most=most, few_rows=few_rows)
    assert [(p.rank, p.thing, p.listeners) for p in found] == plainly(world, k, most, few_rows=few_rows)


@relaxed
@given(worlds, thresholds, st.integers(1, 6), tables)
def test_numbers_are_fives_and_never_under_the_threshold(world: World, k: int, most: int, few_rows: bool) -> None:
    for place in chart(world, k, most=most, few_rows=few_rows):
        played = sum(place.thing in things for things in world.values())
        assert place.listeners % 5 == 0
        assert max(k, 5) <= place.listeners <= played


@relaxed
@given(worlds, thresholds, st.integers(1, 6), tables)
def test_taking_anybody_out_moves_each_number_by_one_step_at_most(
    world: World, k: int, most: int, few_rows: bool
) -> None:
    before = shown(chart(world, k, most=most, few_rows=few_rows))
    for gone in world:
        without = {member: things for member, things in world.items() if member != gone}
        after = shown(chart(without, k, most=most, few_rows=few_rows))
        for thing in before.keys() & after.keys():
            assert before[thing] - after[thing] in (0, 5)
        for thing in after.keys() - before.keys():  # only what another row was hidden with comes back
            assert few_rows
            assert sum(thing in things for things in without.values()) >= max(k, 5)
        if not few_rows:
            least = -(-k // 5) * 5
            assert all(before[thing] == max(least, 5) for thing in before.keys() - after.keys())


@relaxed
@given(worlds, thresholds, st.integers(1, 30), tables)
def test_nothing_shows_with_too_few_members(world: World, k: int, more: int, few_rows: bool) -> None:
    assert chart(world, k, members=len(world), few_rows=few_rows) == chart(world, k, few_rows=few_rows)
    assert chart(world, k, members=len(world) + more, few_rows=few_rows) == ()
    assert chart(world, k, members=len(world) + 1, few_rows=few_rows) == ()


@relaxed
@given(worlds, thresholds, st.data())
def test_a_million_plays_weigh_as_much_as_one(world: World, k: int, data: st.DataObject) -> None:
    loud = {
        member: {thing: data.draw(st.sampled_from([1, 1_000_000])) for thing in things}
        for member, things in world.items()
    }
    assert chart(loud, k) == chart(world, k)


@relaxed
@given(worlds, thresholds, st.randoms(use_true_random=False))
def test_the_order_tells_no_more_than_the_numbers(world: World, k: int, random: Random) -> None:
    """People that leave the rounded numbers as they are leave everything as it is."""
    before = chart(world, k)
    counts = {thing: sum(thing in things for things in world.values()) for thing in range(len(NAMES))}
    more = dict(world)
    for thing, count in counts.items():
        for extra in range(random.randint(0, 4 - count % 5)):
            more[1_000 + thing * 10 + extra] = {thing: 1}
    assert chart(more, k) == before


def test_equal_rounded_numbers_stand_by_name() -> None:
    """Fourteen listeners of "rose" and ten of "aster" are both ten: the one with the earlier name is first."""
    world: World = {member: {0: 1} for member in range(14)} | {100 + member: {2: 1} for member in range(10)}
    assert [(p.rank, NAMES[p.thing], p.listeners) for p in chart(world, 10)] == [(1, "aster", 10), (2, "rose", 10)]


@pytest.mark.parametrize(("listeners", "expected"), [(9, {}), (10, {0: 10}), (14, {0: 10}), (15, {0: 15})])
def test_the_edges_of_a_row(listeners: int, expected: Shown) -> None:
    assert shown(chart({member: {0: 1} for member in range(listeners)}, 10)) == expected


@pytest.mark.parametrize(("k", "least"), [(10, 10), (11, 15), (15, 15), (16, 20)])
def test_a_threshold_between_steps_counts_as_the_next_one(k: int, least: int) -> None:
    assert shown(chart({member: {0: 1} for member in range(least - 1)}, k)) == {}
    assert shown(chart({member: {0: 1} for member in range(least)}, k)) == {0: least}


def test_a_member_counts_with_what_they_played_most() -> None:
    """Of equal ones the earlier name is kept: aster, daisy, iris …; rose was played more than all."""
    everybody: World = {member: {thing: 9 if thing == 0 else 1 for thing in range(6)} for member in range(10)}
    assert [NAMES[p.thing] for p in chart(everybody, 10, most=3)] == ["aster", "daisy", "rose"]


def test_a_lone_small_row_of_a_table_takes_the_last_one_along() -> None:
    world: World = {member: {0: 1, 1: 1} for member in range(20)} | {50: {0: 1, 2: 1}} | {51: {0: 1}}
    assert shown(chart(world, 10)) == {0: 20, 1: 20}
    assert [NAMES[p.thing] for p in chart(world, 10, few_rows=True)] == ["iris"]
    world[52] = {3: 1}
    assert shown(chart(world, 10, few_rows=True)) == {0: 20, 1: 20}, "two small ones hide each other"


@given(st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.integers(0, 60), st.integers(0, 60))
def test_weeks_and_months_are_due_once_they_are_over_for_a_day(start: date, days: int, before: int) -> None:
    today = start + timedelta(days=days)
    since = datetime(start.year, start.month, start.day, 0, 0, 1, tzinfo=UTC)
    found = due(since, done=None, today=today)
    weeks, months = ([each for each in found if each.per == per] for per in ("week", "month"))
    for each in found:
        assert each.first > start, "what had begun before is left out"
        assert (today - each.until).days >= 1
    assert all(each.first.weekday() == 0 and (each.until - each.first).days == 7 for each in weeks)
    assert all(each.first.day == each.until.day == 1 for each in months)
    for line in (weeks, months):
        assert all(one.until == other.first for one, other in pairwise(line))
    # Looking on some day in between and again today finds the same, each once.
    done = min(start + timedelta(days=before), today)
    assert due(since, done=None, today=done) + due(since, done=done, today=today) == found


def test_a_week_is_computed_from_tuesday_on() -> None:
    since, monday = datetime(2026, 11, 16, tzinfo=UTC), date(2026, 11, 23)
    week = Stretch("week", date(2026, 11, 16), monday)
    assert due(since, done=None, today=monday) == []
    assert due(since, done=monday, today=date(2026, 11, 24)) == [week]
    assert due(since, done=date(2026, 11, 24), today=date(2026, 11, 30)) == []


def test_a_month_is_computed_from_its_second_day_after_on() -> None:
    since, month = datetime(2026, 11, 2, tzinfo=UTC), Stretch("month", date(2026, 12, 1), date(2027, 1, 1))
    assert month not in due(since, done=None, today=date(2027, 1, 1))
    assert due(since, done=date(2027, 1, 1), today=date(2027, 1, 2)) == [month]


@pytest.mark.parametrize("timezone", ["Europe/Berlin", "Asia/Kathmandu", "America/New_York"])
def test_left_out_hours_are_local_ones_through_the_change_of_clocks(timezone: str) -> None:
    stretch = Stretch("month", date(2026, 3, 1), date(2026, 4, 1))
    hidden = set(hidden_quarters(timezone, [2, 23], stretch))
    for quarter in range(int(stretch.begins.timestamp()) // 900, int(stretch.ends.timestamp()) // 900):
        local = datetime.fromtimestamp(quarter * 900 + 899, UTC).astimezone(ZoneInfo(timezone))
        assert (quarter in hidden) == (local.hour in (2, 23))
