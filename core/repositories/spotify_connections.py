"""Connections to Spotify: whose account, which consent, the encrypted tokens; and that nothing stays of them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy import Connection as SqlConnection
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.exc import IntegrityError

from core.domain.errors import NotFound
from core.domain.listen import Source
from core.domain.people import Refused
from core.domain.spotify import Connection, State
from core.repositories import deletions
from core.repositories.database import Database
from core.repositories.listens import Listens
from core.repositories.schema import account_events, spotify_connections, users
from core.repositories.users import NOBODY

_ROW = spotify_connections.c
_CONNECTION = (_ROW.user_id, _ROW.epoch, _ROW.state, _ROW.scopes, _ROW.authorized_at, _ROW.connected_at)
# What a person has with and through their connection; the items of a playlist go with it.
_THROUGH_IT = (
    "spotify_connections",
    "spotify_parts",
    "spotify_gaps",
    "spotify_tops",
    "spotify_playlists",
    "spotify_saved",
)
# Held by whoever encrypts everything anew.
_KEYS_LOCK = 0x706B


def _connection(row: Any) -> Connection:
    """Return the connection a row of ``_CONNECTION`` describes."""
    return Connection(row[0], str(row[1]), row[2], frozenset(row[3].split()), row[4], row[5])


class Held:
    """A connection nobody else can change until the transaction ends; not to be kept beyond it."""

    def __init__(self, connection: SqlConnection, row: Any) -> None:
        self._connection = connection
        self.stored, self.tokens = _connection(row), bytes(row.tokens)

    def change(self, *, tokens: bytes | None = None, scopes: frozenset[str] | None = None) -> None:
        """Store other tokens or scopes."""
        fields = {"tokens": tokens, "scopes": None if scopes is None else " ".join(sorted(scopes))}
        self._set({name: value for name, value in fields.items() if value is not None})

    def end(self) -> None:
        """Note that the consent is over; its tokens are good for nothing and go."""
        self._set({"state": "needs_reauth", "tokens": b""})
        self._connection.execute(_consent_ended(self.stored.user_id))

    def _set(self, fields: dict[str, Any]) -> None:
        mine = _ROW.user_id == self.stored.user_id
        if fields:
            self._connection.execute(update(spotify_connections).where(mine).values(**fields))


def _consent_ended(user_id: int) -> Insert:
    """Return the line that a consent's end leaves in the person's record."""
    return insert(account_events).values(user_id=user_id, event="spotify-consent-ended", result="ok")


@dataclass(frozen=True, slots=True)
class SpotifyConnections:
    """The connections of one instance. Whoever locks a person's row and their connection locks them in this order."""

    db: Database

    def find(self, user_id: int) -> tuple[Connection, bytes] | None:
        """Return a person's connection and its encrypted tokens (empty: the consent is over); None without one."""
        query = select(*_CONNECTION, _ROW.tokens).where(_ROW.user_id == user_id)
        with self.db.read() as connection:
            row = connection.execute(query).one_or_none()
        return (_connection(row), bytes(row.tokens)) if row else None

    def count(self) -> int:
        """Return how many people are connected, those who have to connect again included."""
        with self.db.read() as connection:
            return int(connection.execute(select(func.count()).select_from(spotify_connections)).scalar_one())

    def store(
        self,
        user_id: int,
        *,
        keys: Sequence[bytes],
        scopes: frozenset[str],
        tokens: bytes,
        terms: str,
        now: datetime,
        last: Callable[[Connection], object],
    ) -> Connection:
        """Connect a person, or connect them again, and return the connection with its new epoch.

        ``keys`` name the Spotify account, the surest first; ``last`` is done before anybody else can see any of it.

        Raises:
            NotFound: there is no such person.
            Refused: ``spotify-other`` or ``spotify-taken``.
        """
        fields = {"scopes": " ".join(sorted(scopes)), "tokens": tokens, "terms_version": terms, "authorized_at": now}
        made = insert(spotify_connections).values(user_id=user_id, connected_at=now, **fields)
        again = {**fields, "epoch": func.gen_random_uuid(), "state": "connected"}
        try:
            with self.db.begin() as connection:
                self._link(connection, user_id, keys)
                stored = made.on_conflict_do_update(index_elements=[_ROW.user_id], set_=again)
                found = _connection(connection.execute(stored.returning(*_CONNECTION)).one())
                last(found)
        except IntegrityError as error:
            raise Refused("spotify-taken") from error
        return found

    @staticmethod
    def _link(connection: SqlConnection, user_id: int, keys: Sequence[bytes]) -> None:
        """Let a Spotify account be this person's, unless it is another's, or they have another one."""
        mine = select(users.c.spotify_key).where(users.c.id == user_id, users.c.role != "demo")
        row = connection.execute(mine.with_for_update(key_share=True)).one_or_none()
        if row is None:
            raise NotFound(NOBODY)
        if row.spotify_key is not None and row.spotify_key not in keys:
            raise Refused("spotify-other")
        theirs = select(users.c.id).where(users.c.spotify_key.in_(keys), users.c.id != user_id)
        if connection.execute(theirs).first():
            raise Refused("spotify-taken")
        connection.execute(update(users).where(users.c.id == user_id).values(spotify_key=keys[0]))

    def owner(self, keys: Sequence[bytes]) -> int | None:
        """Return whose Spotify account this is, known by the surest of its keys from now on; None for nobody's."""
        with self.db.begin() as connection:
            query = (
                select(users.c.id, users.c.spotify_key)
                .where(users.c.spotify_key.in_(keys))
                .with_for_update(key_share=True)
            )
            found = {row.spotify_key: row.id for row in connection.execute(query)}
            for key in keys:
                if key in found:
                    if key != keys[0]:
                        connection.execute(update(users).where(users.c.id == found[key]).values(spotify_key=keys[0]))
                    return int(found[key])
        return None

    @contextmanager
    def held(self, user_id: int) -> Iterator[Held | None]:
        """Yield a person's connection, locked until the block ends and what it changed is stored; None without one."""
        query = select(*_CONNECTION, _ROW.tokens).where(_ROW.user_id == user_id).with_for_update()
        with self.db.begin() as connection:
            row = connection.execute(query).one_or_none()
            yield Held(connection, row) if row else None

    def mark(self, user_id: int, *, epoch: str, state: State) -> bool:
        """Store the state of a connection, unless it is another by now; return whether it was stored.

        Tokens go with the consent, and only a new consent brings them back.
        """
        mine: list[ColumnElement[bool]] = [_ROW.user_id == user_id, _ROW.epoch == UUID(epoch)]
        mine.append(_ROW.state != "needs_reauth")
        fields: dict[str, Any] = {"state": state}
        if state == "needs_reauth":
            fields["tokens"] = b""
        with self.db.begin() as connection:
            stored = connection.execute(update(spotify_connections).where(*mine).values(**fields)).rowcount == 1
            if stored and state == "needs_reauth":
                connection.execute(_consent_ended(user_id))
        return stored

    def erase(self, user_id: int) -> bool:
        """Delete a connection and everything that came through it, plays included; return whether there was any.

        Raises:
            NotFound: there is no such person.
            Refused: ``password-first`` when Spotify is their only way to sign in.
        """
        with Listens(self.db).writing(user_id) as writing:
            run, one = writing.connection.execute, (user_id,)
            row = run("select spotify_key, password_hash from users where id = %s for no key update", one).fetchone()
            linked, password = row or (None, None)
            if linked is not None and password is None:
                raise Refused("password-first")
            gone = 0 if linked is None else 1
            for table in _THROUGH_IT:
                gone += run(f"delete from {table} where user_id = %s", one).rowcount  # noqa: S608 - names of this module
            for table in ("listens", "replaced_listens", "deleted_listens"):
                mine = (user_id, int(Source.SPOTIFY_API))
                gone += run(f"delete from {table} where user_id = %s and source = %s", mine).rowcount  # noqa: S608
            deletions.sweep(writing)
            if gone:
                run("update users set spotify_key = null where id = %s", one)
                writing.raise_version(None)
        return gone > 0

    def reseal(self, *, before: Callable[[], object], seal: Callable[[bytes], bytes]) -> int:
        """Encrypt everything anew that is stored encrypted, in one transaction; return how many texts.

        ``before`` runs first, while nobody else does the same.
        """
        totp = select(users.c.id, users.c.totp_secret).where(users.c.totp_secret.is_not(None))
        tokens = select(_ROW.user_id, _ROW.tokens).where(_ROW.tokens != b"")
        count = 0
        with self.db.begin() as connection:
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _KEYS_LOCK})
            before()
            for row in connection.execute(totp.order_by(users.c.id).with_for_update(key_share=True)).all():
                fresh = update(users).where(users.c.id == row[0]).values(totp_secret=seal(bytes(row[1])))
                count += connection.execute(fresh).rowcount
            for row in connection.execute(tokens.order_by(_ROW.user_id).with_for_update()).all():
                fresh = update(spotify_connections).where(_ROW.user_id == row[0]).values(tokens=seal(bytes(row[1])))
                count += connection.execute(fresh).rowcount
        return count
