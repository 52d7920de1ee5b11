"""How taste is made and changes, each metric against a few lines of plain Python."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from math import comb, exp, isnan, log, log1p, log2

import numpy as np
import polars as pl
import pytest
from heard import (
    ARTISTS,
    Heard,
    chosen,
    filters,
    group,
    histories,
    lenses,
    library,
    listen,
    periods,
    rows,
    usual_length,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import kendalltau, spearmanr

from core.analytics import affinity, drift, exploring, forgotten, longform, mainstream, sampling, variety
from core.analytics.building import build
from core.analytics.selecting import select
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.listen import Flag
from core.domain.period import Period

bys = st.sampled_from(["artist", "album", "track"])
relaxed = settings(max_examples=60, deadline=None)
anything = given(histories, lenses, periods, filters)
amounts = st.lists(st.integers(0, 40), min_size=1, max_size=12).filter(lambda x: sum(x) > 1)
UTC_DAY = Lens("UTC", rule="start")


def played(heard, lens, period, f, by="artist") -> list[tuple[Heard, int]]:
    """Return the plays of a selection with what they are plays of."""
    return [(h, group(h, by, lens)) for h, play in chosen(heard, lens, period, f) if play]


def per_thing(heard, lens, period, f, by="artist") -> Counter[int]:
    return Counter(code for _, code in played(heard, lens, period, f, by) if code)


def many(*parts: tuple[str, int, int]) -> list[Heard]:
    """Return plays: (first day, track, how many), one a minute from noon of that day."""
    return [
        listen(f"{day}T{12 + n // 60:02}:{n % 60:02}:00", track, 100_000 + n)
        for day, track, count in parts
        for n in range(count)
    ]


# Variety


@relaxed
@given(histories, lenses, periods, filters, bys)
def test_variety(heard, lens, period, f, by):
    found, plays = (
        variety.variety(select(library(heard), lens, period=period, filters=f), by),
        per_thing(heard, lens, period, f, by),
    )
    whole = sum(plays.values())
    assert (found.plays, found.different) == (whole, len(plays))
    if whole < 20:
        assert (found.effective, found.dominant, found.gini, found.top_ten, found.half) == (None,) * 5
        return
    assert found.half is not None


@relaxed
@given(st.lists(st.integers(1, 40), min_size=1, max_size=30).filter(lambda x: sum(x) >= 20).map(sorted))
def test_the_spread_of_plays(each):
    found, whole = variety.spread(np.array(each)), sum(each)
    assert (found.plays, found.different) == (whole, len(each))
    assert found.effective == pytest.approx(exp(-sum(x / whole * log(x / whole) for x in each)))
    assert found.dominant == pytest.approx(1 / sum((x / whole) ** 2 for x in each))
    assert found.gini == pytest.approx(sum(abs(a - b) for a in each for b in each) / (2 * len(each) * whole))
    assert found.top_ten == pytest.approx(sum(each[-10:]) / whole)
    assert found.half == next(n for n in range(1, len(each) + 1) if 2 * sum(each[-n:]) >= whole)


@relaxed
@given(histories, lenses, periods, filters, bys)
def test_concentration(heard, lens, period, f, by):
    found = variety.concentration(select(library(heard), lens, period=period, filters=f), by)
    each = sorted(per_thing(heard, lens, period, f, by).values(), reverse=True)
    assert found["plays"].to_list() == each
    assert found["together"].to_list() == pytest.approx([sum(each[: n + 1]) / sum(each) for n in range(len(each))])
    assert found["share"].sum() == pytest.approx(1 if each else 0)


@relaxed
@given(amounts, st.data())
def test_thinning_is_the_mean_over_all_draws(plays, data):
    total = sum(plays)
    size = data.draw(st.integers(1, total))
    expected = [
        [comb(x, k) * comb(total - x, size - k) / comb(total, size) for k in range(min(x, size) + 1)] for x in plays
    ]
    different = sum(1 - chance[0] for chance in expected)
    entropy = -sum(c * k / size * log(k / size) for chance in expected for k, c in enumerate(chance) if 0 < k <= size)
    assert variety.thinned(np.array(plays), size) == pytest.approx((different, exp(entropy)))
    assert sampling.chances(np.array(plays), total=total, drawn=size).chance.sum() == pytest.approx(len(plays))


@relaxed
@given(histories, lenses, periods, filters)
def test_variety_over_time(heard, lens, period, f):
    view = select(library(heard), lens, period=period, filters=f)
    found = variety.variety_over_time(view, "artist", "month")
    months = defaultdict(Counter)
    for h, code in played(heard, lens, period, f):
        if code:
            months[h.day(lens).replace(day=1)][code] += 1
    for row in found.iter_rows(named=True):
        plays = months[row["start"]]
        assert (row["plays"], row["different"]) == (sum(plays.values()), len(plays))
        enough = row["plays"] >= row["of"]
        assert (row["thinned_different"] is not None) == enough
        if enough:
            assert row["thinned_different"] <= len(plays) + 1e-9
    assert sum(found["plays"]) == sum(sum(each.values()) for each in months.values())


def test_more_plays_of_the_same_taste_are_not_more_variety():
    few = np.array([30, 20, 10] + [1] * 40)
    assert variety.thinned(few * 20, 50)[1] == pytest.approx(variety.thinned(few * 400, 50)[1], rel=0.02)
    assert variety.thinned(few * 20, 100)[0] > variety.thinned(few, 50)[0]


def test_rarefied_says_nothing_of_too_few():
    view = select(library(many(("2021-03-01", 1, 15), ("2021-03-02", 3, 15))), UTC_DAY)
    assert variety.rarefied(view, size=31) is None
    assert variety.rarefied(view, size=19) is None
    assert variety.rarefied(view, size=30) == pytest.approx((2.0, 2.0))


# Drift


@relaxed
@given(amounts, st.data())
def test_divergence_is_that_of_scipy(before, data):
    after = data.draw(st.lists(st.integers(0, 40), min_size=len(before), max_size=len(before)).filter(sum))
    expected = jensenshannon(before, after, base=2) ** 2
    assert drift.divergence(np.array(before), np.array(after)) == pytest.approx(expected, abs=1e-9)


@relaxed
@given(st.lists(st.integers(1, 6), min_size=1, max_size=4).filter(lambda x: sum(x) > 1), st.data())
def test_chance_is_the_mean_over_all_splits(pooled, data):
    total = sum(pooled)
    drawn = data.draw(st.integers(1, total - 1))
    found, weights = [], []

    def split(place: int, left: int, taken: list[int], ways: int) -> None:
        if place == len(pooled):
            if left == 0:
                found.append(drift.divergence(np.array(taken), np.array(pooled) - taken))
                weights.append(ways)
            return
        for k in range(min(left, pooled[place]) + 1):
            split(place + 1, left - k, [*taken, k], ways * comb(pooled[place], k))

    split(0, drawn, [], 1)
    assert sum(weights) == comb(total, drawn)
    mean = sum(w * x for w, x in zip(weights, found, strict=True)) / sum(weights)
    assert drift.by_chance(np.array(pooled), drawn).mean == pytest.approx(mean, abs=1e-9)


def test_the_edge_of_chance_holds_95_of_100_random_splits():
    rng = np.random.default_rng(3)
    pooled = np.array([200, 120, 60, 40, 30, 20, 15, 10, 10, 8, 5, 5, 4, 3, 2, 2] + [1] * 60)
    drawn = int(pooled.sum() * 0.4)
    expected = drift.by_chance(pooled, drawn)
    splits = rng.multivariate_hypergeometric(pooled, drawn, size=200)
    found = np.array([drift.divergence(part, pooled - part) for part in splits])
    assert found.mean() == pytest.approx(expected.mean, rel=0.03)
    assert 0.02 <= float(np.mean(found > expected.high)) <= 0.09


@relaxed
@anything
def test_drift(heard, lens, period, f):
    view = select(library(heard), lens, period=period, filters=f)
    found, unit = drift.drift(view), drift.step(view)
    cells = defaultdict(Counter)
    for h, code in played(heard, lens, period, f):
        if code:
            day = h.day(lens)
            cells[day.replace(day=1, month=day.month if unit == "month" else (day.month - 1) // 3 * 3 + 1)][code] += 1
    for n, row in enumerate(found.iter_rows(named=True)):
        before = found["plays"][n - 1] if n else row["plays_before"]
        assert row["plays_before"] == before
        here = cells[row["start"]]
        assert row["plays"] == sum(here.values())
        assert (row["drift"] is None) == (min(row["plays"], row["plays_before"]) < 20)


def test_drift_is_found_where_artists_change_and_who_they_were():
    heard = many(("2021-01-05", 1, 40), ("2021-02-05", 1, 40), ("2021-03-05", 3, 40), ("2021-04-05", 3, 19))
    view = select(library(heard), UTC_DAY)
    found = drift.drift(view)
    assert found["start"].to_list() == [date(2021, 2, 1), date(2021, 3, 1), date(2021, 4, 1)]
    assert found["divergence"].to_list() == [0.0, pytest.approx(1.0), None]
    assert found["drift"][1] > 0.9
    assert found["drift"][0] <= 0.0
    rows = drift.drift_artists(view).select("name", "plays_before", "plays", "change").rows()
    assert sorted(rows) == [("Björk", 40, 0, -1.0), ("abba", 0, 40, 1.0)]
    assert drift.drift_artists(view)["part"].sum() == pytest.approx(1)


# Exploring


def firsts(heard, lens, by="artist") -> dict[int, Heard]:
    first: dict[int, Heard] = {}
    for h, code in played(heard, lens, Period(), Filters(), by):
        if code:
            first.setdefault(code, h)
    return first


@relaxed
@anything
def test_exploration(heard, lens, period, f):
    kept = library(heard)
    found = exploring.exploration(select(kept, lens), select(kept, lens, period=period, filters=f))
    first, plays, new = firsts(heard, lens), Counter(), Counter()
    for h, code in played(heard, lens, period, f):
        month = h.day(lens).replace(day=1)
        plays[month] += 1
        new[month] += bool(code) and (h.day(lens) - first[code].day(lens)).days <= 30
    begun = min((h.day(lens) for h in heard), default=None)
    for row in found.iter_rows(named=True):
        start = row["start"]
        assert (row["plays"], row["new_plays"]) == (plays[start], new[start])
        told = plays[start] >= 20 and start >= begun + timedelta(days=60)
        assert row["share"] == (pytest.approx(new[start] / plays[start]) if told else None)


@relaxed
@given(histories, lenses, periods, filters, bys)
def test_retention_and_staying(heard, lens, period, f, by):
    kept = library(heard)
    everything, selected = select(kept, lens), select(kept, lens, period=period, filters=f)
    found, stay = exploring.retention(everything, selected, by=by), exploring.staying(everything, selected, by=by)
    first, here = firsts(heard, lens, by), {h for h, _ in played(heard, lens, period, f, by)}
    if not heard:
        assert sum(found["found"]) == stay.found == 0
        return
    begun, end = min(h.day(lens) for h in heard), max(h.day(lens) for h in heard)
    new = {c: h.day(lens) for c, h in first.items() if h in here and h.day(lens) >= begun + timedelta(days=60)}
    assert stay.found == len(new)
    assert sum(found["found"]) == len(new)
    days = defaultdict(set)
    for h, code in played(heard, lens, Period(), Filters(), by):
        days[code].add(h.day(lens))
    for row in found.iter_rows(named=True):
        mine = [c for c, day in new.items() if day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1) == row["start"]]
        assert row["found"] == len(mine)
        for name, after in exploring.LATER.items():
            over = [c for c in mine if new[c] + timedelta(days=after + 89) <= end]
            assert row[name.replace("month", "of")] == len(over)
            stayed = [c for c in over if any(after <= (d - new[c]).days < after + 90 for d in days[c])]
            assert row[name] == (pytest.approx(len(stayed) / len(over)) if len(over) >= 5 else None)


def test_new_is_what_was_met_thirty_days_ago_and_no_longer():
    heard = many(("2021-01-01", 3, 1), ("2021-04-01", 1, 5), ("2021-05-01", 1, 20), ("2021-06-01", 1, 20))
    view = select(library(heard), UTC_DAY)
    found = exploring.exploration(view, view).select("start", "new_plays", "share").rows()
    assert found[-3:] == [(date(2021, 4, 1), 5, None), (date(2021, 5, 1), 20, 1.0), (date(2021, 6, 1), 0, 0.0)]
    later = select(library(many(("2021-01-01", 3, 1), ("2021-04-01", 1, 5), ("2021-05-02", 1, 20))), UTC_DAY)
    assert exploring.exploration(later, later)["new_plays"][-1] == 0


@pytest.mark.parametrize(
    ("again", "last", "expected"),
    [
        ("2021-05-01", "2022-01-01", (1.0, 0.0, 0.0)),  # 30 days later
        ("2021-04-30", "2022-01-01", (0.0, 0.0, 0.0)),
        ("2021-07-29", "2022-01-01", (1.0, 1.0, 0.0)),  # 119 days: the last one of the first window
        ("2021-07-30", "2022-01-01", (0.0, 1.0, 0.0)),
        ("2021-09-30", "2021-12-28", (0.0, 0.0, 1.0)),  # the 90 days after half a year end on the last day
        ("2021-09-30", "2021-12-27", (0.0, 0.0, None)),
    ],
)
def test_staying_is_a_play_within_ninety_days(monkeypatch, again, last, expected):
    monkeypatch.setattr(exploring, "MINIMUM_FOUND", 1)
    heard = many(("2021-01-01", 3, 1), ("2021-04-01", 1, 1), (again, 1, 1), (last, 3, 1))
    view = select(library(heard), UTC_DAY)
    found = exploring.retention(view, view).filter(pl.col("found") > 0)
    assert found.select("month_1", "month_3", "month_6").rows() == [expected]


def test_intent_is_what_was_started_on_purpose_and_not_skipped():
    heard = [listen(f"2021-03-01T12:{n:02}:00", 1, 40_000 if n else 20_000) for n in range(40)]
    made = rows(heard)
    skipped = Flag.SKIPPED | Flag.SKIPPED_KNOWN
    order = pl.int_range(pl.len())
    frame = made.listens.sort("ended").with_columns(
        reason_start=pl.when(order < 12).then(7).when(order < 20).then(1).when(order < 25).then(8).otherwise(0),
        flags=pl.when(order < 2).then(int(skipped)).otherwise(0),
    )
    names = pl.DataFrame({"id": [1, 7, 8], "name": ["trackdone", "clickrow", "unknown"]}).cast({"id": pl.Int16})
    view = select(build(replace(made, listens=frame, reasons=names), version=1), UTC_DAY)
    row = affinity.affinity(view, as_of=date(2021, 3, 2)).row(0, named=True)
    assert (row["chosen"], row["told"], row["intent"]) == (10, 20, 0.5)
    assert affinity.usual_intent(affinity.affinity(view, as_of=date(2021, 3, 2))) == 0.5


@pytest.mark.parametrize(("day", "listed"), [(date(2021, 2, 19), 0), (date(2021, 2, 20), 1)])
def test_forty_five_days_of_silence_make_a_favourite_forgotten(day, listed):
    heard = many(("2021-01-06", 1, 5), ("2021-01-20", 1, 0), ("2021-01-06", 3, 4))
    assert forgotten.forgotten(select(library(heard), UTC_DAY), as_of=day).height == listed


def test_only_the_last_thirty_days_of_an_artist_count():
    heard = many(("2021-01-05", 3, 6), ("2021-04-09", 7, 2), ("2021-04-10", 7, 3))
    lens = Lens("UTC", rule="start", merge_recordings=False)
    found = forgotten.forgotten(select(library(heard), lens), as_of=date(2021, 5, 10))
    assert found["artist_plays"].to_list() == [3]


@relaxed
@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=30))
def test_the_median_life_is_that_of_kaplan_and_meier(lives):
    left, expected = 1.0, None
    for day in range(31):
        watched = sum(length >= day for length, _ in lives)
        left *= 1 - sum(length == day and gone for length, gone in lives) / watched if watched else 1
        if left <= 0.5 + 1e-12 and lives:
            expected = day
            break
    days, gone = (np.array([life[n] for life in lives], dtype=kind) for n, kind in ((0, int), (1, bool)))
    assert exploring.median_life(days, gone) == expected


@relaxed
@given(histories, lenses, periods, filters, bys)
def test_arrivals(heard, lens, period, f, by):
    kept = library(heard)
    found = exploring.arrivals(select(kept, lens), select(kept, lens, period=period, filters=f), by=by)
    first, here = firsts(heard, lens, by), {h for h, _ in played(heard, lens, period, f, by)}
    ever = played(heard, lens, Period(), Filters(), by)
    expected = [
        (
            min(h.day(lens) for h, c in ever if c == code),
            max(h.day(lens) for h, c in ever if c == code),
            sum(c == code for _, c in ever),
            len({h.day(lens) for h, c in ever if c == code}),
        )
        for code, h in first.items()
        if h in here
    ]
    assert sorted(found.select("first", "last", "plays", "days").rows()) == sorted(expected)
    assert found["plays"].to_list() == sorted((row[2] for row in expected), reverse=True)


# Affinity


@relaxed
@given(histories, lenses, periods, filters, st.sampled_from([30, 180, 0]))
def test_affinity(heard, lens, period, f, half_life):
    today = date(2022, 2, 1)
    view = select(library(heard), lens, period=period, filters=f)
    found = affinity.affinity(view, as_of=today, half_life=half_life)
    amount, days, plays = Counter(), defaultdict(set), Counter()
    for h, code in played(heard, lens, period, f):
        if not code:
            continue
        length = usual_length(heard, h.track)
        part = min(h.ms / int(length + 0.5), 1) if length else 1.0
        amount[code] += part * (2 ** (-(today - h.day(lens)).days / half_life) if half_life else 1)
        days[code].add(h.day(lens))
        plays[code] += 1
    top = max(amount.values(), default=0)
    assert found["id"].len() == len(plays)
    for row in found.iter_rows(named=True):
        code = row["id"]
        mine = sorted(days[code])
        assert row["name"] == ARTISTS[code]
        assert row["plays"] == plays[code]
        assert row["score"] == pytest.approx(100 * amount[code] / top if top else 0)
        assert row["amount"] == pytest.approx(log1p(amount[code]) / log1p(top) if top else 0)
        gap = (mine[-1] - mine[0]).days / (len(mine) - 1) if len(mine) > 1 else None
        silent = (today - mine[-1]).days
        assert (row["gap_days"], row["silent_days"]) == (gap if gap is None else pytest.approx(gap), silent)
        assert row["recency"] == pytest.approx(min(1, (1 if gap is None else gap) / max(1, silent)))
        months = (today.year - mine[0].year) * 12 + today.month - mine[0].month + 1
        heard_in = len({(d.year, d.month) for d in mine})
        assert (row["months_heard"], row["months"]) == (heard_in, months)
        assert row["regularity"] == (pytest.approx(heard_in / months) if plays[code] >= 20 else None)
        assert row["intent"] is None  # these listens do not tell why they began
    assert found["score"].is_sorted(descending=True)
    usual = affinity.usual_intent(found)
    assert usual is None
    for code in plays:
        one = affinity.affinity_of(view, code, as_of=today, half_life=half_life)
        assert one is not None
        assert one.sentence.endswith(".")
        assert "None" not in one.sentence
    assert affinity.affinity_of(view, 99, as_of=today) is None


# Forgotten favourites, long form, mainstream


@relaxed
@given(histories, lenses, filters, st.sampled_from([date(2021, 5, 20), date(2021, 12, 15), date(2022, 3, 1)]))
def test_forgotten(heard, lens, f, as_of):
    crowd = [h for n in range(3) for h in heard] + [
        Heard(h.ended + timedelta(minutes=n), h.track, h.ms, h.began) for n in range(1, 5) for h in heard[:6]
    ]
    found = forgotten.forgotten(select(library(set(crowd)), lens, period=Period(None, as_of), filters=f), as_of=as_of)
    told = played(set(crowd), lens, Period(None, as_of), f, "track")
    plays = Counter(code for _, code in told)
    last = {code: max(h.day(lens) for h, c in told if c == code) for code in plays}
    expected = [
        (plays[code], last[code], (as_of - last[code]).days)
        for code in plays
        if plays[code] >= 5 and (as_of - last[code]).days >= 45
    ]
    assert sorted(found.select("plays", "last", "silent_days").rows()) == sorted(expected)
    assert found["score"].is_sorted(descending=True)


def test_a_forgotten_track_of_an_artist_played_these_days_comes_first():
    heard = many(("2021-01-05", 1, 6), ("2021-01-05", 3, 6), ("2021-05-01", 7, 9))
    lens = Lens("UTC", rule="start", merge_recordings=False)
    found = forgotten.forgotten(select(library(heard), lens), as_of=date(2021, 5, 10))
    assert found.select("name", "artist_plays").rows() == [("Waterloo", 9), ("Human Behaviour", 0)]
    assert found["score"][0] == pytest.approx(log(6) + log(10))


@relaxed
@given(histories, lenses, periods, filters)
def test_long_form(heard, lens, period, f):
    crowd = {Heard(h.ended + timedelta(minutes=n), h.track, h.ms, h.began) for n in range(12) for h in heard}
    found = longform.long_form(select(library(crowd), lens, period=period, filters=f))
    rows = [(h, group(h, "artist", lens), play) for h, play in chosen(crowd, lens, period, f)]
    plays = Counter(code for _, code, play in rows if play and code)
    ms = {code: sum(h.ms for h, c, _ in rows if c == code) for code in plays}
    names = {code: ARTISTS[code] for code in plays}
    by_plays = sorted(plays, key=lambda c: (-plays[c], -ms[c], names[c], c))
    by_time = sorted(plays, key=lambda c: (-ms[c], -plays[c], names[c], c))
    expected = {(c, plays[c], ms[c], by_plays.index(c) + 1, by_time.index(c) + 1) for c in plays if plays[c] >= 20}
    assert set(found.select("id", "plays", "ms_played", "rank_plays", "rank_time").rows()) == expected
    assert found["gained"].is_sorted(descending=True)
    assert longform.agreement(select(library(crowd), lens)) is None  # four artists are too few


def test_agreement_is_spearmans(monkeypatch):
    monkeypatch.setattr(longform, "MINIMUM_PLAYS", 3)
    heard = many(("2021-01-05", 1, 6), ("2021-01-06", 3, 9), ("2021-01-07", 4, 2), ("2021-01-08", 8, 1))
    view = select(library([*heard, listen("2021-01-09T12:00:00", 4, 9_000_000)]), UTC_DAY)
    ms = Counter()
    plays = Counter(h.artist for h in heard) + Counter([13])
    for h in [*heard, listen("2021-01-09T12:00:00", 4, 9_000_000)]:
        ms[h.artist] += h.ms
    expected = spearmanr([plays[a] for a in plays], [ms[a] for a in plays]).statistic
    assert longform.agreement(view) == pytest.approx(expected)


names = st.text("abcÄö", min_size=1, max_size=2)
rankings = st.dictionaries(names, st.integers(0, 30), max_size=40)


@relaxed
@given(rankings, rankings, st.integers(0, 100))
def test_mainstream(plays, reference, rest):
    found = mainstream.mainstream(plays, reference, rest=rest)
    mine, theirs = Counter(), Counter()
    for counted, given_ in ((mine, plays), (theirs, reference)):
        for name, amount in given_.items():
            counted[name.casefold()] += amount
    mine, theirs = +mine, +theirs
    whole, public = sum(mine.values()), sum(theirs.values())
    both = [name for name in mine if name in theirs]
    assert found.shared == len(both)
    if whole < 20 or not public:
        assert (found.likeness, found.order, found.underground) == (None, None, None)
        return
    outside = sum(mine[name] for name in mine if name not in theirs)
    assert found.underground == pytest.approx(outside / whole)
    total = 0.0
    pairs = [(mine[name], theirs[name]) for name in theirs] + [(outside, rest)]
    for a, b in pairs:
        p, q = a / whole, b / (public + rest)
        total += sum(x * log2(2 * x / (p + q)) / 2 for x in (p, q) if x)
    assert found.likeness == pytest.approx(1 - total)
    assert 0 <= found.likeness <= 1 + 1e-9
    if len(both) < 20:
        assert found.order is None
    else:
        tau = kendalltau([mine[n] for n in both], [theirs[n] for n in both]).statistic
        assert found.order == (None if isnan(tau) else pytest.approx(tau))


# Edges all metrics share

EDGES = {
    "nothing": [],
    "one": many(("2021-03-28", 1, 1)),
    "nobody": [listen(f"2021-03-28T12:{n:02}:00", 6, 100_000, kind=2) for n in range(30)],
    "one moment": [listen("2021-03-28T12:00:00", track, ms) for track in (1, 3, 4, 8) for ms in range(40_000, 40_050)],
    "clock forward": [listen(f"2021-03-{27 + d}T{h:02}:59:59", 1 + d, 90_000) for d in range(3) for h in range(24)],
    "clock back": [listen(f"2021-10-{30 + d}T{h:02}:59:59", 1 + d, 90_000) for d in range(2) for h in range(24)],
    "leap day": many(("2020-02-28", 1, 25), ("2020-02-29", 3, 25), ("2020-03-01", 4, 25)),
}


@pytest.mark.parametrize("name", EDGES)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/St_Johns"])
def test_every_metric_stands_at_the_edges(name, zone):
    lens = Lens(zone, kinds=(1, 2, 4))
    view, end = select(library(EDGES[name]), lens), date(2021, 12, 1)
    plays = per_thing(EDGES[name], lens, Period(), Filters())
    assert variety.variety(view).plays == sum(plays.values())
    assert variety.concentration(view).height == len(plays)
    assert sum(variety.variety_over_time(view)["plays"]) == sum(plays.values())
    assert drift.drift(view).height == max(0, len(variety.variety_over_time(view)) - 1)
    assert drift.drift_artists(view)["part"].sum() == pytest.approx(0) or drift.drift(view)["drift"].count()
    assert exploring.exploration(view, view)["share"].null_count() == exploring.exploration(view, view).height
    assert exploring.retention(view, view)["found"].sum() == 0
    assert exploring.staying(view, view).found == 0
    assert exploring.arrivals(view, view).height == len(plays)
    found = affinity.affinity(view, as_of=end)
    assert found.height == len(plays)
    assert all(0 <= value <= 1 for value in (*found["amount"], *found["recency"]))
    assert min(forgotten.forgotten(view, as_of=end)["silent_days"], default=45) >= 45
    assert longform.long_form(view).height == sum(count >= 20 for count in plays.values())
    assert longform.agreement(view) is None
