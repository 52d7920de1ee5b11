"""The shared look-ups: artists, albums, recordings, tracks, reasons; and who this database is."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Identity,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from core.repositories.schema.base import metadata

# Shared look-ups. ``key`` is the MD5 of the normalised name (core/domain/names.py): an index entry of fixed size.
artists = Table(
    "artists",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("name", Text, nullable=False),
    Column("key", Uuid, nullable=False, unique=True),
)
albums = Table(
    "albums",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("artist_id", ForeignKey("artists.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("key", Uuid, nullable=False, unique=True),
)
recordings = Table(
    "recordings",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("key", Uuid, nullable=False, unique=True),
)
tracks = Table(
    "tracks",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("key", Uuid, nullable=False, unique=True),
    Column("uri", Text),
    Column("name", Text),
    Column("artist_id", ForeignKey("artists.id")),
    Column("album_id", ForeignKey("albums.id")),
    Column("recording_id", ForeignKey("recordings.id"), nullable=False),
    Column("kind", SmallInteger, nullable=False),
)
# Who else is on a track, in the order of its title ("… (feat. A & B)"); its own artist is not among them.
track_credits = Table(
    "track_credits",
    metadata,
    Column("track_id", ForeignKey("tracks.id"), nullable=False),
    Column("artist_id", ForeignKey("artists.id"), nullable=False),
    Column("place", SmallInteger, nullable=False),
    PrimaryKeyConstraint("track_id", "artist_id"),
)
reasons = Table(
    "reasons",
    metadata,
    Column("id", SmallInteger, Identity(), primary_key=True),
    Column("name", Text, nullable=False, unique=True),
)

# One row: who this database is. Caches shared with others keep apart by it.
instance = Table("instance", metadata, Column("id", Uuid, server_default=text("gen_random_uuid()"), primary_key=True))
