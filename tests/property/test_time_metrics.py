"""Sessions, days, hours, streaks, trips, milestones and the year's round against a few lines of plain Python."""

import cmath
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from math import exp, log, pi
from statistics import median

import pytest
from heard import ARTISTS, TRACKS, Heard, chosen, filters, group, histories, lenses, library, listen, periods
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analytics import calendar, clock, milestones, seasons, sessions, streaks, trips
from core.analytics.selecting import select
from core.analytics.view import View
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.listen import Flag, country_code, country_letters
from core.domain.period import Period

DAY = timedelta(days=1)
relaxed = settings(max_examples=60, deadline=None)
anything = given(histories, lenses, periods, filters)
gaps = st.sampled_from([10, 20, 30, 60])


def seen(heard: list[Heard], lens: Lens, period: Period, f: Filters) -> View:
    return select(library(heard), lens, period=period, filters=f)


def played(heard: list[Heard], lens: Lens, period: Period, f: Filters) -> list[Heard]:
    return [h for h, play in chosen(heard, lens, period, f) if play]


def best(counted: Counter[str | int], names: dict[int, str]) -> int | None:
    """Return the id with most plays, of equals the first by name, then id; nobody (0) leads nothing."""
    known = {id: plays for id, plays in counted.items() if id}
    return min(known, key=lambda id: (-known[id], names[id], id)) if known else None


def plain_sessions(heard, lens, period, f, gap) -> list[list[tuple[Heard, bool]]]:
    """Return the listens of each session with a play."""
    found: list[list[tuple[Heard, bool]]] = []
    until = None
    for h, play in sorted(chosen(heard, lens, period, f), key=lambda pair: pair[0].began):
        patience = max(gap, 30) if h.has(Flag.ESTIMATED) else gap
        if until is None or h.began - until > timedelta(minutes=patience):
            found.append([])
        until = h.ended if until is None or not found[-1] else max(until, h.ended)
        found[-1].append((h, play))
    return [s for s in found if any(play for _, play in s)]


@relaxed
@given(histories, lenses, periods, filters, gaps)
def test_sessions(heard, lens, period, f, gap):
    found = sessions.sessions(seen(heard, lens, period, f), gap_minutes=gap)
    expected = []
    for s in plain_sessions(heard, lens, period, f, gap):
        start, end = min(h.began for h, _ in s), max(h.ended for h, _ in s)
        local = Heard(start, 1, 0, start).local(lens)
        plays = Counter(h.artist for h, play in s if play)
        who = best(plays, ARTISTS)
        amounts = (len(s), sum(plays.values()), sum(h.ms for h, _ in s), len(set(plays) - {0}))
        expected.append((start, end, local.date(), local.hour, *amounts, who, ARTISTS.get(who) if who else None))
    assert found.rows() == expected


@relaxed
@given(histories, lenses, periods, filters, gaps)
def test_sessions_in_short(heard, lens, period, f, gap):
    view, every = seen(heard, lens, period, f), plain_sessions(heard, lens, period, f, gap)
    spans = [(min(h.began for h, _ in s), max(h.ended for h, _ in s)) for s in every]
    minutes = [(end - start).total_seconds() / 60 for start, end in spans]
    found = sessions.summary(view, gap_minutes=gap)
    assert found.count == len(every)
    if not every:
        assert found == sessions.Summary(0, None, None, None, None, None, None, None)
    else:
        plays = [sum(play for _, play in s) for s in every]
        assert (found.median_plays, found.longest_plays) == (median(plays), max(plays))
        assert (found.median_minutes, found.longest_minutes) == pytest.approx((median(minutes), max(minutes)))
        hours = Counter(Heard(start, 1, 0, start).local(lens).hour for start, _ in spans)
        assert found.hour == min(hours, key=lambda hour: (-hours[hour], hour))
        known = [h.day(lens) for h in heard]
        first, last = max(min(known), period.start or date.min), min(max(known), (period.end or date.max) - DAY)
        assert found.a_week == pytest.approx(len(every) * 7 / ((last - first).days + 1))
    ranked = sorted(zip(minutes, spans, strict=True), key=lambda pair: (-pair[0], pair[1][0]))
    longest = sessions.longest(view, gap_minutes=gap, limit=3)
    assert [start.timestamp() for start in longest["start"]] == [start.timestamp() for _, (start, _) in ranked[:3]]
    assert longest["minutes"].to_list() == pytest.approx([m for m, _ in ranked[:3]])
    classes = sessions.lengths(view, gap_minutes=gap)
    edges = [0, *sessions.LENGTHS, float("inf")]
    counts = [sum(low <= m < high for m in minutes) for low, high in pairwise(edges)]
    assert classes["sessions"].to_list() == counts
    assert classes["share"].null_count() == (len(counts) if len(every) < 20 else 0)


