"""What people decided about their own history: names put right, genres put right, ranges named, listens deleted."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from core.repositories.schema.base import metadata, moment
from core.repositories.schema.listening import listen_columns

# What belongs together or apart, by hand; applied whenever the library is read, so it holds for later plays too.
# ``kind`` and what ``from_id`` and ``to_id`` are: see core.domain.rules.IdentityRule. Steps of one decision share
# ``decision`` and are taken back together.
identity_rules = Table(
    "identity_rules",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("from_id", Integer, nullable=False),
    Column("to_id", Integer, nullable=False),
    Column("decision", BigInteger, nullable=False),
    moment("created_at", now=True),
    PrimaryKeyConstraint("user_id", "kind", "from_id"),
)
# The genres a person gave an artist: names in their order, the first the heaviest.
genre_corrections = Table(
    "genre_corrections",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("artist_id", Integer, nullable=False),
    Column("genres", JSONB, nullable=False),
    moment("created_at", now=True),
    PrimaryKeyConstraint("user_id", "artist_id"),
)
# Ranges with a name; ``ends_on`` is the first day after.
saved_ranges = Table(
    "saved_ranges",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    moment("created_at", now=True),
    PrimaryKeyConstraint("user_id", "name"),
)
# Listens a person deleted, kept aside so that it can be undone and so that importing them again leaves them deleted.
deletions = Table(
    "deletions",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("id", BigInteger, Identity(), nullable=False),
    Column("label", Text, nullable=False),
    Column("listens", Integer, nullable=False),
    moment("created_at", now=True),
    PrimaryKeyConstraint("user_id", "id"),
)
deleted_listens = Table(
    "deleted_listens",
    metadata,
    *listen_columns(),
    Column("deletion_id", BigInteger, nullable=False),
    PrimaryKeyConstraint("user_id", "ended_at", "track_id", "ms_played", "began_at"),
    ForeignKeyConstraint(["user_id", "deletion_id"], ["deletions.user_id", "deletions.id"], ondelete="CASCADE"),
)
