"""People and their sessions, and the plain sentences for what is refused at the door."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.domain.errors import InvalidInput

Role = Literal["owner", "admin", "member", "demo"]

SENTENCES: dict[str, str] = {
    "wrong": "That name and password do not fit together; please try again.",
    "wait": "Too many tries for this name from here; please wait a few minutes and try again.",
    "expired": "This form had been open too long; please fill it in once more.",
    "link": "This link has been used or is too old; ask for a new one with `playprint user reset-link`.",
    "name": "A name has 1 to 40 characters and at least one letter or digit; please choose another.",
    "taken": "Somebody here has this name already; please choose another.",
    "short": "A password needs at least 12 characters; a few words in a row are easy to remember.",
    "long": "A password can have at most 72 bytes (72 plain letters); please choose a shorter one.",
    "common": "This password is among the most common ones and would be guessed; please choose another.",
    "repeat": "The two passwords differ; please type the same one twice.",
    "signed-out": "You are signed out; please sign in and try again.",
    "no-file": "No file came with this; choose the zip that Spotify mailed you.",
    "too-large": "These files are larger than this Playprint takes; upload fewer at once or raise the upload limit.",
    "too-many": "These are more files than this Playprint takes at once; upload the zip as it came instead.",
    "busy": "Your last upload is still being read in; wait until it is done, or cancel it.",
    "full": "There is no room left on the server's disk for this upload; please tell its owner.",
    "spotify-off": "This Playprint has no Spotify app yet; its owner sets one up on the page Spotify set-up.",
    "spotify-terms": "Please read what connecting means and tick the box first.",
    "spotify-not-listed": "Spotify does not let this app read your account yet: ask the owner of this Playprint to add "
    "you on Spotify's developer page.",
    "spotify-premium": "Spotify pauses this app because its owner has no Premium at the moment; try again after that.",
    "spotify-credentials": "Spotify does not know this app: the owner has to check the client id and secret.",
    "spotify-budget": "Spotify wants fewer calls just now; please try again later.",
    "spotify-state": "This way back from Spotify was used already, took too long or began in another browser; please "
    "start again here.",
    "spotify-declined": "You said no at Spotify, so nothing was connected; start again whenever you like.",
    "spotify-taken": "Somebody else here is connected with this Spotify account; sign in at Spotify with your own.",
    "spotify-other": "This is another Spotify account than the one you connected before; disconnect that one first.",
    "password-first": "Spotify is your only way to sign in; choose a password before you disconnect.",
    "spotify-consent-over": "Spotify no longer lets Playprint in for you; please connect again.",
    "spotify-forbidden": "Spotify does not let this app see that; asking again will not change it.",
    "spotify-scope": "You have not agreed to this at Spotify; connect again and agree to it to see it here.",
    "spotify-absent": "Spotify has no such thing, or shows it to nobody.",
    "spotify-trouble": "Spotify could not be reached or answered something unreadable; please try again in a minute.",
    "broken": "The upload arrived incomplete; please try again.",
}


class Refused(InvalidInput):
    """Something at the door was refused; ``code`` is a key of ``SENTENCES`` and fits into an address."""

    def __init__(self, code: str) -> None:
        super().__init__(SENTENCES[code])
        self.code = code


@dataclass(frozen=True, slots=True)
class User:
    """A person of this instance; ``has_password`` is off until they have used their one-time link."""

    id: int
    name: str
    role: Role
    created_at: datetime
    has_password: bool


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser: ``csrf`` goes into its forms, ``key`` names it without opening anything."""

    user_id: int
    name: str
    role: Role
    csrf: str
    created_at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class CookieNames:
    """The cookies of one instance: ``session`` after signing in, ``visitor`` before; ``secure`` on https alone."""

    session: str
    visitor: str
    secure: bool


def cookie_names(address: str) -> CookieNames:
    """Return the cookie names for an instance people reach at ``address``.

    On https the names carry ``__Host-``: a browser then takes them from this very host alone, over https alone.
    """
    secure = address.startswith("https://")
    prefix = "__Host-" if secure else ""
    return CookieNames(f"{prefix}playprint", f"{prefix}playprint_visitor", secure)
