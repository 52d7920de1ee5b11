"""the job queue

Revision: 0002, after 0001

The tables are Procrastinate's own, as its version 3.10 makes them. When that version is raised, a new migration
applies the files Procrastinate lists for the step (``SchemaManager.get_migrations_path()``).
"""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DROP = """
drop table if exists procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers
    cascade;
do $$
declare it record;
begin
    for it in select oid::regprocedure as name from pg_proc where proname like 'procrastinate\\_%' loop
        execute 'drop function if exists ' || it.name || ' cascade';
    end loop;
    for it in select oid::regtype as name from pg_type
              where typname like 'procrastinate\\_%' and typtype in ('e', 'c') loop
        execute 'drop type if exists ' || it.name || ' cascade';
    end loop;
end $$;
"""


def execute(script: str) -> None:
    """Run several statements as they are, inside the migration's transaction."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)


def upgrade() -> None:
    execute(SchemaManager.get_schema())


def downgrade() -> None:
    execute(DROP)
