"""The clock of the fake: it stands still until it is moved, or follows the real one from wherever it was set."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)


class Clock:
    """A clock that runs with the real one, or stands still when it is given a moment."""

    def __init__(self, standing: datetime | None = None) -> None:
        self._standing = standing.astimezone(UTC) if standing else None
        self._ahead = timedelta()

    @property
    def now(self) -> datetime:
        """Return the moment it shows, in UTC."""
        return (self._standing or datetime.now(UTC)) + self._ahead

    def advance(self, by: timedelta) -> None:
        """Move it forward, or back by a negative span."""
        self._ahead += by

    def set(self, moment: datetime) -> None:
        """Make it show ``moment``, which must say its zone."""
        if moment.tzinfo is None:
            raise ValueError("A moment needs its zone.")
        self._ahead += moment - self.now


def milliseconds(moment: datetime) -> int:
    """Return a moment as whole milliseconds since 1970."""
    return round((moment - datetime.fromtimestamp(0, UTC)) / timedelta(milliseconds=1))


def written(moment: datetime, *, fine: bool = False) -> str:
    """Return a moment as the API writes it: whole seconds, or milliseconds where it is ``fine``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds" if fine else "seconds").replace("+00:00", "Z")


def six_months_after(moment: datetime) -> datetime:
    """Return the moment six calendar months later; the last day of a month where there is no such day."""
    year, month = moment.year + (moment.month + 5) // 12, (moment.month + 5) % 12 + 1
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month)


def moment_of(text: str) -> datetime:
    """Return a moment that somebody wrote; in UTC unless it says its zone."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
