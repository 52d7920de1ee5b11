"""recommendations: consents to train, models, feedback, open lists; versions of synced playlists

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _moment(name: str, *, now: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=default)


def upgrade() -> None:
    op.create_table(
        "training_consents",
        sa.Column("user_id", sa.Integer(), nullable=False),
        _moment("since", now=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_training_consents_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_training_consents"),
    )
    op.create_table(
        "models",
        sa.Column("kind", sa.Text(), nullable=False),
        _moment("made_at"),
        sa.Column("card", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_models"),
    )
    op.create_table(
        "feedback",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("artist", sa.Text(), server_default=sa.text("''"), nullable=False),
        _moment("at", now=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_feedback_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "kind", "key", name="pk_feedback"),
    )
    op.create_table(
        "similar_artists",
        sa.Column("mbid", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("mbids", postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("names", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("scores", postgresql.ARRAY(sa.Integer()), server_default=sa.text("'{}'"), nullable=False),
        _moment("asked_at", now=True),
        _moment("again_at"),
        sa.PrimaryKeyConstraint("mbid", name="pk_similar_artists"),
    )
    op.create_table(
        "artist_listeners",
        sa.Column("mbid", sa.Uuid(), nullable=False),
        sa.Column("listeners", sa.BigInteger(), nullable=True),
        _moment("asked_at", now=True),
        sa.PrimaryKeyConstraint("mbid", name="pk_artist_listeners"),
    )
    op.create_table(
        "spotify_playlist_versions",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("playlist_id", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        _moment("seen_at", now=True),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id", "playlist_id"],
            ["spotify_playlists.user_id", "spotify_playlists.playlist_id"],
            name="fk_spotify_playlist_versions_user_id_spotify_playlists",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "playlist_id", "snapshot", name="pk_spotify_playlist_versions"),
    )
    # Whoever takes their consent back, or is deleted, is in no model from that moment on.
    op.execute(
        "create function forget_models() returns trigger language plpgsql as "
        "$$ begin delete from models; return null; end $$"
    )
    op.execute(
        "create trigger training_consents_end after delete on training_consents "
        "for each row execute function forget_models()"
    )


def downgrade() -> None:
    op.execute("drop trigger training_consents_end on training_consents")
    op.execute("drop function forget_models()")
    for table in (
        "spotify_playlist_versions",
        "artist_listeners",
        "similar_artists",
        "feedback",
        "models",
        "training_consents",
    ):
        op.drop_table(table)
