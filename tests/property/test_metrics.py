"""Every metric against a few lines of plain Python, on made-up listens under any lens, period and filters."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from math import sqrt

import polars as pl
import pytest
from heard import (
    ALBUMS,
    ARTISTS,
    TRACKS,
    Heard,
    chosen,
    filters,
    group,
    histories,
    lenses,
    library,
    periods,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.analytics import clock, counting, discovery, items, latest, skipping, streaks, timeline
from core.analytics.selecting import select
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.listen import Flag
from core.domain.period import Period

bys = st.sampled_from(["artist", "album", "track"])
units = st.sampled_from(["day", "week", "month", "quarter", "year"])
relaxed = settings(max_examples=60, deadline=None)
anything = given(histories, lenses, periods, filters)


def each(by: str, rows: list[tuple[Heard, bool]], lens: Lens) -> dict[int, list[tuple[Heard, bool]]]:
    """Return the listens by artist, album, track or recording; those of none are left out."""
    found = defaultdict(list)
    for h, play in rows:
        found[group(h, by, lens)].append((h, play))
    return {key: rows for key, rows in found.items() if key}


def shown(by: str, code: int, heard: list[Heard], lens: Lens) -> tuple[int, str, str]:
    """Return the id, the name and the artist a thing is shown with: of a recording, its most heard track."""
    if by == "artist":
        return code, ARTISTS[code], ARTISTS[code]
    if by == "album":
        return code, ALBUMS[code][0], ARTISTS[ALBUMS[code][1]]
    members = [t for t in {h.track for h in heard} if (TRACKS[t][3] if lens.merge_recordings else t) == code]
    best = max(members, key=lambda t: (sum(h.ms for h in heard if h.track == t), -t))
    return best, TRACKS[best][0] or f"uri:{best}", ARTISTS.get(TRACKS[best][1] or 0, "")


@relaxed
@anything
def test_a_view_shows_what_the_lens_the_period_and_the_filters_let_through(heard, lens, period, f):
    view, expected = select(library(heard), lens, period=period, filters=f), chosen(heard, lens, period, f)
    frame = view.frame
    assert frame["ended"].to_list() == [h.ended for h, _ in expected]
    assert frame["ms_played"].to_list() == [h.ms for h, _ in expected]
    assert frame["play"].to_list() == [play for _, play in expected]
    assert frame["day"].to_list() == [h.day(lens) for h, _ in expected]
    assert frame["hour"].to_list() == [h.local(lens).hour for h, _ in expected]
    assert frame["weekday"].to_list() == [h.local(lens).weekday() for h, _ in expected]
    assert len(view) == len(expected)


@relaxed
@anything
def test_totals(heard, lens, period, f):
    rows = chosen(heard, lens, period, f)
    found = counting.totals(select(library(heard), lens, period=period, filters=f))
    played = [h for h, play in rows if play]
    assert (found.listens, found.plays, found.ms_played) == (len(rows), len(played), sum(h.ms for h, _ in rows))
    assert found.artists == len({h.artist for h in played} - {0})
    assert found.albums == len({h.album for h in played} - {0})
    assert found.tracks == len({group(h, "track", lens) for h in played})
    assert found.skips == sum(h.skipped is True for h, _ in rows)
    assert found.starts == sum(h.skipped is not None for h, _ in rows)
    assert (found.first, found.last) == ((rows[0][0].ended, rows[-1][0].ended) if rows else (None, None))
    assert found.skip_share == (found.skips / found.starts if found.starts >= 20 else None)


def ranked(heard, rows, by, metric, lens) -> list[tuple]:
    """Return (id, name, artist, plays, ms) in the order of a ranked list."""
    found = []
    for code, mine in each(by, rows, lens).items():
        plays, ms = sum(play for _, play in mine), sum(h.ms for h, _ in mine)
        if plays:
            found.append((*shown(by, code, heard, lens), plays, ms))
    amounts = (3, 4) if metric == "plays" else (4, 3)
    return sorted(found, key=lambda r: (-r[amounts[0]], -r[amounts[1]], r[1], r[0]))


@relaxed
@given(histories, lenses, periods, filters, bys, st.sampled_from(["plays", "time"]))
def test_top(heard, lens, period, f, by, metric):
    kept, rows = library(heard), chosen(heard, lens, period, f)
    before_period = period.before()
    before = select(kept, lens, period=before_period, filters=f) if before_period else None
    found = counting.top(select(kept, lens, period=period, filters=f), by, metric, before=before)
    expected = ranked(heard, rows, by, metric, lens)
    assert found.select("id", "name", "artist", "plays", "ms_played").rows() == expected
    assert found["rank"].to_list() == list(range(1, len(expected) + 1))
    whole = sum(play for _, play in rows) if metric == "plays" else sum(h.ms for h, _ in rows)
    assert found["share"].to_list() == pytest.approx(
        [(r[3] if metric == "plays" else r[4]) / whole if whole else 0 for r in expected]
    )
    earlier = ranked(heard, chosen(heard, lens, before_period, f), by, metric, lens) if before_period else []
    ranks = {r[0]: place for place, r in enumerate(earlier, 1)}
    assert found["rank_before"].to_list() == [ranks.get(r[0]) for r in expected]
    assert found["change"].to_list() == [ranks[r[0]] - i if r[0] in ranks else None for i, r in enumerate(expected, 1)]


def start_of(day: date, unit: str) -> date:
    """Return the first day of the day's bucket."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}.get(unit)
    return day if month is None else date(day.year, month, 1)


