"""Duplicates found by sorting are those found one by one; importing again finds nothing new."""

from dataclasses import dataclass, replace
from random import Random

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.importing.duplicates import Plays, find_duplicates
from core.importing.moments import NOTHING

SECOND = 1_000_000


@dataclass(frozen=True)
class Play:
    track: int
    ms: int
    logged: int
    start: int | None
    offline: bool = False

    @property
    def place(self) -> tuple[int, int]:
        if self.start is not None:
            return self.start, self.start + self.ms * 1000 if self.offline else self.logged
        return self.logged - self.ms * 1000, self.logged

    @property
    def group(self) -> tuple[int, int, int]:
        return self.track, self.ms, self.logged

    def near(self, other: "Play") -> bool:
        same = (self.track, self.ms) == (other.track, other.ms)
        return same and None not in (self.start, other.start) and abs(self.start - other.start) <= 2 * SECOND  # type: ignore[operator]


@st.composite
def play(draw) -> Play:
    """Plays of few tracks, durations and times, so that they meet."""
    logged = draw(st.integers(0, 4)) * 3 * SECOND
    start = draw(st.none() | st.integers(-8, 8).map(lambda n: n * SECOND // 2 * 3))
    return Play(draw(st.integers(1, 2)), draw(st.sampled_from([0, 3000])), logged, start, draw(st.booleans()))


def columns(plays: list[Play]) -> Plays:
    def column(values, type_=np.int64):
        return np.array(list(values), type_)

    return Plays(
        column((p.track for p in plays), np.int32),
        column((p.ms for p in plays), np.int32),
        column(p.logged for p in plays),
        column(NOTHING if p.start is None else p.start for p in plays),
        column(p.place[0] for p in plays),
        column(p.place[1] for p in plays),
    )


def kept(new: list[Play], stored: list[Play]) -> list[Play]:
    fates = find_duplicates(columns(new), np.arange(len(new)), columns(stored), np.arange(len(stored)))
    return [p for p, fate in zip(new, fates.tolist(), strict=True) if not fate]


def reference(new: list[Play], stored: list[Play]) -> list[Play]:
    """One play at a time, as the rules read."""
    absorbed: list[Play] = []
    for group in {p.group for p in stored if p.start is None}:
        theirs = [p for p in stored if p.group == group]
        left = [p for p in new if p.group == group and p.start is not None and not any(p.near(s) for s in theirs)]
        first = min(left, key=lambda p: p.start, default=None)
        absorbed += [p for p in left if first is not None and p.near(first)]
    keep: list[Play] = []
    for p in sorted((p for p in new if p.start is not None), key=lambda p: (p.logged, p.start)):
        if not any(p.near(other) for other in [*stored, *absorbed, *keep]):
            keep.append(p)
    groups = {p.group for p in stored} | {p.group for p in new if p.start is not None}
    for p in new:
        if p.start is None and p.group not in groups:
            groups.add(p.group)
            keep.append(p)
    taken = {(p.track, p.ms, p.place) for p in stored}
    return [p for p in keep if (p.track, p.ms, p.place) not in taken and not taken.add((p.track, p.ms, p.place))]


def clean(plays: list[Play]) -> list[Play]:
    """Return plays as an import leaves them stored."""
    return kept(plays, [])


@given(st.lists(play(), max_size=14), st.lists(play(), max_size=10))
@settings(max_examples=400, deadline=None)
def test_equal_to_one_by_one(new: list[Play], before: list[Play]) -> None:
    stored = clean(before)
    found, expected = kept(new, stored), reference(new, stored)
    assert sorted(map(repr, found)) == sorted(map(repr, expected))


@given(st.lists(play(), max_size=14), st.lists(play(), max_size=10))
@settings(max_examples=400, deadline=None)
def test_again_finds_nothing(new: list[Play], before: list[Play]) -> None:
    stored = clean(before)
    first = kept(new, stored)
    assert kept(new, stored + first) == []
    assert kept(before, stored + first) == []


@given(st.lists(play(), max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
@example([Play(1, 0, 0, 0), Play(1, 0, 0, 3 * SECOND), Play(1, 0, 0, None)], Random(1))
def test_the_order_of_rows_changes_nothing(new: list[Play], random) -> None:
    new = [replace(p, offline=False) for p in new]  # of equal rows the first read stays, with its other facts
    shuffled = list(new)
    random.shuffle(shuffled)
    assert sorted(map(repr, kept(new, []))) == sorted(map(repr, kept(shuffled, [])))


def test_offline_repeats_of_one_sync_are_two_plays() -> None:
    one, two = Play(1, 200_000, 0, -9000 * SECOND, True), Play(1, 200_000, 0, -5400 * SECOND, True)
    assert kept([one, two], []) == [one, two]


def test_a_stored_row_of_unknown_start_absorbs_one_known_start() -> None:
    unknown, one, two = Play(1, 1000, 0, None), Play(1, 1000, 0, -60 * SECOND), Play(1, 1000, 0, -30 * SECOND)
    assert kept([one, two], [unknown]) == [two]
    assert kept([unknown], [one, two]) == []
    assert kept([two, one, unknown], []) == [two, one]


def test_a_play_reported_again_days_later_keeps_its_first_report() -> None:
    first, again = Play(1, 1000, 0, -60 * SECOND), Play(1, 1000, 300_000 * SECOND, -59 * SECOND)
    assert kept([again, first], []) == [first]
    assert kept([first], [again]) == []


def test_shares_of_tracks_change_nothing(monkeypatch) -> None:
    rng = np.random.default_rng(5)
    plays = [
        Play(int(t), int(m), int(at) * SECOND, None if s < 5 else int(at - s) * SECOND)
        for t, m, at, s in zip(
            rng.integers(1, 9, 900),
            rng.integers(0, 3, 900),
            rng.integers(0, 30, 900),
            rng.integers(0, 9, 900),
            strict=True,
        )
    ]
    whole = kept(plays, [])
    monkeypatch.setattr("core.importing.duplicates._AT_ONCE", 50)
    assert kept(plays, []) == whole
