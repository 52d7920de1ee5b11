"""What Spotify refuses, in sentences a person can act on; no error holds a token or an answer's text."""

from datetime import datetime

from core.domain.errors import PlayprintError
from core.domain.people import SENTENCES


class SpotifyError(PlayprintError):
    """Spotify refused something or could not be asked; ``code`` is a key of ``SENTENCES``."""

    code = "spotify-trouble"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or SENTENCES[self.code])


class Later(SpotifyError):
    """Nothing is wrong, it is only too early: not before ``retry_at`` (aware)."""

    code = "spotify-budget"

    def __init__(self, retry_at: datetime) -> None:
        super().__init__()
        self.retry_at = retry_at


class ConsentOver(SpotifyError):
    """The consent has ended or was taken back: the person has to connect again."""

    code = "spotify-consent-over"


class NotListed(SpotifyError):
    """The app's owner has not put this person on the app's list."""

    code = "spotify-not-listed"


class OwnerNotPremium(SpotifyError):
    """The app's owner has no Premium, so Spotify answers nobody."""

    code = "spotify-premium"


class Forbidden(SpotifyError):
    """The app may not use an endpoint, or the person not see an object: asking again changes nothing."""

    code = "spotify-forbidden"


class MissingScope(Forbidden):
    """The person has not agreed to what this would need."""

    code = "spotify-scope"


class Absent(SpotifyError):
    """Spotify has no such thing, or shows it to nobody."""

    code = "spotify-absent"


class TooFast(Later):
    """Too many calls in a short time, Spotify says."""


class QuotaSpent(Later):
    """The developer's quota of a day is spent, Spotify says; it takes hours."""


class OverBudget(Later):
    """The instance's own limit of a day is reached."""


class Trouble(SpotifyError):
    """No answer, or none that can be read: later it may be another."""


class BadCredentials(SpotifyError):
    """Spotify does not know the operator's client id, or the secret is not the one that belongs to it."""

    code = "spotify-credentials"
