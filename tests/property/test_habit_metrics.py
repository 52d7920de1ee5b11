"""How somebody listens, against a few lines of plain Python: skips, modes, devices, repeats, bursts, places, spoken."""

import math
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from heard import (
    ARTISTS,
    REASONS,
    TRACKS,
    Heard,
    chosen,
    filters,
    group,
    histories,
    lenses,
    library,
    periods,
    usual_length,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analytics import habits, places, repeats, skipping, spoken
from core.analytics.selecting import select
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.listen import Flag, Kind, Platform, country_letters
from core.domain.period import Period

relaxed = settings(max_examples=60, deadline=None)
anything = given(histories, lenses, periods, filters)
units = st.sampled_from(["month", "year"])
MODES = {
    "shuffle": (Flag.SHUFFLE, Flag.SHUFFLE_KNOWN),
    "offline": (Flag.OFFLINE, Flag.OFFLINE_KNOWN),
    "private": (Flag.INCOGNITO, Flag.INCOGNITO_KNOWN),
}


def start_of(day: date, unit: str) -> date:
    return day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def share(part: int, whole: int) -> float | None:
    return part / whole if whole >= 20 else None


def repeated(heard: list[Heard], times: int = 25) -> list[Heard]:
    """Return the listens with the first of them many times, a second apart: enough for a rate."""
    more = [
        Heard(h.ended + timedelta(seconds=n), h.track, h.ms, h.began, h.reason_end, h.platform, h.country, h.kind,
              h.source, h.flags)
        for h in heard[:2]
        for n in range(1, times)
    ]  # fmt: skip
    return sorted({*heard, *more})


many = histories.map(repeated)


def wilson(part: int, whole: int) -> tuple[float, float]:
    z = 1.959963984540054
    middle = (part + z * z / 2) / (whole + z * z)
    spread = z * math.sqrt(part * (whole - part) / whole + z * z / 4) / (whole + z * z)
    return max(0.0, middle - spread), min(1.0, middle + spread)


@relaxed
@given(many, lenses, periods, filters, units)
def test_skips_over_time_and_in_all(heard, lens, period, f, unit):
    view, rows = select(library(heard), lens, period=period, filters=f), chosen(heard, lens, period, f)
    told, skips = Counter(), Counter()
    for h, _ in rows:
        told[start_of(h.day(lens), unit)] += h.skipped is not None
        skips[start_of(h.day(lens), unit)] += h.skipped is True
    rate = skipping.skip_rate(view)
    assert (rate.part, rate.whole) == (skips.total(), told.total())
    assert rate.share == share(rate.part, rate.whole)
    assert rate.interval == (pytest.approx(wilson(rate.part, rate.whole)) if rate.whole >= 20 else None)
    found = skipping.skips_over_time(view, unit)
    assert [(r[0], r[1], r[2]) for r in found.rows()] == [(s, told[s], skips[s]) for s in found["start"]]
    assert set(told) <= set(found["start"])
    for row in found.to_dicts():
        assert row["share"] == share(row["skips"], row["starts"])
        expected = pytest.approx(wilson(row["skips"], row["starts"])) if row["starts"] >= 20 else (None, None)
        assert (row["low"], row["high"]) == expected


@relaxed
@given(many, lenses, periods, filters)
def test_skips_by_how_a_listen_ended(heard, lens, period, f):
    rows = chosen(heard, lens, period, f)
    found = skipping.skip_reasons(select(library(heard), lens, period=period, filters=f), "end")
    expected = []
    for number, name in REASONS.items():
        mine = [h for h, _ in rows if h.reason_end == number]
        skips = sum(h.skipped is True for h in mine)
        if mine:
            expected.append((name, len(mine), len(mine), skips, share(skips, len(mine))))
    expected.sort(key=lambda row: (-row[1], row[0]))
    assert found.select("reason", "listens", "starts", "skips", "share").rows() == expected
    assert found.height == 0 or math.isclose(found["of_all"].sum(), 1)


@relaxed
@given(many, lenses, periods, filters, units)
def test_modes(heard, lens, period, f, unit):
    view, rows = select(library(heard), lens, period=period, filters=f), chosen(heard, lens, period, f)
    played = [h for h, play in rows if play]
    found, over_time = habits.modes(view), habits.modes_over_time(view, unit)
    for name, (flag, known) in MODES.items():
        told = [h for h in played if h.has(flag) or h.has(known)]
        rate = getattr(found, name)
        assert (rate.part, rate.whole) == (sum(h.has(flag) for h in told), len(told))
        for start, part, whole in over_time.select("start", name, f"{name}_plays").rows():
            mine = [h for h in told if start_of(h.day(lens), unit) == start]
            assert (part, whole) == (share(sum(h.has(flag) for h in mine), len(mine)), len(mine))
    lengths = {h.track: usual_length(heard, h.track) for h in played}
    parts = sorted(min(h.ms / int(n + 0.5), 1) for h in played if (n := lengths[h.track]))
    assert (found.finished.part, found.finished.whole) == (sum(p >= 0.95 for p in parts), len(parts))
    assert found.completion == (pytest.approx(float(np.median(parts))) if len(parts) >= 20 else None)


@relaxed
@given(many, lenses, periods, filters, units)
def test_devices(heard, lens, period, f, unit):
    view, rows = select(library(heard), lens, period=period, filters=f), chosen(heard, lens, period, f)
    expected = {}
    for platform in Platform:
        mine = [(h, play) for h, play in rows if h.platform == platform]
        plays, ms = sum(play for _, play in mine), sum(h.ms for h, _ in mine)
        told = [h for h, play in mine if play and h.has(Flag.SHUFFLE_KNOWN)]
        skips = [h.skipped for h, _ in mine if h.skipped is not None]
        if plays or ms:
            shuffle = share(sum(h.has(Flag.SHUFFLE) for h in told), len(told))
            expected[platform.name.lower()] = (plays, ms, shuffle, share(sum(skips), len(skips)))
    found = habits.devices(view)
    assert {
        row[0]: row[1:] for row in found.select("device", "plays", "ms_played", "shuffle", "skipped").rows()
    } == expected
    assert found["plays"].to_list() == sorted(found["plays"], reverse=True)
    assert found["share"].sum() == pytest.approx(1.0 if view.plays else 0.0)
    cells = Counter()
    for h, play in rows:
        cells[start_of(h.day(lens), unit), Platform(h.platform).name.lower()] += play
    over_time = habits.devices_over_time(view, unit)
    for start, device, plays, part in over_time.select("start", "device", "plays", "share").rows():
        whole = sum(count for (begin, _), count in cells.items() if begin == start)
        assert (plays, part) == (cells[start, device], share(plays, whole))
    assert over_time["plays"].sum() == view.plays


def now(heard: list[Heard], lens: Lens, period: Period) -> date | None:
    after = max(h.day(lens) for h in heard) + timedelta(days=1) if heard else None
    return min(filter(None, (period.end, after)), default=None) if after else None


@relaxed
@given(many, lenses, periods, filters)
def test_repeats_and_returns(heard, lens, period, f):
    view, rows = select(library(heard), lens, period=period, filters=f), chosen(heard, lens, period, f)
    played = [h for h, play in rows if play]
    keys = [group(h, "track", lens) for h in played]
    found = repeats.repeats(view)
    assert (found.plays, found.tracks) == (len(played), len(set(keys)))
    assert found.share == (1 - len(set(keys)) / len(keys) if len(keys) >= 20 else None)
    end, waits = now(heard, lens, period), []
    for i, h in enumerate(played):
        later = next((o for o, k in zip(played[i + 1 :], keys[i + 1 :], strict=True) if k == keys[i]), None)
        midnight = datetime.combine(end, datetime.min.time(), ZoneInfo(lens.timezone)).astimezone(UTC)
        wait = (later.ended if later else midnight) - h.ended
        waits.append((max(wait, timedelta(0)), later is not None))

    def by(days: float) -> float:  # Kaplan and Meier's product, wait by wait
        still = 1.0
        for wait in sorted({w for w, ended in waits if ended and w <= timedelta(days=days)}):
            at_risk = sum(w >= wait for w, _ in waits)
            still *= 1 - sum(w == wait and ended for w, ended in waits) / at_risk
        return 1 - still

    soon = repeats.returns(view)
    assert (soon.plays, soon.again) == (len(played), sum(ended for _, ended in waits))
    if len(played) < 20:
        assert (soon.half_life, soon.within_7, soon.within_30, soon.curve.height) == (None, None, None, 0)
        return
    assert soon.within_7 == pytest.approx(by(7))
    assert soon.within_30 == pytest.approx(by(30))
    assert soon.curve["share"].to_list()[:3] == pytest.approx([by(0), by(1), by(2)])
    halves = [w / timedelta(days=1) for w in sorted({w for w, _ in waits}) if by(w / timedelta(days=1)) >= 0.5 - 1e-12]
    assert soon.half_life == (pytest.approx(halves[0]) if halves else None)


@relaxed
@anything
def test_on_your_mind(heard, lens, period, f):
    view, rows = select(library(heard), lens, period=period, filters=f), chosen(heard, lens, period, f)
    end, traces, last = now(heard, lens, period), defaultdict(float), {}
    for h, play in rows:
        if play:
            key = group(h, "track", lens)
            traces[key] += max((end - h.day(lens)).days, 1) ** -0.5
            last[key] = max(h.day(lens), last.get(key, date.min))
    found = repeats.on_your_mind(view)
    keys = [TRACKS[row["id"]][3] if lens.merge_recordings else row["id"] for row in found.to_dicts()]
    assert dict(zip(keys, found["activation"], strict=True)) == pytest.approx(
        {k: math.log(t) for k, t in traces.items()}
    )
    assert dict(zip(keys, found["last"], strict=True)) == last
    assert found["activation"].to_list() == sorted(found["activation"], reverse=True)


@relaxed
@anything
def test_countries(heard, lens, period, f):
    view, rows = select(library(heard), lens, period=period, filters=f), chosen(heard, lens, period, f)
    expected = {}
    for code in {h.country for h, _ in rows} - {0}:
        mine = [(h, play) for h, play in rows if h.country == code]
        artists = Counter(h.artist for h, play in mine if play and h.artist)
        days = [h.day(lens) for h, _ in mine]
        expected[country_letters(code)] = (
            sum(play for _, play in mine),
            sum(h.ms for h, _ in mine),
            len(artists),
            max(artists.values(), default=0),
            min(days),
            max(days),
        )
        row = places.countries(view).row(by_predicate=pl_country(code), named=True)
        best = {a for a, n in artists.items() if n == max(artists.values())}
        assert row["artist_id"] in (best or {0})
        assert row["artist"] == ARTISTS.get(row["artist_id"], "")
    found = places.countries(view)
    columns = ("country", "plays", "ms_played", "artists", "artist_plays", "first", "last")
    assert {row[0]: row[1:] for row in found.select(columns).rows()} == expected
    assert found["plays"].to_list() == sorted(found["plays"], reverse=True)


def pl_country(code: int):
    import polars as pl

    return pl.col("country") == country_letters(code)


@relaxed
@given(many, lenses.map(lambda lens: Lens(lens.timezone, lens.rule, kinds=(Kind.PODCAST, Kind.AUDIOBOOK))), periods)
def test_podcasts(heard, lens, period):
    view, rows = select(library(heard), lens, period=period), chosen(heard, lens, period, Filters())
    found, played = spoken.summary(view), {h.track for h, play in rows if play}
    told = {h.track for h, _ in rows if h.reason_end} & played
    done = {h.track for h, _ in rows if h.reason_end == 1} & played
    assert (found.plays, found.ms_played) == (sum(play for _, play in rows), sum(h.ms for h, _ in rows))
    assert found.episodes == len(played)
    assert (found.finished.part, found.finished.whole) == (len(done), len(told))
    shows = {row["id"]: row for row in spoken.shows(view).to_dicts()}
    assert set(shows) == {h.artist for h, _ in rows}
    for artist, row in shows.items():
        mine = [(h, play) for h, play in rows if h.artist == artist]
        assert row["plays"] == sum(play for _, play in mine)
        assert row["ms_played"] == sum(h.ms for h, _ in mine)
        assert row["episodes"] == len({h.track for h, play in mine if play})
        assert row["finished"] == len({h.track for h, _ in mine} & done)
        assert (row["first"], row["last"]) == (min(h.day(lens) for h, _ in mine), max(h.day(lens) for h, _ in mine))
    episodes = {row["id"]: row for row in spoken.episodes(view).to_dicts()}
    assert set(episodes) == played
    for track, row in episodes.items():
        mine = [h for h, _ in rows if h.track == track]
        assert (row["last"], row["ms_played"]) == (max(h.ended for h in mine), sum(h.ms for h in mine))
        assert row["finished"] == (track in done if track in told else None)
    monthly = spoken.spoken_over_time(view)
    assert monthly["ms_podcasts"].sum() + monthly["ms_audiobooks"].sum() == found.ms_played
