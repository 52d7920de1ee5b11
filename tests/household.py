"""An instance put together for tests of accounts: the real parts around a clock that tests move."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from uuid import uuid4

import pyotp
import pytest
from doubles import Clock, Memory

from core.cache import Cache
from core.domain.people import Refused, Role, Session
from core.repositories.database import Database
from core.services.accounts import Accounts
from core.services.credentials import Credentials
from core.services.events import Events
from core.services.invitations import Invitations
from core.services.leaving import Leaving
from core.services.limits import Limits
from core.services.people import People
from core.services.second_factor import STEP_SECONDS, SecondFactor
from core.services.sessions import Sessions
from core.services.vault import Vault
from core.settings import Registration

GOOD = "four words in a row"
STEP = timedelta(seconds=STEP_SECONDS)


@dataclass
class Household:
    """Services on one database and one clock."""

    db: Database
    cache: Cache | Memory
    clock: Clock = field(default_factory=Clock)
    registration: Registration = "invitation"
    uploads: Path | None = None
    secret: bytes = b"a secret of tests"

    @cached_property
    def second_factor(self) -> SecondFactor:
        return SecondFactor(self.db, self.cache, vault=Vault(["k" * 40]), now=self.clock)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(
            self.db,
            self.cache,
            uploads=self.uploads,
            secret=self.secret,
            second_factor=self.second_factor,
            now=self.clock,
        )

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.db, self.cache, now=self.clock)

    @cached_property
    def events(self) -> Events:
        return Events(self.db, secret=self.secret, now=self.clock)

    @cached_property
    def limits(self) -> Limits:
        return Limits(self.cache, self.clock)  # type: ignore[arg-type]

    @cached_property
    def credentials(self) -> Credentials:
        return Credentials(
            self.db,
            self.cache,
            sessions=self.sessions,
            second_factor=self.second_factor,
            events=self.events,
            now=self.clock,
        )

    @cached_property
    def people(self) -> People:
        return People(
            self.db,
            accounts=self.accounts,
            sessions=self.sessions,
            second_factor=self.second_factor,
            events=self.events,
            now=self.clock,
        )

    @cached_property
    def invitations(self) -> Invitations:
        return Invitations(
            self.db,
            registration=self.registration,
            accounts=self.accounts,
            limits=self.limits,
            events=self.events,
            now=self.clock,
        )

    @cached_property
    def leaving(self) -> Leaving:
        return Leaving(
            self.db,
            accounts=self.accounts,
            credentials=self.credentials,
            second_factor=self.second_factor,
            events=self.events,
            secret=self.secret,
            now=self.clock,
        )

    def join(self, name: str = "Alice", *, role: Role = "member") -> "Somebody":
        """Return a new person with the password GOOD, signed in."""
        user, link = self.accounts.add(unique(name), role=role)
        token = self.accounts.redeem(link, password=GOOD).token
        return Somebody(self, user.id, user.name, token)

    def join_by_spotify(self, name: str = "Zoe") -> "Somebody":
        """Return a new person without a password, signed in."""
        user, _ = self.accounts.add(unique(name))
        return Somebody(self, user.id, user.name, self.accounts.enter(user.id, stay=False, via="spotify").token)


@dataclass
class Somebody:
    """A person of a household and the token of their session."""

    house: Household
    id: int
    name: str
    token: str

    @property
    def session(self) -> Session:
        found = self.house.accounts.session(self.token)
        assert found is not None
        return found

    def switch_on(self) -> "App":
        """Switch the second factor on and return the app that shows its codes."""
        self.house.credentials.begin_second_factor(self.id, password=GOOD, session=self.session)
        setup = self.house.second_factor.setup(self.id)
        assert setup is not None
        app = App(setup.secret, self.house.clock)
        app.recovery = self.house.credentials.confirm_second_factor(self.id, code=app.code())
        self.house.clock.now += STEP
        return app

    def told(self) -> list[tuple[str, str]]:
        """Return the person's record: event and result, the oldest first."""
        return [(each.event, each.result) for each in reversed(self.house.events.of(self.id))]


@dataclass
class App:
    """An authenticator app."""

    secret: str
    clock: Callable[[], object]
    recovery: list[str] = field(default_factory=list)

    def code(self, *, steps: int = 0) -> str:
        """Return the code shown now, or so many steps later."""
        moment = int(self.clock().timestamp()) + steps * STEP_SECONDS  # type: ignore[attr-defined]
        return pyotp.TOTP(self.secret).at(moment)


def unique(name: str) -> str:
    return f"{name} {uuid4().hex[:8]}"


def refusal(call: Callable[[], object]) -> str:
    """Return the code something was refused with."""
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code
