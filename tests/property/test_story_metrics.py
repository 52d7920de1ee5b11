"""The story of one thing against a few lines of plain Python: how it was found, its course, its pauses and company."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median

import polars as pl
import pytest
from heard import Heard, chosen, filters, group, histories, key, lenses, library, listen, periods, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analytics import companions, pauses, story
from core.analytics.building import build
from core.analytics.selecting import select
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.listen import Flag, Platform
from core.domain.period import Period

relaxed = settings(max_examples=60, deadline=None)
PLAIN = Lens(timezone="Europe/Berlin")
IDS = {"artist": [11, 12, 13, 99], "album": [21, 22, 23, 99], "track": [1, 2, 3, 4, 7, 99]}
things = st.sampled_from([(by, id) for by, ids in IDS.items() for id in ids])
gaps = st.sampled_from([10, 20, 60])


def heard_by(heard, by: str, id: int) -> bool:
    """Return whether this person knows the thing (an artist or album also through another one's)."""
    return id in {getattr(h, by) for h in heard}


def mine(h: Heard, by: str, id: int, lens: Lens) -> bool:
    return group(h, by, lens) == key(by, id, lens)


def sessions_of(seen: list[tuple[Heard, bool]], gap: int) -> dict[Heard, int]:
    """Return the number of the session of each listen: a long silence after all that was heard ends one."""
    numbers: dict[Heard, int] = {}
    until, number = None, -1
    for h, _ in sorted(seen, key=lambda one: one[0].began):
        minutes = max(gap, 30) if h.has(Flag.ESTIMATED) else gap
        if until is None or h.began - until > timedelta(minutes=minutes):
            number += 1
        until = h.ended if until is None else max(until, h.ended)
        numbers[h] = number
    return numbers


@relaxed
@given(histories, lenses, things, gaps)
def test_how_a_thing_was_found(heard, lens, thing, gap):
    by, id = thing
    seen = chosen(heard, lens, Period(), Filters())
    played = [h for h, play in seen if play]
    number = sessions_of(seen, gap)
    own = [h for h in played if heard_by(heard, by, id) and mine(h, by, id, lens)]
    found = story.found(select(library(heard), lens), by, id, gap_minutes=gap)
    if not own:
        assert found is None
        return
    first, at = own[0], played.index(own[0])
    assert (found.first, found.track_id, found.platform) == (first.ended, first.track, Platform(first.platform))
    assert (found.how, found.plays) == ("", len(own))
    assert found.week == sum(h.ended < first.ended + timedelta(days=7) for h in own)
    assert found.month == sum(h.ended < first.ended + timedelta(days=30) for h in own)
    same = at > 0 and number[first] == number[played[at - 1]]
    assert found.before_id == (played[at - 1].track if same else 0)


@pytest.mark.parametrize(
    ("reason", "flags", "how"),
    [
        ("clickrow", 0, "chosen"),
        ("playbtn", Flag.SHUFFLE | Flag.SHUFFLE_KNOWN, "chosen"),
        ("trackdone", 0, "next"),
        ("trackdone", Flag.SHUFFLE | Flag.SHUFFLE_KNOWN, "shuffle"),
        ("fwdbtn", Flag.SHUFFLE_KNOWN, "next"),
        ("remote", 0, ""),
        ("appload", 0, ""),
        ("never seen", 0, ""),
    ],
)
def test_chosen_or_came_by_itself(reason: str, flags: int, how: str) -> None:
    given_rows = rows([listen("2024-05-01T12:00", track=1, flags=int(flags))])
    names = {7: reason, 8: "trackdone"}
    made = replace(
        given_rows,
        listens=given_rows.listens.with_columns(reason_start=pl.lit(7, pl.Int16)),
        reasons=pl.DataFrame(list(names.items()), {"id": pl.Int16, "name": pl.String}, orient="row"),
    )
    found = story.found(select(build(made, version=1), PLAIN), "track", 1)
    assert found is not None
    assert found.how == how


def buckets_of(heard, lens, period, unit: str) -> list[date]:
    days = [h.day(lens) for h in heard]
    if not (period.start and period.end) and not days:
        return []
    start, end = period.start or min(days), period.end or max(days) + timedelta(days=1)
    return sorted({bucket(start + timedelta(days=i), unit) for i in range(max(0, (end - start).days))})


def bucket(day: date, unit: str) -> date:
    months = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}
    return date(day.year, months[unit], 1)


