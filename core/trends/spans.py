"""Days, weeks, months and years of charts: where one begins and where the next does. Weeks begin on Mondays, in UTC."""

from datetime import UTC, date, datetime, timedelta

from core.domain.trends import Window

FIRST = date(2002, 1, 1)  # where all of time begins
_DAY = timedelta(days=1)


def span(window: Window, day: date) -> tuple[date, date]:
    """Return the first day of what holds ``day``, and the first day after it; all of time ends with the day."""
    match window:
        case "day":
            return day, day + _DAY
        case "week":
            first = day - timedelta(days=day.weekday())
            return first, first + 7 * _DAY
        case "month":
            first = day.replace(day=1)
            return first, (first + 31 * _DAY).replace(day=1)
        case "year":
            return date(day.year, 1, 1), date(day.year + 1, 1, 1)
        case "all":
            return FIRST, max(day, FIRST) + _DAY


def moment(value: object) -> datetime | None:
    """Return the moment of seconds since 1970, None for anything that is none from 2002 to 2199."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 1_009_756_800 <= value < 7_226_582_400:
        return None
    return datetime.fromtimestamp(int(value), UTC)
