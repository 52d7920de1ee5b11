"""The invented charts: always the same, without gaps, and such as a person would believe."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from core.demo.catalogue import Catalogue, read_catalogue
from core.demo.chart_extras import chart_extras
from core.demo.chart_places import COUNTRIES
from core.demo.chart_spans import Span, months_and_years
from core.demo.charts import MOST_ALBUMS, MOST_COUNTRY, MOST_WORLD, Charts, beginning
from core.domain.names import name_key
from core.domain.trends import DEMO, WORLD, ChartKey, Extra, Snapshot
from core.services.demo import CATALOGUE

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)  # a Wednesday
BEGIN = date(2022, 11, 21)
RUNNING = date(2026, 11, 16)
WEEK = timedelta(days=7)
TRACKS = ChartKey(DEMO, "track", "week")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(CATALOGUE)


@pytest.fixture(scope="module")
def charts(catalogue: Catalogue) -> Charts:
    return Charts(catalogue)


@pytest.fixture(scope="module")
def made(charts: Charts) -> list[Snapshot]:
    return list(charts.snapshots(beginning(NOW.date()), NOW))


@pytest.fixture(scope="module")
def by_key(made: list[Snapshot]) -> dict[ChartKey, list[Snapshot]]:
    found: defaultdict[ChartKey, list[Snapshot]] = defaultdict(list)
    for each in made:
        found[each.key].append(each)
    return found


@pytest.fixture(scope="module")
def extras(charts: Charts, catalogue: Catalogue) -> list[Extra]:
    return list(chart_extras(charts, catalogue, BEGIN, BEGIN, NOW))


def songs(snapshot: Snapshot) -> list[tuple[str, str]]:
    return [(entry.name, entry.artist) for entry in snapshot.entries]


def test_what_there_is(by_key: dict[ChartKey, list[Snapshot]]) -> None:
    regions = (WORLD, *COUNTRIES)
    weekly = {ChartKey(DEMO, kind, "week", region) for kind in ("track", "artist") for region in regions}
    longer = {ChartKey(DEMO, kind, span) for kind in ("track", "artist", "album") for span in ("month", "year")}
    assert len(regions) == 13
    assert set(by_key) == weekly | longer | {ChartKey(DEMO, "album", "week")}


def test_places_have_no_gaps_and_values_fall(made: list[Snapshot]) -> None:
    for each in made:
        world = MOST_ALBUMS if each.key.kind == "album" else MOST_WORLD
        assert [entry.rank for entry in each.entries] == list(
            range(1, (world if each.key.region == WORLD else MOST_COUNTRY) + 1)
        )
        values = [entry.value or 0 for entry in each.entries]
        assert values == sorted(values, reverse=True)
        assert values[-1] > 0
        assert each.total is not None
        assert each.total >= sum(values)
        assert all(bool(entry.artist) is (each.key.kind != "artist") for entry in each.entries)


def test_nothing_stands_twice_on_a_chart(made: list[Snapshot]) -> None:
    for each in made:
        keys = [(name_key(name), name_key(artist)) for name, artist in songs(each)]
        assert len(keys) == len(set(keys))


def test_weeks_follow_each_other_and_the_last_one_runs(by_key: dict[ChartKey, list[Snapshot]]) -> None:
    for key, snapshots in by_key.items():
        for before, after in pairwise(snapshots):
            assert before.until == after.first
        assert [each.complete for each in snapshots] == [True] * (len(snapshots) - 1) + [False]
        assert all(each.computed_at <= NOW for each in snapshots)
        if key.window == "week":
            assert [snapshots[0].first, snapshots[-1].first] == [BEGIN, RUNNING]
            assert all(each.first.weekday() == 0 and each.until == each.first + WEEK for each in snapshots)
    assert [each.first.year for each in by_key[ChartKey(DEMO, "artist", "year")]] == [2023, 2024, 2025, 2026]
    assert by_key[ChartKey(DEMO, "artist", "month")][0].first == date(2022, 12, 1)


def test_the_running_week_holds_part_of_its_week(charts: Charts, by_key: dict[ChartKey, list[Snapshot]]) -> None:
    running = by_key[TRACKS][-1]
    (whole,) = [
        each
        for each in charts.snapshots(RUNNING, NOW + WEEK)
        if (each.key, each.first) == (TRACKS, RUNNING) and each.complete
    ]
    assert songs(running) == songs(whole)
    share = (running.total or 0) / (whole.total or 1)
    assert share == pytest.approx(2.5 / 7, rel=0.001)


def test_a_week_is_the_same_whenever_it_is_made(catalogue: Catalogue, by_key: dict[ChartKey, list[Snapshot]]) -> None:
    later = Charts(catalogue).snapshots(RUNNING - 3 * WEEK, NOW + 5 * WEEK, begin=BEGIN)
    known = {(each.key, each.first): each for snapshots in by_key.values() for each in snapshots if each.complete}
    again = [each for each in later if (each.key, each.first) in known]
    assert {each.key.window for each in again} == {"week", "month"}
    assert len(again) > 80
    assert all(each == known[each.key, each.first] for each in again)


def test_the_world_is_more_than_its_countries(made: list[Snapshot]) -> None:
    totals: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for each in made:
        if (each.key.kind, each.key.window) == ("track", "week"):
            totals[each.first][each.key.region] += each.total or 0
    for counted in totals.values():
        assert counted[WORLD] == pytest.approx((counted.total() - counted[WORLD]) / 0.77, rel=0.01)


def test_artists_count_all_their_songs(by_key: dict[ChartKey, list[Snapshot]]) -> None:
    tracks, artists = by_key[TRACKS][100], by_key[ChartKey(DEMO, "artist", "week")][100]
    charted: Counter[str] = Counter()
    for entry in tracks.entries:
        charted[entry.artist] += entry.value or 0
    counted = {entry.name: entry.value or 0 for entry in artists.entries}
    assert artists.total == tracks.total
    assert all(counted[name] >= value for name, value in charted.items() if name in counted)
    assert sum(counted.values()) > sum(charted.values())


def test_a_year_is_its_weeks(by_key: dict[ChartKey, list[Snapshot]]) -> None:
    (year,) = [each for each in by_key[ChartKey(DEMO, "track", "year")] if each.first.year == 2025]
    inside = sum(
        (each.total or 0) * (min(each.until, year.until) - max(each.first, year.first)).days / 7
        for each in by_key[TRACKS]
        if each.first < year.until and each.until > year.first
    )
    assert year.total == pytest.approx(inside, rel=1e-6)


def test_it_looks_like_a_chart(by_key: dict[ChartKey, list[Snapshot]]) -> None:
    weeks = [each for each in by_key[TRACKS] if each.complete]
    leads = [week.entries[0].value or 0 for week in weeks]
    assert min(leads) >= 20_000_000
    assert max(leads) <= 66_000_000
    assert 30_000_000 <= sorted(leads)[len(leads) // 2] <= 50_000_000
    new, seen = [], set(songs(weeks[0]))
    for week in weeks[1:]:
        new.append(len(set(songs(week)) - seen))
        seen |= set(songs(week))
    assert 4 <= sum(new) / len(new) <= 10
    assert len({songs(week)[0] for week in weeks}) > 40


def test_number_ones_stay_for_weeks_not_for_ever(by_key: dict[ChartKey, list[Snapshot]]) -> None:
    first = [songs(week)[0] for week in by_key[TRACKS]]
    runs = [1]
    for before, after in pairwise(first):
        runs = [*runs[:-1], runs[-1] + 1] if before == after else [*runs, 1]
    assert max(runs) <= 10
    assert sum(run > 1 for run in runs) > len(runs) / 2


def test_charts_change_by_a_few_places(by_key: dict[ChartKey, list[Snapshot]]) -> None:
    moved = []
    for before, after in pairwise(by_key[TRACKS][:-1]):
        place = {song: rank for rank, song in enumerate(songs(before))}
        moved += [abs(place[song] - rank) for rank, song in enumerate(songs(after)[:100]) if song in place]
    moved.sort()
    assert 1 <= moved[len(moved) // 2] <= 8


def test_countries_differ_and_love_their_own(by_key: dict[ChartKey, list[Snapshot]], catalogue: Catalogue) -> None:
    home = dict(zip(catalogue.artists, catalogue.countries, strict=True))
    tops = {place: by_key[ChartKey(DEMO, "track", "week", place)][150] for place in (WORLD, *COUNTRIES)}
    world = set(songs(tops[WORLD])[:50])
    for place in COUNTRIES:
        alike = len(world & set(songs(tops[place])[:50])) / 50
        assert 0.3 <= alike <= 0.9
    assert len({tuple(songs(top)) for top in tops.values()}) == 13
    for place in ("US", "GB", "DE", "JP", "KR", "SE", "FR"):
        here = sum(home[artist] == place for _, artist in songs(tops[place]))
        elsewhere = [sum(home[artist] == place for _, artist in songs(tops[other])) for other in COUNTRIES]
        assert here > sum(elsewhere) / len(elsewhere)


def test_nothing_is_charted_before_it_was_out(by_key: dict[ChartKey, list[Snapshot]], catalogue: Catalogue) -> None:
    by = [catalogue.artists[artist] for artist in catalogue.album_artist]
    year = {
        each: int(year)
        for *each_, year in zip(catalogue.albums, by, catalogue.album_year, strict=True)
        for each in [tuple(each_)]
    }
    for snapshots in by_key[ChartKey(DEMO, "album", "week")]:
        assert all(year[album] <= snapshots.until.year for album in songs(snapshots))


def test_months_and_years_that_were_not_over() -> None:
    spans = list(months_and_years(BEGIN, date(2026, 10, 26), date(2026, 11, 18)))
    assert [(span.window, span.first.isoformat()) for span in spans] == [
        ("month", "2026-10-01"),
        ("month", "2026-11-01"),
        ("year", "2026-01-01"),
    ]
    assert dict(Span("month", date(2026, 10, 1), date(2026, 11, 1)).weeks(date(2026, 11, 18))) == {
        date(2026, 9, 28): 4 / 7,
        date(2026, 10, 5): 1,
        date(2026, 10, 12): 1,
        date(2026, 10, 19): 1,
        date(2026, 10, 26): 6 / 7,
    }


def test_what_is_said_beside_the_charts(extras: list[Extra], by_key: dict[ChartKey, list[Snapshot]]) -> None:
    said = {(extra.name, extra.window): extra for extra in sorted(extras, key=lambda extra: extra.first)}
    last, before = by_key[TRACKS][-2], by_key[TRACKS][-3]
    activity = said["activity", "week"].rows
    assert [sum(row["count"] for row in part) for part in (activity[:7], activity[7:])] == [
        pytest.approx(before.total, abs=7),
        pytest.approx(last.total, abs=7),
    ]
    assert activity[0]["at"] == "2026-11-02T00:00:00+00:00"
    assert activity[-1]["until"] == "2026-11-16T00:00:00+00:00"
    for name in ("eras", "map"):
        assert sum(row["count"] for row in said[name, "week"].rows) == last.total
    years = by_key[ChartKey(DEMO, "artist", "year")]
    evolution = said["evolution", "all"].rows
    for snapshot in years:
        listed = [row["artist"] for row in evolution if row["at"] == str(snapshot.first.year)]
        assert listed == [entry.name for entry in snapshot.entries[:20]]
    fresh = said["fresh", "week"]
    assert len(fresh.rows) >= 5
    assert all(fresh.first <= date.fromisoformat(row["day"]) < fresh.until for row in fresh.rows)


def test_what_is_said_reaches_back_and_goes_on(charts: Charts, catalogue: Catalogue, extras: list[Extra]) -> None:
    for name, window, many in (
        ("eras", "week", 52),
        ("map", "month", 47),
        ("activity", "week", 52),
        ("map", "year", 3),
    ):
        firsts = [extra.first for extra in extras if (extra.name, extra.window) == (name, window)]
        assert many <= len(firsts) == len(set(firsts)) <= many + 2
        assert max(firsts) < NOW.date()
    keys = [(extra.name, extra.window, extra.first) for extra in extras]
    assert len(keys) == len(set(keys))
    later = list(chart_extras(charts, catalogue, BEGIN, RUNNING, NOW + timedelta(days=1)))
    assert {extra.name for extra in later} == {extra.name for extra in extras}
    assert len(later) < 15
    known = {(extra.name, extra.window, extra.first): extra.rows for extra in extras}
    for extra in later:
        if extra.name in ("eras", "map", "activity"):
            assert extra.rows == known[extra.name, extra.window, extra.first]
