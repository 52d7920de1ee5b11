"""One page of a person's Spotify sync: what it takes to ask for it, to store it, and to say when the next is due."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from core.domain.spotify import Connection
from core.repositories.database import Database
from core.repositories.spotify_parts import Storing, Turn, storing

if TYPE_CHECKING:
    from core.spotify.client import Spotify

# A pass that was broken off for longer begins anew: meanwhile too much has moved.
_OLDEST_PASS = timedelta(days=14)
_SPREAD_MINUTES = 240  # within which the people of an instance have their daily turns


@dataclass(frozen=True, slots=True)
class Job:
    """One page to ask for: whose, over which connection, and at which moment."""

    db: Database
    connection: Connection
    client: "Spotify"
    turn: Turn
    now: datetime

    @property
    def user_id(self) -> int:
        """Return whose page it is."""
        return self.connection.user_id

    @property
    def at(self) -> Mapping[str, Any]:
        """Return where to go on; ``run`` is in it once a pass has begun, and is the second it began in."""
        at = self.turn.at
        if "run" in at and at["run"] < (self.now - _OLDEST_PASS).timestamp():
            return {name: value for name, value in at.items() if name == "odd"}
        return at

    @property
    def run(self) -> int:
        """Return the number of this pass."""
        return int(self.at.get("run") or self.now.timestamp())

    @property
    def tomorrow(self) -> datetime:
        """Return when a daily part runs next: early on the next day (UTC), each person at another minute."""
        next_day = datetime.combine(self.now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
        return next_day + timedelta(minutes=self.user_id * 37 % _SPREAD_MINUTES)

    def storing(self) -> AbstractContextManager[Storing]:
        """Return the transaction in which the page is stored; raises ``Gone`` once the connection is over."""
        return storing(self.db, self.user_id, epoch=self.connection.epoch, now=self.now)


def plain(item: Any) -> dict[str, Any]:
    """Return what the client read as columns."""
    return asdict(item)
