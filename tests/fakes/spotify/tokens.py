"""What the accounts service remembers: consents, codes, and the tokens that came of them."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .clock import Clock, six_months_after
from .people import Person

ACCESS_LIFE = timedelta(seconds=3600)
CODE_LIFE = timedelta(minutes=10)
ALL_SCOPES = frozenset(
    """app-remote-control playlist-modify-private playlist-modify-public playlist-read-collaborative
    playlist-read-private streaming ugc-image-upload user-follow-modify user-follow-read user-library-modify
    user-library-read user-modify-playback-state user-read-currently-playing user-read-email
    user-read-playback-position user-read-playback-state user-read-private user-read-recently-played
    user-top-read""".split()  # noqa: SIM905 - a list of words
)


@dataclass(eq=False)
class Consent:
    """What a person agreed to, and when."""

    person: Person
    scopes: frozenset[str]
    at: datetime
    needs_secret: bool = True
    taken_back: bool = False
    access_dead: bool = False


@dataclass
class Code:
    """An authorization code: good once, for ten minutes."""

    consent: Consent
    redirect_uri: str
    challenge: str | None
    ends_at: datetime


@dataclass
class Access:
    """An access token; without a consent it is the app's own."""

    consent: Consent | None
    ends_at: datetime

    def state(self, now: datetime) -> str:
        """Return good, expired or invalid."""
        if self.consent and self.consent.access_dead:
            return "invalid"
        return "good" if now < self.ends_at else "expired"


@dataclass
class Grants:
    """Every code and token that was ever given out."""

    clock: Clock
    codes: dict[str, Code] = field(default_factory=dict)
    accesses: dict[str, Access] = field(default_factory=dict)
    refreshes: dict[str, Consent] = field(default_factory=dict)

    def code(self, consent: Consent, redirect_uri: str, challenge: str | None) -> str:
        """Return a new code."""
        value = "AQ" + secrets.token_urlsafe(90)
        self.codes[value] = Code(consent, redirect_uri, challenge, self.clock.now + CODE_LIFE)
        return value

    def use(self, code: str, redirect_uri: str) -> Code | None:
        """Return what a code stands for and forget it; None when it is used, late or for another address."""
        found = self.codes.get(code)
        if found is None or found.redirect_uri != redirect_uri or self.clock.now >= found.ends_at:
            return None
        return self.codes.pop(code)

    def access(self, consent: Consent | None) -> str:
        """Return a new access token."""
        value = "BQ" + secrets.token_urlsafe(150)
        self.accesses[value] = Access(consent, self.clock.now + ACCESS_LIFE)
        return value

    def refresh(self, consent: Consent) -> str:
        """Return a new refresh token; it ends with its consent."""
        value = "AQ" + secrets.token_urlsafe(96)
        self.refreshes[value] = consent
        return value

    def consent_of(self, refresh_token: str) -> Consent | None:
        """Return the consent behind a refresh token that still works."""
        consent = self.refreshes.get(refresh_token)
        if consent is None or consent.taken_back or self.clock.now >= six_months_after(consent.at):
            return None
        return consent

    def take_back(self, person: Person, *, keep_access: bool) -> None:
        """End everything a person ever agreed to."""
        consents = [consent for consent in self.refreshes.values() if consent.person is person]
        consents += [code.consent for code in self.codes.values() if code.consent.person is person]
        for consent in consents:
            consent.taken_back = True
            consent.access_dead = not keep_access
        self.codes = {value: code for value, code in self.codes.items() if code.consent.person is not person}


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a PKCE verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
