"""People: how they sign in, where they are signed in, what happened, what they leave out."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from core.repositories.schema.base import metadata, moment

users = Table(
    "users",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    Column("password_hash", Text),
    Column("role", Text, nullable=False, server_default=text("'member'")),
    Column("timezone", Text, nullable=False, server_default=text("'UTC'")),
    Column("lens", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("data_version", BigInteger, nullable=False, server_default=text("0")),
    moment("created_at", now=True),
    # Where reset links go; given by the person themselves, with their password.
    Column("email", Text),
    # A keyed hash of the Spotify account that signs in as this person; the account itself is named nowhere.
    Column("spotify_key", LargeBinary, unique=True),
    # The second factor: its encrypted secret, since when it is asked for, and the last step a code was taken for.
    Column("totp_secret", LargeBinary),
    moment("totp_since", required=False),
    Column("totp_step", BigInteger, nullable=False, server_default=text("0")),
)
sessions = Table(
    "sessions",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("token_sha256", LargeBinary, nullable=False),
    Column("csrf", Text, nullable=False),
    Column("stay", Boolean, nullable=False),
    Column("label", Text, nullable=False, server_default=text("''")),
    moment("created_at", now=True),
    moment("seen_at", now=True),
    PrimaryKeyConstraint("user_id", "token_sha256"),
)
one_time_links = Table(
    "one_time_links",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("token_sha256", LargeBinary, nullable=False),
    moment("expires_at"),
    PrimaryKeyConstraint("user_id", "token_sha256"),
)
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("code_sha256", LargeBinary, nullable=False),
    PrimaryKeyConstraint("user_id", "code_sha256"),
)
# Links with which somebody new makes an account; ``user_id`` is who invited.
invitations = Table(
    "invitations",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("token_sha256", LargeBinary, nullable=False),
    Column("role", Text, nullable=False),
    moment("created_at", now=True),
    moment("expires_at"),
    PrimaryKeyConstraint("user_id", "token_sha256"),
)
# What happened to an account; rows are added, never changed (a trigger holds it). ``place`` is a keyed hash, new
# each day, of the neighbourhood an event came from.
account_events = Table(
    "account_events",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("id", BigInteger, Identity(), nullable=False),
    moment("at", now=True),
    Column("event", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("place", Text, nullable=False, server_default=text("''")),
    PrimaryKeyConstraint("user_id", "id"),
)
exclusions = Table(
    "exclusions",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Integer, nullable=False),
    moment("created_at", now=True),
    PrimaryKeyConstraint("user_id", "kind", "value"),
)
