"""The second factor: a code of six digits that an app shows for half a minute; recovery codes when the app is lost.

Each code is taken once. The secret lies sealed in the database, recovery codes as hashes.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pyotp
import segno

from core.domain.errors import Unavailable
from core.domain.membership import Setup
from core.domain.people import Refused
from core.repositories.database import Database
from core.repositories.second_factors import FactorRows, StoredFactor
from core.services.throttle import Bytes, Throttle, by_code, by_pair

ISSUER = "Playprint"
STEP_SECONDS = 30
CODES = 10
SETUP_LIFE = timedelta(minutes=15)
_PROVIDER = "totp"
_DIGITS = re.compile(r"[0-9]{6}")
_RECOVERY = re.compile(r"[a-z2-7]{16}")


class Vault(Protocol):
    """What is used of ``core.services.vault.Vault``."""

    def seal(self, user_id: int, provider: str, text: str) -> bytes:
        """Return a text of a person, encrypted."""

    def open(self, user_id: int, provider: str, sealed: bytes) -> str:
        """Return the text that was sealed."""


class SecondFactor:
    """Everybody's second factors; safe to share between threads."""

    def __init__(
        self,
        db: Database,
        cache: Bytes,
        *,
        vault: Vault | None,
        secret: bytes = b"",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._rows, self._vault, self._now = FactorRows(db), vault, now
        self._throttle = Throttle(cache, now, secret=secret)

    def load(self, user_id: int) -> StoredFactor:
        """Return what is stored of a person's factor; raises ``NotFound`` for nobody."""
        return self._rows.load(user_id)

    def codes_left(self, user_id: int) -> int:
        """Return how many recovery codes a person has left."""
        return self._rows.codes_left(user_id)

    def begin(self, user_id: int) -> None:
        """Begin a set-up with a new secret; ``setup`` shows it for 15 minutes. Raises ``Refused`` (``second-on``)."""
        text = f"{pyotp.random_base32()} {int(self._now().timestamp())}"
        if not self._rows.begin(user_id, sealed=self._sealing().seal(user_id, _PROVIDER, text)):
            raise Refused("second-on")

    def setup(self, user_id: int) -> Setup | None:
        """Return the set-up a person has begun, None when there is none, it is over, or a factor is on."""
        stored = self._rows.load(user_id)
        secret = self._begun(user_id, stored)
        if secret is None:
            return None
        uri = pyotp.TOTP(secret).provisioning_uri(name=stored.name, issuer_name=ISSUER)
        return Setup(secret, uri, segno.make(uri, error="m").png_data_uri(scale=5, border=3))

    def confirm(self, user_id: int, *, code: str) -> list[str]:
        """Switch on the factor being set up and return its recovery codes, which are shown this once.

        Raises:
            Refused: ``setup`` when none was begun or it is over; ``code`` or ``wait``.
        """
        stored = self._rows.load(user_id)
        secret = self._begun(user_id, stored)
        if secret is None or stored.sealed is None:
            raise Refused("setup")
        step = self._entered(user_id, "", lambda: self._step(secret, code, after=0))
        codes = [_new_code() for _ in range(CODES)]
        hashes = [_code_hash(user_id, code) for code in codes]
        if not self._rows.switch_on(user_id, sealed=stored.sealed, since=self._now(), step=step, codes=hashes):
            raise Refused("setup")
        return [_shown(code) for code in codes]

    def take(self, user_id: int, *, code: str, address: str = "", state: str | None = None) -> bool:
        """Use up a code of the app or a recovery code, and return whether it was a recovery code.

        ``state`` is what ``StoredFactor.state`` has to be still: it changes with each code taken.

        Raises:
            Refused: ``wait`` after too many wrong codes; ``second-over`` when ``state`` has changed; ``code``.
        """
        stored = self._rows.load(user_id)
        if stored.since is None or stored.sealed is None or (state is not None and stored.state != state):
            raise Refused("second-over")
        secret = self._secret(user_id, stored.sealed)
        typed = re.sub(r"[\s-]", "", code).lower()
        if _RECOVERY.fullmatch(typed):
            self._entered(user_id, address, lambda: self._recovered(user_id, stored, typed))
            return True
        step = self._entered(user_id, address, lambda: self._step(secret, code, after=stored.step))
        if not self._rows.take_step(user_id, before=stored.step, step=step):
            raise Refused("second-over")
        return False

    def off(self, user_id: int) -> bool:
        """Forget a person's factor and codes, and return whether it was on."""
        return self._rows.switch_off(user_id)

    def _sealing(self) -> Vault:
        if self._vault is None:
            raise Unavailable("Second factors need a key to seal them; set PLAYPRINT_TOKEN_KEYS or PLAYPRINT_HOME.")
        return self._vault

    def _secret(self, user_id: int, sealed: bytes) -> str:
        """Return a sealed secret."""
        return self._sealing().open(user_id, _PROVIDER, sealed).split()[0]

    def _begun(self, user_id: int, stored: StoredFactor) -> str | None:
        """Return the secret of a set-up that is not over."""
        if stored.sealed is None or stored.since is not None:
            return None
        secret, begun = self._sealing().open(user_id, _PROVIDER, stored.sealed).split()
        return secret if self._now().timestamp() < int(begun) + SETUP_LIFE.total_seconds() else None

    def _entered(self, user_id: int, address: str, check: Callable[[], int | None]) -> int:
        """Return the step of a right code; wrong ones count for the person here, and for them everywhere."""
        here, anywhere = by_pair("code", str(user_id), address), by_code(str(user_id))
        if not self._throttle.enter(here, anywhere):
            raise Refused("wait")
        step = check()
        if step is None:
            raise Refused("code")
        self._throttle.forget(here)
        self._throttle.give_back(anywhere)
        return step

    def _step(self, secret: str, code: str, *, after: int) -> int | None:
        """Return the step a code is of: this one, the one before or the next, if it comes ``after`` the last taken."""
        typed = re.sub(r"\s", "", code)
        if not _DIGITS.fullmatch(typed):
            return None
        maker, present = pyotp.TOTP(secret), self._present
        right = [step for step in (present - 1, present, present + 1) if same_code(maker.generate_otp(step), typed)]
        return next((step for step in right if step > after), None)

    def _recovered(self, user_id: int, stored: StoredFactor, typed: str) -> int | None:
        """Use up a recovery code; a step goes with it, so that what was begun before is over."""
        step = max(self._present, stored.step + 1)
        code_sha256 = _code_hash(user_id, typed)
        taken = self._rows.take_code(user_id, before=stored.step, code_sha256=code_sha256, step=step)
        return step if taken else None

    @property
    def _present(self) -> int:
        return int(self._now().timestamp()) // STEP_SECONDS


def same_code(made: str, typed: str) -> bool:
    """Return whether two codes are the same, in constant time."""
    return hmac.compare_digest(made.encode(), typed.encode())


def _new_code() -> str:
    """Return a recovery code: 80 random bits in 16 letters and digits."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


def _shown(code: str) -> str:
    """Return a code in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _code_hash(user_id: int, code: str) -> bytes:
    """Return what is stored of a recovery code."""
    return hashlib.sha256(f"recovery {user_id} {code}".encode()).digest()