@relaxed
@given(
    histories,
    lenses,
    periods,
    filters,
    things,
    st.sampled_from(["month", "quarter", "year"]),
    st.sampled_from(["plays", "time"]),
)
def test_the_course_of_a_thing_among_all(heard, lens, period, f, thing, unit, metric):
    by, id = thing
    view = select(library(heard), lens, period=period, filters=f)
    found = story.course(view, by, id, unit=unit, metric=metric)
    if view.code(by, id) < 0:
        assert found.is_empty()
        return
    seen = chosen(heard, lens, period, f)
    starts = buckets_of(heard, lens, period, unit)
    assert found["start"].to_list() == starts
    for row in found.iter_rows(named=True):
        inside = [(h, play) for h, play in seen if bucket(h.day(lens), unit) == row["start"]]
        plays, ms = Counter(), Counter()
        for h, play in inside:
            plays[group(h, by, lens)] += play
            ms[group(h, by, lens)] += h.ms
        own = key(by, id, lens)
        assert (row["plays"], row["ms_played"]) == (plays[own], ms[own])
        amounts = {code: (plays if metric == "plays" else ms)[code] for code in plays if code and plays[code]}
        amounts = {code: amount for code, amount in amounts.items() if amount}
        assert row["of"] == len(amounts)
        wanted = 1 + sum(a > amounts.get(own, 0) for a in amounts.values()) if plays[own] else None
        assert row["rank"] == wanted
        whole = sum(play for _, play in inside) if metric == "plays" else sum(h.ms for h, _ in inside)
        part = plays[own] if metric == "plays" else ms[own]
        assert row["share"] == (pytest.approx(part / whole) if whole else None)


@relaxed
@given(histories, lenses, periods, filters)
def test_the_time_between_plays(heard, lens, period, f):
    view = select(library(heard), lens, period=period, filters=f)
    ended = [h.ended for h, play in chosen(heard, lens, period, f) if play]
    between = [later - earlier for earlier, later in pairwise(ended)]
    ends = [timedelta(hours=1), *(timedelta(days=d) for d in (1, 7, 30, 90, 365)), timedelta.max]
    expected = Counter(next(i for i, end in enumerate(ends) if gap < end) for gap in between)
    found = pauses.pauses(view)
    assert found["plays"].to_list() == [expected[i] for i in range(7)]
    shares = [expected[i] / len(between) if between else None for i in range(7)]
    assert found["share"].to_list() == (pytest.approx(shares) if between else shares)
    rhythm = pauses.rhythm(view)
    assert rhythm.pauses == len(between)
    middle = median(g.total_seconds() for g in between) / 3600 if len(between) >= 20 else None
    assert rhythm.median == (pytest.approx(middle) if middle is not None else None)
    longest = max(between, default=None)
    at = between.index(longest) if longest is not None else None
    assert (rhythm.left, rhythm.back) == ((None, None) if at is None else (ended[at], ended[at + 1]))


