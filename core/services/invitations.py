"""Making accounts: by invitation, openly, or not at all, as the operator has set it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from core.domain.errors import Conflict, NotFound
from core.domain.membership import Invitation
from core.domain.people import Entered, Refused, Role, User
from core.repositories.database import Database
from core.repositories.invitations import InvitationRows
from core.repositories.users import Users
from core.services.accounts import Accounts
from core.services.events import Events
from core.services.limits import Limits
from core.services.naming import clean_name, name_key, numbered, usable_name
from core.services.passwords import check_new, hash_password
from core.services.people import staff
from core.services.tokens import digest, new_token, read_token
from core.settings import Registration

INVITATION_LIFE = timedelta(days=7)
# What an owner, and what an admin may invite somebody as.
_BY_OWNER: tuple[Role, ...] = ("member", "admin")
_BY_ADMIN: tuple[Role, ...] = ("member",)
_NAMES_TRIED = 1000


class Invitations:
    """The doors for new people; safe to share between threads."""

    def __init__(
        self,
        db: Database,
        *,
        registration: Registration,
        accounts: Accounts,
        limits: Limits,
        events: Events,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._rows, self._users, self._registration = InvitationRows(db), Users(db), registration
        self._accounts, self._limits, self._events, self._now = accounts, limits, events, now

    def invite(self, actor_id: int | None, *, role: Role = "member", place: str = "") -> str:
        """Return the token of a one-time link, good for seven days, with which somebody makes an account.

        At the command line (``actor_id`` None) it is made in the owner's name.

        Raises:
            NotFound: the actor is neither owner nor admin.
            Refused: ``registration-closed``; ``role`` for one the actor cannot give.
        """
        actor = staff(self._users, actor_id) or self._users.owner()
        if actor is None:
            raise NotFound("Nobody owns this Playprint yet; add its owner with `playprint user add NAME`.")
        if self._registration == "closed":
            raise Refused("registration-closed")
        if role not in (_BY_OWNER if actor.role == "owner" else _BY_ADMIN):
            raise Refused("role")
        token, now = new_token(actor.id), self._now()
        self._rows.put(actor.id, token_sha256=digest(token), role=role, now=now, expires_at=now + INVITATION_LIFE)
        self._events.note(actor.id, "invited", "operator" if actor_id is None else "ok", place=place)
        return token

    def list(self, actor_id: int | None) -> list[Invitation]:
        """Return the open invitations, the newest first; raises ``NotFound`` as ``invite`` does."""
        staff(self._users, actor_id)
        return self._rows.all(now=self._now())

    def revoke(self, actor_id: int | None, *, key: str, place: str = "") -> None:
        """Take an invitation back; raises ``NotFound`` as ``invite`` does, and for one that is not open."""
        actor = staff(self._users, actor_id)
        if not self._rows.revoke(key=key):
            raise NotFound("There is no such open invitation; it may be used or over by now.")
        if actor is not None:
            self._events.note(actor.id, "invitation-revoked", place=place)

    def opened(self, token: str) -> Invitation | None:
        """Return the open invitation of a token, None when it opens nothing (any more). Uses nothing up."""
        read = read_token(token)
        if read is None or self._registration == "closed":
            return None
        return self._rows.find(read[0], token_sha256=read[1], now=self._now())

    def register(
        self, token: str, *, name: str, password: str, address: str = "", label: str = "", known: str = ""
    ) -> Entered:
        """Make an account, with an invitation's token or (where registration is open) a blank one; let its person in.

        Raises:
            Refused: ``registration-closed``, ``registration-invited``, ``invitation``, ``name``, ``taken``, ``short``,
                ``long``, ``common``; the invitation stays good unless it was the one refused.
            SlowDown: too many accounts come from this address.
        """
        self._check_open(token)
        shown = clean_name(name)
        check_new(password, name=shown)
        self._limits.take("register", address)
        user = self._make(token, shown, hash_password(password))
        self._events.note(user.id, "account-made", place=address)
        return self._accounts.enter(user.id, stay=False, address=address, label=label, via="invitation", known=known)

    def add_by_spotify(self, hint: str, *, invitation: str = "", address: str = "") -> int:
        """Return the id of a new person without a password; ``hint`` is what Spotify calls them.

        Raises:
            Refused: ``registration-closed``, ``registration-invited`` or ``invitation``.
            SlowDown: too many accounts come from this address.
        """
        self._check_open(invitation)
        self._limits.take("register", address)
        shown = usable_name(hint)
        for number in range(1, _NAMES_TRIED):
            try:
                user = self._make(invitation, shown if number == 1 else numbered(shown, number), None)
            except Refused as refused:
                if refused.code != "taken":
                    raise
            else:
                self._events.note(user.id, "account-made", place=address)
                return user.id
        raise Refused("taken")

    def _check_open(self, token: str) -> None:
        """Raise ``Refused`` for somebody who may not make an account."""
        if self._registration == "closed":
            raise Refused("registration-closed")
        if token and self.opened(token) is None:
            raise Refused("invitation")
        if not token and self._registration != "open":
            raise Refused("registration-invited")

    def _make(self, token: str, name: str, password_hash: str | None) -> User:
        """Add the person, using up the invitation in the same moment."""
        read, key = read_token(token), name_key(name)
        if read is None:
            try:
                return self._users.add(name=name, name_key=key, role="member", password_hash=password_hash)
            except Conflict as error:
                raise Refused("taken") from error
        return self._rows.accept(
            read[0], token_sha256=read[1], now=self._now(), name=name, name_key=key, password_hash=password_hash
        )
