"""The stand-in for Spotify: consent, codes and tokens as the accounts service handles them."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from fakes.spotify import FakeSpotify
from fakes.spotify.asking import Asker

BACK = "http://127.0.0.1:8501/oauth/spotify/callback"
SCOPES = "user-read-recently-played user-top-read"
VERIFIER = "v" * 50
REVOKED = {"error": "invalid_grant", "error_description": "Refresh token revoked"}
BAD_CODE = {"error": "invalid_grant", "error_description": "Invalid authorization code"}


@pytest.fixture
def fake() -> Iterator[FakeSpotify]:
    with FakeSpotify() as fake:
        yield fake


def challenge(verifier: str = VERIFIER) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def authorize(fake: FakeSpotify, **changed: str | None) -> requests.Response:
    asked = {
        "client_id": fake.client_id, "response_type": "code", "redirect_uri": BACK, "scope": SCOPES, "state": "s&t",
        "as": "alice", "agree": "1",
    } | changed  # fmt: skip
    query = {name: value for name, value in asked.items() if value is not None}
    return requests.get(f"{fake.url}/authorize", params=query, allow_redirects=False, timeout=5)


def returned(answer: requests.Response) -> dict[str, str]:
    assert answer.status_code == 302, answer.text
    assert answer.headers["location"].startswith(BACK + "?")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def token(fake: FakeSpotify, *, secret: str | None = "", **form: str) -> requests.Response:
    """Ask for tokens; with the app's secret unless another is given, or None."""
    auth = None if secret is None else (fake.client_id, secret or fake.client_secret)
    return requests.post(f"{fake.url}/api/token", data=form, auth=auth, timeout=5)


def exchange(fake: FakeSpotify, code: str, *, secret: str | None = "", **more: str) -> requests.Response:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK} | more
    return token(fake, secret=secret, **form)


def refresh(fake: FakeSpotify, refresh_token: str, *, secret: str | None = "", **more: str) -> requests.Response:
    return token(fake, secret=secret, grant_type="refresh_token", refresh_token=refresh_token, **more)


def said(answer: requests.Response, status: int = 400) -> object:
    assert answer.status_code == status, answer.text
    return answer.json()


def me(fake: FakeSpotify, access: str) -> requests.Response:
    return requests.get(f"{fake.api_url}/me", headers={"Authorization": f"Bearer {access}"}, timeout=5)


def test_a_code_becomes_tokens_once(fake: FakeSpotify) -> None:
    back = returned(authorize(fake))
    assert back.keys() == {"code", "state"}
    assert back["state"] == "s&t"
    given = exchange(fake, back["code"]).json()
    assert given.keys() == {"access_token", "token_type", "scope", "expires_in", "refresh_token"}
    assert (given["token_type"], given["expires_in"], given["scope"]) == ("Bearer", 3600, SCOPES)
    assert me(fake, given["access_token"]).json()["display_name"] == "Alice Example"
    assert said(exchange(fake, back["code"])) == BAD_CODE


@pytest.mark.parametrize("minutes", [9, 10])
def test_a_code_lasts_ten_minutes(fake: FakeSpotify, minutes: int) -> None:
    code = returned(authorize(fake))["code"]
    fake.clock.advance(timedelta(minutes=minutes))
    answer = exchange(fake, code)
    assert (answer.status_code == 200) == (minutes < 10)


def test_a_code_belongs_to_its_address(fake: FakeSpotify) -> None:
    code = returned(authorize(fake))["code"]
    assert said(exchange(fake, code, redirect_uri=BACK + "/")) == BAD_CODE
    assert exchange(fake, code).status_code == 200


def test_a_verifier_must_fit_its_challenge(fake: FakeSpotify) -> None:
    pkce = {"code_challenge": challenge(), "code_challenge_method": "S256"}
    for wrong in ("w" * 50, VERIFIER[:42], ""):
        code = returned(authorize(fake, **pkce))["code"]
        answer = exchange(fake, code, secret=None, client_id=fake.client_id, code_verifier=wrong)
        assert said(answer)["error"] == "invalid_grant"
    code = returned(authorize(fake, **pkce))["code"]
    given = exchange(fake, code, secret=None, client_id=fake.client_id, code_verifier=VERIFIER).json()
    assert refresh(fake, given["refresh_token"], secret=None, client_id=fake.client_id).status_code == 200
    code = returned(authorize(fake, **pkce))["code"]  # the secret and a verifier go together as well
    assert exchange(fake, code, code_verifier=VERIFIER).status_code == 200


