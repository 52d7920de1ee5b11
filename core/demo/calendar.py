"""What happens in the invented life, day by day: work, trips, quiet weeks, illness, a child."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

FIRST, LAST = date(2018, 11, 3), date(2026, 10, 31)
HOME = "Europe/Berlin"

OFFICE_ENDS, OFFICE_RETURNS = date(2020, 3, 16), date(2021, 9, 1)
OFFICE_WEEKDAYS = (1, 2, 3)  # from 2021 on: Tuesday to Thursday
CHILD_LISTENS = date(2023, 3, 1)
# How much music there is in a year, beside what its days bring.
YEARS = {2018: 1.0, 2019: 1.05, 2020: 1.2, 2021: 1.1, 2022: 0.85, 2023: 0.85, 2024: 1.0, 2025: 1.1, 2026: 1.05}
_FEASTS = {(1, 1), (5, 1), (10, 3), (12, 24), (12, 25), (12, 26), (12, 31)}
_FREE_DECEMBER = 27  # the office is closed from here to the New Year


class Kind(IntEnum):
    """What sort of day it is."""

    OFFICE = 0
    HOME_OFFICE = 1
    FREE = 2
    TRIP = 3
    ILL = 4
    QUIET = 5


@dataclass(frozen=True, slots=True)
class Trip:
    """Days away; ``flight`` begins and ends with one, ``network`` is off where there is hardly any."""

    start: date
    days: int
    country: str
    zone: str = HOME
    flight: bool = False
    network: bool = True

    @property
    def last(self) -> date:
        """Return the day of coming home."""
        return self.start + timedelta(days=self.days - 1)


TRIPS = (
    Trip(date(2019, 2, 16), 8, "AT", "Europe/Vienna"),
    Trip(date(2019, 7, 20), 15, "PT", "Europe/Lisbon", flight=True),
    Trip(date(2019, 10, 3), 4, "DK", "Europe/Copenhagen"),
    Trip(date(2020, 2, 8), 7, "AT", "Europe/Vienna"),
    Trip(date(2020, 8, 8), 14, "DE", network=False),
    Trip(date(2021, 7, 31), 14, "IT", "Europe/Rome"),
    Trip(date(2022, 5, 21), 16, "US", "America/New_York", flight=True),
    Trip(date(2022, 9, 10), 8, "FR", "Europe/Paris"),
    Trip(date(2023, 4, 8), 9, "ES", "Europe/Madrid", flight=True),
    Trip(date(2023, 8, 12), 14, "SE", "Europe/Stockholm", network=False),
    Trip(date(2024, 3, 23), 16, "JP", "Asia/Tokyo", flight=True),
    Trip(date(2024, 8, 3), 14, "IT", "Europe/Rome"),
    Trip(date(2025, 2, 15), 8, "AT", "Europe/Vienna"),
    Trip(date(2025, 6, 7), 14, "GR", "Europe/Athens", flight=True),
    Trip(date(2025, 10, 11), 6, "GB", "Europe/London", flight=True),
    Trip(date(2026, 4, 4), 9, "PT", "Europe/Lisbon", flight=True),
    Trip(date(2026, 7, 25), 15, "NO", "Europe/Oslo", network=False),
)
# Weeks without music: a hike, an examination, a birth, two retreats, a move.
QUIET = (
    (date(2019, 5, 13), 7),
    (date(2020, 11, 9), 6),
    (date(2021, 10, 4), 15),
    (date(2022, 11, 21), 7),
    (date(2024, 11, 18), 8),
    (date(2026, 2, 9), 7),
)
ILLNESSES = ((date(2022, 3, 7), 5), (date(2023, 1, 16), 12), (date(2025, 3, 10), 4))
# Days on which half of the music she leans on changes: the office closes, the office opens, a child, new friends.
TURNS = (date(2020, 3, 16), date(2021, 9, 6), date(2023, 3, 6), date(2024, 10, 7))
# Days on which one song plays on repeat in the evening: first day, how many.
OBSESSIONS = (
    (date(2019, 8, 26), 6),
    (date(2020, 5, 4), 9),
    (date(2022, 1, 17), 5),
    (date(2024, 6, 10), 12),
    (date(2025, 11, 3), 7),
)
# Music on every single day for a bet; before and after it two days of silence.
BET = (date(2021, 1, 11), 100)
_SILENT_AROUND = 2


def days() -> list[date]:
    """Return every day of the life, in order."""
    return [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def _covers(start: date, length: int, day: date) -> bool:
    """Return whether a day lies in a stretch of days."""
    return start <= day < start + timedelta(days=length)


def trip_on(day: date) -> Trip | None:
    """Return the trip a day belongs to, None at home."""
    return next((trip for trip in TRIPS if _covers(trip.start, trip.days, day)), None)


def in_bet(day: date) -> bool:
    """Return whether a day must not pass without music."""
    return _covers(*BET, day)


def obsession_on(day: date, *, around: int = 0) -> int:
    """Return the place in ``OBSESSIONS`` of the one a day, or one ``around`` days away, belongs to; -1 for none."""
    margin = timedelta(days=around)
    held = (_covers(start - margin, length + 2 * around, day) for start, length in OBSESSIONS)
    return next((n for n, inside in enumerate(held) if inside), -1)


def is_silent(day: date) -> bool:
    """Return whether a day is one without any music."""
    start, length = BET
    near = _covers(start - timedelta(days=_SILENT_AROUND), length + 2 * _SILENT_AROUND, day) and not in_bet(day)
    return near or any(_covers(*quiet, day) for quiet in QUIET)


def kind_of(day: date) -> Kind:
    """Return what sort of day it is."""
    if is_silent(day):
        return Kind.QUIET
    if any(_covers(start, length, day) for start, length in ILLNESSES):
        return Kind.ILL
    if trip_on(day):
        return Kind.TRIP
    closed = day.month == 12 and day.day >= _FREE_DECEMBER
    if day.weekday() >= 5 or (day.month, day.day) in _FEASTS or closed:
        return Kind.FREE
    if day < OFFICE_ENDS or (day >= OFFICE_RETURNS and day.weekday() in OFFICE_WEEKDAYS):
        return Kind.OFFICE
    return Kind.HOME_OFFICE
