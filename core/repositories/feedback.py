"""What people said to suggestions."""

from uuid import UUID

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from core.domain.errors import InvalidInput, NotFound
from core.domain.recommending import MOST_FEEDBACK, Feedback, Kind, Verdict, suggestion_key
from core.repositories.database import Database
from core.repositories.schema import feedback, users
from core.repositories.users import NOBODY

_ROW = feedback.c
# Everything a person said, the latest first: asked with every list of suggestions.
_ALL = (
    select(_ROW.kind, _ROW.name, _ROW.artist, _ROW.verdict, _ROW.at)
    .where(_ROW.user_id == bindparam("user_id"))
    .order_by(_ROW.at.desc(), _ROW.name, _ROW.artist, _ROW.kind)
)


class FeedbackRows:
    """Each person's answers; one a thing, the latest."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, user_id: int) -> list[Feedback]:
        """Return what a person said, the latest first."""
        with self._db.read() as connection:
            return [Feedback(*row) for row in connection.execute(_ALL, {"user_id": user_id})]

    def say(self, user_id: int, *, kind: Kind, name: str, artist: str, verdict: Verdict) -> None:
        """Keep an answer, in place of an earlier one to the same thing.

        Raises:
            NotFound: there is no such person.
            InvalidInput: they said as much as is kept.
        """
        row = {
            "user_id": user_id,
            "kind": kind,
            "key": suggestion_key(kind, name, artist),
            "verdict": verdict,
            "name": name,
            "artist": artist,
        }
        made = insert(feedback).values(row)
        changes = {"verdict": made.excluded.verdict, "name": made.excluded.name, "artist": made.excluded.artist}
        with self._db.begin() as connection:
            mine = select(users.c.id).where(users.c.id == user_id).with_for_update(key_share=True)
            if connection.execute(mine).first() is None:
                raise NotFound(NOBODY)
            others = (_ROW.user_id == user_id) & ((_ROW.kind != kind) | (_ROW.key != row["key"]))
            said = connection.execute(select(func.count()).where(others)).scalar_one()
            if said >= MOST_FEEDBACK:
                raise InvalidInput(f"{MOST_FEEDBACK:,} answers are kept, which is the most; take some back first.")
            connection.execute(
                made.on_conflict_do_update(
                    index_elements=["user_id", "kind", "key"], set_={**changes, "at": func.now()}
                )
            )

    def take_back(self, user_id: int, *, kind: Kind, key: UUID) -> bool:
        """Forget an answer; return whether there was one."""
        gone = delete(feedback).where(_ROW.user_id == user_id, _ROW.kind == kind, _ROW.key == key)
        with self._db.begin() as connection:
            return connection.execute(gone).rowcount == 1