@relaxed
@anything
def test_days_and_the_busiest(heard, lens, period, f):
    view, rows = seen(heard, lens, period, f), chosen(heard, lens, period, f)
    plays, ms, artists = Counter(), Counter(), defaultdict(Counter)
    for h, play in rows:
        plays[h.day(lens)] += play
        ms[h.day(lens)] += h.ms
        artists[h.day(lens)][h.artist] += play
    found = calendar.days(view)
    assert sum(found["plays"]) == sum(plays.values())
    assert found.rows() == [
        (d, d - timedelta(days=d.weekday()), d.weekday(), plays[d], ms[d]) for d in found["day"].to_list()
    ]
    whole = found["day"].to_list()
    assert whole == [whole[0] + i * DAY for i in range(len(whole))] if whole else not rows or period.days == 0
    ranked = sorted((d for d in plays if plays[d]), key=lambda d: (-plays[d], -ms[d], d))[:3]
    who = [best(+artists[d], ARTISTS) for d in ranked]
    busiest = calendar.busiest(view, limit=3)
    assert busiest.select("day", "plays", "ms_played", "id").rows() == [
        (d, plays[d], ms[d], w) for d, w in zip(ranked, who, strict=True)
    ]


@relaxed
@given(histories, lenses, filters, st.sampled_from([date(2024, 10, 31), date(2022, 3, 28), date(2023, 1, 1)]))
def test_on_this_day(heard, lens, f, today):
    rows = chosen(heard, lens, Period(), f)
    names = {key: name or f"uri:{i}" for i, (name, *_, key) in TRACKS.items()}
    expected = []
    for year in range(today.year - 1, 2009, -1):
        here = [(h, play) for h, play in rows if h.day(lens) == today.replace(year=year)]
        plays = [h for h, play in here if play]
        if plays:
            who = best(Counter(h.artist for h in plays), ARTISTS)
            tracks = Counter(group(h, "track", lens) for h in plays)
            expected.append((year, len(plays), sum(h.ms for h, _ in here), who, max(tracks.values())))
    found = calendar.on_this_day(seen(heard, lens, Period(), f), today=today)
    assert found.select("year", "plays", "ms_played", "artist_id", "best").rows() == expected
    assert set(found["track"]) <= set(names.values()) | {name or f"uri:{i}" for i, (name, *_) in TRACKS.items()}


