"""The state of one fake: its people, its switches, and a log of what it was asked."""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from .clock import Clock
from .collecting import fill_alice, fill_bob
from .faults import Faults
from .music import Music, music
from .people import Person
from .playing import Habit
from .playlists import Playlist
from .tokens import Grants

Mode = Literal["dev_2026", "dev_legacy", "extended"]
SEATS = 5
DAY = timedelta(hours=24)
# They open nothing: the fake runs on the machine of whoever tries things out.
CLIENT_ID = "0fa4e0fa4e0fa4e0fa4e0fa4e0fa4e00"
CLIENT_SECRET = "1fa4e1fa4e1fa4e1fa4e1fa4e1fa4e11"


class Allowed(set[str]):
    """The names on the app's list, five at most."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        super().__init__()
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Put a name on the list."""
        if name not in self and len(self) >= SEATS:
            raise ValueError(f"An app in development mode has room for {SEATS} people.")
        super().add(name)


@dataclass(frozen=True)
class Asked:
    """One request, without anything secret; ``at`` is by the fake's clock, ``monotonic`` by the machine's."""

    endpoint: str
    method: str
    path: str
    query: dict[str, str]
    person: str | None
    status: int
    at: datetime
    monotonic: float


@dataclass(eq=False, repr=False)
class World:
    """Everything that the endpoints look at and a test may change."""

    clock: Clock
    mode: Mode = "dev_2026"
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    owner_premium: bool = True
    quota: int | None = None
    refresh_returns: Literal["none", "same", "rotating"] = "none"
    refresh_scope: bool = True
    withheld_scopes: set[str] = field(default_factory=set)
    redirect_uris: set[str] | None = None
    invalid_client_status: int = 400
    omit_account_id: bool = False
    faults: Faults = field(default_factory=Faults)
    calls: Counter[str] = field(default_factory=Counter)
    requests: list[Asked] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.grants = Grants(self.clock)
        self._allowed = Allowed(("alice", "bob", "dora"))
        self._spent: deque[datetime] = deque()
        self._exhausted_until: datetime | None = None
        alice, bob = Habit("alice", ((7, 9), (18, 22)), 900), Habit("bob", ((12, 14), (19, 21)), 200)
        self.add_person("alice", display_name="Alice Example", habit=alice, fill=fill_alice)
        self.add_person("bob", habit=bob, fill=fill_bob, played_at="start", account_id_in_legacy=False)
        self.add_person("charlie", display_name="Charlie Example", habit=Habit("charlie", ((16, 18),), 50))
        self.add_person("dora", display_name="Dora Example")

    @property
    def allowed(self) -> Allowed:
        """Return the names on the app's list."""
        return self._allowed

    @allowed.setter
    def allowed(self, names: Iterable[str]) -> None:
        self._allowed = Allowed(names)

    @property
    def music(self) -> Music:
        """Return all the music there is."""
        return music()

    @property
    def api_calls(self) -> int:
        """Return how many calls of the Web API there were."""
        return sum(count for name, count in self.calls.items() if not name.endswith(("/authorize", "/api/token")))

    def add_person(
        self,
        name: str,
        *,
        display_name: str | None = None,
        habit: Habit | None = None,
        fill: Callable[[Person], None] | None = None,
        played_at: Literal["end", "start"] = "end",
        account_id_in_legacy: bool = True,
    ) -> Person:
        """Add somebody; they are not on the app's list."""
        person = Person(name, self.clock, display_name, habit, played_at, account_id_in_legacy, fill=fill)
        self.people[name] = person
        return person

    def person(self, name: str) -> Person:
        """Return somebody by name."""
        return self.people[name]

    def playlist(self, playlist_id: str) -> Playlist | None:
        """Return a playlist of anybody's list."""
        every = (playlist for person in self.people.values() for playlist in person.every_playlist())
        return next((playlist for playlist in every if playlist.id == playlist_id), None)

    def reset_calls(self) -> None:
        """Forget what was asked."""
        self.calls.clear()
        self.requests.clear()

    def revoke(self, name: str, *, keep_access: bool = False) -> None:
        """Take back a person's consent, as they can on Spotify's own pages."""
        self.grants.take_back(self.person(name), keep_access=keep_access)

    def exhaust(self, span: timedelta) -> None:
        """Let the quota be spent for a span of the fake's time, from now."""
        self._exhausted_until = self.clock.now + span

    def seconds_until_room(self) -> int:
        """Spend one call of the quota; return 0, or how many seconds there is no room for it."""
        now = self.clock.now
        if self._exhausted_until and now < self._exhausted_until:
            return _whole_seconds(self._exhausted_until - now)
        if self.quota is None:
            return 0
        while self._spent and self._spent[0] <= now - DAY:
            self._spent.popleft()
        if len(self._spent) < self.quota:
            self._spent.append(now)
            return 0
        if not self.quota:
            return int(DAY.total_seconds())
        return _whole_seconds(self._spent[len(self._spent) - self.quota] + DAY - now)


def _whole_seconds(span: timedelta) -> int:
    return max(1, -(-span // timedelta(seconds=1)))
