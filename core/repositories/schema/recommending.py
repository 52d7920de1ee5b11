"""What recommendations are made of: who lets a model learn, models, what open sources know, what people said."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from core.repositories.schema.base import metadata, moment

# Who lets the model learn from their listening, since when, and to which text they agreed. A trigger deletes all models
# when a row goes, however it goes: models hold what those people played.
training_consents = Table(
    "training_consents",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    moment("since", now=True),
    Column("version", Text, nullable=False),
    PrimaryKeyConstraint("user_id"),
)
# The model of each kind (artist, album, track): arrays as one npz, and its card. No row for a kind: none is trained.
models = Table(
    "models",
    metadata,
    Column("kind", Text, primary_key=True),
    moment("made_at"),
    Column("card", JSONB, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
# What people said to suggestions; ``key``: core.domain.recommending.suggestion_key. One answer a thing, the latest.
feedback = Table(
    "feedback",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("key", Uuid, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("artist", Text, nullable=False, server_default=text("''")),
    moment("at", now=True),
    PrimaryKeyConstraint("user_id", "kind", "key"),
)
# Whom listeners elsewhere play beside an artist, best first, as ListenBrainz tells: parallel arrays. ``outcome``:
# found, missing (asked, nothing known), failed.
similar_artists = Table(
    "similar_artists",
    metadata,
    Column("mbid", Uuid, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("mbids", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    Column("names", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("scores", ARRAY(Integer), nullable=False, server_default=text("'{}'")),
    moment("asked_at", now=True),
    moment("again_at"),
)
# How many people there listened to an artist at all (null: they do not know).
artist_listeners = Table(
    "artist_listeners",
    metadata,
    Column("mbid", Uuid, primary_key=True),
    Column("listeners", BigInteger),
    moment("asked_at", now=True),
)
# Earlier and present contents of synced playlists: ``items`` as core.domain.playlists.PlaylistItem.
spotify_playlist_versions = Table(
    "spotify_playlist_versions",
    metadata,
    Column("user_id", Integer, nullable=False),
    Column("playlist_id", Text, nullable=False),
    Column("snapshot", Text, nullable=False),
    moment("seen_at", now=True),
    Column("items", JSONB, nullable=False),
    PrimaryKeyConstraint("user_id", "playlist_id", "snapshot"),
    ForeignKeyConstraint(
        ["user_id", "playlist_id"],
        ["spotify_playlists.user_id", "spotify_playlists.playlist_id"],
        ondelete="CASCADE",
    ),
)
