"""Secrets in links and cookies: tokens whose hash is kept, and stamps, which are kept nowhere."""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

_TOKEN = re.compile(r"([1-9][0-9]{0,9})\.([A-Za-z0-9_-]{43})")
_STAMP = re.compile(r"([A-Za-z0-9_~-]{1,200})\.([0-9]{1,12})\.([A-Za-z0-9_-]{43})")


def new_token(user_id: int) -> str:
    """Return a fresh token of 256 random bits that says whose it is: ``"{user_id}.{secret}"``."""
    return f"{user_id}.{secrets.token_urlsafe(32)}"


def digest(token: str) -> bytes:
    """Return a token's SHA-256, which is what is kept of it."""
    return hashlib.sha256(token.encode()).digest()


def read_token(token: str) -> tuple[int, bytes] | None:
    """Return the person a token names and the token's SHA-256, None for what is no token at all."""
    found = _TOKEN.fullmatch(token)
    if found is None or int(found[1]) >= 2**31:
        return None
    return int(found[1]), digest(token)


class Stamps:
    """Statements of one purpose that this instance alone can make: texts, an end, and a keyed hash over both."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        self._key = hmac.new(secret, f"stamp {purpose}".encode(), hashlib.sha256).digest()

    def make(self, *texts: str, now: datetime, life: timedelta, bound: str = "") -> str:
        """Return a stamp over texts of letters and digits; ``bound`` must be the same when it is read."""
        said = f"{'~'.join(texts)}.{int((now + life).timestamp())}"
        return f"{said}.{self._hash(said, bound)}"

    def read(self, stamp: str, *, now: datetime, bound: str = "") -> tuple[str, ...] | None:
        """Return the texts of a stamp, None for one that is forged, over, or bound to something else."""
        found = _STAMP.fullmatch(stamp)
        if found is None or not hmac.compare_digest(self._hash(f"{found[1]}.{found[2]}", bound), found[3]):
            return None
        return tuple(found[1].split("~")) if now.timestamp() < int(found[2]) else None

    def _hash(self, said: str, bound: str) -> str:
        made = hmac.new(self._key, f"{said}|{bound}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(made).decode().rstrip("=")


def claimed(stamp: str) -> tuple[str, ...]:
    """Return the texts a stamp claims to hold, unchecked: to look up what it is bound to."""
    found = _STAMP.fullmatch(stamp)
    return tuple(found[1].split("~")) if found else ()
