"""Connecting with Spotify: to its consent and back, whose account it is, and the end of it."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from core.cache import Cache
from core.domain.errors import NotFound
from core.domain.people import Refused
from core.domain.spotify import SCOPES, TERMS_VERSION, Connection, State
from core.logs import logger
from core.repositories.database import Database
from core.repositories.oauth_states import OAuthStates, Purpose, StoredState
from core.repositories.spotify_connections import SpotifyConnections
from core.services.spotify_calls import Calls
from core.services.spotify_check import Finding, SelfCheck
from core.services.spotify_tokens import GONE, AccessTokens, Kept, PersonTokens
from core.services.vault import Vault
from core.spotify.client import Spotify
from core.spotify.errors import BadCredentials, ConsentOver, Later, Trouble
from core.spotify.models import Me
from core.spotify.oauth import Granted, OAuth

__all__ = ["Arrival", "Connecting", "Finding"]
STATE_LIFE = timedelta(minutes=10)
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody back from Spotify who agreed there; nothing of it is stored yet.

    ``terms``: they had read here what is asked for, and accepted it; without that nothing but who they are was asked.
    """

    purpose: Purpose
    back_to: str
    me: Me = field(repr=False)
    granted: Granted
    invitation: str = field(repr=False)
    terms: bool


@dataclass(frozen=True, slots=True)
class _Once:
    """A token that was just granted, for the first question."""

    token: str = field(repr=False)

    def access_token(self) -> str:
        return self.token

    def renew(self, spent: str) -> str:
        raise ConsentOver