def whole_period(heard, lens, period) -> list[date]:
    """Return all days of a period whose open sides end with the first and last listen of all."""
    days = [h.day(lens) for h in heard]
    if not (period.start and period.end) and not days:
        return []
    start, end = period.start or min(days), period.end or max(days) + timedelta(days=1)
    return [start + timedelta(days=i) for i in range(max(0, (end - start).days))]


@relaxed
@given(histories, lenses, periods, filters, units)
def test_timeline(heard, lens, period, f, unit):
    kept, before_period = library(heard), period.before()
    before = select(kept, lens, period=before_period, filters=f) if before_period else None
    found = timeline.timeline(select(kept, lens, period=period, filters=f), unit, before=before)

    def plain(period: Period) -> list[tuple[date, int, int]]:
        rows = chosen(heard, lens, period, f)
        plays, ms = Counter(), Counter()
        for h, play in rows:
            plays[start_of(h.day(lens), unit)] += play
            ms[start_of(h.day(lens), unit)] += h.ms
        return [(s, plays[s], ms[s]) for s in sorted({start_of(d, unit) for d in whole_period(heard, lens, period)})]

    expected = plain(period)
    assert found.select("start", "plays", "ms_played").rows() == expected
    if before_period:
        earlier = [row[1:] for row in plain(before_period)] + [(None, None)] * len(expected)
        assert found.select("plays_before", "ms_before").rows() == earlier[: len(expected)]


@relaxed
@given(histories, lenses, periods, filters, bys, units)
def test_series_and_sparklines(heard, lens, period, f, by, unit):
    ids = {"artist": [12, 99, 11], "album": [21, 24], "track": [3, 1]}[by]
    view, rows = select(library(heard), lens, period=period, filters=f), chosen(heard, lens, period, f)
    known = [i for i in ids if view.library.code(by, i) >= 0]
    starts = sorted({start_of(d, unit) for d in whole_period(heard, lens, period)})
    expected = []
    for i in known:
        mine = each(by, rows, lens).get(TRACKS[i][3] if by == "track" and lens.merge_recordings else i, [])
        for s in starts:
            here = [(h, play) for h, play in mine if start_of(h.day(lens), unit) == s]
            expected.append((i, s, sum(play for _, play in here), sum(h.ms for h, _ in here)))
    assert timeline.series(view, by, ids, unit).rows() == expected
    lines = dict(timeline.sparklines(view, by, ids, unit).rows())
    assert lines == {i: [r[2] for r in expected if r[0] == i] for i in known if starts}


@relaxed
@given(histories, lenses, periods, filters, bys, st.sampled_from(["plays", "time"]))
def test_rank_history(heard, lens, period, f, by, metric):
    rows = chosen(heard, lens, period, f)
    found = timeline.rank_history(select(library(heard), lens, period=period, filters=f), by, n=2, metric=metric)
    best = [r[:2] for r in ranked(heard, rows, by, metric, lens)[:2]]
    expected = []
    for s in sorted({start_of(d, "month") for d in whole_period(heard, lens, period)}):
        here = [(h, play) for h, play in rows if start_of(h.day(lens), "month") == s]
        amounts = {r[0]: r[3:] for r in ranked(heard, here, by, metric, lens)}
        lost = {shown(by, c, heard, lens)[0]: (0, sum(h.ms for h, _ in m)) for c, m in each(by, here, lens).items()}
        for id, name in best:
            plays, ms = amounts.get(id) or lost.get(id, (0, 0))
            better = sum(a[metric == "time"] > (plays, ms)[metric == "time"] for a in amounts.values())
            expected.append((s, id, name, better + 1 if plays else None, plays, ms))
    assert found.rows() == expected


