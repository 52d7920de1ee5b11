"""The tables. Shared look-ups first; then per-person tables, each with ``user_id`` first in every key.

``listens`` has one index, its primary key, and no foreign keys: both would be paid on every imported row
(see docs/decisions/0002-listens.md).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)


def _moment(name: str, *, required: bool = True, now: bool = False) -> Column[object]:
    """Return a timestamptz column."""
    return Column(name, DateTime(timezone=True), nullable=not required, server_default=func.now() if now else None)


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
reasons = Table(
    "reasons",
    metadata,
    Column("id", SmallInteger, Identity(), primary_key=True),
    Column("name", Text, nullable=False, unique=True),
)

# One row: who this database is. Caches shared with others keep apart by it.
instance = Table("instance", metadata, Column("id", Uuid, server_default=text("gen_random_uuid()"), primary_key=True))

# People.
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
    _moment("created_at", now=True),
)
sessions = Table(
    "sessions",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("token_sha256", LargeBinary, nullable=False),
    Column("csrf", Text, nullable=False),
    Column("stay", Boolean, nullable=False),
    _moment("created_at", now=True),
    _moment("seen_at", now=True),
    PrimaryKeyConstraint("user_id", "token_sha256"),
)
one_time_links = Table(
    "one_time_links",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("token_sha256", LargeBinary, nullable=False),
    _moment("expires_at"),
    PrimaryKeyConstraint("user_id", "token_sha256"),
)
exclusions = Table(
    "exclusions",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Integer, nullable=False),
    _moment("created_at", now=True),
    PrimaryKeyConstraint("user_id", "kind", "value"),
)

# What people imported and heard.
imports = Table(
    "imports",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("id", BigInteger, Identity(), nullable=False),
    Column("label", Text, nullable=False),
    Column("status", Text, nullable=False, server_default=text("'queued'")),
    _moment("created_at", now=True),
    _moment("started_at", required=False),
    _moment("finished_at", required=False),
    Column("bytes_total", BigInteger, nullable=False, server_default=text("0")),
    Column("bytes_done", BigInteger, nullable=False, server_default=text("0")),
    Column("rows_read", BigInteger, nullable=False, server_default=text("0")),
    Column("current_file", Text, nullable=False, server_default=text("''")),
    Column("cancel_requested", Boolean, nullable=False, server_default=text("false")),
    Column("message", Text, nullable=False, server_default=text("''")),
    Column("account_hash", LargeBinary),
    Column("sheet", JSONB),
    PrimaryKeyConstraint("user_id", "id"),
)


def _listen_columns() -> list[Column[object]]:
    """Return the columns of one listen; ``replaced_listens`` has the same."""
    return [
        Column("user_id", Integer, nullable=False),
        Column("ended_at", DateTime(timezone=True), nullable=False),
        Column("began_at", DateTime(timezone=True), nullable=False),
        Column("logged_at", DateTime(timezone=True), nullable=False),
        Column("track_id", Integer, nullable=False),
        Column("ms_played", Integer, nullable=False),
        Column("import_id", BigInteger, nullable=False),
        Column("reason_start", SmallInteger, nullable=False),
        Column("reason_end", SmallInteger, nullable=False),
        Column("platform", SmallInteger, nullable=False),
        Column("country", SmallInteger, nullable=False),
        Column("kind", SmallInteger, nullable=False),
        Column("source", SmallInteger, nullable=False),
        Column("flags", SmallInteger, nullable=False),
    ]


# Moments are UTC. ``ended_at``/``began_at`` are the placed play, ``logged_at`` is what the export said (for an
# offline play: the later sync). ``began_at`` is ended_at - ms_played where Flag.START_KNOWN is off.
# ``reason_*`` refer to reasons (0: blank); ``country``: see core.domain.listen.country_code.
listens = Table(
    "listens",
    metadata,
    *_listen_columns(),
    PrimaryKeyConstraint("user_id", "ended_at", "track_id", "ms_played", "began_at"),
)
# Rows a finer import displaced: they come back when that import is undone.
replaced_listens = Table(
    "replaced_listens",
    metadata,
    *_listen_columns(),
    Column("replaced_by", BigInteger, nullable=False),
    PrimaryKeyConstraint("user_id", "ended_at", "track_id", "ms_played", "began_at"),
)
# What each data version changed: ``import_id`` where only rows of that import were added, else null.
data_changes = Table(
    "data_changes",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("import_id", BigInteger),
    PrimaryKeyConstraint("user_id", "version"),
)
library_items = Table(
    "library_items",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("import_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("uri", Text),
    Column("artist", Text),
    Column("album", Text),
    Column("name", Text),
    PrimaryKeyConstraint("user_id", "import_id", "kind", "position"),
    ForeignKeyConstraint(["user_id", "import_id"], ["imports.user_id", "imports.id"], ondelete="CASCADE"),
)
playlists = Table(
    "playlists",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("import_id", BigInteger, nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("followers", Integer),
    Column("modified_on", Text),
    Column("items", JSONB, nullable=False),
    PrimaryKeyConstraint("user_id", "import_id", "position"),
    ForeignKeyConstraint(["user_id", "import_id"], ["imports.user_id", "imports.id"], ondelete="CASCADE"),
)
