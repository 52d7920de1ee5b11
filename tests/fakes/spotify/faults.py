"""Things that go wrong when a test asks for it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from email.utils import format_datetime
from fnmatch import fnmatchcase
from typing import Literal, get_args

from starlette.responses import Response

from .answers import (
    HTML,
    NOT_LISTED,
    OWNER_NOT_PREMIUM,
    failure,
    oauth_failure,
    plain,
    quota_spent,
    too_fast,
    unauthorized,
)
from .clock import Clock

Kind = Literal["rate", "quota", "server", "html", "broken", "slow", "reset", "unauthorized", "not_listed",
               "not_premium", "forbidden", "missing", "invalid_grant", "invalid_client", "done_but",
               "done_cut"]  # fmt: skip


@dataclass
class Fault:
    """One thing that goes wrong ``count`` times (None: always), after ``skip`` calls that go well."""

    kind: Kind
    endpoint: str = "*"
    count: int | None = 1
    skip: int = 0
    person: str | None = None
    retry_after: int | None = None
    as_date: bool = False
    status: int = 502
    html: bool = True
    seconds: float = 30.0
    wording: int = 0

    def fits(self, endpoint: str, person: str | None) -> bool:
        """Return whether a call is one of those that go wrong."""
        if self.person not in (None, person):
            return False
        if self.endpoint == "*":
            return not endpoint.endswith(("/authorize", "/api/token"))
        return fnmatchcase(endpoint, self.endpoint) or fnmatchcase(endpoint.split(" ")[1], self.endpoint)

    def answer(self, clock: Clock) -> Response:
        """Return what is said instead of the right answer."""
        match self.kind:
            case "rate":
                return too_fast(self._wait(clock, 2))
            case "quota":
                return quota_spent(self._wait(clock, 48_925))
            case "server" | "done_but":
                return _html(self.status) if self.html else failure(self.status, "Bad gateway.")
            case "not_listed":
                return plain(NOT_LISTED[self.wording])
        return _SAID[self.kind]()

    def _wait(self, clock: Clock, usual: int) -> str:
        seconds = usual if self.retry_after is None else self.retry_after
        return format_datetime(clock.now + timedelta(seconds=seconds), usegmt=True) if self.as_date else str(seconds)


def _html(status: int) -> Response:
    return Response(HTML, status_code=status, media_type="text/html")


_SAID: dict[Kind, Callable[[], Response]] = {
    "html": lambda: _html(200),
    "broken": lambda: Response('{"items": [{"tra', media_type="application/json"),
    "unauthorized": lambda: unauthorized("The access token expired"),
    "not_premium": lambda: plain(OWNER_NOT_PREMIUM),
    "forbidden": lambda: failure(403, "Forbidden"),
    "missing": lambda: failure(404, "Resource not found"),
    "invalid_grant": lambda: oauth_failure("invalid_grant", "Refresh token revoked"),
    "invalid_client": lambda: oauth_failure("invalid_client", "Invalid client"),
}


class Faults:
    """The faults that wait for their calls; the first that fits is taken."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, kind: Kind, endpoint: str = "*", *, count: int | None = 1, **options: object) -> Fault:
        """Make calls to an endpoint go wrong."""
        if kind not in get_args(Kind):
            raise ValueError(f"Nothing that goes wrong is called {kind}; there are {', '.join(get_args(Kind))}.")
        fault = Fault(kind, endpoint, count, **options)  # type: ignore[arg-type]
        self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        """Let everything go well again."""
        self._waiting.clear()

    def left(self) -> list[dict[str, object]]:
        """Return what still waits to go wrong."""
        return [asdict(fault) for fault in self._waiting]

    def take(self, endpoint: str, person: str | None) -> Fault | None:
        """Return the fault that a call meets, if any."""
        for fault in self._waiting:
            if fault.fits(endpoint, person):
                if fault.skip:
                    fault.skip -= 1
                    continue
                if fault.count is not None:
                    fault.count -= 1
                    if not fault.count:
                        self._waiting.remove(fault)
                return fault
        return None