class Connecting:
    """Everybody's connections; safe to share between threads."""

    def __init__(
        self,
        db: Database,
        cache: Cache,
        *,
        vault: Vault,
        calls: Calls,
        oauth: OAuth,
        api_url: str,
        secret: bytes,
        public_url: str = "",
        host: str = "127.0.0.1",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        """Connect through the app of ``oauth``; ``secret`` is the key of keyed hashes, the rest is for the check."""
        self._states, self._rows, self._cache = OAuthStates(db), SpotifyConnections(db), cache
        self._vault, self._calls, self._oauth, self._api_url = vault, calls, oauth, api_url
        self._secret, self._now, self._wait = secret, now, wait
        self._access = AccessTokens(vault, cache, now)
        self._check = SelfCheck(oauth, calls, api_url, public_url, host)

    # To Spotify and back

    def begin(
        self,
        *,
        purpose: Purpose,
        session: str | None,
        browser: str,
        back_to: str,
        invitation: str = "",
        scopes: Collection[str] | None = None,
    ) -> str:
        """Return the address of Spotify's consent; the way back is good once, for ten minutes, in this browser alone.

        ``session`` is the token of the one who connects (None for a visitor who signs in), ``browser`` the random
        value of a cookie. ``scopes`` is all of them unless said; none to learn who somebody is.

        Raises:
            Refused: ``spotify-off``, ``signed-out``, or ``spotify-budget`` when coming back could not work now.
        """
        if not self._oauth.client_id:
            raise Refused("spotify-off")
        if purpose == "connect" and not session:
            raise Refused("signed-out")
        try:
            self._calls.check("/me", interactive=True)
        except Later as error:
            raise Refused("spotify-budget") from error
        now, state, verifier = self._now(), secrets.token_urlsafe(32), secrets.token_urlsafe(64)
        asked = frozenset(SCOPES if scopes is None else scopes)
        stored = StoredState(
            browser_sha256=_sha256(browser),
            session_sha256=_sha256(session) if purpose == "connect" and session else None,
            purpose=purpose,
            verifier=verifier,
            scopes=asked,
            back_to=back_to,
            invitation=invitation,
            expires_at=now + STATE_LIFE,
        )
        self._states.put(_sha256(state), stored, now=now)
        return self._oauth.authorize_url(state=state, verifier=verifier, scopes=asked, ask_again=purpose == "connect")

    def finish(self, *, state: str, code: str, error: str, session: str | None, browser: str) -> Arrival:
        """Return who came back from Spotify; whatever happens, the state is used up.

        Raises:
            Refused: ``spotify-state`` (unknown, used, too old, or not of this browser and session), or
                ``spotify-declined``.
            SpotifyError: the code is not taken, or Spotify does not let us see the account.
        """
        stored = self._states.take(_sha256(state))
        if stored is None or not self._fits(stored, session, browser):
            raise Refused("spotify-state")
        if error == "access_denied":
            raise Refused("spotify-declined")
        if error or not code:
            raise Trouble
        try:
            granted = self._oauth.exchange(code=code, verifier=stored.verifier, scopes=stored.scopes)
        except ConsentOver as over:
            raise Refused("spotify-state") from over
        if granted.refresh_token is None:
            raise Trouble
        return Arrival(
            stored.purpose, stored.back_to, self._whose(granted), granted, stored.invitation, bool(stored.scopes)
        )

    def _fits(self, stored: StoredState, session: str | None, browser: str) -> bool:
        """Return whether a state is young enough and was begun by the one who brings it back."""
        same = hmac.compare_digest(stored.browser_sha256, _sha256(browser)) and browser != ""
        if stored.session_sha256 is not None:
            same = hmac.compare_digest(stored.session_sha256, _sha256(session or "")) and same
        return same and self._now() < stored.expires_at

    def _whose(self, granted: Granted) -> Me:
        """Return whose account a grant is for; who is not on the app's list learns of it here."""
        client = self._spotify(_Once(granted.access_token), interactive=True)
        try:
            return client.me()
        finally:
            client.close()

    # Whose account it is

    def connect(self, user_id: int, arrival: Arrival) -> Connection:
        """Store a connection, or a new consent for the one there is, and return it.

        Raises:
            NotFound: there is no such person.
            Refused: ``spotify-taken`` when the account is another person's here, ``spotify-other`` when this one has
                another account.
        """
        granted = arrival.granted
        kept = Kept(granted.refresh_token or "", arrival.me.id)
        found = self._rows.store(
            user_id,
            keys=self._keys(arrival.me),
            scopes=granted.scopes,
            tokens=kept.sealed(user_id, self._vault),
            terms=TERMS_VERSION,
            now=self._now(),
            last=lambda stored: self._access.keep(user_id, epoch=stored.epoch, granted=granted),
        )
        log.info("spotify.linked", user_id=user_id, scopes=len(granted.scopes))
        return found

    def person(self, arrival: Arrival) -> int | None:
        """Return who signs in with this Spotify account, None when nobody does."""
        return self._rows.owner(self._keys(arrival.me))

    def _keys(self, me: Me) -> list[bytes]:
        """Return the keyed hashes an account may be known by, the surest first: its lasting id, then its name-like."""
        named = [f"account:{me.account_id}"] if me.account_id else []
        named += [f"id:{me.id}"] if me.id else []
        return [hmac.new(self._secret, name.encode(), hashlib.sha256).digest() for name in named]

    # The connection

    def connection(self, user_id: int) -> Connection | None:
        """Return a person's connection, None without one."""
        found = self._rows.find(user_id)
        return found[0] if found else None

    def client(self, user_id: int, *, interactive: bool = False) -> tuple[Connection, Spotify]:
        """Return a person's connection and Spotify as they may see it; ``interactive`` when somebody waits for it.

        Raises:
            NotFound: they are not connected.
            ConsentOver: they have to connect again.
            BadCredentials: no Spotify app is set any more.
            Trouble: their tokens cannot be opened.
        """
        found = self._rows.find(user_id)
        if found is None:
            raise NotFound(GONE)
        connection, tokens = found
        if connection.state == "needs_reauth" or not tokens:
            raise ConsentOver
        if not self._oauth.client_id:
            raise BadCredentials
        kept = Kept.opened(user_id, self._vault, tokens)
        of_person = PersonTokens(user_id, connection.epoch, self._rows, self._access, self._oauth)
        return connection, self._spotify(of_person, interactive=interactive, own_id=kept.id)

    def mark(self, user_id: int, *, epoch: str, state: State) -> None:
        """Note what a connection is now, unless it is gone or another by now; without a consent its tokens go."""
        if self._rows.mark(user_id, epoch=epoch, state=state) and state == "needs_reauth":
            self._access.forget(user_id, epoch=epoch)

    def disconnect(self, user_id: int) -> None:
        """Delete a connection and everything that came through it; what exports brought stays.

        Raises:
            NotFound: there is no such person.
            Refused: ``password-first`` when Spotify is their only way to sign in.
        """
        if self._rows.erase(user_id):
            self._cache.erase_person(user_id)
            log.info("spotify.unlinked", user_id=user_id)

    # Of the instance

    def seats_taken(self) -> int:
        """Return how many people here are connected; a new Spotify app takes ``SEATS`` in all."""
        return self._rows.count()

    def rotate_keys(self) -> int:
        """Encrypt everything anew with the newest key, a new one where keys are in a file; return how many texts.

        Raises:
            Sealed: something cannot be opened; then nothing is changed.
        """
        return self._rows.reseal(before=self._vault.new_key, seal=self._vault.rotate)

    def check(self) -> list[Finding]:
        """Return what is right and wrong with the Spotify app and the address; asks Spotify, for seconds at most."""
        return self._check.findings()

    def _spotify(self, tokens: "_Once | PersonTokens", *, interactive: bool, own_id: str = "") -> Spotify:
        """Return Spotify for the bearer of tokens."""
        gate = self._calls.gate(interactive=interactive)
        return Spotify(tokens, gate, api_url=self._api_url, own_id=own_id, now=self._now, wait=self._wait)


def _sha256(text: str) -> bytes:
    """Return the hash a secret is stored by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
