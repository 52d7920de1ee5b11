"""Public charts against a few lines of plain Python, on made-up snapshots with gaps, ties and odd things told."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import log, log1p, sqrt

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.analytics import chart_courses, chart_makeup
from core.analytics.chart_makeup import Parts
from core.analytics.chart_standing import SCHEMA, standing
from core.analytics.charted import History

relaxed = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=150)
THINGS = range(10, 18)


@dataclass(frozen=True)
class Place:
    thing: int
    rank: int
    value: int
    previous: int
    peak: int
    weeks: int


@dataclass(frozen=True)
class Week:
    first: date
    until: date
    complete: bool
    places: tuple[Place, ...]


def place(thing: int) -> st.SearchStrategy[Place]:
    told = st.sampled_from([0, 0, 0, 1, 2, 5, 9])
    values = st.sampled_from([-1, 0, 1, 7, 50, 300, 20_000])
    return st.builds(Place, st.just(thing), st.integers(1, 9), values, told, told, told)


on_chart = st.lists(st.sampled_from(THINGS), unique=True, max_size=6).flatmap(
    lambda ids: st.tuples(*(place(id) for id in ids))
)


@st.composite
def charts(draw: st.DrawFn, most: int = 9) -> list[Week]:
    day, made = date(2024, 1, 5), []
    for _ in range(draw(st.integers(0, most))):
        day += timedelta(draw(st.sampled_from([0, 0, 0, 7, 21])))
        until = day + timedelta(7)
        rows = tuple(sorted(draw(on_chart), key=lambda row: (row.rank, row.thing)))
        if not draw(st.sampled_from([True, True, False])):  # a source that tells nothing
            rows = tuple(Place(row.thing, row.rank, row.value, 0, 0, 0) for row in rows)
        made.append(Week(day, until, draw(st.sampled_from([True, True, True, False])), rows))
        day = until
    return made


def history(weeks: list[Week]) -> History:
    rows = [(at, row) for at, week in enumerate(weeks) for row in week.places]

    def column(name: str) -> np.ndarray:
        return np.array([getattr(row, name) for _, row in rows], dtype=np.int64)

    return History(
        tuple(week.first for week in weeks),
        tuple(week.until for week in weeks),
        tuple(week.complete for week in weeks),
        np.array([at for at, _ in rows], dtype=np.int64),
        *(column(name) for name in ("thing", "rank", "value", "previous", "peak", "weeks")),
    )


def there(week: Week, thing: int) -> Place | None:
    return next((row for row in week.places if row.thing == thing), None)


def plain(weeks: list[Week], at: int, row: Place) -> dict[str, object]:
    """Return what stands in a row of the chart, worked out one snapshot after the other."""
    now, past = weeks[at], weeks[:at]
    ranks = [found.rank if (found := there(week, row.thing)) else None for week in weeks[: at + 1]]
    values = [
        found.value if (found := there(week, row.thing)) and found.value >= 0 else None for week in weeks[: at + 1]
    ]
    tells = any(each.previous for each in now.places)
    follows = bool(past) and past[-1].until == now.first
    previous = ranks[-2] if follows or (past and not tells) else row.previous or None
    seen = any(ranks[:-1])
    entry = ""
    if previous is None:
        if seen or (tells and not row.previous and row.weeks > 1):
            entry = "re-entry"
        elif row.weeks <= 1 and not row.previous and (past or row.weeks == 1):
            entry = "new"
    streak = 0
    for back in range(at, -1, -1):
        if ranks[back] is None:
            break
        streak += 1
        if not back or weeks[back - 1].until != weeks[back].first:
            break
    both = follows and now.complete and past[-1].complete
    return {
        "rank": row.rank,
        "id": row.thing,
        "value": None if row.value < 0 else row.value,
        "previous_rank": previous,
        "change": None if previous is None else previous - row.rank,
        "entry": entry,
        "peak_rank": min([rank for rank in ranks if rank] + ([row.peak] if row.peak else [])),
        "weeks_on_chart": max(sum(rank is not None for rank in ranks), row.weeks),
        "streak": streak,
        "momentum": direction(weeks[: at + 1], ranks),
        "velocity": growth(past[-1], values[-2], values[-1]) if both else None,
        "burst": above_usual([v for v, week in zip(values, weeks, strict=False) if week.complete])
        if now.complete
        else None,
        "ranks": ranks[-12:],
        "values": values[-12:],
    }


def direction(weeks: list[Week], ranks: list[int | None]) -> float | None:
    last = max((row.rank for week in weeks for row in week.places), default=0)
    recent = ranks[-6:]
    if sum(rank is not None for rank in recent) < 3:
        return None
    heights = [-log(last + 10 if rank is None else rank) for rank in recent]
    pairs = [(a, b) for place, a in enumerate(heights) for b in heights[place + 1 :]]
    return sum((b > a) - (b < a) for a, b in pairs) / len(pairs)


def growth(before: Week, was: int | None, now: int | None) -> float | None:
    if was is None or now is None:
        return None
    told = sorted(row.value for row in before.places if row.value >= 0)
    spot = 0.2 * (len(told) - 1)
    low = told[int(spot)]
    least = low + (told[min(int(spot) + 1, len(told) - 1)] - low) * (spot - int(spot))
    return (now - was) / max(was, least, 1)


def above_usual(values: list[int | None]) -> float | None:
    past, now = [value for value in values[:-1][-26:] if value is not None], values[-1]
    if now is None or len(past) < 4:
        return None
    mean, spread = log1p(past[0]), 0.0
    for value in past[1:]:
        step = log1p(value) - mean
        mean, spread = mean + 0.3 * step, 0.7 * (spread + 0.3 * step * step)
    return (log1p(now) - mean) / sqrt(spread + 1 / (past[-1] + 1))


def close(found: object, wanted: object) -> bool:
    return found == (pytest.approx(wanted, abs=1e-9) if isinstance(wanted, float) else wanted)


@relaxed
@given(charts(), st.data())
def test_standing_is_what_counting_by_hand_gives(weeks: list[Week], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, max(len(weeks) - 1, 0)))
    found = standing(history(weeks), at=at)
    assert dict(found.schema) == SCHEMA
    wanted = [plain(weeks, at, row) for row in weeks[at].places] if weeks else []
    for row, by_hand in zip(found.to_dicts(), wanted, strict=True):
        for name, value in by_hand.items():
            assert close(row[name], value), (name, row[name], value)


@relaxed
@given(charts(), st.data())
def test_nothing_later_leaks_into_an_old_chart(weeks: list[Week], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, max(len(weeks) - 1, 0)))
    assert standing(history(weeks), at=at).equals(standing(history(weeks[: at + 1]), at=at))


@relaxed
@given(charts(), st.integers(-2, 12))
def test_a_snapshot_that_is_not_there_has_no_rows(weeks: list[Week], at: int) -> None:
    assert standing(history(weeks), at=at).height == (len(weeks[at].places) if 0 <= at < len(weeks) else 0)


def test_ids_far_apart_are_told_apart() -> None:
    week = Week(
        date(2024, 1, 5), date(2024, 1, 12), True, (Place(3, 1, 5, 0, 0, 0), Place(2_000_000_000, 2, 4, 0, 0, 0))
    )
    after = Week(week.until, week.until + timedelta(7), True, (Place(2_000_000_000, 1, 9, 0, 0, 0),))
    assert standing(history([week, after]), at=1)["previous_rank"].to_list() == [2]


def test_who_is_first_for_weeks_does_not_move() -> None:
    days = [date(2024, 1, 5) + timedelta(7 * n) for n in range(7)]
    ranks = [(1, 6), (1, 5), (1, 4), (1, 3), (1, 2), (1, 2)]
    weeks = [
        Week(day, day + timedelta(7), True, (Place(1, a, -1, 0, 0, 0), Place(2, b, -1, 0, 0, 0)))
        for day, (a, b) in zip(days, ranks, strict=False)
    ]
    assert standing(history(weeks), at=5)["momentum"].to_list() == [0.0, pytest.approx(14 / 15)]


@relaxed
@given(charts(), st.data())
def test_courses_hold_every_place_and_no_other(weeks: list[Week], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, max(len(weeks) - 1, 0)))
    ids = data.draw(st.lists(st.sampled_from(THINGS), unique=True))
    last = data.draw(st.integers(1, 5))
    found = chart_courses.courses(history(weeks), at=at, things=np.array(ids, dtype=np.int64), snapshots=last)
    wanted = [
        (week.first, row.thing, row.rank, None if row.value < 0 else row.value)
        for week in weeks[max(at - last + 1, 0) : at + 1]
        for row in week.places
        if row.thing in ids
    ]
    assert found.rows() == wanted


@relaxed
@given(charts(most=2), st.integers(1, 6))
def test_likeness_is_the_part_in_both(weeks: list[Week], top: int) -> None:
    one, other = (history(weeks[n : n + 1]) for n in (0, 1))
    tops = [{row.thing for row in week.places[:top]} for week in weeks]
    found = chart_courses.likeness(one, other, top=top)
    if len(tops) < 2 or not all(tops):
        assert found is None
    else:
        assert found == len(tops[0] & tops[1]) / min(map(len, tops))


genres = st.dictionaries(
    st.sampled_from(THINGS), st.dictionaries(st.sampled_from([0, 1, 2]), st.integers(1, 4), min_size=1), max_size=6
)


def parts(known: dict[int, dict[int, int]]) -> Parts:
    rows = [
        (thing, group, votes / sum(mine.values()))
        for thing, mine in sorted(known.items())
        for group, votes in sorted(mine.items())
    ]
    thing, group, weight = ([row[n] for row in rows] for n in range(3))
    return Parts(("Jazz", "Pop", "Rock"), np.array(thing, np.int64), np.array(group, np.int64), np.array(weight, float))


def weighed(week: Week) -> dict[int, float]:
    if any(row.value > 0 for row in week.places):
        return {row.thing: max(row.value, 0) for row in week.places}
    return {row.thing: 1 for row in week.places}


@relaxed
@given(charts(), genres, st.data())
def test_genre_shares_are_the_values_spread_by_weight(
    weeks: list[Week], known: dict[int, dict[int, int]], data: st.DataObject
) -> None:
    at, last = data.draw(st.integers(0, max(len(weeks) - 1, 0))), data.draw(st.integers(1, 5))
    found = chart_makeup.genre_shares(history(weeks), parts(known), at=at, snapshots=last)
    wanted: dict[tuple[date, str], float] = {}
    for week in weeks[max(at - last + 1, 0) : at + 1]:
        values = weighed(week)
        for thing, value in values.items():
            mine = known.get(thing)
            shares = (
                {"": 1.0} if not mine else {("Jazz", "Pop", "Rock")[g]: n / sum(mine.values()) for g, n in mine.items()}
            )
            for name, share in shares.items():
                key = (week.first, name)
                wanted[key] = wanted.get(key, 0) + value * share / sum(values.values())
    got = {(first, name): share for first, name, share in found.rows()}
    assert got == {key: pytest.approx(share) for key, share in wanted.items() if share}
    assert all(found.filter(first=first)["share"].sum() == pytest.approx(1) for first in found["first"].unique())


@relaxed
@given(charts(most=1), st.dictionaries(st.sampled_from(THINGS), st.sampled_from(["DE", "IS", ""])))
def test_origins_add_up_and_name_the_best(weeks: list[Week], lands: dict[int, str]) -> None:
    found = chart_makeup.origins(history(weeks), lands, at=0)
    assert found.schema == pl.Schema({"country": pl.String, "share": pl.Float64, "artists": pl.Int64, "id": pl.Int64})
    if not weeks or not weeks[0].places:
        assert found.is_empty()
        return
    values = weighed(weeks[0])
    for country, share, artists, best in found.rows():
        mine = [row for row in weeks[0].places if lands.get(row.thing, "") == country]
        assert share == pytest.approx(sum(values[row.thing] for row in mine) / sum(values.values()))
        assert (artists, best) == (len(mine), mine[0].thing)
    assert found["share"].sum() == pytest.approx(1)


@relaxed
@given(charts(), genres)
def test_one_genre_alone_has_the_share_it_has_among_others(weeks: list[Week], known: dict[int, dict[int, int]]) -> None:
    last = len(weeks)
    among = chart_makeup.genre_shares(history(weeks), parts(known), at=last - 1, snapshots=last).filter(name="Pop")
    alone = chart_makeup.genre_shares(history(weeks), parts(known).one("Pop"), at=last - 1, snapshots=last).filter(
        name="Pop"
    )
    assert alone.rows() == [(first, name, pytest.approx(share)) for first, name, share in among.rows()]
    nobody = chart_makeup.genre_shares(history(weeks), parts(known).one("Polka"), at=last - 1, snapshots=last)
    assert nobody.filter(name="Polka").is_empty()


@relaxed
@given(charts(), genres)
def test_genres_are_ranked_by_what_they_amount_to(weeks: list[Week], known: dict[int, dict[int, int]]) -> None:
    found = chart_makeup.genre_ranks(history(weeks), parts(known))
    assert (found.starts, found.ends, found.complete) == tuple(
        tuple(getattr(week, name) for week in weeks) for name in ("first", "until", "complete")
    )
    for at, week in enumerate(weeks):
        values, sums = weighed(week), [0.0, 0.0, 0.0]
        for thing, value in values.items():
            for group, votes in known.get(thing, {}).items():
                sums[group] += value * votes / sum(known[thing].values())
        where = found.places(at, at)
        order = [group for group in sorted(range(3), key=lambda g: (-round(sums[g], 6), g)) if sums[group]]
        tied = len({round(each, 6) for each in sums}) < 3
        assert found.rank[where].tolist() == list(range(1, len(order) + 1))
        assert set(found.thing[where].tolist()) == set(order)
        assert tied or found.thing[where].tolist() == order
        counted = any(row.value > 0 for row in week.places)
        assert all(
            value == (pytest.approx(sums[thing], abs=0.51) if counted else -1)
            for thing, value in zip(found.thing[where].tolist(), found.value[where].tolist(), strict=True)
        )


@relaxed
@given(charts(), st.sampled_from(THINGS), st.integers(0, 8), st.integers(1, 4), st.integers(1, 5))
def test_company_is_who_shares_most_snapshots(weeks: list[Week], thing: int, at: int, n: int, last: int) -> None:
    found = chart_courses.company(history(weeks), thing=thing, at=min(at, len(weeks) - 1), n=n, snapshots=last)
    looked = weeks[max(min(at, len(weeks) - 1) - last + 1, 0) : min(at, len(weeks) - 1) + 1]
    on = {id: {place for place, week in enumerate(looked) if there(week, id)} for id in THINGS}

    def alike(id: int) -> float:
        return len(on[id] & on[thing]) / len(on[id] | on[thing])

    possible = [id for id in THINGS if id != thing and on[id] & on[thing]]
    assert len(found) == min(n, len(possible))
    assert set(found.tolist()) <= set(possible)
    assert [alike(id) for id in found.tolist()] == sorted(map(alike, possible), reverse=True)[:n]
