"""What people say to suggestions: more of it, less of it, never this."""

from uuid import UUID

from core.domain.errors import InvalidInput
from core.domain.names import clean
from core.domain.recommending import Feedback, Kind, Verdict
from core.repositories.database import Database
from core.repositories.feedback import FeedbackRows

LONGEST = 500  # characters of a name


class Tastes:
    """Everybody's answers; they hold at once, for the next list a person sees."""

    def __init__(self, db: Database) -> None:
        self._rows = FeedbackRows(db)

    def of(self, user_id: int) -> list[Feedback]:
        """Return what a person said, the latest first."""
        return self._rows.of(user_id)

    def say(self, user_id: int, *, kind: Kind, name: str, artist: str = "", verdict: Verdict) -> None:
        """Keep an answer about a thing, by its names; ``artist`` is blank for artists.

        Raises:
            InvalidInput: there is no name, or it is longer than any.
            NotFound: there is no such person.
        """
        title, by = clean(name), "" if kind == "artist" else clean(artist) or ""
        if not title or len(title) > LONGEST or len(by) > LONGEST:
            raise InvalidInput("This answer names nothing that was suggested; please choose it on the page again.")
        self._rows.say(user_id, kind=kind, name=title, artist=by, verdict=verdict)

    def take_back(self, user_id: int, *, kind: Kind, key: UUID) -> bool:
        """Forget an answer; return whether there was one."""
        return self._rows.take_back(user_id, kind=kind, key=key)
