"""Obsessions and binges against plain Python; none in shuffled listens, the planted one on its days."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import exp, lgamma, log
from unittest.mock import patch

import numpy as np
import pytest
from heard import TRACKS, Heard, chosen, group, lenses, library
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analytics import bursts
from core.analytics.selecting import select
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.listen import Flag
from core.domain.period import Period

relaxed = settings(max_examples=80, deadline=None)
START = datetime(2021, 3, 26, 8, tzinfo=UTC)  # the 28th has 23 hours in Berlin
UTC_LENS = Lens("UTC")


def stream(steps: Sequence[tuple[int, int, int, bool]]) -> list[Heard]:
    """Return listens one after another: (seconds of silence before, track, ms, shuffle)."""
    heard, ended = [], START
    for silence, track, ms, shuffle in steps:
        began = ended + timedelta(seconds=silence)
        ended = began + timedelta(milliseconds=ms)
        flags = Flag.SHUFFLE_KNOWN | (Flag.SHUFFLE if shuffle else Flag(0))
        heard.append(Heard(ended, track, ms, began, kind=2 if track == 6 else 1, flags=int(flags)))
    return heard


steps = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 1, 1, 601, 40_000, 90_000]),
        st.sampled_from([1, 1, 1, 2, 3, 4, 5, 7, 8, 6]),
        st.sampled_from([200_000, 200_000, 40_000, 1_000]),
        st.booleans(),
    ),
    max_size=70,
)
blocks = st.lists(
    st.tuples(st.sampled_from([600, 40_000, 90_000, 400_000]), st.sampled_from([1, 2, 3, 5, 6, 8]), st.integers(1, 12)),
    min_size=4,
    max_size=14,
).map(
    lambda made: [
        step
        for wait, track, n in made
        for step in [(wait, track, 200_000, False), *[(1, track, 200_000, False)] * (n - 1)]
    ]
)
periods = st.sampled_from([Period(), Period(date(2021, 3, 28), None), Period(date(2021, 3, 27), date(2021, 3, 30))])
filters = st.sampled_from([Filters(), Filters(artists=(12,)), Filters(tracks=(1,))])


def poisson_tail(count: int, mean: float) -> float:
    """Return the chance of at least ``count`` where ``mean`` is usual."""
    return sum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(count, count + 400))


@relaxed
@given(blocks, lenses, periods, filters, st.sampled_from([1e-6, 0.02, 0.3]))
def test_obsessions(walk, lens, period, f, chance):
    heard = stream(walk)
    played = [h for h, play in chosen(heard, lens, Period(), Filters()) if play]
    wanted = [(group(h, "track", lens), h.day(lens)) for h, play in chosen(heard, lens, period, f) if play]
    seen = [h.day(lens) for h, _ in chosen(heard, lens, period, f)]
    expected = set()
    for key in {key for key, _ in wanted}:
        mine = Counter(h.day(lens) for h in played if group(h, "track", lens) == key)
        taken: set[date] = set()
        for first in mine:
            for length in (1, 7):
                days = [first + timedelta(days=n) for n in range(length)]
                count, whole = sum(mine[d] for d in days), sum(h.day(lens) in days for h in played)
                enough = count >= 5 if length == 1 else whole >= 20 and count >= 0.3 * whole
                if mine.total() >= 5 and enough and poisson_tail(count, mine.total() / len(played) * whole) < chance:
                    taken.update(days)
        for day in sorted(taken):
            if day - timedelta(days=1) in taken:
                continue
            end = day
            while end in taken:
                end += timedelta(days=1)
            inside = sorted(d for d in mine if day <= d < end)
            begin, end = inside[0], inside[-1] + timedelta(days=1)
            whole = sum(begin <= h.day(lens) < end for h in played)
            count = sum(mine[d] for d in inside)
            if begin <= max(seen) and end > min(seen):
                expected.add((key, begin, end, count, count / whole))
    kept = library(heard)
    with patch.object(bursts, "CHANCE", chance):  # one in a million is hard to reach with few listens
        found = bursts.obsessions(select(kept, lens), select(kept, lens, period=period, filters=f))
    keys = [TRACKS[i][3] if lens.merge_recordings else i for i in found["id"]]
    assert set(zip(keys, *found.select("start", "end", "plays", "share"), strict=True)) == expected
    assert found["plays"].to_list() == sorted(found["plays"], reverse=True)


@relaxed
@given(steps, lenses, periods, filters, st.sampled_from([10, 20, 1000]))
def test_binges(walk, lens, period, f, gap):
    heard = stream(walk)
    played = [h for h, play in chosen(heard, lens, Period(), Filters()) if play]
    shown = {h for h, play in chosen(heard, lens, period, f) if play}
    rows: list[list[Heard]] = []
    for before, h in zip([None, *played], played, strict=False):
        close = before and before.artist == h.artist and h.began - before.ended <= timedelta(minutes=gap)
        rows[-1].append(h) if close else rows.append([h])
    expected = []
    for row in rows:
        tracks = {group(h, "track", lens) for h in row}
        an_album = len({h.album for h in row}) == 1 and row[0].album and len(tracks) == len(row)
        shuffled = any(h.has(Flag.SHUFFLE) for h in row)
        if len(row) >= 4 and row[0].artist and row[0] in shown and (shuffled or not an_album):
            expected.append((row[0].artist, row[0].began, len(row), len(tracks), sum(h.ms for h in row)))
    kept = library(heard)
    found = bursts.binges(select(kept, lens), select(kept, lens, period=period, filters=f), gap_minutes=gap)
    rows_found = found.select("id", "began", "plays", "tracks", "ms_played").rows()
    assert rows_found == sorted(expected, key=lambda r: (-r[2], -r[4], r[1]))


def ordinary(rng: np.random.Generator, days: int = 200) -> list[Heard]:
    """Return half a year of listening: eight tracks, some loved more, twelve a day."""
    tracks = rng.choice([1, 2, 3, 4, 5, 7, 8], size=days * 12, p=[0.3, 0.1, 0.2, 0.1, 0.1, 0.1, 0.1])
    moments = [START + timedelta(days=int(n // 12), minutes=10 * int(n % 12)) for n in range(len(tracks))]
    return [Heard(m, int(t), 200_000, m - timedelta(seconds=200)) for m, t in zip(moments, tracks, strict=True)]


def test_a_planted_obsession_is_found_on_its_days_and_none_in_shuffled_listens():
    rng = np.random.default_rng(5)
    usual = [h for h in ordinary(rng) if h.track != 8]
    planted = [
        replace(h, ended=h.ended + timedelta(days=n), track=8)
        for n in range(100, 104)
        for h in (replace(usual[0], ended=START + timedelta(hours=5, minutes=4 * i)) for i in range(15))
    ]
    kept = library([*usual, *planted])
    view = select(kept, UTC_LENS)
    found = bursts.obsessions(view, view)
    first = START.date() + timedelta(days=100)
    assert found.select("name", "start", "end", "plays").rows() == [("uri:8", first, first + timedelta(days=4), 60)]
    everything = sorted([*usual, *planted])
    for _ in range(10):
        order = rng.permutation(len(everything))
        shuffled = [replace(h, track=everything[i].track) for h, i in zip(everything, order, strict=True)]
        view = select(library(shuffled), UTC_LENS)
        assert bursts.obsessions(view, view).height == 0


@pytest.mark.parametrize("count", [0, 1, 60])
def test_nothing_one_listen_and_all_at_one_moment(count):
    heard = [Heard(START, 1, 200_000 + n, START) for n in range(count)]
    view = select(library(heard), UTC_LENS)
    assert bursts.obsessions(view, view).height == 0, "one track alone is never more than usual"
    assert bursts.binges(view, view).height == (1 if count == 60 else 0)


@pytest.mark.parametrize(("walk", "shuffle", "rows"), [("abcd", False, 0), ("abcd", True, 1), ("abca", False, 1)])
def test_an_album_heard_through_is_no_binge(monkeypatch, walk, shuffle, rows):
    for n, letter in enumerate("abcd"):
        monkeypatch.setitem(TRACKS, 100 + n, (letter, 13, 23, 200 + n))
    heard = stream([(1, 100 + "abcd".index(letter), 200_000, shuffle) for letter in walk])
    view = select(library(heard), UTC_LENS)
    assert bursts.binges(view, view).height == rows
