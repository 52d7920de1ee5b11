"""What goes through the browser, and what a grant looks like in print."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from core.spotify.oauth import Granted, OAuth, challenge

APP = OAuth("the-id", "the-secret", "https://accounts.example", "http://127.0.0.1:8501/oauth/spotify/callback")


def test_the_challenge_is_that_of_the_standard() -> None:
    """RFC 7636, appendix B."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_address_of_the_consent_holds_no_secret() -> None:
    address = APP.authorize_url(state="s", verifier="v" * 43, scopes={"b", "a"})
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://accounts.example/authorize"
    assert parse_qs(parts.query) == {
        "client_id": ["the-id"],
        "response_type": ["code"],
        "redirect_uri": ["http://127.0.0.1:8501/oauth/spotify/callback"],
        "state": ["s"],
        "scope": ["a b"],
        "code_challenge_method": ["S256"],
        "code_challenge": [challenge("v" * 43)],
        "show_dialog": ["false"],
    }
    assert "show_dialog=true" in APP.authorize_url(state="s", verifier="v", scopes=(), ask_again=True)


def test_nothing_secret_is_printed() -> None:
    granted = Granted("the-access", datetime(2026, 1, 1, tzinfo=UTC), "the-refresh", frozenset())
    assert "the-" not in repr(granted)
    assert "the-secret" not in repr(APP)
