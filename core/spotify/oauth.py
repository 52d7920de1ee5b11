"""Spotify's sign-in: authorisation code with PKCE, and with the client secret too where the operator gave one."""

import base64
import hashlib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import requests

from core.logs import logger
from core.spotify.answers import retry_after
from core.spotify.errors import BadCredentials, ConsentOver, SpotifyError, TooFast, Trouble
from core.spotify.reading import number, text, thing
from core.spotify.wire import Wire

_LIFE, _LONGEST_LIFE = 3600, 86_400
_WORD = re.compile(r"[a-z_]{1,40}")
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Granted:
    """What a consent or its refreshing gave; the tokens stay out of every print of it."""

    access_token: str = field(repr=False)
    expires_at: datetime
    refresh_token: str | None = field(repr=False)
    scopes: frozenset[str]


def challenge(verifier: str) -> str:
    """Return what of a verifier goes through the browser: its SHA-256 (PKCE's S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class OAuth:
    """One Spotify app at one accounts service; every call is bounded and made once."""

    client_id: str
    client_secret: str = field(repr=False)
    accounts_url: str
    redirect_uri: str
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    wire: Callable[[], Wire] = Wire

    def authorize_url(self, *, state: str, verifier: str, scopes: Collection[str], ask_again: bool = False) -> str:
        """Return where a person says yes or no; ``ask_again`` also asks those who said yes before."""
        query = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": self.redirect_uri,
            "state": state,
            "scope": " ".join(sorted(scopes)),
            "code_challenge_method": "S256",
            "code_challenge": challenge(verifier),
            "show_dialog": "true" if ask_again else "false",
        }
        return f"{self.accounts_url}/authorize?{urlencode(query)}"

    def exchange(self, *, code: str, verifier: str, scopes: Collection[str]) -> Granted:
        """Return the tokens for a code that came back from the browser; ``scopes`` is what was asked for.

        Raises:
            ConsentOver: the code is used, too old, or not for us.
            SpotifyError: what else is wrong.
        """
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri}
        return self._granted({**given, "code_verifier": verifier}, scopes)

    def refresh(self, *, refresh_token: str, scopes: Collection[str]) -> Granted:
        """Return a new access token; its ``refresh_token`` is None where the old one stays good.

        Raises:
            ConsentOver: the consent has ended or was taken back; asking again is of no use.
            SpotifyError: what else is wrong.
        """
        return self._granted({"grant_type": "refresh_token", "refresh_token": refresh_token}, scopes)

    def check(self) -> None:
        """Ask for a token of the app's own, which is dropped; raises ``BadCredentials`` or what else is wrong."""
        self._granted({"grant_type": "client_credentials"}, ())

    def _granted(self, form: dict[str, str], scopes: Collection[str]) -> Granted:
        """Return what the token endpoint gives for a form."""
        asked_at = self.now()
        answer = self._post(form)
        body = _object(answer)
        token = text(body.get("access_token"))
        if answer.status_code != 200 or token is None:
            raise self._error(answer, text(body.get("error")) or "")
        scope, life = body.get("scope"), number(body.get("expires_in")) or _LIFE
        return Granted(
            access_token=token,
            expires_at=asked_at + timedelta(seconds=min(life, _LONGEST_LIFE)),
            refresh_token=text(body.get("refresh_token")),
            scopes=frozenset(scope.split() if isinstance(scope, str) else scopes),
        )

    def _post(self, form: dict[str, str]) -> requests.Response:
        """Return the answer of the token endpoint; raises ``Trouble`` without one."""
        auth = (self.client_id, self.client_secret) if self.client_secret else None
        try:
            with self.wire() as wire:
                sent = form if auth else {**form, "client_id": self.client_id}
                return wire.post(f"{self.accounts_url}/api/token", data=sent, auth=auth)
        except requests.RequestException as error:
            log.warning("spotify.token_failed", status=0, error=type(error).__name__)
            raise Trouble from error

    def _error(self, answer: requests.Response, error: str) -> SpotifyError:
        """Return what a refusing answer means."""
        word = error if _WORD.fullmatch(error) else ""
        log.warning("spotify.token_failed", status=answer.status_code, error=word)
        if answer.status_code == 429:
            now = self.now()
            return TooFast(now + retry_after(answer.headers.get("Retry-After"), now))
        if word == "invalid_grant":
            return ConsentOver()
        return BadCredentials() if word in ("invalid_client", "unauthorized_client") else Trouble()


def _object(answer: requests.Response) -> dict[str, object]:
    """Return the JSON object of an answer, an empty one for anything else."""
    try:
        return dict(thing(answer.json()))
    except (ValueError, RecursionError):
        return {}
