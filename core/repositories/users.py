"""People: who there is, and the hashes of their passwords."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from core.domain.errors import Conflict, NotFound
from core.domain.membership import Person
from core.domain.people import Refused, Role, User
from core.repositories.database import PERSON_LOCK, Database
from core.repositories.schema import (
    deleted_listens,
    imports,
    invitations,
    listens,
    one_time_links,
    replaced_listens,
    sessions,
    users,
)
from core.repositories.sessions import alive

USER = (
    users.c.id,
    users.c.name,
    users.c.role,
    users.c.created_at,
    users.c.password_hash.is_not(None),
    users.c.spotify_key.is_not(None),
    users.c.totp_since.is_not(None),
)
# Jobs about a person that wait; one that runs ends by itself when it finds its person gone.
_FORGET_JOBS = text(
    "delete from procrastinate_jobs where status <> 'doing' "
    "and (lock = :lock or args @> jsonb_build_object('user_id', cast(:user_id as bigint)))"
)
NOBODY = "There is no such person here; `playprint user list` shows who there is."


def user_of(row: Any) -> User:
    """Return the person a row of ``USER`` describes."""
    return User(*row)


class Users:
    """The people of one instance."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def ready(self) -> bool:
        """Return True when the database answers and its tables are there."""
        with self._db.begin() as connection:
            return bool(connection.execute(select(literal(True), func.max(users.c.id))).one()[0])

    def _one(self, query: Select[Any]) -> User | None:
        """Return the person a query finds, None when it finds nobody."""
        with self._db.begin() as connection:
            row = connection.execute(query).one_or_none()
        return user_of(row) if row else None

    def get(self, user_id: int) -> User | None:
        """Return a person by id, None when there is none."""
        return self._one(select(*USER).where(users.c.id == user_id))

    def by_key(self, name_key: str) -> User | None:
        """Return a person by the comparable form of their name, None when there is none."""
        return self._one(select(*USER).where(users.c.name_key == name_key))

    def password(self, name_key: str) -> tuple[int, str | None]:
        """Return the id and the password hash of the person with this name: 0 for nobody, None without a hash."""
        query = select(users.c.id, users.c.password_hash).where(users.c.name_key == name_key)
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        return (row[0], row[1]) if row else (0, None)

    def all(self) -> list[User]:
        """Return everybody, in the order they came."""
        with self._db.begin() as connection:
            return [user_of(row) for row in connection.execute(select(*USER).order_by(users.c.id))]

    def members(self, *, now: datetime) -> list[Person]:
        """Return everybody but the demo person, in the order they came, with when they were last here."""
        seen = select(func.max(sessions.c.seen_at)).where(sessions.c.user_id == users.c.id, alive(now))
        row = users.c
        query = (
            select(row.id, row.name, row.role, row.created_at, seen.scalar_subquery(), *USER[4:5], *USER[6:7])
            .where(row.role != "demo")
            .order_by(row.id)
        )
        with self._db.read() as connection:
            return [Person(*found) for found in connection.execute(query)]

    def owner(self) -> User | None:
        """Return the first owner, one who can sign in before one who cannot; None before there is one."""
        first = select(*USER).where(users.c.role == "owner").order_by(~_able(), users.c.id)
        return self._one(first.limit(1))

    def reachable(self, *, name_key: str, email: str) -> list[int]:
        """Return who goes by this name or mail address and has given a mail address, in the order they came."""
        known = or_(users.c.name_key == name_key, func.lower(users.c.email) == email)
        query = select(users.c.id).where(known, users.c.email.is_not(None)).order_by(users.c.id)
        with self._db.read() as connection:
            return list(connection.execute(query).scalars())

    def add(self, *, name: str, name_key: str, role: Role, password_hash: str | None = None) -> User:
        """Add a person and return them; raises ``Conflict`` when the name is taken."""
        made = insert(users).values(name=name, name_key=name_key, role=role, password_hash=password_hash)
        try:
            with self._db.begin() as connection:
                return user_of(connection.execute(made.returning(*USER)).one())
        except IntegrityError as error:
            raise Conflict("Somebody here has this name already; please choose another.") from error

    def add_once(self, *, name: str, name_key: str, role: Role) -> User:
        """Return the person with this key, added where absent; two processes asking at once get the same one."""
        with self._db.begin() as connection:
            made = upsert(users).values(name=name, name_key=name_key, role=role)
            # An update that changes nothing makes the row come back to whoever lost the race.
            same = made.on_conflict_do_update(index_elements=[users.c.name_key], set_={"name_key": name_key})
            return user_of(connection.execute(same.returning(*USER)).one())

    def email(self, user_id: int) -> str:
        """Return a person's mail address, blank without one; raises ``NotFound``."""
        with self._db.read() as connection:
            row = connection.execute(select(users.c.email).where(users.c.id == user_id)).one_or_none()
        if row is None:
            raise NotFound(NOBODY)
        return row[0] or ""

    def set_email(self, user_id: int, *, email: str) -> None:
        """Store a person's mail address; a blank one takes it away."""
        with self._db.begin() as connection:
            connection.execute(update(users).where(users.c.id == user_id).values(email=email or None))

    def set_password(self, user_id: int, *, before: str | None, password_hash: str) -> list[bytes] | None:
        """Store a new hash in place of ``before``; end all sessions and links and return the sessions' hashes.

        Returns None when the hash is no longer ``before``: somebody changed it meanwhile.
        """
        mine = (users.c.id == user_id) & users.c.password_hash.is_not_distinct_from(before)
        with self._db.begin() as connection:
            if connection.execute(update(users).where(mine).values(password_hash=password_hash)).rowcount != 1:
                return None
            connection.execute(delete(one_time_links).where(one_time_links.c.user_id == user_id))
            ended = delete(sessions).where(sessions.c.user_id == user_id).returning(sessions.c.token_sha256)
            return list(connection.execute(ended).scalars())

    def set_role(self, user_id: int, *, role: Role) -> None:
        """Give a person a role; whoever may no longer invite loses the invitations they made.

        Links for a new password end: an admin who made one for a member must not hold one for an owner.

        Raises:
            NotFound: there is no such person.
            Refused: ``last-owner``.
        """
        with self._db.begin() as connection:
            if role != "owner":
                _keep_an_owner(connection, user_id)
            if connection.execute(update(users).where(users.c.id == user_id).values(role=role)).rowcount != 1:
                raise NotFound(NOBODY)
            theirs = delete(invitations).where(invitations.c.user_id == user_id)
            connection.execute(theirs.where(invitations.c.role != "member") if role == "admin" else theirs)
            known = select(users.c.id).where(users.c.id == user_id, users.c.password_hash.is_not(None))
            connection.execute(delete(one_time_links).where(one_time_links.c.user_id.in_(known)))

    def last_owner(self, user_id: int) -> bool:
        """Return whether other people would be left without an owner if this one went."""
        with self._db.begin() as connection:
            try:
                _keep_an_owner(connection, user_id, unless_alone=True, hold=False)
            except Refused:
                return True
        return False

    def stop_imports(self, user_id: int) -> None:
        """Ask the imports of a person that wait or run to end; they look within a second."""
        unended = (imports.c.user_id == user_id) & imports.c.status.in_(("queued", "running"))
        with self._db.begin() as connection:
            connection.execute(update(imports).where(unended).values(cancel_requested=True))

    def erase(self, user_id: int) -> None:
        """Delete a person with everything of theirs, once their import that runs has ended.

        Raises:
            NotFound: there is no such person.
            Refused: ``last-owner``: other people would be left without one.
        """
        with self._db.begin() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(PERSON_LOCK, user_id)))
            _keep_an_owner(connection, user_id, unless_alone=True)
            connection.execute(_FORGET_JOBS, {"lock": f"user:{user_id}", "user_id": user_id})
            for table in (listens, replaced_listens, deleted_listens):
                connection.execute(delete(table).where(table.c.user_id == user_id))
            if connection.execute(delete(users).where(users.c.id == user_id)).rowcount != 1:
                raise NotFound(NOBODY)


def _able() -> ColumnElement[bool]:
    """Return the condition of somebody who can sign in."""
    return users.c.password_hash.is_not(None) | users.c.spotify_key.is_not(None)


def _keep_an_owner(connection: Connection, user_id: int, *, unless_alone: bool = False, hold: bool = True) -> None:
    """Raise ``Refused`` (``last-owner``) when no owner would be left without this one.

    An owner who can sign in is followed by another who can; ``unless_alone`` lets somebody go whom nobody else needs.
    ``hold`` keeps the owners as they are until the transaction ends.
    """
    owners = select(users.c.id, _able().label("able")).where(users.c.role == "owner").order_by(users.c.id)
    held = {row.id: row.able for row in connection.execute(owners.with_for_update() if hold else owners)}
    if user_id not in held:
        return
    if unless_alone:
        others = select(func.count()).select_from(users).where(users.c.role != "demo", users.c.id != user_id)
        if not connection.execute(others).scalar_one():
            return
    if not any(able or not held[user_id] for owner, able in held.items() if owner != user_id):
        raise Refused("last-owner")
