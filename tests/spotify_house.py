"""A house connected to the stand-in for Spotify: both clocks move together, and nobody waits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import requests
from fakes.spotify import FakeSpotify

from core.cache import Cache
from core.repositories.database import Database
from core.services.connecting import Connecting
from core.services.spotify_calls import Calls
from core.services.syncing import Syncing
from core.services.vault import Vault
from core.spotify.oauth import OAuth

REDIRECT = "http://127.0.0.1:8501/oauth/spotify/callback"
KEY = "for tests alone, it opens nothing"
SECRET = b"for tests alone"


@dataclass
class SpotifyHouse:
    """The parts of one instance around its connections, all on the clock of ``fake``."""

    db: Database
    cache: Cache
    fake: FakeSpotify
    most: int = 800
    most_by_endpoint: int = 250
    waited: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        now = self.now
        self.calls = Calls(
            self.db, self.cache, most=self.most, most_by_endpoint=self.most_by_endpoint, now=now, wait=_at_once
        )
        app = OAuth(
            client_id=self.fake.client_id,
            client_secret=self.fake.client_secret,
            accounts_url=self.fake.url,
            redirect_uri=REDIRECT,
            now=now,
        )
        self.connecting = Connecting(
            self.db,
            self.cache,
            vault=Vault([KEY]),
            calls=self.calls,
            oauth=app,
            api_url=self.fake.api_url,
            secret=SECRET,
            now=now,
            wait=_at_once,
        )
        self.syncing = Syncing(self.db, self.connecting, self.calls, now=now, wait=self.wait)

    def now(self) -> datetime:
        return self.fake.clock.now

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.fake.clock.advance(timedelta(seconds=seconds))

    def connect(self, user_id: int, name: str) -> None:
        """Let a person connect as ``name`` of the stand-in, and begin their sync."""
        agree(self.connecting, user_id, name)
        self.syncing.begin(user_id)

    def run(self, user_id: int, **options: object) -> datetime | None:
        """Do everything that is due for a person now."""
        return self.syncing.run(user_id, slice_seconds=600, **options)  # type: ignore[arg-type]

    def run_due(self) -> None:
        """Do everything that is due for anybody now."""
        for user_id in self.syncing.due():
            self.run(user_id)

    def outcomes(self, user_id: int) -> dict[str, str]:
        return {part.part: part.outcome for part in self.syncing.state(user_id).parts}

    def state(self, user_id: int) -> str:
        connection = self.connecting.connection(user_id)
        return connection.state if connection else "not connected"

    def rows(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with self.db.driver() as connection:
            return connection.execute(statement, values).fetchall()  # type: ignore[arg-type]


def agree(connecting: Connecting, user_id: int, name: str) -> None:
    """Let a person say yes on the consent page, as ``name`` of the stand-in."""
    address = connecting.begin(purpose="connect", session="session", browser="browser", back_to="/spotify")
    sent = requests.get(f"{address}&as={name}&agree=1", allow_redirects=False, timeout=10)
    back = {key: values[0] for key, values in parse_qs(urlsplit(sent.headers["Location"]).query).items()}
    arrival = connecting.finish(
        state=back["state"], code=back["code"], error=back.get("error", ""), session="session", browser="browser"
    )
    connecting.connect(user_id, arrival)


def _at_once(seconds: float) -> None:
    """Let the pace between two calls pass at once."""


Stop = Callable[[], bool]


def after(pages: int) -> Stop:
    """Return what ends a slice after so many pages."""
    left = [pages + 1]

    def stop() -> bool:
        left[0] -= 1
        return left[0] <= 0

    return stop
