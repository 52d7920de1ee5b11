"""Every setting of Playprint, read from ``PLAYPRINT_*`` variables, a ``.env`` file and ``*_FILE`` secrets."""

import os
from functools import lru_cache
from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.domain.errors import InvalidInput

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "PLAYPRINT_"
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
        default="", description="Address people type, e.g. https://music.example; empty: http://localhost and the port."
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

    @property
    def address(self) -> str:
        """Return the address to print and to build links from, without a slash at its end."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")


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
