"""The record of an account: what happened to it, kept for 180 days, for its person to read."""

import hashlib
import hmac
import ipaddress
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from core.domain.events import EVENTS, AccountEvent, Result
from core.repositories.database import Database
from core.repositories.events import EventRows

KEPT = timedelta(days=180)
_PLACE_LENGTH = 10


class Events:
    """Everybody's records; each is read by its own person."""

    def __init__(self, db: Database, *, secret: bytes, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._rows, self._secret, self._now = EventRows(db), secret, now

    def note(self, user_id: int, event: str, result: Result = "ok", *, place: str = "") -> None:
        """Add a line to a person's record; ``place`` is the address it came from, of which a keyed hash is stored.

        Raises:
            KeyError: ``EVENTS`` knows no such event; texts from outside never get into a record.
        """
        now, known = self._now(), {event: event for event in EVENTS}
        self._rows.add(user_id, at=now, event=known[event], result=result, place=self._place(place, now))

    def of(self, user_id: int, *, limit: int = 100) -> list[AccountEvent]:
        """Return a person's newest lines, the newest first."""
        return self._rows.of(user_id, limit=limit)

    def sweep(self) -> int:
        """Delete lines that are older than 180 days and return how many."""
        return self._rows.sweep(before=self._now() - KEPT)

    def _place(self, address: str, now: datetime) -> str:
        """Return ten letters and digits that are the same for the same neighbourhood on the same day (UTC)."""
        near = neighbours(address)
        if not near:
            return ""
        day = hmac.new(self._secret, f"place {now.astimezone(UTC):%Y-%m-%d}".encode(), hashlib.sha256).digest()
        return hmac.new(day, near.encode(), hashlib.sha256).hexdigest()[:_PLACE_LENGTH]


def neighbours(address: str) -> str:
    """Return the /24 or /48 an address or a network lies in, blank for what is neither."""
    try:
        first = ipaddress.ip_network(address, strict=False).network_address
    except ValueError:
        return ""
    return str(ipaddress.ip_network((first, 24 if first.version == 4 else 48), strict=False))
