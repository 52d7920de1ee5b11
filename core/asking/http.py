"""One question over HTTP: paced by a gate, bounded in time and size, never sent on to another host."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal, Protocol

import requests

from core.asking.errors import NotNow, Refused, Trouble

TIMEOUTS = (4.0, 10.0)  # seconds to connect in, and between two bytes
LONGEST_SECONDS = 30.0
LARGEST_BYTES = 8_000_000
USUAL_PAUSE, LONGEST_PAUSE = timedelta(seconds=60), timedelta(hours=24)

Parameters = Sequence[tuple[str, str]]


class Gate(Protocol):
    """Keeps one service's pace and budget, over all processes."""

    def enter(self, endpoint: str) -> None:
        """Wait for the turn of a call and count it; raises ``NotNow`` when there is none before long."""

    def close(self, until: datetime, *, reason: str) -> None:
        """Let nobody call before a moment."""


def agent(version: str, contact: str) -> str:
    """Return how we introduce ourselves: name, version and how to reach who runs this instance."""
    plain = "".join(letter for letter in contact if " " <= letter <= "~").strip()[:200]
    return f"Playprint/{version} ( {plain or 'no contact given'} )"


class Asker:
    """Asks one service; a thread at a time."""

    def __init__(
        self, service: str, base_url: str, *, agent: str, gate: Gate, now: Callable[[], datetime], token: str = ""
    ) -> None:
        """``service`` is its name for people; ``token`` goes with every question, where there is one."""
        self.service, self.has_token = service, bool(token)
        self._base, self._gate, self._now = base_url.rstrip("/"), gate, now
        self._session = requests.Session()
        self._session.auth = _as_it_is
        self._session.headers.update({"User-Agent": agent, "Accept": "application/json"})
        if token:
            self._session.headers["Authorization"] = f"Token {token}"

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()

    def get(self, path: str, endpoint: str, parameters: Parameters) -> Any:
        """Return the JSON at a path, None where there is nothing (yet); ``endpoint`` is what the call counts as."""
        return self._ask("GET", path, endpoint, parameters, None)

    def post(self, path: str, endpoint: str, body: Mapping[str, object]) -> Any:
        """Return the JSON that a JSON body is answered with, None where there is nothing."""
        return self._ask("POST", path, endpoint, (), body)

    def _ask(
        self,
        method: Literal["GET", "POST"],
        path: str,
        endpoint: str,
        parameters: Parameters,
        body: Mapping[str, object] | None,
    ) -> Any:
        """Ask once.

        Raises:
            NotNow: the gate is closed, or the service has just closed it (429, 503).
            Refused: 401 or 403.
            Trouble: no answer, another status, a redirect, or not JSON.
        """
        self._gate.enter(endpoint)
        try:
            with self._session.request(
                method,
                self._base + path,
                params=list(parameters),
                json=body,
                timeout=TIMEOUTS,
                allow_redirects=False,
                stream=True,
            ) as response:
                return self._answer(response)
        except (requests.RequestException, UnicodeError) as error:  # the latter: a token no header can hold
            raise Trouble(self.service, type(error).__name__) from None

    def _answer(self, response: requests.Response) -> Any:
        """Return the JSON of an answer, None for 404 and for 204."""
        if response.status_code in (429, 503):
            until = self._now() + pause(response.headers, self._now())
            self._gate.close(until, reason="rate")
            raise NotNow(self.service, until)
        if response.status_code in (401, 403):
            raise Refused(self.service, str(response.status_code))
        if response.headers.get("X-RateLimit-Remaining") == "0" and "X-RateLimit-Reset-In" in response.headers:
            self._gate.close(self._now() + pause(response.headers, self._now()), reason="rate")
        if response.status_code in (204, 404):
            return None
        if response.status_code != 200:
            raise Trouble(self.service, str(response.status_code))
        try:
            return json.loads(self._read(response))
        except (ValueError, RecursionError):
            raise Trouble(self.service, "not JSON") from None

    def _read(self, response: requests.Response) -> str:
        """Return the text of an answer of bounded size that came within bounded time."""
        end, text = time.monotonic() + LONGEST_SECONDS, b""
        for block in response.iter_content(65_536):
            text += block
            if len(text) > LARGEST_BYTES or time.monotonic() > end:
                raise Trouble(self.service, "too long")
        return text.decode("utf-8", "replace")


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Return a request unchanged: else passwords of a .netrc file would go along."""
    return request


def pause(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return how long a service wants to be left alone; a minute where it does not say.

    It says so in Retry-After (seconds, or a date) or in X-RateLimit-Reset-In (seconds).
    """
    for value in (headers.get("Retry-After"), headers.get("X-RateLimit-Reset-In")):
        found = _span(value or "", now)
        if found is not None:
            return min(max(found, timedelta(seconds=1)), LONGEST_PAUSE)
    return USUAL_PAUSE


def _span(value: str, now: datetime) -> timedelta | None:
    """Return the time from now that a header means, None for nonsense."""
    try:
        return timedelta(seconds=float(value))
    except (ValueError, OverflowError):
        pass
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
