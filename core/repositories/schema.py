"""The tables. Shared look-ups first; then per-person tables, each with ``user_id`` first in every key.

``listens`` has one index, its primary key, and no foreign keys: both would be paid on every imported row
(see docs/decisions/0002-listens.md).
"""

from collections.abc import Callable

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
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
    # Where reset links go; given by the person themselves, with their password.
    Column("email", Text),
    # A keyed hash of the Spotify account that signs in as this person; the account itself is named nowhere.
    Column("spotify_key", LargeBinary, unique=True),
    # The second factor: its encrypted secret, since when it is asked for, and the last step a code was taken for.
    Column("totp_secret", LargeBinary),
    _moment("totp_since", required=False),
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
    _moment("created_at", now=True),
    _moment("expires_at"),
    PrimaryKeyConstraint("user_id", "token_sha256"),
)
# What happened to an account; rows are added, never changed (a trigger holds it). ``place`` is a keyed hash, new
# each day, of the neighbourhood an event came from.
account_events = Table(
    "account_events",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("id", BigInteger, Identity(), nullable=False),
    _moment("at", now=True),
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

# Spotify's Web API. States of a sign-in on its way; nobody's yet, hence no person. ``session_sha256`` is the session
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
    _moment("expires_at"),
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
    _moment("authorized_at"),
    _moment("connected_at", now=True),
)
# How far each part of the sync is: when it ran, when it may run again, where to go on (null: from the beginning).
spotify_parts = Table(
    "spotify_parts",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("part", Text, nullable=False),
    _moment("next_at"),
    _moment("started_at", required=False),
    _moment("finished_at", required=False),
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
    _moment("began_at"),
    _moment("ended_at"),
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
    _moment("fetched_at", now=True),
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
    _moment("added_at", required=False),
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
    _moment("saved_at", required=False),
    Column("pass", BigInteger, nullable=False),
    _moment("fetched_at", now=True),
    PrimaryKeyConstraint("user_id", "kind", "uri"),
)
# Services we call: who called last, and until when nobody may (their quota is spent). Locked for each call.
callers = Table(
    "callers",
    metadata,
    Column("service", Text, primary_key=True),
    _moment("called_at", required=False),
    _moment("closed_until", required=False),
    Column("reason", Text, nullable=False, server_default=text("''")),
)
calls = Table(
    "calls",
    metadata,
    Column("service", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    _moment("hour"),
    Column("calls", Integer, nullable=False),
    PrimaryKeyConstraint("service", "endpoint", "hour"),
)
# What an endpoint answered last: what this Spotify app may and may not do.
capabilities = Table(
    "capabilities",
    metadata,
    Column("service", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("works", Boolean, nullable=False),
    Column("status", Integer, nullable=False),
    _moment("first_seen", now=True),
    _moment("last_seen", now=True),
    PrimaryKeyConstraint("service", "endpoint"),
)

# What open sources say about music, and the list of what to ask them. ``state``: waiting, found, missing (they do not
# know it) or failed (nobody could be asked). ``plays``: of all people but the demo person; what has none is not asked.
_ASKED: tuple[Callable[[], Column[object]], ...] = (
    lambda: Column("plays", Integer, nullable=False, server_default=text("0")),
    lambda: Column("state", Text, nullable=False),
    lambda: Column("tries", Integer, nullable=False, server_default=text("0")),
    lambda: _moment("asked_at", now=True),
    lambda: _moment("ask_again_at"),
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
    _moment("listed_at", required=False),
    Column("listed_as", Text, nullable=False, server_default=text("''")),
    _moment("began_at", required=False),
    _moment("ended_at", required=False),
    Column("outcome", Text, nullable=False, server_default=text("''")),
    Column("found", Integer, nullable=False, server_default=text("0")),
    Column("missing", Integer, nullable=False, server_default=text("0")),
    Column("failed", Integer, nullable=False, server_default=text("0")),
)
