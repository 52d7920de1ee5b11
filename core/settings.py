"""Every setting of Playprint, read from ``PLAYPRINT_*`` variables, a ``.env`` file and ``*_FILE`` secrets."""

import ipaddress
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.domain.errors import InvalidInput

Registration = Literal["closed", "invitation", "open"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
ROOT = Path(__file__).resolve().parent.parent
PREFIX = "PLAYPRINT_"
ASKED_SOURCES = ("listenbrainz", "deezer", "apple")  # of public charts; Last.fm is asked where its key is given
# Read by the test suite alone; known here so that they are not refused as misspelt.
TEST_VARIABLES = {"PLAYPRINT_TEST_DATABASE_URL", "PLAYPRINT_TEST_REDIS_URL"}


class Settings(BaseSettings):
    """The settings of one process; made once, never changed."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    home: Path = Field(
        default_factory=lambda: user_data_path("playprint"),
        description="Folder of the embedded servers, uploads and the instance secret.",
    )
    host: str = Field(default="127.0.0.1", description="Address the web process listens on.")
    port: int = Field(default=8501, ge=1, le=65535, description="Port the web process listens on.")
    public_url: str = Field(
        default="",
        description="Address people type, e.g. https://music.example; empty: http://127.0.0.1 and the port.",
    )
    allowed_hosts: str = Field(
        default="",
        description="More host names this instance answers to, with commas; the public one and plain addresses always.",
    )
    trusted_proxies: str = Field(
        default="",
        description="Proxies whose X-Forwarded-For is believed: addresses or networks, with commas; empty: none.",
    )
    database_url: SecretStr = Field(
        default=SecretStr(""), description="PostgreSQL 15 or newer; empty: the embedded server."
    )
    redis_url: SecretStr = Field(
        default=SecretStr(""), description="Redis 6.2, Valkey or newer; empty: the embedded server."
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key for keyed hashes and cookies; empty: made once, kept in the home folder.",
    )
    registration: Registration = Field(
        default="invitation", description="Who may make an account: closed, invitation (by one-time link) or open."
    )
    smtp_url: SecretStr = Field(
        default=SecretStr(""),
        description="Mail server for reset links, e.g. smtps://user:password@mail.example:465; empty: no mail.",
    )
    mail_from: str = Field(default="", description="Sender of mail; empty: playprint@ and the host of the address.")
    operator: str = Field(default="", description="Who runs this instance and how to reach them; on the privacy page.")
    token_keys: SecretStr = Field(
        default=SecretStr(""),
        description="Keys that encrypt Spotify tokens and second factors, newest first, with commas; empty: made once.",
    )
    spotify_client_id: str = Field(default="", description="Client id of your own Spotify app; empty: no connection.")
    spotify_client_secret: SecretStr = Field(
        default=SecretStr(""), description="Client secret of the Spotify app; may stay empty (PKCE alone)."
    )
    spotify_api_url: str = Field(default="https://api.spotify.com/v1", description="Where Spotify's Web API is.")
    spotify_accounts_url: str = Field(
        default="https://accounts.spotify.com", description="Where Spotify's sign-in and its tokens are."
    )
    spotify_daily_calls: int = Field(default=800, ge=1, description="Most calls to Spotify in 24 hours, all people.")
    spotify_endpoint_calls: int = Field(default=250, ge=1, description="Most calls to one endpoint in 24 hours.")
    spotify_counts: bool = Field(
        default=True, description="Count plays Spotify's API reported in people's own figures (docs/spotify.md)."
    )
    facts: bool = Field(
        default=True, description="Ask MusicBrainz and ListenBrainz about the artists heard here (names, no people)."
    )
    similar: bool = Field(
        default=True,
        description="Ask ListenBrainz whom listeners play beside the artists heard here (ids of artists, no people).",
    )
    genre_tags: bool = Field(
        default=True,
        description="Take genres from the tags of MusicBrainz's users (CC BY-NC-SA 3.0, docs/genres.md); else without.",
    )
    musicbrainz_url: str = Field(default="https://musicbrainz.org/ws/2", description="Where MusicBrainz is.")
    listenbrainz_url: str = Field(default="https://api.listenbrainz.org", description="Where ListenBrainz is.")
    labs_url: str = Field(
        default="https://labs.api.listenbrainz.org", description="Where ListenBrainz's lists of similar artists are."
    )
    listenbrainz_token: SecretStr = Field(
        default=SecretStr(""),
        description="Your ListenBrainz user token; with it facts come many at once (docs/facts.md). Empty: without.",
    )
    trend_sources: str = Field(
        default="listenbrainz",
        description="Where public charts come from, with commas: listenbrainz, deezer, apple. Empty: nobody is asked.",
    )
    lastfm_key: SecretStr = Field(
        default=SecretStr(""),
        description="Your Last.fm API key; with it Last.fm's charts are shown (non-commercial use). Empty: without.",
    )
    lastfm_url: str = Field(default="https://ws.audioscrobbler.com", description="Where Last.fm's API is.")
    deezer_url: str = Field(default="https://api.deezer.com", description="Where Deezer's API is.")
    apple_url: str = Field(default="https://rss.marketingtools.apple.com", description="Where Apple Music's feeds are.")
    chart_countries: str = Field(
        default="US,GB,DE,FR,ES,IT,NL,SE,PL,BR,MX,JP",
        description="Countries whose charts are asked for (Last.fm, Apple): two letters each, with commas.",
    )
    community_listeners: int = Field(
        default=10, ge=10, description="Fewest members behind a row of this instance's own charts (docs/community.md)."
    )
    community_members: int = Field(
        default=50, ge=50, description="Fewest active members behind a chart of this instance's own."
    )
    max_upload_mb: int = Field(default=1024, ge=1, description="Largest upload, in megabytes (10^6 bytes).")
    max_unpacked_mb: int = Field(default=4096, ge=1, description="Largest unpacked size of one upload, in megabytes.")
    max_file_mb: int = Field(default=256, ge=1, description="Largest unpacked file inside an upload, in megabytes.")
    max_files: int = Field(default=500, ge=1, description="Most files in one upload.")
    library_cache_mb: int = Field(
        default=256, ge=1, description="Memory a web process may spend on people's listening libraries, in megabytes."
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_format: str = Field(default="auto", description="text, json, or auto (text on a terminal).")
    demo: bool = Field(default=True, description="Show the built-in demo profile to visitors.")
    indexed: Literal["auto", "yes", "no"] = Field(
        default="auto",
        description="Let search engines list the trends pages: yes, no, or auto (yes with PLAYPRINT_PUBLIC_URL set).",
    )

    @field_validator(
        *("public_url", "spotify_api_url", "spotify_accounts_url", "musicbrainz_url", "listenbrainz_url"),
        *("labs_url", "lastfm_url", "deezer_url", "apple_url"),
        mode="after",
    )
    @classmethod
    def _without_slash(cls, value: str, about: ValidationInfo) -> str:
        """Return an address without a slash at its end; the public one alone may be empty."""
        if not is_address(value) and (value or about.field_name != "public_url"):
            raise PydanticCustomError("address", "this is no address like https://music.example")
        return value.rstrip("/")

    @field_validator("trusted_proxies", mode="after")
    @classmethod
    def _of_networks(cls, value: str) -> str:
        """Return the proxies as they are, when each is an address or a network."""
        try:
            networks(value)
        except ValueError as error:
            raise PydanticCustomError(
                "network", "these are not addresses or networks like 10.0.0.1, fd00::/8"
            ) from error
        return value

    @field_validator("trend_sources", mode="after")
    @classmethod
    def _of_sources(cls, value: str) -> str:
        """Return the sources as they are, when each is one Playprint knows how to ask."""
        unknown = [part for part in listed(value.lower()) if part not in ASKED_SOURCES]
        if unknown:
            raise PydanticCustomError(
                "source", "these are not sources like listenbrainz, deezer, apple (Last.fm wants its key alone)"
            )
        return value.lower()

    @field_validator("chart_countries", mode="after")
    @classmethod
    def _of_countries(cls, value: str) -> str:
        """Return the countries in capitals, when each has two letters."""
        if not all(re.fullmatch("[A-Za-z]{2}", part) for part in listed(value)):
            raise PydanticCustomError("country", "these are not countries of two letters like US,DE,JP")
        return value.upper()

    @property
    def charts_from(self) -> tuple[str, ...]:
        """Return the sources of public charts that are asked: those named, and Last.fm where it has its key."""
        return (*listed(self.trend_sources), *(("lastfm",) if self.lastfm_key.get_secret_value() else ()))

    @property
    def address(self) -> str:
        """Return the address to print and to build links from, without a slash at its end."""
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def findable(self) -> bool:
        """Return whether search engines may list the public pages."""
        return self.indexed == "yes" or (self.indexed == "auto" and bool(self.public_url))

    @property
    def redirect_uri(self) -> str:
        """Return the address Spotify sends people back to; it must be registered exactly so."""
        return f"{self.address}/oauth/spotify/callback"


def listed(text: str) -> tuple[str, ...]:
    """Return the parts of a list with commas, each once, without blanks around them."""
    return tuple(dict.fromkeys(part for each in text.split(",") if (part := each.strip())))


def is_address(text: str) -> bool:
    """Return whether a text is the address of a web server: http or https, a host, perhaps a port and a path."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    plain = text.isprintable() and " " not in text and not (parts.query or parts.fragment or parts.username)
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname)


