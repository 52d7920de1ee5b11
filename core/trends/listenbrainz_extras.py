"""What ListenBrainz says beside charts, as rows of ``core.domain.trends.Extra``."""

import calendar
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from core.asking.reading import mbid, number, rows, text
from core.domain.trends import Row
from core.trends.entries import MOST_COUNT
from core.trends.spans import moment

MOST_FRESH = 1_000
_FIRST_YEAR = 1860  # the first sound that was recorded


def activity(told: Any, *, until: datetime) -> tuple[Row, ...]:
    """Return listens by stretch of time, in order; stretches that begin at or after ``until`` are left out."""
    found: dict[datetime, Row] = {}
    for each in rows(told):
        at, end, count = moment(each.get("from_ts")), moment(each.get("to_ts")), _count(each.get("listen_count"))
        if at and end and count is not None and at < until and at <= end:
            found[at] = {"at": at.isoformat(), "until": end.isoformat(), "count": count}
    return tuple(found[at] for at in sorted(found))


def eras(told: Any, *, until: int) -> tuple[Row, ...]:
    """Return listens by the year the music came out, in order of years up to ``until``."""
    found: dict[int, int] = {}
    for each in rows(told):
        year, count = number(each.get("year"), until), _count(each.get("listen_count"))
        if year is not None and year >= _FIRST_YEAR and count:
            found.setdefault(year, count)
    return tuple({"year": year, "count": found[year]} for year in sorted(found))


def places(told: Any, letters: Mapping[str, str]) -> tuple[Row, ...]:
    """Return artists and listens by the country of the artists, most listens first."""
    found: dict[str, Row] = {}
    for each in rows(told):
        country = letters.get(str(each.get("country")).upper())
        artists, count = number(each.get("artist_count"), MOST_COUNT), _count(each.get("listen_count"))
        if country and artists:
            found.setdefault(country, {"country": country, "artists": artists, "count": count or 0})
    return tuple(sorted(found.values(), key=lambda row: (-row["count"], -row["artists"], row["country"])))


def evolution(told: Any) -> tuple[Row, ...]:
    """Return listens of the first artists by day of the week, day, month or year, in order of time, most first."""
    found: dict[tuple[str, str], Row] = {}
    for each in rows(told):
        unit, artist, count = (
            _unit(each.get("time_unit")),
            text(each.get("artist_name")),
            _count(each.get("listen_count")),
        )
        key = mbid(each.get("artist_mbid"))
        if unit and artist and count:
            row = {"at": unit, "place": 0, "artist": artist, "mbid": str(key) if key else None, "count": count}
            found.setdefault((unit, str(key or artist)), row)
    ordered = sorted(found.values(), key=lambda row: (_order(row["at"]), -row["count"], row["artist"]))
    units = {unit: place for place, unit in enumerate(dict.fromkeys(row["at"] for row in ordered), 1)}
    return tuple(row | {"place": units[row["at"]]} for row in ordered)


def fresh(told: Any, *, first: date, last: date) -> tuple[Row, ...]:
    """Return releases from ``first`` to ``last``, the newest first."""
    found: dict[object, Row] = {}
    for each in rows(told):
        day, artist, title = (
            _day(each.get("release_date")),
            text(each.get("artist_credit_name")),
            text(each.get("release_name")),
        )
        if day and artist and title and first <= day <= last:
            key = mbid(each.get("release_group_mbid"))
            kind = text(each.get("release_group_primary_type")) or ""
            row = {
                "day": day.isoformat(),
                "artist": artist,
                "title": title,
                "type": kind,
                "mbid": str(key) if key else None,
            }
            found.setdefault(key or (artist, title), row)
    newest = sorted(found.values(), key=lambda row: row["day"], reverse=True)
    return tuple(newest[:MOST_FRESH])


def _count(value: Any) -> int | None:
    return 0 if value == 0 and not isinstance(value, bool) else number(value, MOST_COUNT)


def _unit(value: Any) -> str:
    """Return a unit of time as written: words, or a number such as 12 or 2019."""
    whole = number(value, 9999)
    return str(whole) if whole is not None else text(value) or ""


def _order(unit: str) -> tuple[int, str]:
    """Return what puts units in order of time: weekdays, months and numbers by themselves, other words after them."""
    for names in (calendar.day_name, calendar.month_name):
        if unit in tuple(names):
            return tuple(names).index(unit), ""
    return (int(unit), "") if unit.isascii() and unit.isdigit() else (10**9, unit)


def _day(value: Any) -> date | None:
    """Return the day of "2022-5-16" or "2022-05-16", None for anything else."""
    parts = [part for part in value.split("-") if part.isascii() and part.isdigit()] if isinstance(value, str) else []
    try:
        return date(*map(int, parts)) if len(parts) == 3 else None
    except (ValueError, OverflowError):
        return None