@relaxed
@given(histories, lenses, periods, filters, things, gaps)
def test_the_sessions_of_a_thing(heard, lens, period, f, thing, gap):
    by, id = thing
    view = select(library(heard), lens, period=period, filters=f)
    seen = chosen(heard, lens, period, f)
    played, number, known = [h for h, play in seen if play], sessions_of(seen, gap), view.code(by, id) >= 0
    numbers = [number[h] for h in played]
    members = defaultdict(list)
    for h, session in zip(played, numbers, strict=True):
        members[session].append(known and mine(h, by, id, lens))
    found = companions.company(view, by, id, gap_minutes=gap)
    with_it = [flags for flags in members.values() if any(flags)]
    assert (found.sessions, found.of) == (len(with_it), len(members))
    assert found.alone == sum(all(flags) for flags in with_it)
    assert found.opened == sum(flags[0] for flags in with_it)
    assert found.plays == sum(map(sum, with_it))
    best, run, start = 0, 0, None
    for place, h in enumerate(played):
        own = known and mine(h, by, id, lens)
        goes_on = place > 0 and numbers[place] == numbers[place - 1] and run > 0
        run = (run + 1 if goes_on else 1) if own else 0
        if run == 1:
            first = h
        if run > best:
            best, start = run, first.ended
    assert (found.run, found.run_at) == (best, start)


days_with = st.lists(
    st.tuples(st.integers(0, 70), st.integers(0, 80), st.sampled_from([1, 3, 3, 4, 5, 6, 8])), min_size=25, max_size=90
)


@relaxed
@given(days_with, st.sampled_from([("artist", 11), ("artist", 12), ("track", 3), ("album", 21), ("artist", 99)]))
def test_what_is_played_with_a_thing(listens, thing):
    """Sittings of an hour or so on some days of three months: enough for companions to be found."""
    by, id = thing
    start = datetime(2024, 2, 1, 22, tzinfo=UTC)
    moments = {(start + timedelta(days=day, minutes=minute), track) for day, minute, track in listens}
    heard = [Heard(at, track, 60_000, at - timedelta(minutes=1)) for at, track in moments]
    view = select(library(heard), PLAIN)
    found = companions.played_with(view, by, id)
    if view.code(by, id) < 0:
        assert found.is_empty()
        return
    own = [h for h in heard if mine(h, by, id, PLAIN)]
    others = [h for h in heard if not mine(h, by, id, PLAIN) and group(h, by, PLAIN)]
    near = [h for h in others if any(abs(h.ended - o.ended) <= timedelta(minutes=20) for o in own)]
    month = lambda h: h.day(PLAIN).replace(day=1)  # noqa: E731 - used on the next lines alone
    share = {m: sum(month(h) == m for h in near) / sum(month(h) == m for h in others) for m in map(month, others)}
    expected, plays, days = Counter(), Counter(), defaultdict(set)
    for h in others:
        expected[group(h, by, PLAIN)] += share[month(h)]
    for h in near:
        plays[group(h, by, PLAIN)] += 1
        days[group(h, by, PLAIN)].add(h.day(PLAIN))
    kept = {c for c in plays if plays[c] >= 5 and len(days[c]) >= 3 and plays[c] >= 1.5 * expected[c] - 1e-5}
    clear = {c for c in kept if plays[c] >= 1.5 * expected[c] + 1e-5}
    assert found.height == len(kept) or found.height >= len(clear)
    for row in found.iter_rows(named=True):
        code = key(by, row["id"], PLAIN)
        assert code in kept
        assert (row["plays"], row["days"]) == (plays[code], len(days[code]))
        assert row["expected"] == pytest.approx(expected[code])
        assert row["lift"] == pytest.approx(plays[code] / expected[code])
    beyond = [round(r["plays"] - r["expected"], 5) for r in found.iter_rows(named=True)]
    assert beyond == sorted(beyond, reverse=True)


def together(days: int, pair: bool) -> list[Heard]:
    """Return evenings of artist 11 with artist 12 (``pair``), and mornings of artist 13 alone."""
    found = []
    for day in range(days):
        at = datetime(2024, 3, 1 + day, 18, tzinfo=UTC)
        for minute, track in ((0, 1), (4, 3 if pair else 8), (8, 1)):
            found.append(Heard(at + timedelta(minutes=minute), track, 200_000, at + timedelta(minutes=minute - 3)))
        for hour in range(1, 8):
            early = at - timedelta(hours=hour + 3)
            found.append(Heard(early, 8 if pair else 3, 200_000, early - timedelta(minutes=3)))
    return found


