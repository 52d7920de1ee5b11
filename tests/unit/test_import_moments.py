"""Times as exports write them, and where on the clock a play lies."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.importing.moments import DAY, NOTHING, SECOND, from_micros, parse_minutes, parse_one, parse_stamps, to_micros
from core.importing.placing import place, starts

NOON = to_micros(datetime(2024, 1, 1, 12, tzinfo=UTC))
NOON_S = int(datetime(2024, 1, 1, 12, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("text", "after_noon"),
    [
        ("2024-01-01T12:00:00Z", 0),
        ("2024-01-01T12:00:00.123Z", 123_000),
        ("2024-01-01 12:00:00", 0),
        ("2024-01-01T13:00:00+01:00", 0),
        ("2024-01-01T13:00:00+0100", 0),
        ("2024-01-01T12:00", 0),
        (" 2024-01-01T12:00:01Z ", SECOND),
        ("2024-01-02T12:00:00Z", DAY),
    ],
)
def test_shapes_of_one_time(text: str, after_noon: int) -> None:
    assert parse_one(text) == NOON + after_noon
    assert parse_stamps([text]).tolist() == [NOON + after_noon]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "04/05/2023 13:30",
        "2024-01-01",
        "0000-01-01T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-02-30T00:00:00Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T12:00:61Z",
        "Z2024-01-01T12:00:00Z",
        "٢٠٢٤-01-01T12:00:00Z",
        "9" * 5000,
    ],
)
def test_what_is_no_time(text: str) -> None:
    assert parse_stamps(["2024-01-01T12:00:00Z", text]).tolist() == [NOON, NOTHING]


@given(st.lists(st.integers(-(10**9), 3 * 10**9).map(lambda s: datetime.fromtimestamp(s, UTC)), max_size=20))
def test_many_at_once_are_what_python_reads(moments: list[datetime]) -> None:
    found = parse_stamps([m.strftime("%Y-%m-%dT%H:%M:%SZ") for m in moments])
    assert [from_micros(f) for f in found] == moments
    minutes = parse_minutes([m.strftime("%Y-%m-%d %H:%M") for m in moments])
    assert [from_micros(f) for f in minutes] == [m.replace(second=0) for m in moments]


def _start(value: float | None, *, ms: int = 200_000) -> int:
    given = np.array([value], np.float64)
    return int(starts(given, np.array([NOON]), np.array([ms]))[0])


@pytest.mark.parametrize(
    ("value", "seconds_before"),
    [
        (None, None),
        (0, None),
        (-5, None),
        (NOON_S - 300, 300),
        ((NOON_S - 300) * 1000 + 999, 300),
        (NOON_S + 60, -60),
        (NOON_S + 61, None),
        (NOON_S - 31 * 86_400 - 200, 31 * 86_400 + 200),
        (NOON_S - 31 * 86_400 - 201, None),
        (1e300, None),
    ],
)
def test_starts_that_can_be_true(value: float | None, seconds_before: int | None) -> None:
    expected = NOTHING if seconds_before is None else NOON - seconds_before * SECOND
    assert _start(value) == expected


@pytest.mark.parametrize(
    ("start", "offline", "began", "ended"),
    [
        (None, False, -200, 0),
        (None, True, -200, 0),
        (-300, False, -300, 0),
        (-90_000, True, -90_000, -89_800),
    ],
)
def test_where_a_play_lies(start: int | None, offline: bool, began: int, ended: int) -> None:
    known = np.array([NOTHING if start is None else NOON + start * SECOND])
    found = place(known, np.array([NOON]), np.array([200_000]), np.array([offline]))
    assert [from_micros(m[0]) - from_micros(NOON) for m in found] == [timedelta(seconds=s) for s in (began, ended)]