@relaxed
@anything
def test_clock(heard, lens, period, f):
    view, rows = select(library(heard), lens, period=period, filters=f), chosen(heard, lens, period, f)
    plays, ms = Counter(), Counter()
    for h, play in rows:
        place = (h.local(lens).weekday(), h.local(lens).hour)
        plays[place] += play
        ms[place] += h.ms
    places = [(weekday, hour) for weekday in range(7) for hour in range(24)]
    assert clock.weekday_hours(view).rows() == [(*p, plays[p], ms[p]) for p in places]
    by_hour = [(hour, sum(plays[d, hour] for d in range(7)), sum(ms[d, hour] for d in range(7))) for hour in range(24)]
    assert clock.hours(view).rows() == by_hour
    played = [h.local(lens) for h, play in rows if play]
    enough = len(played) >= 20
    assert clock.night_share(view) == (sum(t.hour < 5 for t in played) / len(played) if enough else None)
    assert clock.weekend_share(view) == (sum(t.weekday() > 4 for t in played) / len(played) if enough else None)


@relaxed
@given(histories, lenses, periods, filters, bys)
def test_discoveries(heard, lens, period, f, by):
    kept, rows = library(heard), chosen(heard, lens, period, f)
    everything, selected = select(kept, lens), select(kept, lens, period=period, filters=f)
    first: dict[int, Heard] = {}
    for h, play in chosen(heard, lens, Period(), Filters()):
        if play and group(h, by, lens):
            first.setdefault(group(h, by, lens), h)
    by_time = sorted(((h, shown(by, code, heard, lens)) for code, h in first.items()), key=lambda pair: pair[0])
    assert discovery.first_listens(everything, by).rows() == [(*what, h.ended) for h, what in by_time]
    inside = {h for h, _ in chosen(heard, lens, period, Filters())}
    expected = []
    for code, mine in each(by, rows, lens).items():
        plays = sum(play for _, play in mine)
        if plays and first[code] in inside:
            what = shown(by, code, heard, lens)
            expected.append(
                (-plays, first[code], what[0], (*what, first[code].ended, plays, sum(h.ms for h, _ in mine)))
            )
    found = discovery.discoveries(everything, selected, by)
    assert found.drop("artist_id").rows() == [row[-1] for row in sorted(expected)]
    names = dict(kept.artists.select("id", "name").iter_rows())
    assert [names[id] for id in found["artist_id"]] == found["artist"].to_list()


@relaxed
@given(histories, lenses, periods, filters, bys, units)
def test_novelty(heard, lens, period, f, by, unit):
    kept, rows = library(heard), chosen(heard, lens, period, f)
    found = discovery.novelty(select(kept, lens), select(kept, lens, period=period, filters=f), by, unit)
    first: dict[int, Heard] = {}
    for h, play in chosen(heard, lens, Period(), Filters()):
        if play and group(h, by, lens):
            first.setdefault(group(h, by, lens), h)
    expected = []
    days = set(whole_period(heard, lens, period))
    for s in sorted({start_of(d, unit) for d in days}):
        played = [h for h, play in rows if play and start_of(h.day(lens), unit) == s]
        named = [(h, first[group(h, by, lens)]) for h in played if group(h, by, lens)]
        new = sum(h == origin for h, origin in named)
        recent = sum(start_of(o.day(lens), unit) == s and o.day(lens) in days for _, o in named)
        early = bool(heard) and s < min(h.day(lens) for h in heard) + timedelta(days=60)
        expected.append((s, len(played), new, recent, new / len(played) if played and not early else None))
    assert found.rows() == expected


@relaxed
@given(histories, lenses, periods, filters, st.dates(date(2021, 3, 25), date(2022, 1, 6)))
def test_streaks(heard, lens, period, f, today):
    found = streaks.streaks(select(library(heard), lens, period=period, filters=f), today=today, limit=3)
    runs: list[list[date]] = []
    for day in sorted({h.day(lens) for h, play in chosen(heard, lens, period, f) if play}):
        if runs and runs[-1][-1] == day - timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    expected = [(r[0], r[-1] + timedelta(days=1), len(r)) for r in sorted(runs, key=lambda r: (-len(r), r[0]))]
    assert found.ranked.rows() == expected[:3]
    assert ((found.longest.start, found.longest.days) if found.longest else None) == (
        (expected[0][0], expected[0][2]) if runs else None
    )
    reaches = bool(runs) and runs[-1][-1] >= today - timedelta(days=1)
    assert (found.current.days if found.current else 0) == (len(runs[-1]) if reaches else 0)