def test_a_companion_is_found_and_who_is_merely_heard_a_lot_is_not() -> None:
    found = companions.played_with(select(library(together(10, pair=True)), PLAIN), "artist", 11)
    assert found["id"].to_list() == [12]
    assert found["plays"][0] == 10
    assert found["lift"][0] == pytest.approx(8)
    assert companions.played_with(select(library(together(2, pair=True)), PLAIN), "artist", 11).is_empty()


def edge_cases() -> dict[str, list[Heard]]:
    at_once = [listen("2024-02-29T12:00", track=t, ms=ms) for t in (1, 3, 4) for ms in (200_000, 200_001, 200_002)]
    clocks = [
        listen(f"2021-{day}T{hour:02}:30", track=1 + hour % 3) for day in ("03-28", "10-31") for hour in range(24)
    ]
    return {"empty": [], "one": [listen("2024-02-29T12:00")], "at once": at_once, "clocks": clocks}


@pytest.mark.parametrize("name", list(edge_cases()))
@pytest.mark.parametrize("by", ["artist", "album", "track"])
def test_the_edges(name: str, by: str) -> None:
    heard = edge_cases()[name]
    view = select(library(heard), PLAIN)
    id = {"artist": 11, "album": 21, "track": 1}[by]
    own = sum(mine(h, by, id, PLAIN) for h in heard)
    assert story.course(view, by, id)["plays"].sum() == own
    assert companions.company(view, by, id).plays == own
    assert companions.played_with(view, by, id).is_empty() or name == "clocks"
    assert pauses.pauses(view)["plays"].sum() == max(0, len(heard) - 1)
    begun = story.found(view, by, id)
    assert (begun.plays if begun else 0) == own


def after(minutes: float, track: int = 1) -> Heard:
    """Return a play of a minute that ends so many minutes after a noon."""
    ended = datetime(2024, 5, 1, 12, tzinfo=UTC) + timedelta(minutes=minutes)
    return Heard(ended, track, 60_000, ended - timedelta(minutes=1))


def test_borders_belong_where_the_definitions_say() -> None:
    week, hour = 7 * 24 * 60, 60
    own = [after(0), after(week - 1), after(week), after(week + 24 * hour), after(30 * 24 * hour)]
    begun = story.found(select(library(own), PLAIN), "track", 1)
    assert (begun.week, begun.month, begun.plays) == (2, 4, 5) if begun else None
    classes = pauses.pauses(select(library([after(0), after(59), after(119), after(119 + 24 * hour)]), PLAIN))
    assert classes["plays"].to_list() == [1, 1, 1, 0, 0, 0, 0]
    at_gap = [after(0, 3), after(21, 1)]  # twenty minutes of silence, then a play of one minute
    assert story.found(select(library(at_gap), PLAIN), "track", 1).before_id == 3  # type: ignore[union-attr]
    assert companions.company(select(library(at_gap), PLAIN), "track", 1).alone == 0
    later = [after(0, 3), after(21.1, 1)]
    assert story.found(select(library(later), PLAIN), "track", 1).before_id == 0  # type: ignore[union-attr]
    assert companions.company(select(library(later), PLAIN), "track", 1).alone == 1


@pytest.mark.parametrize(("minutes", "companion"), [(20, True), (20.1, False)])
def test_near_is_twenty_minutes_and_both_sides_of_a_play(minutes: float, companion: bool) -> None:
    day = 24 * 60
    own = [after(d * day, 1) for d in range(6)]
    near = [after(d * day + (minutes if d % 2 else -minutes), 3) for d in range(6)]
    apart = [after(d * day + 300 + n, 8) for d in range(6) for n in range(4)]
    found = companions.played_with(select(library(own + near + apart), PLAIN), "artist", 11)
    assert found["id"].to_list() == ([12] if companion else [])


def test_one_evening_makes_no_companion() -> None:
    evening = [after(n, 1 + 2 * (n % 2)) for n in range(20)]
    apart = [after(600 + n, 8) for n in range(60)]
    assert companions.played_with(select(library(evening + apart), PLAIN), "artist", 11).is_empty()