@relaxed
@anything
def test_hours_of_the_seasons_and_their_best(heard, lens, period, f):
    view, rows = seen(heard, lens, period, f), chosen(heard, lens, period, f)
    plays, ms, hours = Counter(), Counter(), defaultdict(Counter)
    for h, play in rows:
        local = h.local(lens)
        plays[local.month % 12 // 3, local.hour] += play
        ms[local.month % 12 // 3, local.hour] += h.ms
        hours[local.hour][h.artist] += play
    whole = [sum(plays[s, hour] for hour in range(24)) for s in range(4)]
    expected = [
        (s, hour, plays[s, hour], ms[s, hour], plays[s, hour] / whole[s] if whole[s] >= 20 else None)
        for s in range(4)
        for hour in range(24)
    ]
    assert clock.season_hours(view).rows() == expected
    for row in clock.best_of_hours(view).iter_rows(named=True):
        mine, who = hours[row["hour"]], best(+hours[row["hour"]], ARTISTS)
        assert (row["plays"], row["id"]) == (sum(mine.values()), who)
        assert row["best"] == (mine[who] if who else 0)
        enough = who is not None and row["plays"] >= 20
        assert row["share"] == (mine[who] / row["plays"] if enough else None)


@relaxed
@given(st.lists(st.sampled_from([0, 1, 2, 7, 12, 13, 23]), max_size=60))
def test_the_shape_of_a_day(hours):
    heard = [listen_at(date(2024, 5, 1) + i * DAY, hour) for i, hour in enumerate(hours)]
    found = clock.day_shape(select(library(heard), Lens()))
    assert found.plays == len(hours)
    if len(hours) < 20:
        assert (found.middle, found.together, found.hours, found.night, found.weekend) == (None,) * 5
        return
    mean = sum(cmath.exp(2j * pi * (hour + 0.5) / 24) for hour in hours) / len(hours)
    shares = [n / len(hours) for n in Counter(hours).values()]
    assert found.together == pytest.approx(abs(mean))
    if abs(mean) >= 0.1:
        assert cmath.exp(2j * pi * found.middle / 24) == pytest.approx(mean / abs(mean))
    else:
        assert found.middle is None
    assert found.hours == pytest.approx(exp(-sum(p * log(p) for p in shares)))
    days = [h.ended.date() for h in heard]
    assert found.even_weekend == pytest.approx(sum(d.weekday() > 4 for d in days) / len(days))


def listen_at(day: date, hour: int, track: int = 1, **fields: int) -> Heard:
    return listen(f"{day}T{hour:02}:30", track, **fields)


@relaxed
@given(histories, lenses, periods, filters, st.sampled_from(["artist", "album", "track"]))
def test_streaks_of_things(heard, lens, period, f, by):
    days: dict[int, list[date]] = defaultdict(list)
    for h in played(heard, lens, period, f):
        days[group(h, by, lens)].append(h.day(lens))
    expected = []
    for key, mine in days.items():
        runs: list[list[date]] = []
        for day in sorted(mine):
            if runs and day - runs[-1][-1] <= DAY:
                runs[-1].append(day)
            else:
                runs.append([day])
        longest = max(runs, key=lambda r: ((r[-1] - r[0]).days, len(r), -r[0].toordinal()))
        if key and longest[0] < longest[-1]:
            expected.append(((longest[-1] - longest[0]).days + 1, len(longest), longest[0], longest[-1] + DAY))
    found = streaks.streaks_by(seen(heard, lens, period, f), by)
    rows = found.select("days", "plays", "start", "end").rows()
    assert rows == sorted(expected, key=lambda r: (-r[0], -r[1], r[2]))
    assert found["id"].n_unique() == found.height


def days_abroad(heard, lens) -> tuple[dict[date, tuple[int, int]], set[date]]:
    """Return country and plays in it of each day with a known one, and which days are spent in an unusual one."""
    per_day: dict[date, Counter[int]] = defaultdict(Counter)
    for h in played(heard, lens, Period(), Filters()):
        if h.country:
            per_day[h.day(lens)][h.country] += 1
    own = {d: min(c, key=lambda code: (-c[code], code)) for d, c in per_day.items()}
    away = set()
    for d, country in own.items():
        around = Counter(c for other, c in own.items() if abs((other - d).days) <= trips.AROUND)
        if around[country] < max(around.values()) >= trips.SETTLED:
            away.add(d)
    return {d: (own[d], per_day[d][own[d]]) for d in own}, away


def plain_trips(heard, lens) -> list[tuple[str, date, date]]:
    """Return country, first day and day after the last of each trip, in order."""
    known, away = days_abroad(heard, lens)
    runs: list[list[date]] = []
    before = None
    for d in sorted(known):
        near = before in away and (d - before).days <= trips.SILENT + 1 if before else False
        if d in away and near and known[d][0] == known[before][0]:
            runs[-1].append(d)
        elif d in away:
            runs.append([d])
        before = d
    kept = [r for r in runs if len(r) >= 2 or known[r[0]][1] >= 10]
    return [(country_letters(known[r[0]][0]), r[0], r[-1] + DAY) for r in kept]


stays = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.sampled_from(["DE", "DE", "DE", "FR", "IT", None]),
        st.integers(1, 3) | st.just(11),
        st.sampled_from([1, 3]),
    ),
    max_size=60,
)


@relaxed
@given(stays, lenses, periods, filters)
def test_trips(moves, lens, period, f):
    heard = {
        listen(f"{date(2021, 3, 20) + day * DAY}T{10 + i % 12:02}:00", track, country=country_code(letters), ms=240_002)
        for day, letters, plays, track in moves
        for i in range(plays)
    }
    kept = library(heard)
    found = trips.trips(select(kept, lens), select(kept, lens, period=period, filters=f))
    expected = []
    for letters, start, end in plain_trips(heard, lens):
        mine = [(h, play) for h, play in chosen(heard, lens, period, f) if start <= h.day(lens) < end]
        plays = Counter(h.artist for h, play in mine if play)
        if plays:
            amounts = (sum(plays.values()), sum(h.ms for h, _ in mine), best(plays, ARTISTS))
            expected.append((letters, start, end, (end - start).days, *amounts))
    columns = ["country", "start", "end", "days", "plays", "ms_played", "id"]
    assert found.select(columns).rows() == expected[::-1]


