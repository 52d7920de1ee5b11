"""public charts, what sources say beside them, and who agreed to be counted

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _moment(name: str, *, required: bool = True, now: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not required, server_default=default)


def upgrade() -> None:
    op.create_table(
        "chart_things",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("artist", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("mbid", sa.Uuid(), nullable=True),
        sa.Column("uri", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("tags", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        _moment("asked_at", required=False),
        sa.PrimaryKeyConstraint("id", name="pk_chart_things"),
        sa.UniqueConstraint("key", name="uq_chart_things_key"),
    )
    op.create_index("ix_chart_things_mbid", "chart_things", ["mbid"])
    op.create_table(
        "chart_series",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("per", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chart_series"),
        sa.UniqueConstraint("source", "kind", "per", "region", name="uq_chart_series_source_kind_per_region"),
    )
    op.create_table(
        "chart_snapshots",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        _moment("computed_at"),
        _moment("stored_at", now=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("things", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("ranks", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("amounts", postgresql.ARRAY(sa.BigInteger()), nullable=True),
        sa.Column("told_previous", postgresql.ARRAY(sa.SmallInteger()), nullable=True),
        sa.Column("told_peak", postgresql.ARRAY(sa.SmallInteger()), nullable=True),
        sa.Column("told_weeks", postgresql.ARRAY(sa.SmallInteger()), nullable=True),
        sa.ForeignKeyConstraint(
            ["series_id"], ["chart_series.id"], name="fk_chart_snapshots_series_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("series_id", "starts_on", name="pk_chart_snapshots"),
        sa.UniqueConstraint("id", name="uq_chart_snapshots_id"),
    )
    # The columns of a chart lie apart from its row, uncompressed: times and sizes are read without them.
    op.execute("alter table chart_snapshots set (toast_tuple_target = 128)")
    for column in ("things", "ranks", "amounts", "told_previous", "told_peak", "told_weeks"):
        op.execute(f"alter table chart_snapshots alter column {column} set storage external")
    op.create_table(
        "chart_places",
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("snapshots", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("ranks", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("amounts", postgresql.ARRAY(sa.BigInteger()), nullable=True),
    )
    op.create_index("ix_chart_places_thing_id", "chart_places", ["thing_id"])
    op.create_table(
        "chart_extras",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("per", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        _moment("computed_at"),
        sa.Column("rows", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("source", "name", "per", "region", "starts_on", name="pk_chart_extras"),
    )
    op.create_table(
        "chart_sources",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        _moment("checked_at", required=False),
        _moment("succeeded_at", required=False),
        sa.Column("message", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_chart_sources"),
    )
    op.create_table(
        "chart_asks",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        _moment("asked_at"),
        _moment("again_at"),
        sa.Column("message", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("source", "what", name="pk_chart_asks"),
    )
    op.create_table(
        "chart_files",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("snapshots", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), server_default=sa.text("''"), nullable=False),
        _moment("read_at", now=True),
        sa.PrimaryKeyConstraint("sha256", name="pk_chart_files"),
    )
    op.create_table(
        "community_consents",
        sa.Column("user_id", sa.Integer(), nullable=False),
        _moment("since", now=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_community_consents_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name="pk_community_consents"),
    )


def downgrade() -> None:
    for table in (
        "community_consents",
        "chart_files",
        "chart_asks",
        "chart_sources",
        "chart_extras",
        "chart_places",
        "chart_snapshots",
        "chart_series",
        "chart_things",
    ):
        op.drop_table(table)
