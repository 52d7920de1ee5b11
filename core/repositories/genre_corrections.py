"""The genres people gave artists themselves."""

from sqlalchemy import Connection, bindparam, delete, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from core.repositories.database import Database
from core.repositories.schema import data_changes, genre_corrections

_OF = select(genre_corrections.c.artist_id, genre_corrections.c.genres).where(
    genre_corrections.c.user_id == bindparam("user_id")
)
_RAISED = text("update users set data_version = data_version + 1 where id = :user_id returning data_version")


class GenreCorrectionRows:
    """The stored form of people's corrections; every change raises the person's data version."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, user_id: int) -> dict[int, tuple[str, ...]]:
        """Return the genres by artist, in the order the person chose them."""
        with self._db.read() as connection:
            return {row.artist_id: tuple(map(str, row.genres)) for row in connection.execute(_OF, {"user_id": user_id})}

    def put(self, user_id: int, *, artist_id: int, genres: tuple[str, ...]) -> None:
        """Store the genres of an artist in place of those stored before."""
        made = upsert(genre_corrections).values(user_id=user_id, artist_id=artist_id, genres=list(genres))
        with self._db.begin() as connection:
            connection.execute(
                made.on_conflict_do_update(index_elements=["user_id", "artist_id"], set_={"genres": list(genres)})
            )
            _changed(connection, user_id)

    def drop(self, user_id: int, *, artist_id: int) -> None:
        """Forget a correction; an absent one changes nothing."""
        mine = (genre_corrections.c.user_id == user_id) & (genre_corrections.c.artist_id == artist_id)
        with self._db.begin() as connection:
            if connection.execute(delete(genre_corrections).where(mine)).rowcount:
                _changed(connection, user_id)


def _changed(connection: Connection, user_id: int) -> None:
    """Note that what is shown of a person's listens changed by something else than an import."""
    version = connection.execute(_RAISED, {"user_id": user_id}).scalar_one()
    connection.execute(insert(data_changes).values(user_id=user_id, version=version, import_id=None))
