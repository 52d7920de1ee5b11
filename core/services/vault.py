"""The vault: what must be read again but never lie open in the database, encrypted and tied to its person.

A key is a Fernet key, or any text of 32 characters and more, of which a Fernet key is made (SHA-256). Fernet does not
know whose a ciphertext is, so person and purpose stand inside it: moved to another row, it does not open.
"""

import base64
import hashlib
import json
import os
import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from core.domain.errors import InvalidInput, PlayprintError, Unavailable

SHORTEST = 32
_IS_FERNET = re.compile(r"[A-Za-z0-9_-]{43}=")
_LOST = (
    "What is stored encrypted cannot be opened with the present keys: set PLAYPRINT_TOKEN_KEYS to the keys it was "
    "sealed with, or put the file token-keys back into the home folder."
)
_FOREIGN = "What is stored encrypted for this person belongs to somebody or something else; it has to be set up anew."


class Sealed(PlayprintError):
    """Something stays closed: its key is unknown, or it is not this person's."""


class Vault:
    """Seals and opens texts with the newest of several keys and any of them; safe to share between threads."""

    def __init__(self, keys: Sequence[str] = (), *, file: "KeyFile | None" = None) -> None:
        """Use these keys, newest first, or those of a file, which may change meanwhile.

        Raises:
            InvalidInput: there is no key, or one is too short.
            Unavailable: the file cannot be used.
        """
        self._file, self._guard = file, threading.Lock()
        self._keys = file.keys() if file else tuple(keys)
        self._fernet = _fernet(self._keys)

    def seal(self, user_id: int, provider: str, text: str) -> bytes:
        """Return a text of a person, for one purpose (``provider``), encrypted with the newest key."""
        inside = {"u": user_id, "p": provider, "t": text}
        return self._current().encrypt(json.dumps(inside, separators=(",", ":")).encode())

    def open(self, user_id: int, provider: str, sealed: bytes) -> str:
        """Return the text ``seal`` got; raises ``Sealed`` without its key and where person or purpose differ."""
        inside = json.loads(self._attempt(lambda fernet: fernet.decrypt(sealed)))
        if (inside["u"], inside["p"]) != (user_id, provider):
            raise Sealed(_FOREIGN)
        return str(inside["t"])

    def rotate(self, sealed: bytes) -> bytes:
        """Return the same text sealed with the newest key; raises ``Sealed`` without its key."""
        return self._attempt(lambda fernet: fernet.rotate(sealed))

    def new_key(self) -> bool:
        """Seal with a new key from now on, where keys are in a file; keys of the settings stay as they are."""
        if self._file is None:
            return False
        self._file.add()
        return True

    def _attempt(self, work: Callable[[MultiFernet], bytes]) -> bytes:
        """Return what works with the keys there are, the changed ones included."""
        try:
            return work(self._current())
        except InvalidToken as error:
            raise Sealed(_LOST) from error

    def _current(self) -> MultiFernet:
        """Return the keys as they are by now: another process may have added one."""
        if self._file is None:
            return self._fernet
        keys = self._file.keys()
        with self._guard:
            if keys != self._keys:
                self._keys, self._fernet = keys, _fernet(keys)
            return self._fernet


class KeyFile:
    """Keys in a private file, one a line, newest first."""

    def __init__(self, path: Path, *, write_once: Callable[[Path, bytes], None]) -> None:
        """Keep keys at ``path``; ``write_once`` makes a private file of which the first writer's content stays."""
        self._path, self._write_once = path, write_once
        self._seen: tuple[tuple[int, int, int], tuple[str, ...]] | None = None

    def keys(self) -> tuple[str, ...]:
        """Return the keys, newest first; the first call on a new home makes one.

        Raises:
            Unavailable: the home folder cannot be used.
        """
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self._path.exists():
                self._write_once(self._path, Fernet.generate_key() + b"\n")
            about = self._path.stat()
            version = (about.st_ino, about.st_mtime_ns, about.st_size)
            if self._seen is None or self._seen[0] != version:
                self._seen = (version, tuple(self._path.read_text().split()))
            return self._seen[1]
        except OSError as error:
            raise Unavailable(
                f"{self._path} cannot be used: {error.strerror}; set PLAYPRINT_HOME or PLAYPRINT_TOKEN_KEYS."
            ) from error

    def add(self) -> None:
        """Put a new key before the others, which stay; only one process at a time may."""
        content = "".join(f"{key}\n" for key in (Fernet.generate_key().decode(), *self.keys()))
        half = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(self._path)


def _fernet(keys: Sequence[str]) -> MultiFernet:
    """Return the ciphers of keys."""
    if not keys:
        raise InvalidInput("PLAYPRINT_TOKEN_KEYS holds no key; give one of 32 characters or more.")
    return MultiFernet([Fernet(_fernet_key(key)) for key in keys])


def _fernet_key(key: str) -> bytes:
    """Return a Fernet key as it is, and one made of any other text."""
    if len(key) < SHORTEST:
        raise InvalidInput(
            f"A key of PLAYPRINT_TOKEN_KEYS has fewer than {SHORTEST} characters (commas part keys); give longer ones."
        )
    if _IS_FERNET.fullmatch(key):
        return key.encode()
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())
