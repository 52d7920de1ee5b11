"""Reads what a library is built from: everything of a person, or the rows of some imports, in one snapshot."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import polars as pl
from adbc_driver_postgresql import dbapi
from sqlalchemy import bindparam, select

from core.analytics.identity import ALONE
from core.analytics.stored import CREDITS as CREDITED
from core.analytics.stored import Rows
from core.domain.errors import NotFound, Unavailable
from core.repositories.database import Database
from core.repositories.schema import data_changes, users

# A person's listens, or those that some imports brought. Ten small columns travel as three numbers: what a column
# costs on the way is its count of values, not their size (300,000 listens: 120 ms instead of 200).
LISTENS = """
select ended_at as ended, began_at as began,
       (track_id::int8 << 32) + ms_played as track_and_ms,
       (reason_start::int8 << 48) | (reason_end::int8 << 32) | (country::int8 << 16) | flags as words,
       (platform::int4 << 16) | (kind::int4 << 8) | source as codes
from listens where user_id = $1 {condition}"""
# The data version of a person at the moment of the snapshot.
VERSION = "select data_version from users where id = $1"
# The same by itself, asked once per call of the listening service: prepared, for it is most of what that costs.
VERSION_OF = select(users.c.data_version).where(users.c.id == bindparam("user_id"))
# The tracks, albums and artists with the given ids; $1 is an array literal: ADBC has no array parameters everywhere.
TRACKS = "select id, name, uri, artist_id, album_id, recording_id, kind from tracks where id = any($1::text::int[])"
ALBUMS = "select id, name, artist_id from albums where id = any($1::text::int[])"
ARTISTS = "select id, name from artists where id = any($1::text::int[])"
# Who else is on the given tracks.
CREDITS = "select track_id, artist_id, place from track_credits where track_id = any($1::text::int[])"
# What a person put together or apart; of tracks put together their recordings, a track that stands alone being its own.
RULES = f"""
with tracked as (
    select t.id, coalesce(a.from_id + {ALONE}, t.recording_id) as recording
    from tracks t left join identity_rules a on a.user_id = $1 and a.kind = 'alone' and a.from_id = t.id
    where t.id in (
        select unnest(array[from_id, to_id]) from identity_rules where user_id = $1 and kind = 'recording'
    )
)
select r.kind, coalesce(f.recording, r.from_id)::int8 as from_id, coalesce(t.recording, r.to_id)::int8 as to_id
from identity_rules r
left join tracked f on r.kind = 'recording' and f.id = r.from_id
left join tracked t on r.kind = 'recording' and t.id = r.to_id
where r.user_id = $1"""  # noqa: S608 - a number of this program
# What started and ended listens, all of it: a handful of words.
REASONS = "select id, name from reasons"


@dataclass(frozen=True)
class Read:
    """Rows and the data version they belong to."""

    version: int
    rows: Rows


class LibraryReader:
    """The queries behind a library."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def version(self, user_id: int) -> int:
        """Return the person's data version.

        Raises:
            NotFound: there is no such person.
        """
        with self._db.read() as connection:
            found = connection.execute(VERSION_OF, {"user_id": user_id}).scalar_one_or_none()
        if found is None:
            raise NotFound("There is no such profile; sign in again.")
        return int(found)

    def additions(self, user_id: int, *, since: int, version: int) -> list[int] | None:
        """Return the imports that added rows after version ``since`` up to ``version``.

        ``None``: something else than adding happened in between, or nobody knows what: only reading everything helps.
        """
        query = select(data_changes.c.version, data_changes.c.import_id).where(
            data_changes.c.user_id == user_id, data_changes.c.version > since, data_changes.c.version <= version
        )
        with self._db.begin() as connection:
            changes = connection.execute(query).all()
        imports = [change.import_id for change in changes]
        complete = len(changes) == version - since and None not in imports
        return sorted(set(imports)) if complete else None

    def read(self, user_id: int, *, imports: Sequence[int] | None = None) -> Read:
        """Return all listens of a person, or those of some imports, with the look-ups they use.

        Raises:
            NotFound: there is no such person.
            Unavailable: PostgreSQL cannot be reached.
        """
        condition = "" if imports is None else "and import_id = any($2::text::bigint[])"
        parameters = (user_id,) if imports is None else (user_id, _literal(imports))
        with self._snapshot() as frame:
            version = frame(VERSION, (user_id,))["data_version"]
            if version.is_empty():
                raise NotFound("There is no such profile; sign in again.")
            listens = _unpacked(frame(LISTENS.format(condition=condition), parameters))
            tracks = frame(TRACKS, (_ids(listens["track_id"]),))
            rules = frame(RULES, (user_id,))
            guests = frame(CREDITS, (_ids(tracks["id"]),)).cast(CREDITED)
            albums = frame(ALBUMS, (_ids(tracks["album_id"], _targets(rules, ["album"])),))
            given = _targets(rules, ["artist", "album-artist", "track-artist"])
            artists = frame(ARTISTS, (_ids(tracks["artist_id"], albums["artist_id"], guests["artist_id"], given),))
            reasons = frame(REASONS, ())
        return Read(int(version[0]), Rows(listens, tracks, albums, artists, reasons, guests, rules))

    @contextmanager
    def _snapshot(self) -> Iterator["_Frames"]:
        """Yield a function from query to frame; all its queries see one moment of the database."""
        try:
            with dbapi.connect(self._db.url) as connection, connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
                yield _Frames(cursor)
        except dbapi.OperationalError as error:  # when connecting, or in the middle
            raise Unavailable("PostgreSQL cannot be reached; is the address right and the server running?") from error


class _Frames:
    """Runs queries on one cursor."""

    def __init__(self, cursor: dbapi.Cursor) -> None:
        self._cursor = cursor

    def __call__(self, query: str, parameters: tuple[object, ...]) -> pl.DataFrame:
        """Return the rows of a query as a frame."""
        self._cursor.execute(query, parameters or None)
        frame = pl.from_arrow(self._cursor.fetch_arrow_table())
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 a table never becomes a series
        return frame


def _unpacked(packed: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of listens from the numbers they travelled in."""
    both, words, codes = (packed[name].to_numpy() for name in ("track_and_ms", "words", "codes"))
    ms = both.astype(np.int32)  # keeps the lower half, sign and all
    return packed.select(
        *("ended", "began"),
        pl.Series("track_id", ((both - ms) >> 32).astype(np.int32)),
        pl.Series("ms_played", ms),
        pl.Series("reason_start", (words >> 48).astype(np.int16)),
        pl.Series("reason_end", (words >> 32).astype(np.int16)),
        pl.Series("platform", (codes >> 16).astype(np.uint8)),
        pl.Series("country", (words >> 16).astype(np.int16)),
        pl.Series("kind", (codes >> 8).astype(np.uint8)),
        pl.Series("source", codes.astype(np.uint8)),
        pl.Series("flags", words.astype(np.int16)),
    )


def _targets(rules: pl.DataFrame, kinds: Sequence[str]) -> pl.Series:
    """Return what the rules of some kinds lead to."""
    return rules.filter(pl.col("kind").is_in(kinds))["to_id"]


def _ids(*columns: pl.Series) -> str:
    """Return the different ids of some columns as an array literal."""
    ids = pl.concat([column.cast(pl.Int64) for column in columns])
    return _literal(ids.drop_nulls().unique().sort().to_list())


def _literal(ids: Sequence[int]) -> str:
    """Return numbers as the text of a PostgreSQL array."""
    return "{" + ",".join(map(str, ids)) + "}"
