"""Coming in: proving who one is by password, link or Spotify, then by a code where a second factor is on.

Between the two stands a pending token, good for five minutes and for one code: it is bound to the password and to the
last code taken, so using it, changing the password or signing in elsewhere ends it.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from core.domain.errors import NotFound
from core.domain.people import Entered, Refused
from core.repositories.users import NOBODY, Users
from core.services.events import Events
from core.services.naming import name_key
from core.services.passwords import verify_password
from core.services.second_factor import SecondFactor
from core.services.sessions import Sessions
from core.services.throttle import Bytes, Guess, Throttle, by_address, by_name, by_pair
from core.services.tokens import Stamps, claimed

Via = Literal["password", "link", "spotify", "invitation"]
PENDING_LIFE = timedelta(minutes=5)
# A browser somebody has signed in with is told from strangers for this long after the last time.
KNOWN_LIFE = timedelta(days=180)


class Entering:
    """The way in; safe to share between threads."""

    def __init__(
        self,
        users: Users,
        sessions: Sessions,
        second_factor: SecondFactor,
        events: Events,
        cache: Bytes,
        *,
        secret: bytes,
        now: Callable[[], datetime],
    ) -> None:
        self._users, self._sessions, self._factors, self._events = users, sessions, second_factor, events
        self._throttle, self._now = Throttle(cache, now, secret=secret), now
        self._pending, self._known = Stamps(secret, "second factor"), Stamps(secret, "known browser")

    def sign_in(
        self, name: str, password: str, stay: bool = False, *, address: str = "", label: str = "", known: str = ""
    ) -> Entered:
        """Return what a name and a password open.

        ``address`` is where the try comes from, ``known`` what an earlier sign-in gave this browser: strangers who
        guess slow down strangers, not a browser the person has used. A name nobody has takes the same time and gives
        the same answer as a wrong password.

        Raises:
            Refused: ``wrong``, or ``wait`` after too many tries.
        """
        # PostgreSQL holds no NUL. They go before anything counts: each NUL more would be another name to guess for.
        key = name_key(name.replace("\0", ""))[:200]
        user_id, hashed = self._users.password(key)
        browser = self._browser(known, user_id)
        narrow, wide = _guesses(key, address, browser)
        if not self._throttle.enter(narrow, *wide):
            raise Refused("wait")
        if not verify_password(password, hashed):
            self._events.note(user_id, "signed-in", "failed", place=address)
            raise Refused("wrong")
        self._throttle.forget(narrow)
        for guess in wide:
            self._throttle.give_back(guess)
        return self.enter(user_id, stay=stay, address=address, label=label, via="password", known=known)

    def enter(
        self, user_id: int, *, stay: bool, address: str = "", label: str = "", via: Via, known: str = ""
    ) -> Entered:
        """Return a session for somebody who has proven themselves, or a pending token where a code is still wanted.

        Raises:
            NotFound: there is nobody of this id, or nobody can sign in as them.
        """
        user = self._users.get(user_id)
        if user is None or user.role == "demo":
            raise NotFound(NOBODY)
        stored = self._factors.load(user_id)
        if stored.since is None:
            return self._let_in(user_id, stay=stay, address=address, label=label, via=via, known=known)
        texts = (str(user_id), "stay" if stay else "brief", via)
        token = self._pending.make(*texts, now=self._now(), life=PENDING_LIFE, bound=stored.state)
        return Entered(user_id, token, stay, pending=True)

    def confirm(self, pending: str, code: str, *, address: str = "", label: str = "", known: str = "") -> Entered:
        """Return the session a pending token and the code of a second factor open.

        Raises:
            Refused: ``code``, ``wait``, or ``second-over`` when the token is forged, too old or used.
        """
        user_id = next((int(text) for text in claimed(pending)[:1] if text.isdigit() and int(text) < 2**31), 0)
        try:
            state = self._factors.load(user_id).state
        except NotFound:
            raise Refused("second-over") from None
        said = self._pending.read(pending, now=self._now(), bound=state)
        if said is None:
            raise Refused("second-over")
        try:
            recovered = self._factors.take(user_id, code=code, address=address, state=state)
        except Refused as refused:
            if refused.code == "code":
                self._events.note(user_id, "second-factor", "failed", place=address)
            raise
        if recovered:
            self._events.note(user_id, "recovery-code-used", place=address)
        stay, via = said[1] == "stay", said[2]
        return self._let_in(user_id, stay=stay, address=address, label=label, via=via, known=known)

    def _let_in(self, user_id: int, *, stay: bool, address: str, label: str, via: str, known: str) -> Entered:
        """Start a session."""
        token = self._sessions.start(user_id, stay=stay, label=label)
        self._events.note(user_id, "signed-in" if via == "password" else f"signed-in-by-{via}", place=address)
        browser = self._browser(known, user_id) or secrets.token_hex(16)
        renewed = self._known.make(str(user_id), browser, now=self._now(), life=KNOWN_LIFE)
        return Entered(user_id, token, stay, known=renewed)

    def _browser(self, known: str, user_id: int) -> str:
        """Return what a browser this person has signed in with is counted by, blank for a strange one."""
        said = self._known.read(known, now=self._now()) if known else None
        return said[1] if said and said[0] == str(user_id) else ""


def _guesses(key: str, address: str, browser: str) -> tuple[Guess, tuple[Guess, ...]]:
    """Return what a try counts for: a known browser for itself alone; a strange one for name, address and both."""
    if browser:
        return by_pair("browser", browser), ()
    return by_pair("password", key, address), (by_address(address), by_name("password", key))
