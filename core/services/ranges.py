"""Named ranges: "summer 2023" in place of two days."""

from core.domain.errors import InvalidInput
from core.domain.names import clean, name_key
from core.domain.period import Period
from core.repositories.database import Database
from core.repositories.saved_ranges import SavedRange, SavedRanges

LONGEST_NAME = 40
MOST = 100


class Ranges:
    """The ranges people gave a name."""

    def __init__(self, db: Database) -> None:
        self._rows = SavedRanges(db)

    def all(self, user_id: int) -> list[SavedRange]:
        """Return a person's named ranges, the latest first."""
        return self._rows.all(user_id)

    def save(self, user_id: int, *, name: str, period: Period) -> str:
        """Give a closed period a name, the one of the same name (capitals aside) making way; return the name as stored.

        Raises:
            InvalidInput: the name or the period cannot be used, or there are a hundred already.
            NotFound: there is no such person.
        """
        short = " ".join((clean(name) or "").split())
        if not 1 <= len(short) <= LONGEST_NAME:
            raise InvalidInput(f"A name has 1 to {LONGEST_NAME} characters; choose another.")
        if period.start is None or period.end is None or period.end <= period.start:
            raise InvalidInput("Choose a range with a first and a last day, then name it.")

        def make_room(names: list[str]) -> list[str]:
            """Return the names that are this one; raise when there is no room."""
            same = [known for known in names if name_key(known) == name_key(short)]
            if not same and len(names) >= MOST:
                raise InvalidInput(f"You have {MOST} named ranges, which is the most; forget one first.")
            return same

        self._rows.save(user_id, name=short, start=period.start, end=period.end, make_room=make_room)
        return short

    def forget(self, user_id: int, *, name: str) -> None:
        """Forget a name; one that is not there changes nothing."""
        self._rows.forget(user_id, name=name)
