"""People: who there is, their passwords' hashes and their one-time links."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from core.domain.errors import Conflict, NotFound
from core.domain.people import Role, User
from core.repositories.database import PERSON_LOCK, Database
from core.repositories.schema import imports, listens, one_time_links, replaced_listens, sessions, users

_USER = (users.c.id, users.c.name, users.c.role, users.c.created_at, users.c.password_hash.is_not(None))
# Jobs of a person that wait; one that runs ends by itself when it finds its person gone.
_FORGET_JOBS = text("delete from procrastinate_jobs where lock = :lock and status <> 'doing'")
NOBODY = "There is no such person here; `playprint user list` shows who there is."


def _user(row: Any) -> User:
    """Return the person a row of ``_USER`` describes."""
    return User(row[0], row[1], row[2], row[3], row[4])


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
        return _user(row) if row else None

    def get(self, user_id: int) -> User | None:
        """Return a person by id, None when there is none."""
        return self._one(select(*_USER).where(users.c.id == user_id))

    def by_key(self, name_key: str) -> User | None:
        """Return a person by the comparable form of their name, None when there is none."""
        return self._one(select(*_USER).where(users.c.name_key == name_key))

    def password(self, name_key: str) -> tuple[int, str] | None:
        """Return the id and the password hash of the person with this name, None without such a person or hash."""
        query = select(users.c.id, users.c.password_hash).where(
            users.c.name_key == name_key, users.c.password_hash.is_not(None)
        )
        with self._db.read() as connection:
            row = connection.execute(query).one_or_none()
        return (row[0], row[1]) if row else None

    def all(self) -> list[User]:
        """Return everybody, in the order they came."""
        with self._db.begin() as connection:
            return [_user(row) for row in connection.execute(select(*_USER).order_by(users.c.id))]

    def owner(self) -> User | None:
        """Return the first owner, one with a password before one without; None before there is one."""
        first = select(*_USER).where(users.c.role == "owner").order_by(users.c.password_hash.is_(None), users.c.id)
        return self._one(first.limit(1))

    def add(self, *, name: str, name_key: str, role: Role) -> User:
        """Add a person without a password and return them; raises ``Conflict`` when the name is taken."""
        try:
            with self._db.begin() as connection:
                made = insert(users).values(name=name, name_key=name_key, role=role).returning(*_USER)
                return _user(connection.execute(made).one())
        except IntegrityError as error:
            raise Conflict("Somebody here has this name already; please choose another.") from error

    def add_once(self, *, name: str, name_key: str, role: Role) -> User:
        """Return the person with this key, added where absent; two processes asking at once get the same one."""
        with self._db.begin() as connection:
            made = upsert(users).values(name=name, name_key=name_key, role=role)
            # An update that changes nothing makes the row come back to whoever lost the race.
            same = made.on_conflict_do_update(index_elements=[users.c.name_key], set_={"name_key": name_key})
            return _user(connection.execute(same.returning(*_USER)).one())

    def put_link(self, user_id: int, *, token_sha256: bytes, expires_at: datetime) -> None:
        """Store a one-time link's hash in place of the person's earlier links."""
        with self._db.begin() as connection:
            connection.execute(delete(one_time_links).where(one_time_links.c.user_id == user_id))
            made = insert(one_time_links).values(user_id=user_id, token_sha256=token_sha256, expires_at=expires_at)
            connection.execute(made)

    def linked(self, user_id: int, *, token_sha256: bytes, now: datetime) -> User | None:
        """Return the person a one-time link is for, None when it is unknown, used or over."""
        link = one_time_links.c
        open_links = select(link.user_id).where(
            link.user_id == user_id, link.token_sha256 == token_sha256, link.expires_at > now
        )
        return self._one(select(*_USER).where(users.c.id.in_(open_links)))

    def redeem(
        self, user_id: int, *, token_sha256: bytes, now: datetime, name: str, name_key: str, password_hash: str
    ) -> list[bytes] | None:
        """Use up a one-time link: set name and password, end every session; return the ended sessions' hashes.

        Returns None when the link is unknown, used or over; raises ``Conflict`` when the name is taken.
        """
        link = one_time_links.c
        use = delete(one_time_links).where(
            link.user_id == user_id, link.token_sha256 == token_sha256, link.expires_at > now
        )
        change = update(users).where(users.c.id == user_id)
        try:
            with self._db.begin() as connection:
                if connection.execute(use).rowcount != 1:
                    return None
                connection.execute(change.values(name=name, name_key=name_key, password_hash=password_hash))
                ended = delete(sessions).where(sessions.c.user_id == user_id).returning(sessions.c.token_sha256)
                return list(connection.execute(ended).scalars())
        except IntegrityError as error:
            raise Conflict("Somebody here has this name already; please choose another.") from error

    def stop_imports(self, user_id: int) -> None:
        """Ask the imports of a person that wait or run to end; they look within a second."""
        unended = (imports.c.user_id == user_id) & imports.c.status.in_(("queued", "running"))
        with self._db.begin() as connection:
            connection.execute(update(imports).where(unended).values(cancel_requested=True))

    def erase(self, user_id: int) -> None:
        """Delete a person with everything of theirs, once their import that runs has ended.

        Raises:
            NotFound: there is no such person.
        """
        with self._db.begin() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(PERSON_LOCK, user_id)))
            connection.execute(_FORGET_JOBS, {"lock": f"user:{user_id}"})
            for table in (listens, replaced_listens):
                connection.execute(delete(table).where(table.c.user_id == user_id))
            if connection.execute(delete(users).where(users.c.id == user_id)).rowcount != 1:
                raise NotFound(NOBODY)
