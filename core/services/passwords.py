"""Passwords: which are good enough, and their hashes (bcrypt, cost 12)."""

import importlib.util
import secrets
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Protocol, cast

from core.domain.people import Refused
from core.settings import ROOT

SHORTEST, LONGEST_BYTES = 12, 72
COMMON = ROOT / "data" / "common_passwords.txt"


class _Hasher(Protocol):
    """What is used of streamlit-authenticator's Hasher."""

    def hash(self, password: str) -> str:
        """Return the hash of a password."""

    def check_pw(self, password: str, hashed_password: str) -> bool:
        """Return True when a password has this hash."""


@lru_cache(maxsize=1)
def _hasher() -> _Hasher:
    """Return streamlit-authenticator's Hasher, loaded from its own file.

    Importing it by its package would start Streamlit in the worker and the command line, which need only these
    two functions.
    """
    package = importlib.util.find_spec("streamlit_authenticator")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("streamlit_authenticator")
    path = Path(package.origin).parent / "utilities" / "hasher.py"
    spec = importlib.util.spec_from_file_location("playprint_hasher", path)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(str(path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast(_Hasher, module.Hasher)


@lru_cache(maxsize=1)
def _decoy() -> str:
    """Return the hash of a password nobody knows, to spend the same time on names nobody has."""
    return _hasher().hash(secrets.token_urlsafe(24))


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """Return the refused passwords, casefolded."""
    return frozenset(COMMON.read_text(encoding="utf-8").casefold().split())


def _normal(password: str) -> str:
    """Return a password as typed on any keyboard: accents composed."""
    return unicodedata.normalize("NFC", password)


def _usable(password: str) -> bool:
    """Return False for what bcrypt cannot hash whole."""
    return len(password.encode("utf-8", "replace")) <= LONGEST_BYTES and "\0" not in password


def check_new(password: str, *, name: str) -> None:
    """Raise ``Refused`` (``short``, ``long`` or ``common``) for a password that is not good enough for ``name``."""
    password = _normal(password)
    if len(password) < SHORTEST:
        raise Refused("short")
    if not _usable(password):
        raise Refused("long")
    folded = password.casefold()
    if folded in _common() or len(set(folded)) < 4 or folded.replace(name.casefold(), "").isdigit() or folded.isdigit():
        raise Refused("common")


def hash_password(password: str) -> str:
    """Return the bcrypt hash of a password ``check_new`` let through."""
    return _hasher().hash(_normal(password))


def verify_password(password: str, hashed: str | None) -> bool:
    """Return True when the password has this hash; without a hash spends the same time and returns False."""
    decoy = _decoy()
    password = _normal(password)
    if not _usable(password):
        password, hashed = "", None
    fits = _hasher().check_pw(password, hashed or decoy)
    return fits and hashed is not None
