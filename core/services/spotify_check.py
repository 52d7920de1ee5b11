"""The self-check of the Spotify app: what is right, what to mind, what is wrong, and what to do about it."""

from dataclasses import dataclass
from datetime import UTC
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from core.services.spotify_calls import Calls
from core.spotify.errors import BadCredentials, SpotifyError
from core.spotify.oauth import OAuth

REAL = {"https://accounts.spotify.com", "https://api.spotify.com/v1"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check: a sentence, and what to do (empty when there is nothing to do)."""

    level: Literal["ok", "warn", "wrong"]
    sentence: str
    advice: str


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """What is checked: the app, where Spotify is, and the address this instance is reached at."""

    oauth: OAuth
    calls: Calls
    api_url: str
    public_url: str
    host: str

    def findings(self) -> list[Finding]:
        """Return what is found; asks Spotify's accounts service once, for seconds at most."""
        return [self._redirect(), *self._reached(), self._credentials(), *self._servers(), *self._closed()]

    def _redirect(self) -> Finding:
        """Return whether Spotify takes the redirect address."""
        parts = urlsplit(self.oauth.redirect_uri)
        host = parts.hostname or ""
        if parts.scheme == "https":
            return Finding("ok", "The redirect address is https, as Spotify wants it.", "")
        if host == "localhost" or host.endswith(".localhost"):
            there = parts._replace(netloc=f"127.0.0.1:{parts.port}" if parts.port else "127.0.0.1", path="").geturl()
            return Finding(
                "wrong",
                "Spotify refuses redirect addresses at localhost.",
                f"Set PLAYPRINT_PUBLIC_URL to {there} and open Playprint there.",
            )
        if _is_loopback(host):
            return Finding("ok", "The redirect address is on this machine, which Spotify takes without https.", "")
        return Finding(
            "wrong",
            "Spotify refuses redirect addresses without https, but for 127.0.0.1.",
            "Put a proxy with TLS before Playprint and set PLAYPRINT_PUBLIC_URL to its https address.",
        )

    def _reached(self) -> list[Finding]:
        """Return what is wrong with an instance others reach while it believes to be on this machine alone."""
        if self.public_url or self.host == "localhost" or _is_loopback(self.host):
            return []
        return [
            Finding(
                "warn",
                f"Playprint listens at {self.host}, but Spotify would send everybody back to their own machine.",
                "Set PLAYPRINT_PUBLIC_URL to the address people use.",
            )
        ]

    def _credentials(self) -> Finding:
        """Return whether Spotify knows the app."""
        if not self.oauth.client_id:
            return Finding(
                "warn",
                "No Spotify app is set, so nobody can connect. Exports need none.",
                "Make an app as described below and set PLAYPRINT_SPOTIFY_CLIENT_ID.",
            )
        if not self.oauth.client_secret:
            return Finding(
                "ok",
                "The client id is set, without a secret: Playprint signs in with PKCE alone.",
                "Whether Spotify knows the id shows when the first person connects.",
            )
        try:
            self.oauth.check()
        except BadCredentials:
            return Finding(
                "wrong",
                "Spotify does not know this client id, or the secret is not the one that belongs to it.",
                "Copy both anew from Spotify's developer page and start Playprint again.",
            )
        except SpotifyError:
            return Finding(
                "warn",
                "Spotify could not be asked about the client id and secret just now.",
                "Check again in a minute; if it stays so, check this server's way to the internet.",
            )
        return Finding("ok", "Spotify knows the client id and its secret.", "")

    def _servers(self) -> list[Finding]:
        """Return that another server than Spotify's is asked, where that is so."""
        asked = sorted({self.oauth.accounts_url, self.api_url} - REAL)
        if not asked:
            return []
        return [
            Finding(
                "warn",
                f"Another server stands in for Spotify: {', '.join(asked)}.",
                "Unset PLAYPRINT_SPOTIFY_API_URL and PLAYPRINT_SPOTIFY_ACCOUNTS_URL to ask Spotify itself.",
            )
        ]

    def _closed(self) -> list[Finding]:
        """Return that Spotify wants no calls for now, where that is so."""
        spending = self.calls.spending()
        if spending.closed_until is None:
            return []
        until = f"{spending.closed_until.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        return [Finding("warn", f"Spotify wants no calls before {until}.", "Nothing is lost; the sync goes on then.")]


def _is_loopback(host: str) -> bool:
    """Return whether a host is this machine by number; a name is not."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
