"""What people imported and heard.

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
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from core.repositories.schema.base import metadata, moment

imports = Table(
    "imports",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("id", BigInteger, Identity(), nullable=False),
    Column("label", Text, nullable=False),
    Column("status", Text, nullable=False, server_default=text("'queued'")),
    moment("created_at", now=True),
    moment("started_at", required=False),
    moment("finished_at", required=False),
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


def listen_columns() -> list[Column[object]]:
    """Return the columns of one listen; ``replaced_listens`` and ``deleted_listens`` have the same."""
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
    *listen_columns(),
    PrimaryKeyConstraint("user_id", "ended_at", "track_id", "ms_played", "began_at"),
)
# Rows a finer import displaced: they come back when that import is undone.
replaced_listens = Table(
    "replaced_listens",
    metadata,
    *listen_columns(),
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
