"""Leaving: a person deletes their account in two steps, and everything of theirs is gone at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from secrets import token_hex

from core.domain.membership import Plan, Receipt
from core.domain.people import Refused, Session
from core.repositories.database import Database
from core.repositories.leaving import Belongings
from core.repositories.users import Users
from core.services.accounts import Accounts
from core.services.credentials import Credentials
from core.services.events import Events
from core.services.second_factor import SecondFactor
from core.services.tokens import Stamps

CONFIRM_LIFE = timedelta(minutes=5)
# What a person is told that goes, and the tables it lies in.
BELONGINGS: dict[str, tuple[str, ...]] = {
    "listens": ("listens", "replaced_listens", "deleted_listens"),
    "deletions": ("deletions",),
    "named ranges": ("saved_ranges",),
    "names put right": ("identity_rules",),
    "genres put right": ("genre_corrections",),
    "imports": ("imports",),
    "playlists": ("playlists", "spotify_playlists"),
    "answers to suggestions": ("feedback",),
    "saved tracks, albums and artists": ("library_items", "spotify_saved"),
    "daily rankings from Spotify": ("spotify_tops",),
    "connections to Spotify": ("spotify_connections",),
    "things left out of the figures": ("exclusions",),
    "devices signed in": ("sessions",),
    "lines of this account's record": ("account_events",),
    "open links and invitations": ("one_time_links", "invitations"),
}


class Leaving:
    """The way out."""

    def __init__(
        self,
        db: Database,
        *,
        accounts: Accounts,
        credentials: Credentials,
        second_factor: SecondFactor,
        events: Events,
        secret: bytes,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._users, self._belongings, self._accounts = Users(db), Belongings(db), accounts
        self._credentials, self._factors, self._events, self._now = credentials, second_factor, events, now
        self._stamps = Stamps(secret, "leaving")

    def plan(self, user_id: int) -> Plan:
        """Return what goes when this person leaves, and what stands in their way; raises ``NotFound`` for nobody."""
        counts = {what: self._belongings.count(user_id, tables=tables) for what, tables in BELONGINGS.items()}
        by_name = self._factors.load(user_id).password_hash is None
        return Plan(counts, last_owner=self._users.last_owner(user_id), by_name=by_name)

    def ask(self, user_id: int, *, password: str, code: str, session: Session, address: str = "") -> str:
        """Return the token of the second confirmation, good for five minutes in this very session.

        Somebody without a password types their name as ``password`` and has signed in a moment ago. ``code`` is
        looked at where a second factor is on.

        Raises:
            Refused: ``last-owner``, ``typed``, ``code``, and as ``Credentials.prove`` does.
        """
        if self._users.last_owner(user_id):
            raise Refused("last-owner")
        self._credentials.prove(user_id, password=password, session=session)
        stored = self._factors.load(user_id)
        if stored.password_hash is None and password.strip() != stored.name:
            raise Refused("typed")
        if stored.since is not None:
            self._factors.take(user_id, code=code, address=address)
        self._events.note(user_id, "leave-asked", place=address)
        bound = self._factors.load(user_id).state
        return self._stamps.make(str(user_id), session.key, now=self._now(), life=CONFIRM_LIFE, bound=bound)

    def leave(self, user_id: int, *, token: str, session: Session) -> Receipt:
        """Delete the person with everything of theirs and return the receipt.

        Raises:
            Refused: ``confirm`` for a token that is not this session's, or over; ``last-owner``.
        """
        session.require(user_id)
        bound = self._factors.load(user_id).state
        if self._stamps.read(token, now=self._now(), bound=bound) != (str(user_id), session.key):
            raise Refused("confirm")
        counts = self.plan(user_id).counts
        self._accounts.delete(user_id)
        return Receipt(self._now(), token_hex(8), counts)
