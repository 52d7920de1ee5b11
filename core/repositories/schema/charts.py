"""Public charts: what they rank, one row a chart at a moment, and what sources say beside charts. Nobody's own data."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from core.repositories.schema.base import metadata, moment

# What charts rank. ``key`` is the MD5 of kind, name and artist as core/domain/names.py folds them (and of the mbid,
# where somebody else has the name already). ``folded``: name and artist, so folded, a line each: what is searched.
# ``tags``: genres as [[name, count], …] from a source, None if never asked.
chart_things = Table(
    "chart_things",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("artist", Text, nullable=False, server_default=text("''")),
    Column("folded", Text, nullable=False),
    Column("key", Uuid, nullable=False, unique=True),
    Column("mbid", Uuid),
    Column("uri", Text),
    Column("country", Text),
    Column("tags", JSONB),
    moment("asked_at", required=False),
    Index("ix_chart_things_mbid", "mbid"),
)
# One chart through time. ``per``: day, week, month, year or all. ``region``: two letters, ZZ the world.
chart_series = Table(
    "chart_series",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("per", Text, nullable=False),
    Column("region", Text, nullable=False),
    UniqueConstraint("source", "kind", "per", "region"),
)
# A chart at a moment, whole in one row: what stood there, by rank. ``ends_on`` is the first day after. Columns of the
# same length; ``amounts`` and what the source told are None where it tells nothing; a single gap is -1 among amounts
# and 0 among the others. ``id`` is another one whenever a running chart is replaced. The migration keeps the columns
# apart from the rest of the row, which stays small.
chart_snapshots = Table(
    "chart_snapshots",
    metadata,
    Column("id", Integer, Identity(), nullable=False, unique=True),
    Column("series_id", ForeignKey("chart_series.id", ondelete="CASCADE"), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("complete", Boolean, nullable=False),
    moment("computed_at"),
    moment("stored_at", now=True),
    Column("total", BigInteger),
    Column("things", ARRAY(Integer), nullable=False),
    Column("ranks", ARRAY(SmallInteger), nullable=False),
    Column("amounts", ARRAY(BigInteger)),
    Column("told_previous", ARRAY(SmallInteger)),
    Column("told_peak", ARRAY(SmallInteger)),
    Column("told_weeks", ARRAY(SmallInteger)),
    PrimaryKeyConstraint("series_id", "starts_on"),
)
# The same the other way round: where a thing stood, in a row for each time something was stored. A whole life on all
# charts is read in some dozen rows. Snapshots that are no longer there are replaced ones. No references: six million
# places are written in one go.
chart_places = Table(
    "chart_places",
    metadata,
    Column("thing_id", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("snapshots", ARRAY(Integer), nullable=False),
    Column("ranks", ARRAY(SmallInteger), nullable=False),
    Column("amounts", ARRAY(BigInteger)),
    Index("ix_chart_places_thing_id", "thing_id"),
)
# What a source says beside charts: listening activity, release years, a map … ``rows`` as core/domain/trends.Extra.
chart_extras = Table(
    "chart_extras",
    metadata,
    Column("source", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("per", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    moment("computed_at"),
    Column("rows", JSONB, nullable=False),
    PrimaryKeyConstraint("source", "name", "per", "region", "starts_on"),
)
# How each source is; ``version`` grows with every change of what it has, kept answers hang on it.
chart_sources = Table(
    "chart_sources",
    metadata,
    Column("source", Text, primary_key=True),
    Column("version", BigInteger, nullable=False, server_default=text("0")),
    moment("checked_at", required=False),
    moment("succeeded_at", required=False),
    Column("message", Text, nullable=False, server_default=text("''")),
)
# What a source was asked for last ("artist week ZZ"), how that went, and from when on it may be asked again.
chart_asks = Table(
    "chart_asks",
    metadata,
    Column("source", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    moment("asked_at"),
    moment("again_at"),
    Column("message", Text, nullable=False, server_default=text("''")),
    PrimaryKeyConstraint("source", "what"),
)
# Chart files that were read or refused, by what is in them: a file that lies in the folder is not read twice.
chart_files = Table(
    "chart_files",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("snapshots", Integer, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("message", Text, nullable=False, server_default=text("''")),
    moment("read_at", now=True),
)
# Members who agreed that their listening counts in this instance's own charts, and since when.
community_consents = Table(
    "community_consents",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    moment("since", now=True),
    PrimaryKeyConstraint("user_id"),
)
