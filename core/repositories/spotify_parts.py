"""How far each part of a person's Spotify sync is, and the one transaction in which a page is stored with it."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, case, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from core.domain.spotify import PARTS, Outcome, Part, PartState
from core.repositories.database import Database
from core.repositories.schema import spotify_connections, spotify_parts, users

Cursor = Mapping[str, Any]
_OWN = spotify_parts.c
_STATE = [_OWN[name] for name in PartState.__dataclass_fields__]
_VALUE = case({part: place for place, part in enumerate(PARTS)}, value=_OWN.part)
# What a person may ask for before its time, and how soon again; what Spotify told us to wait for is waited for.
_HURRIED: tuple[Outcome, ...] = ("", "done", "trouble", "not_allowed", "paused")
_SOON, _LATER = timedelta(minutes=1), timedelta(minutes=15)


class Gone(Exception):
    """The connection a piece of work began under is over: its person disconnected, connected anew, or left."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One part whose turn it is: where to go on, and how many polls in a row brought nothing."""

    part: Part
    at: dict[str, Any]
    quiet_polls: int


@dataclass(frozen=True, slots=True)
class Storing:
    """The transaction in which one page and the place to go on are stored; not to be kept beyond it."""

    connection: Connection
    user_id: int
    now: datetime

    def go_on(self, part: Part, at: Cursor, *, began: bool) -> None:
        """Note where a part goes on; from here on it waits behind people who were served longer ago."""
        values: dict[str, Any] = {"at": dict(at), "next_at": self.now, "outcome": "waiting"}
        self._change(part, values | ({"started_at": self.now} if began else {}))

    def end(
        self,
        part: Part,
        *,
        next_at: datetime,
        rows: int,
        at: Cursor | None = None,
        quiet_polls: int = 0,
        outcome: Outcome = "done",
        began: bool = False,
    ) -> None:
        """Note that a part has run as a whole, and when it runs next; ``at`` is what the next run has to know."""
        values: dict[str, Any] = {"at": dict(at) if at else None, "next_at": next_at, "outcome": outcome}
        values |= {"rows": rows, "quiet_polls": quiet_polls, "finished_at": self.now}
        self._change(part, values | ({"started_at": self.now} if began else {}))

    def put_off(self, parts: Collection[Part], *, until: datetime, outcome: Outcome, at: Cursor | None = None) -> None:
        """Let parts wait that would run earlier, and say why; ``at`` replaces where they go on."""
        values: dict[str, Any] = {"next_at": until, "outcome": outcome, "started_at": self.now}
        values |= {} if at is None else {"at": dict(at) or None}
        early = (_OWN.user_id == self.user_id) & _OWN.part.in_(list(parts)) & (_OWN.next_at < until)
        self.connection.execute(update(spotify_parts).where(early).values(values))

    def _change(self, part: Part, values: Mapping[str, Any]) -> None:
        mine = (_OWN.user_id == self.user_id) & (_OWN.part == part)
        self.connection.execute(update(spotify_parts).where(mine).values(values))


@contextmanager
def storing(db: Database, user_id: int, *, epoch: str, now: datetime) -> Iterator[Storing]:
    """Yield the transaction in which work begun under the connection ``epoch`` may store.

    Raises:
        Gone: that connection is over.
        Unavailable: the database cannot be reached.
    """
    own = spotify_connections.c
    with db.begin() as connection:
        # The person first and the connection second, as everybody takes them: else two could wait for each other.
        connection.execute(select(users.c.id).where(users.c.id == user_id).with_for_update(read=True))
        same = select(own.user_id).where(own.user_id == user_id, own.epoch == epoch).with_for_update(read=True)
        if connection.execute(same).one_or_none() is None:
            raise Gone
        yield Storing(connection, user_id, now)


@dataclass(frozen=True, slots=True)
class SpotifyParts:
    """The parts of everybody's sync."""

    db: Database

    def begin(self, user_id: int, *, granted: Collection[Part], now: datetime) -> None:
        """Make the granted parts due now, wherever they are, and forget the others."""
        mine = _OWN.user_id == user_id
        with self.db.begin() as connection:
            connection.execute(delete(spotify_parts).where(mine, _OWN.part.not_in(list(granted))))
            for part in granted:
                made = insert(spotify_parts).values(user_id=user_id, part=part, next_at=now)
                again = {"next_at": now, "outcome": ""}
                connection.execute(made.on_conflict_do_update(index_elements=["user_id", "part"], set_=again))

    def due(self, now: datetime) -> list[int]:
        """Return whose sync has something to do: those with a poll of recent plays first, then who waited longest."""
        own = spotify_connections.c
        people = (
            select(_OWN.user_id)
            .join(spotify_connections, own.user_id == _OWN.user_id)
            .where(_OWN.next_at <= now, own.state != "needs_reauth")
            .group_by(_OWN.user_id)
            .order_by(func.bool_or(_OWN.part == "recent").desc(), func.max(_OWN.next_at), _OWN.user_id)
        )
        with self.db.read() as connection:
            return list(connection.execute(people).scalars())

    def turn(self, user_id: int, *, now: datetime) -> Turn | None:
        """Return the most valuable part of a person that is due, None when nothing is."""
        query = select(_OWN.part, _OWN.at, _OWN.quiet_polls).where(_OWN.user_id == user_id, _OWN.next_at <= now)
        with self.db.read() as connection:
            row = connection.execute(query.order_by(_VALUE).limit(1)).one_or_none()
        return Turn(row.part, row.at or {}, row.quiet_polls) if row else None

    def next_at(self, user_id: int) -> datetime | None:
        """Return when the next part of a person is due, None for somebody without parts."""
        with self.db.read() as connection:
            found = connection.execute(select(func.min(_OWN.next_at)).where(_OWN.user_id == user_id)).scalar_one()
        return found if isinstance(found, datetime) else None

    def states(self, user_id: int) -> list[PartState]:
        """Return how far each part of a person is, most valuable first."""
        with self.db.read() as connection:
            rows = connection.execute(select(*_STATE).where(_OWN.user_id == user_id).order_by(_VALUE))
            return [PartState(*row) for row in rows]

    def hurry(self, user_id: int, *, now: datetime) -> None:
        """Make due what a person may ask for now: recent plays once a minute, all else every quarter of an hour."""
        poll = (_OWN.part == "recent") & _OWN.outcome.in_(("", "done", "trouble"))
        rested = _OWN.started_at <= now - case((poll, _SOON), else_=_LATER)
        asked = (_OWN.user_id == user_id) & (_OWN.next_at > now) & _OWN.outcome.in_(_HURRIED)
        hurried = update(spotify_parts).where(asked, or_(_OWN.started_at.is_(None), rested)).values(next_at=now)
        with self.db.begin() as connection:
            connection.execute(hurried)

    def pause(self, *, until: datetime) -> None:
        """Let everybody's parts wait: the owner of the Spotify app has to do something first."""
        own = spotify_connections.c
        paused = update(spotify_connections).where(own.state != "needs_reauth").values(state="paused")
        with self.db.begin() as connection:
            people = list(connection.execute(paused.returning(own.user_id)).scalars())
            early = _OWN.user_id.in_(people) & (_OWN.next_at < until)
            connection.execute(update(spotify_parts).where(early).values(next_at=until, outcome="paused"))