@relaxed
@anything
def test_milestones(heard, lens, period, f):
    rows = chosen(heard, lens, period, f)
    plays = [h for h, play in rows if play]
    expected = [("play", 1, plays[0])] if plays else []
    if plays:
        first = plays[0].day(lens)
        for n in (1, 2, 3, 5, 10, 15, 20):
            after = [h for h in plays if h.day(lens) >= first.replace(year=first.year + n)]
            expected += [("year", n, after[0])] if after else []
    found = milestones.milestones(seen(heard, lens, period, f))
    assert sorted(found.select("kind", "n", "track_id").rows()) == sorted((k, n, h.track) for k, n, h in expected)
    assert [m.timestamp() for m in found["moment"]] == sorted((h.ended.timestamp() for *_, h in expected), reverse=True)


@relaxed
@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from([1, 3, 4])), min_size=1, max_size=150))
def test_milestones_of_amounts_and_the_next_ones(hours):
    """Listens of two hours and 24 minutes each: 42 are more than 100 hours."""
    length = 8_640_000
    heard = sorted({listen(f"{date(2023, 1, 1) + day * DAY}T12:00", track, ms=length) for day, track in hours})
    view = select(library(heard), Lens())
    found = {(kind, n): moment for kind, n, moment in milestones.milestones(view).select("kind", "n", "moment").rows()}
    for kind, n, place in (("play", 100, 99), ("hour", 100, 41)):
        assert ((kind, n) in found) == (len(heard) > place)
        if len(heard) > place:
            assert found[kind, n] == heard[place].ended
    today = date(2024, 2, 1)
    lately = [h for h in heard if today - 90 * DAY <= h.ended.date() < today]
    due = {kind: (n, now, day) for kind, n, now, day in milestones.coming(view, today=today).rows()}
    n = 1_000 if len(heard) >= 100 else 100
    assert due["play"][:2] == (n, len(heard))
    days = (n - len(heard)) / len(lately) * 90 if lately else 9_999
    assert due["play"][2] == (today + timedelta(days=-(-days // 1)) if days <= 3_660 else None)
    assert due["hour"][1] == len(heard) * 12 // 5
    assert due["artist"][:2] == (100, len({h.artist for h in heard}))


@relaxed
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 28), st.sampled_from([1, 3, 4])), max_size=80))
def test_artists_by_month_and_months_of_the_year(plays):
    heard = [listen_at(date(2020, 1, 1), 10), listen_at(date(2022, 12, 31), 10)]
    heard += [listen_at(date(2020 + m // 12, m % 12 + 1, d), 12, track) for m, d, track in plays]
    heard = sorted(set(heard))
    found = seasons.yearly_round(select(library(heard), Lens()))
    assert found.months == 36
    assert 0 <= found.strength <= 1
    a_day = [0.0] * 12
    for year in range(3):
        for m in range(12):
            first = date(2020 + year, m + 1, 1)
            days = (date(2020 + year + m // 11, (m + 1) % 12 + 1, 1) - first).days
            a_day[m] += sum((h.ended.year, h.ended.month) == (first.year, first.month) for h in heard) / days / 3
    assert found.index["index"].to_list() == pytest.approx([value / (sum(a_day) / 12) for value in a_day])
    assert found.index["years"].to_list() == [3] * 12
    whole = Counter(h.ended.month for h in heard)
    for row in seasons.artists_by_month(select(library(heard), Lens())).iter_rows(named=True):
        mine = [h for h in heard if h.artist == row["id"]]
        share = {m: sum(h.ended.month == m for h in mine) / whole[m] if whole[m] else 0 for m in range(1, 13)}
        assert len(mine) == row["in_all"] >= 20
        assert row["index"] == pytest.approx(max(share.values()) / (sum(share.values()) / 12))
        assert row["plays"] == sum(h.ended.month == row["month"] for h in mine)
        assert row["years"] == len({h.ended.year for h in mine if h.ended.month == row["month"]}) >= 2
