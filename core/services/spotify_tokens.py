"""Tokens of connections: access tokens in Redis alone, refreshed by one caller at a time in all processes."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.cache import Cache
from core.domain.errors import NotFound
from core.logs import logger
from core.repositories.spotify_connections import Held, SpotifyConnections
from core.services.vault import Sealed, Vault
from core.spotify.errors import ConsentOver, Trouble
from core.spotify.oauth import Granted, OAuth

# An access token is not used up to its very end.
MARGIN = timedelta(seconds=120)
_REFRESH, _ACCESS = "spotify", "spotify-access"
GONE = "This connection to Spotify is gone; connect again to go on."
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an account, encrypted: the refresh token, and its id, which tells a person's own lists."""

    refresh_token: str
    id: str

    def sealed(self, user_id: int, vault: Vault) -> bytes:
        """Return it encrypted, for this person alone."""
        return vault.seal(user_id, _REFRESH, json.dumps({"refresh": self.refresh_token, "id": self.id}))

    @classmethod
    def opened(cls, user_id: int, vault: Vault, tokens: bytes) -> "Kept":
        """Return what ``sealed`` encrypted; raises ``Trouble`` for another person's, or without the key."""
        try:
            inside = json.loads(vault.open(user_id, _REFRESH, tokens))
        except Sealed as error:
            log.error("spotify.sealed", user_id=user_id)
            raise Trouble(error.message) from error
        return cls(inside["refresh"], inside["id"])


@dataclass(frozen=True, slots=True)
class AccessTokens:
    """The access tokens of this instance's connections, each for its epoch."""

    vault: Vault
    cache: Cache
    now: Callable[[], datetime]

    def load(self, user_id: int, *, epoch: str) -> str | None:
        """Return a token that is good for a while, None without one."""
        stored = self.cache.get_bytes(_key(user_id, epoch))
        if stored is None:
            return None
        with suppress(Sealed):
            kept = json.loads(self.vault.open(user_id, _ACCESS, stored))
            if datetime.fromisoformat(kept["until"]) > self.now():
                return str(kept["token"])
        return None

    def keep(self, user_id: int, *, epoch: str, granted: Granted) -> None:
        """Keep a token until shortly before it ends."""
        left = granted.expires_at - self.now()
        left -= min(MARGIN, left / 2)
        if left > timedelta(0):
            kept = json.dumps({"token": granted.access_token, "until": (self.now() + left).isoformat()})
            sealed = self.vault.seal(user_id, _ACCESS, kept)
            self.cache.set_bytes(_key(user_id, epoch), sealed, left.total_seconds())

    def forget(self, user_id: int, *, epoch: str) -> None:
        """Forget a token."""
        self.cache.delete(_key(user_id, epoch))


@dataclass(frozen=True, slots=True)
class PersonTokens:
    """The tokens of one connection (``core.spotify.client.Tokens``); good for its epoch alone."""

    user_id: int
    epoch: str
    rows: SpotifyConnections
    access: AccessTokens
    oauth: OAuth

    def access_token(self) -> str:
        """Return a token that is good for a while.

        Raises:
            ConsentOver: the person has to connect again.
            NotFound: they disconnected, or connected anew.
            SpotifyError: Spotify cannot be asked just now.
        """
        return self.access.load(self.user_id, epoch=self.epoch) or self._refreshed(spent=None)

    def renew(self, spent: str) -> str:
        """Return another token than ``spent``; raises as ``access_token`` does."""
        return self._refreshed(spent=spent)

    def _refreshed(self, *, spent: str | None) -> str:
        """Return a fresh token: of all who want one at once, in all processes, one asks Spotify."""
        try:
            with self.rows.held(self.user_id) as held:
                token = self._token(held, spent)
        except BaseException:
            self.access.forget(self.user_id, epoch=self.epoch)
            raise
        if token is None:
            self.access.forget(self.user_id, epoch=self.epoch)
            raise ConsentOver
        return token

    def _token(self, held: Held | None, spent: str | None) -> str | None:
        """Return the token somebody else fetched meanwhile, else a new one; None when the consent is over."""
        if held is None or held.stored.epoch != self.epoch:
            raise NotFound(GONE)
        if held.stored.state == "needs_reauth" or not held.tokens:
            return None
        known = self.access.load(self.user_id, epoch=self.epoch)
        if known and known != spent:
            return known
        kept = Kept.opened(self.user_id, self.access.vault, held.tokens)
        try:
            granted = self.oauth.refresh(refresh_token=kept.refresh_token, scopes=held.stored.scopes)
        except ConsentOver:
            held.end()
            log.info("spotify.consent_over", user_id=self.user_id)
            return None
        self._store(held, kept, granted)
        return granted.access_token

    def _store(self, held: Held, kept: Kept, granted: Granted) -> None:
        """Keep what came: inside the lock, so that whoever waits finds it and a disconnection comes after it."""
        if granted.refresh_token and granted.refresh_token != kept.refresh_token:
            held.change(tokens=Kept(granted.refresh_token, kept.id).sealed(self.user_id, self.access.vault))
        if granted.scopes != held.stored.scopes:
            held.change(scopes=granted.scopes)
        self.access.keep(self.user_id, epoch=self.epoch, granted=granted)


def _key(user_id: int, epoch: str) -> str:
    """Return the cache key of an access token."""
    return f"u:{user_id}:spotify:{epoch}"