@relaxed
@given(histories, lenses, periods, filters, bys)
def test_skip_shares(heard, lens, period, f, by):
    rows = chosen(heard, lens, period, f)
    found = skipping.skip_shares(select(library(heard), lens, period=period, filters=f), by, minimum_starts=3)
    expected = []
    for code, mine in each(by, rows, lens).items():
        n, k = sum(h.skipped is not None for h, _ in mine), sum(h.skipped is True for h, _ in mine)
        if n >= 3:
            z, p = 1.959963984540054, k / n
            middle, spread = p + z * z / 2 / n, z * sqrt(p * (1 - p) / n + z * z / 4 / n / n)
            low, high = max(0, (middle - spread) / (1 + z * z / n)), min(1, (middle + spread) / (1 + z * z / n))
            expected.append((*shown(by, code, heard, lens), n, k, p, low, high))
    by_id = {row[0]: row for row in expected}
    assert {row[0] for row in found.rows()} == set(by_id)
    for row in found.rows():
        assert row[:5] == by_id[row[0]][:5]
        assert row[5:] == pytest.approx(by_id[row[0]][5:])
        assert skipping.wilson(row[4], row[3]) == pytest.approx(row[6:])
    lows = found["low"].to_list()
    assert lows == sorted(lows, reverse=True)


@relaxed
@given(histories, lenses, periods, filters, st.integers(0, 12), st.integers(0, 45))
def test_latest(heard, lens, period, f, limit, offset):
    rows = chosen(heard, lens, period, f)
    found = latest.latest(select(library(heard), lens, period=period, filters=f), limit=limit, offset=offset)
    expected = [
        (h.ended.timestamp(), h.track, h.artist, h.album, h.ms, play, h.skipped, ARTISTS.get(h.artist, ""))
        for h, play in rows[::-1][offset : offset + limit]
    ]
    columns = ["ended", "track_id", "artist_id", "album_id", "ms_played", "play", "skipped", "artist"]
    assert found.total == len(rows)
    assert [(row[0].timestamp(), *row[1:]) for row in found.rows.select(columns).rows()] == expected
    assert found.rows.schema["ended"] == pl.Datetime("us", lens.timezone)


@relaxed
@anything
def test_export(heard, lens, period, f):
    rows = chosen(heard, lens, period, f)
    found = latest.export(select(library(heard), lens, period=period, filters=f))
    assert found.height == len(rows)
    for row, (h, play) in zip(found.iter_rows(named=True), rows, strict=True):
        assert (row["ended_utc"], row["ms_played"], row["play"]) == (h.ended, h.ms, play)
        assert row["ended_local"].timestamp() == h.ended.timestamp()
        assert row["began_utc"] == (h.began if h.has(Flag.START_KNOWN) else None)
        assert row["skipped"] == (h.has(Flag.SKIPPED) if h.has(Flag.SKIPPED_KNOWN) else None)
        assert row["shuffle"] == (h.has(Flag.SHUFFLE) if h.has(Flag.SHUFFLE_KNOWN) else None)
        assert row["reason_end"] == {0: None, 1: "trackdone", 2: "fwdbtn", 3: "endplay"}[h.reason_end]
        assert row["track_uri"] == f"uri:{h.track}"


@relaxed
@given(histories, lenses, periods, filters, bys)
def test_an_item(heard, lens, period, f, by):
    assume(heard)
    kept, rows = library(heard), chosen(heard, lens, period, f)
    view = select(kept, lens, period=period, filters=f)
    wanted = {"artist": 12, "album": 21, "track": 3}[by]
    code = TRACKS[wanted][3] if by == "track" and lens.merge_recordings else wanted
    found = items.item(select(kept, lens), view, by, wanted)
    if not any({"artist": h.artist, "album": h.album, "track": h.track}[by] == wanted for h in heard):
        assert found is None
        return
    assert found is not None
    ever = each(by, chosen(heard, lens, Period(), Filters()), lens).get(code, [])
    assert (found.first, found.last) == ((ever[0][0].ended, ever[-1][0].ended) if ever else (None, None))
    mine = each(by, rows, lens).get(code, [])
    assert (found.totals.listens, found.totals.plays) == (len(mine), sum(play for _, play in mine))
    places = [r[0] for r in ranked(heard, rows, by, "plays", lens)]
    shown_as = shown(by, code, heard, lens)[0]
    assert found.rank == (places.index(shown_as) + 1 if shown_as in places else None)
    assert found.share == pytest.approx(found.totals.plays / max(1, sum(play for _, play in rows)))


@relaxed
@given(histories, lenses, st.sampled_from(["a", "GOLD", "water", "xyz", " "]))
def test_finding_by_name(heard, lens, text):
    rows = chosen(heard, lens, Period(), Filters())
    found = items.find(select(library(heard), lens), text, limit=50)
    expected = set()
    for by in ("artist", "album", "track") if text.strip() else ():
        expected |= {
            (by, *r[:4]) for r in ranked(heard, rows, by, "plays", lens) if text.strip().lower() in r[1].lower()
        }
    assert {(thing.kind, thing.id, thing.name, thing.artist, thing.plays) for thing in found} == expected
    assert [thing.plays for thing in found] == sorted((thing.plays for thing in found), reverse=True)
