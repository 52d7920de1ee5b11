"""People and their sessions, and the plain sentences for what is refused at the door."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.domain.errors import InvalidInput, NotFound

Role = Literal["owner", "admin", "member", "demo"]
STAFF: tuple[Role, ...] = ("owner", "admin")

SENTENCES: dict[str, str] = {
    "wrong": "That name and password do not fit together; please try again.",
    "wait": "Too many tries for this name from here; please wait a few minutes and try again.",
    "expired": "This form had been open too long; please fill it in once more.",
    "link": "This link has been used or is too old; ask whoever runs this Playprint for a new one.",
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
    "charts-refused": "Some of these files were refused and stored nothing; the list below says why.",
    "no-chart-file": "No file came with this; choose the CSV files of charts, or a zip of them.",
    "charts-too-large": "These files are larger than 200 MB together; upload fewer at once or use the folder.",
    "chart-country": "There is no such country; choose its two letters (DE, US …), “global”, or leave it blank.",
    "chart-date": "This is no date of the calendar; write it like 2026-08-20, or leave it blank.",
    "full": "There is no room left on the server's disk for this upload; please tell its owner.",
    "spotify-off": "This Playprint has no Spotify app yet; its owner sets one up on the page Spotify set-up.",
    "spotify-unknown": "No account here belongs to this Spotify account: make one first, or sign in with your name "
    "and connect it.",
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
    "spotify-unsure": "Spotify did not say whether it made the playlist; please look there before you try again.",
    "spotify-list-gone": "This list is not there any more; please choose it once more on its page.",
    "spotify-list-empty": "Spotify's addresses of these songs are not known, so there is nothing to save.",
    "spotify-absent": "Spotify has no such thing, or shows it to nobody.",
    "spotify-trouble": "Spotify could not be reached or answered something unreadable; please try again in a minute.",
    "broken": "The upload arrived incomplete; please try again.",
    "code": "This code does not fit or has been used; take the next one your app shows, or a recovery code.",
    "second-over": "The code came too late or this sign-in was used already; please sign in once more.",
    "setup": "The set-up of the second factor was open for too long; please begin it once more.",
    "second-on": "A second factor is on already; switch it off first.",
    "current": "That is not your current password; please try again.",
    "fresh": "This needs a fresh sign-in: sign out, sign in with Spotify, and do it within ten minutes.",
    "email": "No mail can be sent to this address; please check it, or leave the field empty.",
    "no-mail": "This Playprint sends no mail; ask whoever runs it for a new link.",
    "slow-down": "That was asked for too often; please wait a while and try again.",
    "invitation": "This invitation has been used, taken back or is too old; ask for a new one.",
    "registration-closed": "Nobody can make an account here; whoever runs this Playprint adds people by hand.",
    "registration-invited": "An account here needs an invitation; ask whoever runs this Playprint for one.",
    "role": "This role cannot be given; choose another.",
    "last-owner": "Somebody has to own this Playprint; make another person its owner first.",
    "yourself": "That is your own account; the page Account changes it.",
    "typed": "The name does not fit; please type it exactly as it is shown.",
    "confirm": "This confirmation is too old or was used already; please begin once more.",
}
# What was done, in a sentence, for the page a form leads back to.
DONE: dict[str, str] = {
    "asked": "Asked for. Recent plays are looked for at most once a minute, all else every quarter of an hour.",
    "disconnected": "Disconnected: the permission and everything that came with it are gone.",
    "sent": "If somebody here goes by that and has given an e-mail address, a link is on its way to it.",
    "password": "Your password is changed; every other device is signed out.",
    "email": "Your e-mail address is saved.",
    "session-ended": "That device is signed out.",
    "others-ended": "The other devices are signed out.",
    "second-factor-off": "The second factor is off.",
    "revoked": "The invitation is taken back.",
    "role": "The role is changed.",
    "deleted": "The person and everything of theirs is gone.",
    "charts": "These charts are stored.",
    "charts-known": "All of these charts were stored before; nothing has changed.",
    "community-joined": "You count in the community charts from the next whole week and month on.",
    "community-left": "You no longer count in the community charts.",
    "training-joined": "You take part: suggestions learn from what you play, from the next time they are computed on.",
    "training-left": "You no longer take part: what was learned is deleted, and learned again without you.",
}


class Refused(InvalidInput):
    """Something at the door was refused; ``code`` is a key of ``SENTENCES`` and fits into an address."""

    def __init__(self, code: str) -> None:
        super().__init__(SENTENCES[code])
        self.code = code


class SlowDown(Refused):
    """Something was asked for too often; it may be asked for again in ``seconds``."""

    def __init__(self, seconds: int) -> None:
        super().__init__("slow-down")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class User:
    """A person of this instance; ``has_password`` is off until they have used their one-time link."""

    id: int
    name: str
    role: Role
    created_at: datetime
    has_password: bool
    has_spotify: bool = False
    second_factor: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser: ``csrf`` goes into its forms, ``key`` names it without opening anything."""

    user_id: int
    name: str
    role: Role
    csrf: str
    created_at: datetime
    key: str
    stay: bool = False

    @property
    def staff(self) -> bool:
        """Return whether this person looks after the instance: its owner or an admin."""
        return self.role in STAFF

    def require(self, user_id: int) -> None:
        """Raise ``NotFound`` unless this is a session of this person."""
        if self.user_id != user_id:
            raise NotFound("There is nothing here.")


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of proving who one is: a session's token; or, where a second factor is on, a ``pending`` one.

    ``known`` tells this browser from strangers at the next sign-in; blank while the code is still wanted.
    """

    user_id: int
    token: str
    stay: bool
    pending: bool = False
    known: str = ""


@dataclass(frozen=True, slots=True)
class CookieNames:
    """The cookies of one instance; ``secure`` on https alone.

    ``session`` after signing in, ``visitor`` before, ``second`` between password and code, ``known`` on a browser
    somebody has signed in with, ``spotify`` on the way there and back.
    """

    session: str
    visitor: str
    second: str
    known: str
    spotify: str
    secure: bool


def cookie_names(address: str) -> CookieNames:
    """Return the cookie names for an instance people reach at ``address``.

    On https the names carry ``__Host-``: a browser then takes them from this very host alone, over https alone.
    """
    secure = address.startswith("https://")
    prefix = "__Host-" if secure else ""
    tails = ("", "_visitor", "_second", "_known", "_spotify")
    session, visitor, second, known, spotify = (f"{prefix}playprint{tail}" for tail in tails)
    return CookieNames(session, visitor, second, known, spotify, secure)
