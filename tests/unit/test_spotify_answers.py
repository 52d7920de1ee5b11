"""What Spotify's refusals mean, in every wording and shape that was seen and some that were not."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from core.domain.people import SENTENCES
from core.spotify import errors
from core.spotify.answers import refusal, retry_after
from core.spotify.errors import (
    Absent,
    ConsentOver,
    Forbidden,
    Later,
    MissingScope,
    NotListed,
    OwnerNotPremium,
    QuotaSpent,
    SpotifyError,
    TooFast,
    Trouble,
)

NOW = datetime(2026, 11, 20, 21, tzinfo=UTC)
RATE = {"error": {"status": 429, "message": "API rate limit exceeded"}}
QUOTA = {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}}


def answer(status: int, body: Any, **headers: str) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    made._content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    made.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return made


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, {"error": {"status": 401, "message": "The access token expired"}}, ConsentOver),
        (403, {"error": {"status": 403, "message": "Forbidden"}}, Forbidden),
        (403, {"error": "Forbidden"}, Forbidden),
        (403, {}, Forbidden),
        (403, {"error": {"status": 403, "message": "Insufficient client scope"}}, MissingScope),
        (403, "User not registered in the Developer Dashboard", NotListed),
        (403, "Check settings on developer.spotify.com/dashboard, the user may not be registered.", NotListed),
        (403, "The user is not registered for this application. Please check your settings on …", NotListed),
        (403, {"error": {"status": 403, "message": "User not registered in the Developer Dashboard"}}, NotListed),
        (403, "Active premium subscription required for the owner of the app. When …", OwnerNotPremium),
        (403, {"error": {"message": "Premium required"}}, Forbidden),
        (403, "<html>Blocked by a proxy</html>", Trouble),
        (403, "", Trouble),
        (403, ["a list"], Trouble),
        (404, {"error": {"status": 404, "message": "Resource not found"}}, Absent),
        (410, "", Absent),
        (400, {"error": {"status": 400, "message": "Invalid limit"}}, Trouble),
        (302, "", Trouble),
        (418, "short and stout", Trouble),
        (500, {"error": "text"}, Trouble),
        (502, "<html>", Trouble),
    ],
)
def test_each_refusal_is_its_own_error(status: int, body: Any, error: type[SpotifyError]) -> None:
    assert type(refusal(answer(status, body), NOW)) is error


@pytest.mark.parametrize(
    ("body", "header", "error", "seconds"),
    [
        (RATE, "3", TooFast, 3),
        (RATE, "600", TooFast, 600),
        (RATE, "601", QuotaSpent, 601),
        (RATE, "48925", QuotaSpent, 48_925),
        (QUOTA, "2", QuotaSpent, 2),
        (QUOTA, None, QuotaSpent, 30),
        (RATE, None, TooFast, 30),
        ("Too many requests", "3", TooFast, 3),
        ({"error": "slow down"}, "3", TooFast, 3),
        (RATE, "Fri, 20 Nov 2026 21:00:09 GMT", TooFast, 9),
        (RATE, "Sat, 21 Nov 2026 11:00:00 GMT", QuotaSpent, 14 * 3600),
    ],
)
def test_too_many_calls_of_seconds_and_of_a_day(
    body: Any, header: str | None, error: type[Later], seconds: int
) -> None:
    headers = {} if header is None else {"Retry_After": header}
    found = refusal(answer(429, body, **headers), NOW)
    assert type(found) is error
    assert isinstance(found, Later)
    assert found.retry_at == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 1),
        ("-5", 30),
        ("2.5", 2.5),
        (" 7 ", 7),
        ("soon", 30),
        ("", 30),
        ("9" * 400, 7 * 86_400),
        ("Fri, 20 Nov 2026 20:00:00 GMT", 1),
        ("Fri, 20 Nov 2026 21:00:20 -0000", 20),
        ("Fri, 20 Nov 2026 22:00:20 +0100", 20),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 7 * 86_400),
        ("Fri, 99 Foo 2026 21:00:20 GMT", 30),
    ],
)
def test_how_long_to_wait_is_never_nonsense(header: str, seconds: float) -> None:
    assert retry_after(header, NOW) == timedelta(seconds=seconds)


def test_every_error_has_its_sentence_and_holds_no_answer() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, SpotifyError)]
    assert len(kinds) == 13
    for kind in kinds:
        made = kind(NOW) if issubclass(kind, Later) else kind()
        assert made.message == SENTENCES[kind.code]
