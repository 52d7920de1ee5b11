"""What Spotify's Web API told of people, and how far asking it is."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
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

# States of a sign-in on its way; nobody's yet, hence no person. ``session_sha256`` is the session
# that began it, null for a visitor.
oauth_states = Table(
    "oauth_states",
    metadata,
    Column("state_sha256", LargeBinary, primary_key=True),
    Column("browser_sha256", LargeBinary, nullable=False),
    Column("session_sha256", LargeBinary),
    Column("purpose", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("back_to", Text, nullable=False),
    Column("invitation", Text, nullable=False, server_default=text("''")),
    moment("expires_at"),
)
# A person's connection. ``tokens`` is encrypted; ``epoch`` is new with each connecting, so that work begun under an
# earlier one stores nothing.
spotify_connections = Table(
    "spotify_connections",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("epoch", Uuid, nullable=False, server_default=text("gen_random_uuid()")),
    Column("state", Text, nullable=False, server_default=text("'connected'")),
    Column("scopes", Text, nullable=False),
    Column("tokens", LargeBinary, nullable=False),
    Column("terms_version", Text, nullable=False),
    moment("authorized_at"),
    moment("connected_at", now=True),
)
# How far each part of the sync is: when it ran, when it may run again, where to go on (null: from the beginning).
spotify_parts = Table(
    "spotify_parts",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("part", Text, nullable=False),
    moment("next_at"),
    moment("started_at", required=False),
    moment("finished_at", required=False),
    Column("outcome", Text, nullable=False, server_default=text("''")),
    Column("at", JSONB),
    Column("rows", Integer, nullable=False, server_default=text("0")),
    Column("quiet_polls", Integer, nullable=False, server_default=text("0")),
    PrimaryKeyConstraint("user_id", "part"),
)
# Stretches in which plays happened that nobody told us of: more than the last fifty.
spotify_gaps = Table(
    "spotify_gaps",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    moment("began_at"),
    moment("ended_at"),
    PrimaryKeyConstraint("user_id", "began_at"),
)
# Spotify's own ranking of a person, one snapshot a day: ``items`` is a list of {uri, name, artist, album}.
spotify_tops = Table(
    "spotify_tops",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("day", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("time_range", Text, nullable=False),
    Column("items", JSONB, nullable=False),
    PrimaryKeyConstraint("user_id", "day", "kind", "time_range"),
)
# ``contents``: read (items are there), waiting, or forbidden (somebody else's). ``snapshot`` is the version whose
# items are stored; ``pass`` the sync that last saw the list.
spotify_playlists = Table(
    "spotify_playlists",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("playlist_id", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("own", Boolean, nullable=False),
    Column("collaborative", Boolean, nullable=False),
    Column("public", Boolean),
    Column("total", Integer, nullable=False),
    Column("listed_snapshot", Text, nullable=False),
    Column("snapshot", Text),
    Column("contents", Text, nullable=False),
    Column("pass", BigInteger, nullable=False),
    moment("fetched_at", now=True),
    PrimaryKeyConstraint("user_id", "playlist_id"),
)
spotify_playlist_items = Table(
    "spotify_playlist_items",
    metadata,
    Column("user_id", Integer, nullable=False),
    Column("playlist_id", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("uri", Text),
    Column("name", Text),
    Column("artist", Text),
    Column("album", Text),
    Column("duration_ms", Integer),
    moment("added_at", required=False),
    PrimaryKeyConstraint("user_id", "playlist_id", "position"),
    ForeignKeyConstraint(
        ["user_id", "playlist_id"],
        ["spotify_playlists.user_id", "spotify_playlists.playlist_id"],
        ondelete="CASCADE",
    ),
)
# Saved tracks and albums, followed artists. ``pass`` is the sync that last saw a row: what a whole one misses goes.
spotify_saved = Table(
    "spotify_saved",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("uri", Text, nullable=False),
    Column("name", Text),
    Column("artist", Text),
    Column("album", Text),
    moment("saved_at", required=False),
    Column("pass", BigInteger, nullable=False),
    moment("fetched_at", now=True),
    PrimaryKeyConstraint("user_id", "kind", "uri"),
)
