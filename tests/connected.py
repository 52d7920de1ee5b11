"""An instance connected with the stand-in for Spotify: its own budget, the stand-in's clock, no real waiting."""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import requests
from fakes.spotify import FakeSpotify

from core.cache import Cache
from core.domain.spotify import Connection
from core.repositories.database import Database
from core.services.connecting import Arrival, Connecting
from core.services.spotify_calls import Calls
from core.services.vault import Vault
from core.spotify.oauth import OAuth

REDIRECT = "http://127.0.0.1:8501/oauth/spotify/callback"
BROWSER = "the value of a browser's cookie"


@dataclass
class House:
    """One instance; ``connecting()`` is what each of its processes would have."""

    fake: FakeSpotify
    db: Database
    cache: Cache
    vault: Vault = field(default_factory=lambda: Vault(["a key of the tests that is long enough"]))
    secret: bytes = field(default_factory=lambda: uuid.uuid4().bytes)
    service: str = field(default_factory=lambda: f"spotify-{uuid.uuid4().hex[:12]}")

    def wait(self, seconds: float) -> None:
        self.fake.clock.advance(timedelta(seconds=seconds))

    def calls(self, **fields: object) -> Calls:
        given = {"service": self.service, "now": lambda: self.fake.clock.now, "wait": self.wait}
        return Calls(self.db, self.cache, **(given | fields))  # type: ignore[arg-type]

    def oauth(self, **fields: object) -> OAuth:
        given = {
            "client_id": self.fake.client_id,
            "client_secret": self.fake.client_secret,
            "accounts_url": self.fake.url,
            "redirect_uri": REDIRECT,
            "now": lambda: self.fake.clock.now,
        }
        return OAuth(**(given | fields))  # type: ignore[arg-type]

    def connecting(self, *, oauth: OAuth | None = None, cache: Cache | None = None, **fields: object) -> Connecting:
        given = {
            "vault": self.vault,
            "calls": self.calls(),
            "api_url": self.fake.api_url,
            "secret": self.secret,
            "now": lambda: self.fake.clock.now,
            "wait": self.wait,
        }
        return Connecting(self.db, cache or self.cache, oauth=oauth or self.oauth(), **(given | fields))  # type: ignore[arg-type]

    def arrive(
        self,
        name: str,
        *,
        connecting: Connecting | None = None,
        session: str | None = "a session",
        scopes: set[str] | None = None,
    ) -> Arrival:
        """Return somebody who went to Spotify and back."""
        connecting = connecting or self.connecting()
        purpose = "connect" if session else "sign-in"
        address = connecting.begin(purpose=purpose, session=session, browser=BROWSER, back_to="/spotify", scopes=scopes)
        back = agree(address, name)
        return connecting.finish(state=back["state"], code=back["code"], error="", session=session, browser=BROWSER)

    def connect(self, user_id: int, name: str = "alice", **how: object) -> Connection:
        """Connect a person with somebody's account."""
        arrival = self.arrive(name, **how)  # type: ignore[arg-type]
        return self.connecting().connect(user_id, arrival)


def agree(address: str, name: str, *, agreed: bool = True) -> dict[str, str]:
    """Return what Spotify adds to the way back after somebody's yes or no."""
    answer = requests.get(f"{address}&as={name}&agree={int(agreed)}", allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["Location"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == REDIRECT
    return {key: values[0] for key, values in parse_qs(parts.query).items()}