def test_a_code_without_a_challenge_needs_the_secret(fake: FakeSpotify) -> None:
    code = returned(authorize(fake))["code"]
    assert said(exchange(fake, code, secret=None, client_id=fake.client_id))["error"] == "invalid_client"
    given = Asker(fake)
    assert said(refresh(fake, given.refresh, secret=None, client_id=fake.client_id))["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "user-top-read all-my-secrets"}, "invalid_scope"),
        ({"code_challenge": "c" * 43, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short", "code_challenge_method": "S256"}, "invalid_request"),
        ({"code_challenge": "c" * 43}, "invalid_request"),
        ({"agree": "0"}, "access_denied"),
    ],
)
def test_what_is_refused_goes_back_with_the_state(fake: FakeSpotify, changed: dict[str, str], error: str) -> None:
    assert returned(authorize(fake, **changed)) == {"error": error, "state": "s&t"}


@pytest.mark.parametrize(
    ("uri", "good"),
    [
        ("https://music.example.org/oauth/spotify/callback", True),
        ("http://127.0.0.1:8501/x", True),
        ("http://[::1]:8501/x", True),
        ("http://localhost:8501/x", False),
        ("https://localhost:8501/x", False),
        ("http://192.168.1.5:8501/x", False),
        ("http://music.example.org/x", False),
        ("ftp://127.0.0.1/x", False),
        ("", False),
    ],
)
def test_which_addresses_one_may_be_sent_back_to(fake: FakeSpotify, uri: str, good: bool) -> None:
    answer = authorize(fake, redirect_uri=uri)
    if good:
        assert answer.headers["location"].startswith(uri + "?code=")
    else:
        assert (answer.status_code, answer.text) == (400, "INVALID_CLIENT: Invalid redirect URI")


def test_a_registered_address_fits_exactly(fake: FakeSpotify) -> None:
    fake.redirect_uris = {BACK, "http://127.0.0.1/any", "https://a.example/Back"}
    for uri in (BACK, "http://127.0.0.1:9999/any", "https://a.example/Back"):
        assert authorize(fake, redirect_uri=uri).status_code == 302
    for uri in (BACK + "/", "http://127.0.0.1:8502/oauth/spotify/callback", "https://a.example/back",
                "https://a.example:8443/Back"):  # fmt: skip
        assert authorize(fake, redirect_uri=uri).status_code == 400


def test_an_unknown_app(fake: FakeSpotify) -> None:
    assert authorize(fake, client_id="0" * 32).text == "INVALID_CLIENT: Invalid client"
    wrong = {"error": "invalid_client", "error_description": "Invalid client"}
    assert said(token(fake, secret="wrong", grant_type="client_credentials")) == wrong
    assert said(token(fake, secret=None, grant_type="client_credentials")) == {"error": "invalid_client"}
    fake.invalid_client_status = 401
    assert said(token(fake, secret="wrong", grant_type="client_credentials"), 401) == wrong
    assert said(token(fake, grant_type="password"))["error"] == "unsupported_grant_type"


def test_the_page_asks_who_one_is(fake: FakeSpotify) -> None:
    page = authorize(fake, **{"as": None, "agree": None, "scope": SCOPES + " <b>"})
    assert returned(page)["error"] == "invalid_scope"
    page = authorize(fake, **{"as": None, "agree": None, "state": '"><b>'})
    assert page.status_code == 200
    assert "<b>" not in page.text
    for word in ("<script", "http://fonts", "https://", "src="):
        assert word not in page.text
    for name in ("Alice", "Bob", "Charlie", "Dora"):
        assert f"Agree as {name}" in page.text
    assert "It is not Spotify's" in page.text
    form = {"client_id": fake.client_id, "response_type": "code", "redirect_uri": BACK, "scope": SCOPES, "state": "x"}
    address = f"{fake.url}/authorize"
    agreed = requests.post(address, data=form | {"agree": "1", "as": "bob"}, allow_redirects=False, timeout=5)
    given = exchange(fake, returned(agreed)["code"]).json()
    assert me(fake, given["access_token"]).json()["display_name"] is None
    cancelled = requests.post(address, data=form | {"agree": "0"}, allow_redirects=False, timeout=5)
    assert returned(cancelled) == {"error": "access_denied", "state": "x"}
    skipped = requests.get(address, params=form, headers={"X-Fake-As": "dora"}, allow_redirects=False, timeout=5)
    assert "code" in returned(skipped)


def test_an_access_token_lasts_an_hour(fake: FakeSpotify) -> None:
    alice = Asker(fake)
    fake.clock.advance(timedelta(seconds=3599))
    assert alice.ask("/me").status_code == 200
    fake.clock.advance(timedelta(seconds=1))
    late = alice.ask("/me")
    assert (late.status_code, late.json()) == (401, {"error": {"status": 401, "message": "The access token expired"}})
    assert "invalid_token" in late.headers["www-authenticate"]
    renewed = refresh(fake, alice.refresh).json()
    assert me(fake, renewed["access_token"]).status_code == 200
    assert requests.get(f"{fake.api_url}/me", timeout=5).status_code == 401
    assert me(fake, "made-up").status_code == 401


def test_a_refresh_brings_what_the_switches_say(fake: FakeSpotify) -> None:
    alice = Asker(fake, scopes={"user-top-read"})
    assert refresh(fake, alice.refresh).json().keys() == {"access_token", "token_type", "scope", "expires_in"}
    fake.refresh_scope = False
    assert refresh(fake, alice.refresh).json().keys() == {"access_token", "token_type", "expires_in"}
    fake.refresh_returns = "same"
    assert refresh(fake, alice.refresh).json()["refresh_token"] == alice.refresh
    fake.refresh_returns = "rotating"
    new = refresh(fake, alice.refresh).json()["refresh_token"]
    assert new != alice.refresh
    assert said(refresh(fake, alice.refresh)) == REVOKED
    assert refresh(fake, new).status_code == 200


@pytest.mark.parametrize("returns", ["none", "rotating"])
@pytest.mark.parametrize(
    ("agreed", "ends"),
    [
        (datetime(2026, 8, 31, 12, tzinfo=UTC), datetime(2027, 2, 28, 12, tzinfo=UTC)),
        (datetime(2026, 6, 15, 12, tzinfo=UTC), datetime(2026, 12, 15, 12, tzinfo=UTC)),
    ],
)
def test_a_consent_lasts_six_months_however_often_it_is_used(
    fake: FakeSpotify, returns: str, agreed: datetime, ends: datetime
) -> None:
    fake.refresh_returns = returns
    fake.clock.set(agreed)
    kept = Asker(fake).refresh
    for moment in (agreed + timedelta(days=90), ends - timedelta(seconds=1)):
        fake.clock.set(moment)
        answer = refresh(fake, kept)
        assert answer.status_code == 200
        kept = answer.json().get("refresh_token", kept)
    fake.clock.set(ends)
    assert said(refresh(fake, kept)) == REVOKED


def test_consent_taken_back(fake: FakeSpotify) -> None:
    alice, bob, code = Asker(fake), Asker(fake, "bob"), returned(authorize(fake))["code"]
    fake.revoke("alice", keep_access=True)
    assert alice.ask("/me").status_code == 200
    assert said(refresh(fake, alice.refresh)) == REVOKED
    assert said(exchange(fake, code)) == BAD_CODE
    again = Asker(fake)
    fake.revoke("alice")
    assert again.ask("/me").status_code == 401
    assert bob.ask("/me").status_code == 200
    assert Asker(fake).ask("/me").status_code == 200


def test_scopes_nobody_grants_are_missing(fake: FakeSpotify) -> None:
    fake.withheld_scopes = {"user-top-read"}
    given = exchange(fake, returned(authorize(fake))["code"]).json()
    assert given["scope"] == "user-read-recently-played"
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    refused = requests.get(f"{fake.api_url}/me/top/tracks", headers=headers, timeout=5)
    assert said(refused, 403) == {"error": {"status": 403, "message": "Insufficient client scope"}}
    assert requests.get(f"{fake.api_url}/me/player/recently-played", headers=headers, timeout=5).status_code == 200


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/me/player/recently-played", "user-read-recently-played"),
        ("/me/player/currently-playing", "user-read-currently-playing"),
        ("/me/top/artists", "user-top-read"),
        ("/me/tracks", "user-library-read"),
        ("/me/albums", "user-library-read"),
        ("/me/playlists", "playlist-read-private"),
        ("/me/following?type=artist", "user-follow-read"),
    ],
)
def test_every_call_needs_its_scope(fake: FakeSpotify, path: str, scope: str) -> None:
    assert Asker(fake, "dora", scopes={scope}).ask(path).status_code in (200, 204)
    nothing = Asker(fake, "dora", scopes=set())
    assert nothing.ask(path).status_code == 403
    assert nothing.ask("/me").status_code == 200


