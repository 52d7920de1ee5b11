"""Addresses among the settings: a server's address or a plain sentence, never a slash at the end."""

import pytest

from core.domain.errors import InvalidInput
from core.settings import Settings, is_address, load_settings


@pytest.mark.parametrize(
    "text", ["https://api.spotify.com/v1", "http://127.0.0.1:8600", "http://[::1]:8600/v1/", "https://music.example"]
)
def test_an_address_is_one(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "api.spotify.com",
        "ftp://host/x",
        "http://",
        "https:///v1",
        "http://a b",
        "http://h:99999",
        "http://h/?a=1",
        "http://h/#a",
        "http://user:word@h",
        "http://[::1",
        "http://h/\n",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert not is_address(text)


def test_a_slash_at_the_end_goes() -> None:
    made = Settings(spotify_api_url="http://127.0.0.1:1/v1/", public_url="https://music.example/", port=1)
    assert (made.spotify_api_url, made.public_url) == ("http://127.0.0.1:1/v1", "https://music.example")
    assert made.redirect_uri == "https://music.example/oauth/spotify/callback"


@pytest.mark.parametrize(
    ("name", "value"),
    [("PUBLIC_URL", "music.example"), ("SPOTIFY_API_URL", ""), ("SPOTIFY_ACCOUNTS_URL", "x"), ("MUSICBRAINZ_URL", "x")],
)
def test_nonsense_is_refused_in_one_sentence(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"PLAYPRINT_{name}", value)
    with pytest.raises(InvalidInput, match=f"^PLAYPRINT_{name}: this is no address like https://"):
        load_settings(None)


def test_the_public_address_may_be_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYPRINT_PUBLIC_URL", "")
    assert load_settings(None).address == "http://127.0.0.1:8501"
