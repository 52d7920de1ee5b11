"""The rules of what belongs together or apart: a person's own, added and taken back by decision."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from sqlalchemy import bindparam, select, text

from core.domain.names import artist_key
from core.domain.rules import Decision, IdentityRule, RuleKind, ends
from core.repositories.database import Database
from core.repositories.listens import Writing
from core.repositories.schema import identity_rules

_MINE = (
    select(identity_rules.c.kind, identity_rules.c.from_id, identity_rules.c.to_id)
    .where(identity_rules.c.user_id == bindparam("user_id"))
    .order_by(identity_rules.c.kind, identity_rules.c.from_id)
)
# A person's rules with the names of what they are about, newest decision first, in the order of their steps' ids.
_NAMED = text("""
select r.decision, r.kind, r.created_at,
       case when r.kind = 'artist' then (select name from artists where id = r.from_id)
            when r.kind in ('album', 'album-artist') then (select name from albums where id = r.from_id)
            else (select coalesce(name, uri) from tracks where id = r.from_id) end as source,
       case when r.kind in ('artist', 'album-artist', 'track-artist') then (select name from artists where id = r.to_id)
            when r.kind = 'album' then (select name from albums where id = r.to_id)
            else (select coalesce(name, uri) from tracks where id = r.to_id) end as target
from identity_rules r where r.user_id = :user_id
order by r.decision desc, r.from_id
""")
_ADD = """
insert into identity_rules (user_id, kind, from_id, to_id, decision) values (%s, %s, %s, %s, %s)
on conflict (user_id, kind, from_id) do nothing
"""
_NEXT = "select coalesce(max(decision), 0) + 1 from identity_rules where user_id = %s"
_ARTIST = """
insert into artists (name, key) select %(name)s, %(key)s
where not exists (select from artists where key = %(key)s)
on conflict (key) do nothing
"""


class IdentityRules:
    """The stored rules, read."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, user_id: int) -> list[IdentityRule]:
        """Return all rules of a person."""
        with self._db.read() as connection:
            rows = connection.execute(_MINE, {"user_id": user_id}).all()
        return [IdentityRule(row.kind, row.from_id, row.to_id) for row in rows]

    def decisions(self, user_id: int) -> list[Decision]:
        """Return what a person decided, newest first, in names."""
        with self._db.read() as connection:
            rows = connection.execute(_NAMED, {"user_id": user_id}).all()
        found: dict[int, Decision] = {}
        for row in rows:
            known = found.get(row.decision)
            sources = (*(known.sources if known else ()), row.source or "")
            kind = cast(RuleKind, row.kind)
            found[row.decision] = Decision(row.decision, kind, sources, row.target or "", row.created_at)
        return list(found.values())


def count(writing: Writing) -> int:
    """Return how many rules the person has."""
    row = writing.connection.execute("select count(*) from identity_rules where user_id = %s", (writing.user_id,))
    return int((row.fetchone() or (0,))[0])


def add(writing: Writing, rules: Sequence[IdentityRule]) -> int | None:
    """Add rules as one decision; return its number, ``None`` where one of them is decided already."""
    row = writing.connection.execute(_NEXT, (writing.user_id,)).fetchone()
    decision = int(row[0]) if row else 1
    cursor = writing.connection.cursor()
    added = 0
    for rule in rules:
        added += cursor.execute(_ADD, (writing.user_id, rule.kind, rule.from_id, rule.to_id, decision)).rowcount
    return decision if added == len(rules) else None


def in_a_circle(writing: Writing) -> bool:
    """Return whether rules lead from an artist or album back to itself."""
    query = "select kind, from_id, to_id from identity_rules where user_id = %s and kind in ('artist', 'album')"
    rows = writing.connection.execute(query, (writing.user_id,)).fetchall()
    steps: dict[str, dict[int, int]] = {}
    for kind, start, end in rows:
        steps.setdefault(kind, {})[start] = end
    return any(len(ends(found.items())) < len(found) for found in steps.values())


def remove(writing: Writing, *, decision: int) -> int:
    """Take the rules of a decision back; return how many there were."""
    gone = "delete from identity_rules where user_id = %s and decision = %s"
    return writing.connection.execute(gone, (writing.user_id, decision)).rowcount


def artist_id(writing: Writing, name: str) -> int:
    """Return the id of the artist of this name, made where there is none."""
    given = {"name": name, "key": UUID(bytes=artist_key(name))}
    writing.connection.execute(_ARTIST, given)
    row = writing.connection.execute("select id from artists where key = %(key)s", given).fetchone()
    assert row is not None  # noqa: S101 it was made a moment ago
    return int(row[0])
