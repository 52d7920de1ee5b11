"""What can happen to an account, in words a person reads in their own record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# ok; failed; or done to the person by an admin, or by whoever runs the instance at its command line.
Result = Literal["ok", "failed", "admin", "operator"]

EVENTS: dict[str, str] = {
    "account-made": "The account was made",
    "signed-in": "Sign-in",
    "signed-in-by-link": "Sign-in by a one-time link",
    "signed-in-by-invitation": "First sign-in",
    "signed-in-by-spotify": "Sign-in with Spotify",
    "second-factor": "Code of the second factor",
    "signed-out": "Sign-out",
    "sessions-ended": "Devices signed out",
    "password-changed": "New password",
    "reset-asked": "A link for a new password was made",
    "second-factor-on": "Second factor switched on",
    "second-factor-off": "Second factor switched off",
    "recovery-code-used": "A recovery code was used",
    "email-changed": "E-mail address changed",
    "role-changed": "Role changed",
    "invited": "An invitation was made",
    "invitation-revoked": "An invitation was taken back",
    "spotify-connected": "Spotify connected",
    "spotify-disconnected": "Spotify disconnected",
    "spotify-consent-ended": "The consent at Spotify ended",
    "downloaded": "Listens downloaded",
    "listens-deleted": "Listens deleted",
    "deletion-undone": "Deleted listens taken back",
    "deletion-purged": "Deleted listens removed for good",
    "community-joined": "Joined the community charts",
    "community-left": "Left the community charts",
    "training-joined": "Let suggestions for others learn from your listening",
    "training-left": "Suggestions for others no longer learn from your listening",
    "leave-asked": "Deleting the account was asked for",
    # What somebody did to other people, in their own record.
    "changed-a-role": "You changed somebody's role",
    "made-a-link": "You made a link for somebody's new password",
    "ended-sessions": "You signed somebody's devices out",
    "took-a-second-factor": "You switched somebody's second factor off",
    "deleted-a-person": "You deleted somebody's account",
}


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """One line of a person's record: when (UTC), what, how it ended, and a keyed hash of the neighbourhood."""

    at: datetime
    event: str
    result: Result
    place: str
