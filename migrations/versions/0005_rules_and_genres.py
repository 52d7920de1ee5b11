"""what people decide about their own history: rules, genres, ranges, deletions; and who else is on a track

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.repositories.credits import backfill

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deletions",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("listens", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_deletions_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "id", name="pk_deletions"),
    )
    op.create_table(
        "genre_corrections",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("artist_id", sa.Integer(), nullable=False),
        sa.Column("genres", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_genre_corrections_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "artist_id", name="pk_genre_corrections"),
    )
    op.create_table(
        "identity_rules",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_identity_rules_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "kind", "from_id", name="pk_identity_rules"),
    )
    op.create_table(
        "saved_ranges",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_saved_ranges_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "name", name="pk_saved_ranges"),
    )
    op.create_table(
        "deleted_listens",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("ms_played", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("reason_start", sa.SmallInteger(), nullable=False),
        sa.Column("reason_end", sa.SmallInteger(), nullable=False),
        sa.Column("platform", sa.SmallInteger(), nullable=False),
        sa.Column("country", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.SmallInteger(), nullable=False),
        sa.Column("flags", sa.SmallInteger(), nullable=False),
        sa.Column("deletion_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id", "deletion_id"],
            ["deletions.user_id", "deletions.id"],
            name="fk_deleted_listens_user_id_deletion_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "ended_at", "track_id", "ms_played", "began_at", name="pk_deleted_listens"),
    )
    op.create_table(
        "track_credits",
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("artist_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["artist_id"], ["artists.id"], name="fk_track_credits_artist_id"),
        sa.ForeignKeyConstraint(["track_id"], ["tracks.id"], name="fk_track_credits_track_id"),
        sa.PrimaryKeyConstraint("track_id", "artist_id", name="pk_track_credits"),
    )
    backfill(op.get_bind().connection.driver_connection)


def downgrade() -> None:
    op.drop_table("track_credits")
    op.drop_table("deleted_listens")
    op.drop_table("saved_ranges")
    op.drop_table("identity_rules")
    op.drop_table("genre_corrections")
    op.drop_table("deletions")
