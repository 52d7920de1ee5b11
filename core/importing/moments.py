"""Times as exports write them, many at once: microseconds since 2000 in UTC, as PostgreSQL counts them."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 86_400 * SECOND
NOTHING = np.iinfo(np.int64).min  # a moment nobody knows
_EPOCH_DAY = np.datetime64("2000-01-01", "D")
_SHAPE = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:[.,](\d{1,9}))?\s*(Z|UTC|[+-]\d\d:?\d\d)?", re.ASCII)
_STAMP = "dddd-dd-ddTdd:dd:ddZ"
_LONGEST = 40  # characters looked at together: one absurd text must not widen all
_TO_MINUTE = "dddd-dd-dd dd:dd"


def to_micros(moment: datetime) -> int:
    """Return an aware moment as microseconds since 2000."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def from_micros(micros: int) -> datetime:
    """Return microseconds since 2000 as an aware moment."""
    return EPOCH + timedelta(microseconds=int(micros))


def parse_one(text: str) -> int:
    """Return one written time, ``NOTHING`` when it is none; a time without a zone is UTC.

    A fraction of a second, a blank for the ``T`` and an offset from UTC are understood; dates in other orders are
    never guessed.
    """
    found = _SHAPE.fullmatch(text.strip())
    if not found:
        return NOTHING
    day, clock, seconds, fraction, zone = found.groups()
    offset = "+00:00" if zone in (None, "Z", "UTC") else zone
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{seconds or ':00'}{offset}")
        return to_micros(moment) + int((fraction or "0").ljust(6, "0")[:6])
    except (ValueError, OverflowError):
        return NOTHING


def parse_stamps(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return times like ``2024-10-01T21:31:42Z``; odd ones one by one, ``NOTHING`` for what is no time."""
    return _parse(texts, _STAMP)


def parse_minutes(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return times like ``2024-10-01 21:31``, cut to the minute; ``NOTHING`` for what is no time."""
    micros = _parse(texts, _TO_MINUTE)
    return np.where(micros == NOTHING, NOTHING, micros - micros % MINUTE)


def _parse(texts: Sequence[str], shape: str) -> NDArray[np.int64]:
    """Return times of one shape by arithmetic on their characters, the others one by one."""
    if not texts:
        return np.zeros(0, np.int64)
    short = texts if max(map(len, texts)) <= _LONGEST else [text[:_LONGEST] for text in texts]
    letters = np.array(short, dtype=np.str_)
    codes = letters.view(np.uint32).reshape(len(texts), -1)
    micros = np.full(len(texts), NOTHING, np.int64)
    usual = np.zeros(len(texts), bool)
    if codes.shape[1] >= len(shape):
        usual = _fits(codes, shape)
        micros[usual] = _compute(codes[usual, : len(shape)])
    for at in np.flatnonzero(micros == NOTHING).tolist():
        micros[at] = parse_one(texts[at])
    return micros


def _fits(codes: NDArray[np.uint32], shape: str) -> NDArray[np.bool_]:
    """Return which rows of characters have the shape: digits where it says ``d``, its own signs elsewhere."""
    fits = np.ones(len(codes), bool)
    for at, sign in enumerate(shape):
        column = codes[:, at]
        fits &= (column >= 48) & (column <= 57) if sign == "d" else column == ord(sign)
    if codes.shape[1] > len(shape):
        fits &= codes[:, len(shape)] == 0
    return fits


def _compute(codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the moments of rows of digits; ``NOTHING`` where the calendar has no such day or the day no such time."""
    digits = codes.astype(np.int64) - 48

    def two(at: int) -> NDArray[np.int64]:
        return digits[:, at] * 10 + digits[:, at + 1]

    year, month, day = two(0) * 100 + two(2), two(5), two(8)
    hour, minute = two(11), two(14)
    second = two(17) if digits.shape[1] > 17 else np.zeros_like(hour)
    first = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    start = first.astype("datetime64[D]")
    length = ((first + 1).astype("datetime64[D]") - start).astype(np.int64)
    good = (
        (year >= 1)
        & (month >= 1)
        & (month <= 12)
        & (day >= 1)
        & (day <= length)
        & (hour < 24)
        & (minute < 60)
        & (second < 60)
    )
    days = (start - _EPOCH_DAY).astype(np.int64) + day - 1
    return np.where(good, days * DAY + (hour * 3600 + minute * 60 + second) * SECOND, NOTHING)
