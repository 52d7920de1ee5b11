"""What open sources say about music."""

from collections.abc import Callable

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from core.repositories.schema.base import metadata, moment

# What open sources say about music, and the list of what to ask them. ``state``: waiting, found, missing (they do not
# know it) or failed (nobody could be asked). ``plays``: of all people but the demo person; what has none is not asked.
_ASKED: tuple[Callable[[], Column[object]], ...] = (
    lambda: Column("plays", Integer, nullable=False, server_default=text("0")),
    lambda: Column("state", Text, nullable=False),
    lambda: Column("tries", Integer, nullable=False, server_default=text("0")),
    lambda: moment("asked_at", now=True),
    lambda: moment("ask_again_at"),
)
artist_facts = Table(
    "artist_facts",
    metadata,
    Column("artist_id", ForeignKey("artists.id"), primary_key=True),
    Column("mbid", Uuid),
    Column("area", Text),
    Column("country", Text),
    Column("type", Text),
    Column("begin_year", SmallInteger),
    Column("end_year", SmallInteger),
    Column("tags", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    *(make() for make in _ASKED),
)
album_facts = Table(
    "album_facts",
    metadata,
    Column("album_id", ForeignKey("albums.id"), primary_key=True),
    Column("release_mbid", Uuid),
    Column("release_group_mbid", Uuid),
    Column("year", SmallInteger),
    Column("cover_id", BigInteger),
    Column("cover_release_mbid", Uuid),
    *(make() for make in _ASKED),
)
track_facts = Table(
    "track_facts",
    metadata,
    Column("track_id", ForeignKey("tracks.id"), primary_key=True),
    Column("mbid", Uuid),
    Column("duration_ms", Integer),
    Column("tags", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    *(make() for make in _ASKED),
)
# Spotify's addresses of artists, where an export or the API named them.
artist_uris = Table(
    "artist_uris",
    metadata,
    Column("artist_id", ForeignKey("artists.id"), nullable=False),
    Column("uri", Text, nullable=False),
    PrimaryKeyConstraint("artist_id", "uri"),
)
# One row: as of which listens the list of what to ask was made, and how the last round of asking went.
fact_rounds = Table(
    "fact_rounds",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    moment("listed_at", required=False),
    Column("listed_as", Text, nullable=False, server_default=text("''")),
    moment("began_at", required=False),
    moment("ended_at", required=False),
    Column("outcome", Text, nullable=False, server_default=text("''")),
    Column("found", Integer, nullable=False, server_default=text("0")),
    Column("missing", Integer, nullable=False, server_default=text("0")),
    Column("failed", Integer, nullable=False, server_default=text("0")),
)
