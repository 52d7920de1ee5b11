"""Plays the API reported meet the export's: the rule read one pair at a time, and what it must get right."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.importing.api_matching import NOBODY, Exported, Reported, lengths, match
from core.importing.api_retelling import first_told

SECOND = 1_000_000


@dataclass(frozen=True)
class Api:
    track: int
    recording: int
    played: float


@dataclass(frozen=True)
class Row:
    """A row of an export; seconds."""

    track: int
    recording: int
    ended: int
    seconds: int = 200
    logged: int | None = None
    began: int | None = None
    coarse: bool = False

    @property
    def moments(self) -> tuple[int, int, int]:
        """Return end, logged time and start."""
        begin = self.ended - self.seconds if self.began is None else self.began
        return self.ended, self.ended if self.logged is None else self.logged, begin


def column(values) -> np.ndarray:
    return np.array([round(value * SECOND) for value in values], np.int64)


def found(plays: list[Api], rows: list[Row]) -> list[int]:
    """Return the partners as the product finds them."""
    reported = Reported(
        np.array([p.track for p in plays], np.int64),
        np.array([p.recording for p in plays], np.int64),
        column(p.played for p in plays),
    )
    ended, logged, began = (column(row.moments[at] for row in rows) for at in range(3))
    exported = Exported(
        np.array([row.track for row in rows], np.int64),
        np.array([row.recording for row in rows], np.int64),
        np.array([row.seconds * 1000 for row in rows], np.int64),
        *(began, ended, logged),
        coarse=np.array([row.coarse for row in rows], bool),
    )
    return match(reported, exported).tolist()


def reference(plays: list[Api], rows: list[Row]) -> list[int]:
    """One pair at a time, as the rule reads."""
    pairs = []
    for a, play in enumerate(plays):
        for e, row in enumerate(rows):
            for what, moment in enumerate(row.moments):
                later = round((play.played - moment) * SECOND)
                distance = max(-later, later - 60 * SECOND * row.coarse, 0)
                if play.recording == row.recording and distance <= 90 * SECOND:
                    doubts = (what == 2) + (play.track != row.track)
                    tie = (what, play.played, play.track, row.ended, row.track, row.seconds, row.moments[2])
                    pairs.append((distance + 30 * SECOND * doubts, tie, a, e, distance))
    row_of, play_of = {}, {}
    for *_, a, e, _ in sorted(pairs):
        if a not in row_of and e not in play_of:
            row_of[a], play_of[e] = e, a
    near = [(a, e) for *_, a, e, distance in sorted(pairs) if distance <= 30 * SECOND]
    for left in sorted(set(range(len(plays))) - set(row_of), key=lambda a: (plays[a].played, plays[a].track)):
        chains = [[(left, e)] for a, e in near if a == left]
        seen = {e for [(_, e)] in chains}
        for chain in chains:
            held = play_of.get(chain[-1][1])
            if held is None:
                row_of |= dict(chain)
                play_of |= {e: a for a, e in chain}
                break
            for a, e in near:
                if a == held and e not in seen:
                    seen.add(e)
                    chains.append([*chain, (a, e)])
    return [row_of.get(a, NOBODY) for a in range(len(plays))]


tracks = st.sampled_from([(1, 1), (2, 1), (3, 3)])
seconds = st.integers(0, 400)


@st.composite
def row(draw) -> Row:
    track, recording = draw(tracks)
    ended, length = draw(seconds), draw(st.sampled_from([0, 40, 200]))
    if draw(st.booleans()):
        return Row(track, recording, ended // 60 * 60, length, coarse=True)
    logged = draw(st.none() | seconds.map(lambda late: ended + late * 10))
    began = draw(st.none() | st.integers(0, 300).map(lambda pause: ended - length - pause))
    return Row(track, recording, ended, length, logged, began)


apis = st.builds(lambda t, p: Api(*t, p / 4), tracks, st.integers(-800, 2000))
some = st.lists(apis, max_size=7, unique_by=lambda p: (p.track, p.played))
others = st.lists(row(), max_size=7, unique_by=lambda r: (r.ended, r.track, r.seconds, r.moments[2]))


@given(some, others)
@settings(max_examples=600, deadline=None)
@example([Api(1, 1, 0)], [Row(1, 1, 90)])
@example([Api(1, 1, 151)], [Row(1, 1, 0, coarse=True)])
@example([Api(1, 1, 150)], [Row(1, 1, 0, coarse=True)])
def test_equal_to_one_pair_at_a_time(plays: list[Api], rows: list[Row]) -> None:
    assert found(plays, rows) == reference(plays, rows)


@given(some, others, st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_the_order_of_rows_changes_nothing(plays: list[Api], rows: list[Row], random) -> None:
    expected = {play: at != NOBODY and rows[at] for play, at in zip(plays, found(plays, rows), strict=True)}
    random.shuffle(plays)
    random.shuffle(rows)
    assert {play: at != NOBODY and rows[at] for play, at in zip(plays, found(plays, rows), strict=True)} == expected


@given(some, others)
@settings(max_examples=100, deadline=None)
def test_nothing_meets_twice(plays: list[Api], rows: list[Row]) -> None:
    times = Counter(at for at in found(plays, rows) if at != NOBODY)
    assert set(times.values()) <= {1}


@given(some, others)
@settings(max_examples=100, deadline=None)
def test_recordings_settle_apart(plays: list[Api], rows: list[Row]) -> None:
    whole = found(plays, rows)
    for recording in (1, 3):
        mine = [at for at, play in enumerate(plays) if play.recording == recording]
        theirs = [at for at, row in enumerate(rows) if row.recording == recording]
        part = found([plays[at] for at in mine], [rows[at] for at in theirs])
        assert [whole[at] for at in mine] == [NOBODY if at == NOBODY else theirs[at] for at in part]


def test_within_ninety_seconds_of_end_logged_time_or_start() -> None:
    paused = Row(1, 1, ended=10_000, seconds=200, began=1_000)
    offline = Row(1, 1, ended=10_000, seconds=200, logged=500_000)
    for one, moments in ((paused, (10_000, 1_000)), (offline, (10_000, 9_800, 500_000))):
        for moment in moments:
            assert found([Api(1, 1, moment - 90), Api(1, 1, moment - 90.5)], [one]) == [0, NOBODY]
            assert found([Api(1, 1, moment + 90), Api(1, 1, moment + 90.5)], [one]) == [0, NOBODY]


def test_a_row_to_the_minute_lies_anywhere_within_it() -> None:
    row = Row(1, 1, ended=600, seconds=5_000, coarse=True)
    for played, partner in ((509, NOBODY), (510, 0), (600, 0), (659, 0), (750, 0), (751, NOBODY)):
        assert found([Api(1, 1, played)], [row]) == [partner]


@pytest.mark.parametrize("skew", [0.0, -20.0, 29.5, 31.0, 60.0])
def test_a_track_on_repeat_meets_its_own_rows(skew: float) -> None:
    """Each play ends where the next begins; what the API rounds must not shift them by one."""
    rows = [Row(1, 1, ended=1_000 + 200 * n) for n in range(6)]
    plays = [Api(1, 1, 1_000.4 + skew + 200 * n + (0.3 if n % 2 else -0.9)) for n in range(7)]
    assert found(plays, rows) == [0, 1, 2, 3, 4, 5, NOBODY]


def test_a_track_on_repeat_meets_row_by_row_where_starts_are_reported() -> None:
    rows = [Row(1, 1, ended=1_000 + 202 * n) for n in range(600)]
    starts = [Api(1, 1, row.ended - 200 + 0.4) for row in rows]
    assert sorted(found(starts, rows)) == list(range(600))
    assert found(starts, rows[:-1]).count(NOBODY) == 1
    mixed = [Api(1, 1, row.ended - 200 * (n % 3 == 0)) for n, row in enumerate(rows)]
    assert sorted(found(mixed, rows)) == list(range(600))


def test_neighbours_move_only_to_rows_within_half_a_minute() -> None:
    plays = [Api(1, 1, -20), Api(1, 1, 5)]
    assert found(plays, [Row(1, 1, ended=0), Row(1, 1, ended=75)]) == [NOBODY, 0]
    assert sorted(found(plays, [Row(1, 1, ended=0), Row(1, 1, ended=35)])) == [0, 1]


def test_the_earlier_of_two_left_over_gets_the_row_that_frees() -> None:
    rows = [Row(1, 1, ended=0), Row(1, 1, ended=202)]
    plays = [Api(1, 1, -200), Api(1, 1, -195), Api(1, 1, 1)]
    assert found(plays, rows) == [0, NOBODY, 1]
    assert found(plays[::-1], rows) == [1, NOBODY, 0]


def test_the_same_track_goes_before_another_edition_as_near() -> None:
    editions = [Row(2, 1, ended=1_000), Row(1, 1, ended=1_029)]
    assert found([Api(1, 1, 1_000), Api(2, 1, 1_028)], editions) == [1, 0]
    assert found([Api(2, 1, 1_000)], [Row(1, 1, ended=1_000)]) == [0]
    assert found([Api(3, 3, 1_000)], [Row(1, 1, ended=1_000)]) == [NOBODY]


def test_the_nearest_goes_first() -> None:
    assert found([Api(1, 1, 1_000), Api(1, 1, 1_060)], [Row(1, 1, ended=1_058)]) == [NOBODY, 0]


def test_no_plays_or_no_rows() -> None:
    assert found([], [Row(1, 1, 0)]) == []
    assert found([Api(1, 1, 0)], []) == [NOBODY]


def test_decades_and_large_numbers_fit() -> None:
    far = 20 * 365 * 86_400
    rows = [Row(2**31 - 1, 2**31 - 1, ended=-far), Row(1, 1, ended=far)]
    assert found([Api(1, 1, far + 1), Api(2**31 - 1, 2**31 - 1, 1 - far)], rows) == [1, 0]


# How long a reported play can have lasted.


def test_a_play_lasts_its_track_or_since_the_play_before() -> None:
    played, longest = column([1_000, 1_200, 1_203, 9_000]), np.array([200_000, 250_000, 180_000, 240_000])
    assert lengths(played, longest).tolist() == [200_000, 200_000, 3_000, 240_000]


@given(
    st.lists(st.tuples(st.integers(0, 50), st.sampled_from([3_000, 30_000])), max_size=8, unique_by=lambda p: p[0]),
    st.lists(st.integers(0, 2), min_size=8, max_size=8),
)
@settings(max_examples=200, deadline=None)
def test_lengths_do_not_depend_on_the_order_of_polls(plays: list[tuple[int, int]], polls: list[int]) -> None:
    def lasted(longest: dict[int, int]) -> dict[int, int]:
        found = lengths(column(longest), np.array(list(longest.values()), np.int64))
        return dict(zip(longest, found.tolist(), strict=True))

    known: dict[int, int] = {}
    for poll in range(3):
        known = lasted(known | {p: ms for (p, ms), at in zip(plays, polls, strict=False) if at == poll})
    assert known == lasted(dict(plays))


# Plays told again.

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)


def told(*moments: float, uri: str = "a") -> list[tuple[datetime, str]]:
    return [(NOON + timedelta(seconds=moment), uri) for moment in moments]


def test_a_play_told_again_within_five_seconds_is_the_one_before() -> None:
    known = told(100.345)
    assert first_told(known, told(100, 101.345, 95.345, 105.345)) == []
    assert first_told(known, told(95.344, 105.346)) == told(95.344, 105.346)
    assert first_told(known, told(100.345, uri="b")) == told(100.345, uri="b")


def test_each_is_compared_with_those_that_stay() -> None:
    """Small steps do not become one play, whatever order they are told in."""
    for moments in ((0, 4, 8, 12, 16), (16, 4, 12, 0, 8)):
        assert first_told([], told(*moments)) == told(0, 8, 16)
    assert first_told(told(4, 30), told(0, 8, 12)) == told(12)


@given(st.lists(st.tuples(st.integers(-9, 9), st.sampled_from("ab")), max_size=9), st.lists(st.integers(-9, 9)))
@settings(max_examples=200, deadline=None)
def test_told_again_as_the_rule_reads(again: list[tuple[int, str]], before: list[int]) -> None:
    known, new = told(*before), [told(moment, uri=uri)[0] for moment, uri in again]
    stay = list(known)
    for moment, uri in sorted(new):
        if all(other != uri or abs(moment - at) > timedelta(seconds=5) for at, other in stay):
            stay.append((moment, uri))
    assert first_told(known, new) == stay[len(known) :]
    assert first_told(stay, new) == []
