"""What a person proves themselves with, and how they change it: password, mail address, second factor."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from core.domain.people import Refused, Session
from core.repositories.database import Database
from core.repositories.users import Users
from core.services.events import Events
from core.services.passwords import check_new, hash_password, verify_password
from core.services.second_factor import SecondFactor
from core.services.sessions import Sessions
from core.services.throttle import Bytes, Throttle, by_pair

# Somebody without a password has proven themselves by coming from Spotify so lately.
FRESH = timedelta(minutes=10)
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,180}[A-Za-z0-9])?")


class Credentials:
    """A person's own proofs; each change asks for the password (or a fresh sign-in) first."""

    def __init__(
        self,
        db: Database,
        cache: Bytes,
        *,
        sessions: Sessions,
        second_factor: SecondFactor,
        events: Events,
        secret: bytes = b"",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._users, self._sessions, self._factors, self._events = Users(db), sessions, second_factor, events
        self._throttle, self._now = Throttle(cache, now, secret=secret), now

    def prove(self, user_id: int, *, password: str, session: Session) -> None:
        """Return when this is the person: by their password, or by a fresh sign-in where they have none.

        Raises:
            Refused: ``current``, ``wait`` after too many tries, or ``fresh``.
            NotFound: the session is somebody else's, or the person is gone.
        """
        session.require(user_id)
        stored = self._factors.load(user_id)
        if stored.password_hash is None:
            if self._now() - session.created_at > FRESH:
                raise Refused("fresh")
            return
        guess = by_pair("own password", str(user_id))
        if not self._throttle.enter(guess):
            raise Refused("wait")
        if not verify_password(password, stored.password_hash):
            raise Refused("current")
        self._throttle.forget(guess)

    def change_password(
        self, user_id: int, *, current: str, new: str, session: Session, address: str = "", label: str = ""
    ) -> str:
        """Set a new password, end every session and link, and return the token of a new session in place of this one.

        Raises:
            Refused: as ``prove`` does; ``short``, ``long`` or ``common``.
        """
        self.prove(user_id, password=current, session=session)
        check_new(new, name=session.name)
        before = self._factors.load(user_id).password_hash
        ended = self._users.set_password(user_id, before=before, password_hash=hash_password(new))
        if ended is None:
            raise Refused("current")
        self._sessions.forget(user_id, ended)
        self._events.note(user_id, "password-changed", place=address)
        return self._sessions.start(user_id, stay=session.stay, label=label)

    def set_email(self, user_id: int, *, email: str, password: str, session: Session, address: str = "") -> None:
        """Store where reset links go, unverified; blank takes it away.

        Raises:
            Refused: as ``prove`` does; ``email``.
        """
        email = email.strip()
        if email and (len(email) > 254 or not _MAIL.fullmatch(email)):
            raise Refused("email")
        self.prove(user_id, password=password, session=session)
        self._users.set_email(user_id, email=email)
        self._events.note(user_id, "email-changed", place=address)

    def begin_second_factor(self, user_id: int, *, password: str, session: Session) -> None:
        """Begin the set-up of a second factor; raises ``Refused`` as ``prove`` does, and ``second-on``."""
        self.prove(user_id, password=password, session=session)
        self._factors.begin(user_id)

    def confirm_second_factor(self, user_id: int, *, code: str, address: str = "") -> list[str]:
        """Switch the second factor on and return its recovery codes.

        Raises:
            Refused: ``setup`` when none was begun or it is over; ``code`` or ``wait``.
        """
        codes = self._factors.confirm(user_id, code=code)
        self._events.note(user_id, "second-factor-on", place=address)
        return codes

    def end_second_factor(self, user_id: int, *, password: str, code: str, session: Session, address: str = "") -> None:
        """Switch the second factor off; raises ``Refused`` as ``prove`` does, and ``code``."""
        self.prove(user_id, password=password, session=session)
        self._factors.take(user_id, code=code, address=address)
        self._factors.off(user_id)
        self._events.note(user_id, "second-factor-off", place=address)
