"""The words of the Spotify connection: scopes, parts of the sync, states, and what a person sees of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Part = Literal["recent", "top", "playlists", "saved_tracks", "saved_albums", "followed"]
# Most valuable first: when calls run short, the last waits first.
PARTS: tuple[Part, ...] = ("recent", "top", "playlists", "saved_tracks", "saved_albums", "followed")
# connected; needs_reauth: the consent has ended or was taken back; not_allowed: the app's owner has not listed this
# person; paused: the app's owner has no Premium.
State = Literal["connected", "needs_reauth", "not_allowed", "paused"]
# How the last run of a part ended: done, waiting (for calls, or a later page), or why not.
Outcome = Literal["", "done", "waiting", "budget", "quota", "rate", "forbidden", "needs_reauth", "not_allowed",
                  "paused", "trouble"]  # fmt: skip
TimeRange = Literal["short_term", "medium_term", "long_term"]

# What we ask for, in the words a person reads before they are sent to Spotify.
SCOPES: dict[str, str] = {
    "user-read-recently-played": "your last fifty plays, to keep your history up to date between exports",
    "user-top-read": "the artists and tracks Spotify itself ranks highest for you, kept day by day",
    "user-library-read": "the tracks and albums you saved",
    "playlist-read-private": "your playlists, private ones included",
    "playlist-read-collaborative": "playlists you keep together with others",
    "user-follow-read": "the artists you follow",
}
# Asked for by itself, from those who want to save a list as a playlist; connections without it go on as they are.
WRITE_SCOPE = "playlist-modify-private"
WRITING = "making new private playlists, when you press a button for it; playlists you have are never changed"
NEEDED_BY: dict[Part, frozenset[str]] = {
    "recent": frozenset({"user-read-recently-played"}),
    "top": frozenset({"user-top-read"}),
    "playlists": frozenset({"playlist-read-private"}),
    "saved_tracks": frozenset({"user-library-read"}),
    "saved_albums": frozenset({"user-library-read"}),
    "followed": frozenset({"user-follow-read"}),
}
# A consent lasts six months and cannot be made longer (Spotify, since 2026-06-18); 181 days are the shortest six.
CONSENT_LIFE = timedelta(days=181)
WARN_AFTER = timedelta(days=150)
# People a new Spotify app takes (its owner lists them by hand).
SEATS = 5
TERMS_VERSION = "2026-11-22"


@dataclass(frozen=True, slots=True)
class Connection:
    """A person's connection; ``epoch`` is new each time they connect."""

    user_id: int
    epoch: str
    state: State
    scopes: frozenset[str]
    authorized_at: datetime
    connected_at: datetime

    @property
    def ends_at(self) -> datetime:
        """Return when the consent ends."""
        return self.authorized_at + CONSENT_LIFE

    def ends_soon(self, now: datetime) -> bool:
        """Return whether it is time to ask for the consent again."""
        return now >= self.authorized_at + WARN_AFTER


@dataclass(frozen=True, slots=True)
class PartState:
    """How far one part of a person's sync is; moments are aware, ``rows`` is what its last whole run saw."""

    part: Part
    next_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    outcome: Outcome
    rows: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch in which plays happened that nobody told us of."""

    began_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Capability:
    """What one endpoint answered: whether this Spotify app may use it."""

    endpoint: str
    works: bool
    status: int
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class Spending:
    """Calls of the last 24 hours: in all and by endpoint, their limits, and until when Spotify wants none."""

    total: int
    by_endpoint: dict[str, int]
    most: int
    most_by_endpoint: int
    closed_until: datetime | None
    reason: str
