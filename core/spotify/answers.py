"""What an answer of Spotify's means when it is none we asked for."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import requests

from core.spotify.errors import (
    Absent,
    ConsentOver,
    Forbidden,
    MissingScope,
    NotListed,
    OwnerNotPremium,
    QuotaSpent,
    SpotifyError,
    TooFast,
    Trouble,
)

# A rate limit lasts seconds; whoever asks for more than this has a spent quota in mind.
LONGEST_RATE = timedelta(minutes=10)
_UNSAID, _SHORTEST, _LONGEST = timedelta(seconds=30), timedelta(seconds=1), timedelta(days=7)
_UNLISTED = re.compile(r"\bregistered\b", re.IGNORECASE)
_UNPAID = re.compile(r"\bpremium\b.*\bowner\b|\bowner\b.*\bpremium\b", re.IGNORECASE | re.DOTALL)
_SCOPE = re.compile(r"\bscope\b", re.IGNORECASE)


def refusal(response: requests.Response, now: datetime) -> SpotifyError:
    """Return the error an answer of the Web API stands for; ``now`` is when it came (aware)."""
    status, error = response.status_code, said(response)
    if status == 401:
        return ConsentOver()
    if status == 403:
        return _forbidden(response, error)
    if status in (404, 410):
        return Absent()
    if status == 429:
        return _later(response.headers, error, now)
    return Trouble()


def said(response: requests.Response) -> Mapping[str, object] | None:
    """Return the ``error`` object of an answer, an empty one for other JSON, None for what is no JSON object."""
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict):
        return None
    error = body.get("error")
    return error if isinstance(error, dict) else {}


def _forbidden(response: requests.Response, error: Mapping[str, object] | None) -> SpotifyError:
    """Return which of the refusals a 403 is: two of them come as plain text, in changing words."""
    words = response.text if error is None else str(error.get("message", ""))
    if _UNLISTED.search(words):
        return NotListed()
    if _UNPAID.search(words):
        return OwnerNotPremium()
    if error is None:
        return Trouble()  # words of a proxy between us
    return MissingScope() if _SCOPE.search(words) else Forbidden()


def _later(headers: Mapping[str, str], error: Mapping[str, object] | None, now: datetime) -> SpotifyError:
    """Return whether a 429 is about the last seconds or about the day."""
    wait = retry_after(headers.get("Retry-After"), now)
    if (error or {}).get("reason") == "QUOTA_EXCEEDED" or wait > LONGEST_RATE:
        return QuotaSpent(now + wait)
    return TooFast(now + wait)


def retry_after(header: str | None, now: datetime) -> timedelta:
    """Return how long a Retry-After asks to wait, in seconds or until a date; 30 s where it says nothing usable."""
    text = (header or "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        wait = timedelta(seconds=min(float(text), _LONGEST.total_seconds()))
    else:
        try:
            until = parsedate_to_datetime(text)
            wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
        except (ValueError, TypeError, OverflowError):
            wait = _UNSAID
    return min(max(wait, _SHORTEST), _LONGEST)