def networks(text: str) -> tuple[Network, ...]:
    """Return the networks in a list with commas, a single address as a network of one; raises ``ValueError``."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def _file_secrets() -> dict[str, str]:
    """Return the settings whose value lies in the file a ``PLAYPRINT_*_FILE`` variable names."""
    values = {}
    for variable, path in os.environ.items():
        name = variable.removeprefix(PREFIX).removesuffix("_FILE").lower()
        if variable.startswith(PREFIX) and variable.endswith("_FILE") and name in Settings.model_fields:
            try:
                values[name] = Path(path).read_text().strip()
            except OSError as error:
                raise InvalidInput(f"{variable} names {path}, which cannot be read: {error.strerror}.") from error
    return values


def _refuse_unknown(names: set[str]) -> None:
    """Raise for a ``PLAYPRINT_*`` name no setting has: a misspelt setting must not pass unnoticed."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(names - known - {f"{name}_FILE" for name in known} - TEST_VARIABLES)
    if unknown:
        raise InvalidInput(f"Unknown setting {unknown[0]}. The settings are listed in docs/settings.md.")


def load_settings(env_file: Path | None = ROOT / ".env") -> Settings:
    """Return the settings of this environment.

    Raises:
        InvalidInput: a value is out of range, a secret file is missing, or a ``PLAYPRINT_*`` name is unknown.
    """
    from dotenv import dotenv_values

    in_file = {key for key in dotenv_values(env_file) if key.startswith(PREFIX)} if env_file else set()
    _refuse_unknown({key for key in os.environ if key.startswith(PREFIX)} | in_file)
    try:
        return Settings(_env_file=env_file, **_file_secrets())  # type: ignore[call-arg, arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + "_".join(map(str, first["loc"])).upper()
        raise InvalidInput(f"{name}: {first['msg']}.") from error


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return this process's settings, read once."""
    return load_settings()
