"""What people see of accounts: their own, their devices, invitations, and for admins everybody's."""

from dataclasses import dataclass
from datetime import datetime

from core.domain.people import Role


@dataclass(frozen=True, slots=True)
class Own:
    """A person's own account; ``codes_left`` counts unused recovery codes."""

    name: str
    role: Role
    email: str
    has_password: bool
    has_spotify: bool
    second_factor: bool
    codes_left: int


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One device that is signed in: ``key`` names it, ``label`` says what it is ("Firefox on Linux")."""

    key: str
    label: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """An open invitation; ``key`` names it without opening anything."""

    key: str
    role: Role
    invited_by: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the people who look after an instance see them; ``seen_at`` is None without a live session."""

    id: int
    name: str
    role: Role
    created_at: datetime
    seen_at: datetime | None
    has_password: bool
    second_factor: bool


@dataclass(frozen=True, slots=True)
class Setup:
    """A second factor being set up: its secret, the address an app reads, and that as a picture (data URI)."""

    secret: str
    uri: str
    qr: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes when a person leaves: rows by what they are.

    ``last_owner``: they cannot leave before somebody else owns the instance. ``by_name``: without a password, they
    type their name instead of it.
    """

    counts: dict[str, int]
    last_owner: bool
    by_name: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is left to a person who has left: when, a number nobody keeps, and how much is gone."""

    at: datetime
    number: str
    counts: dict[str, int]