def test_the_app_itself_may_look_at_music_alone(fake: FakeSpotify) -> None:
    given = token(fake, grant_type="client_credentials").json()
    assert given.keys() == {"access_token", "token_type", "expires_in"}
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    for path, status in ((f"/tracks/{fake.music.tracks[0].id}", 200), ("/search?q=x&type=track", 200), ("/me", 401)):
        assert requests.get(fake.api_url + path, headers=headers, timeout=5).status_code == status


def test_the_log_holds_nothing_secret(fake: FakeSpotify) -> None:
    back = returned(authorize(fake, code_challenge=challenge(), code_challenge_method="S256"))
    given = exchange(fake, back["code"], code_verifier=VERIFIER).json()
    me(fake, given["access_token"])
    refresh(fake, given["refresh_token"])
    assert fake.calls == {"GET /authorize": 1, "POST /api/token": 2, "GET /me": 1}
    assert fake.api_calls == 1
    logged = repr(fake.requests)
    for secret in (back["code"], back["state"], VERIFIER, challenge(), fake.client_secret, given["access_token"],
                   given["refresh_token"]):  # fmt: skip
        assert secret not in logged
    assert [asked.query.get("grant_type") for asked in fake.requests] == [
        None, "authorization_code", None, "refresh_token"
    ]  # fmt: skip
    assert [(asked.person, asked.status) for asked in fake.requests] == [
        (None, 302), (None, 200), ("alice", 200), (None, 200)
    ]  # fmt: skip
