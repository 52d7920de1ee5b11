"""Who agreed to count in this instance's own charts, and what those people played; names of people are never read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from core.analytics.community import QUARTER, Ints
from core.domain.lens import Lens
from core.domain.listen import SHARED, Flag
from core.repositories.arrays import integers
from core.repositories.database import Database
from core.repositories.schema import community_consents, users

SETTLED_IN = timedelta(days=28)  # so old an account is when a window begins in which it counts
DAYS = 3  # on so many different days (UTC) of a window somebody listened who counts in it
# The members of a window: they agreed before it began and still do, and are no newcomers.
_MEMBERS = """
members as (
    select u.id as user_id, u.timezone from community_consents c join users u on u.id = c.user_id
    where c.since <= %(begins)s and u.created_at <= %(settled)s and u.role <> 'demo'
)"""
# Their plays in the window, by the standard lens, from sources that may be counted with other people's; what somebody
# leaves out of their own figures, and artists and albums they put together with it, is left out here.
_PLAYS = f"""
with {_MEMBERS},
left_out as (
    select e.user_id, e.kind, e.value from exclusions e join members using (user_id)
    union
    select e.user_id, e.kind, r.from_id from exclusions e join members using (user_id)
    join identity_rules r on r.user_id = e.user_id and r.kind = e.kind and r.to_id = e.value
    where e.kind in ('artist', 'album')
),
left_out_recordings as (
    select e.user_id, t.recording_id from left_out e join tracks t on e.kind = 'track' and t.id = e.value
),
hidden_quarters as (
    select * from unnest(%(hidden_of)s::int[], %(hidden)s::bigint[]) as hidden (user_id, quarter)
),
counted as materialized (
    select l.user_id, l.track_id, (l.ended_at at time zone 'UTC')::date as day
    from members m join listens l on l.user_id = m.user_id join tracks t on t.id = l.track_id
    where l.ended_at >= %(begins)s and l.ended_at < %(ends)s
      and l.source = any(%(sources)s) and l.kind = any(%(kinds)s)
      and l.ms_played >= %(least)s and l.flags & %(private)s = 0
      and not exists (select from left_out e
          where e.user_id = l.user_id and e.kind = 'artist' and e.value = t.artist_id)
      and not exists (select from left_out e
          where e.user_id = l.user_id and e.kind = 'album' and e.value = t.album_id)
      and not exists (select from left_out_recordings e
          where e.user_id = l.user_id and e.recording_id = t.recording_id)
      and not exists (select from left_out e
          where e.user_id = l.user_id and e.kind = 'platform' and e.value = l.platform)
      and not exists (select from left_out e
          where e.user_id = l.user_id and e.kind = 'country' and e.value = l.country)
      and not exists (select from hidden_quarters e
          where e.user_id = l.user_id and e.quarter = floor(extract(epoch from l.ended_at) / {QUARTER})::bigint)
),
active as (select user_id from counted group by user_id having count(distinct day) >= %(days)s),
summed as (
    select user_id, track_id, count(*)::int as plays from counted join active using (user_id) group by 1, 2
)
select array_send(array_agg(user_id)), array_send(array_agg(track_id)), array_send(array_agg(plays)) from summed
"""  # noqa: S608 - a number of this program
# The hours of the day that members leave out, with the timezone they mean.
_HOURS = f"""
with {_MEMBERS}
select m.user_id, m.timezone, array_agg(e.value) from members m
join exclusions e on e.user_id = m.user_id and e.kind = 'hour' group by 1, 2
"""  # noqa: S608 - a constant of this module
# What tracks are called, whose they are, and whom the metadata names first: as the oldest track of their recording
# says, so that no name tells which edition somebody played.
_TRACKS = """
with oldest as (
    select recording_id, min(id) as id from tracks
    where recording_id in (select recording_id from tracks where id = any(%(ids)s)) and artist_id is not null
    group by recording_id
)
select t.id, coalesce(o.name, ''), a.name, coalesce(first.name, '')
from tracks t join oldest using (recording_id) join tracks o on o.id = oldest.id join artists a on a.id = o.artist_id
left join track_credits c on c.track_id = o.id and c.place = 0
left join artists first on first.id = c.artist_id
where t.id = any(%(ids)s) order by t.id, c.artist_id
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A track's title (blank: none), its artist, and whom its metadata names first (blank: nobody)."""

    id: int
    title: str
    artist: str
    first: str


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Plays of a window: one row for each active member and track."""

    member: Ints
    track: Ints
    plays: Ints


class CommunityRows:
    """Consents, and the plays behind them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def since(self, user_id: int) -> datetime | None:
        """Return since when a person agrees, None where they do not."""
        row = community_consents.c
        with self._db.read() as connection:
            return connection.execute(select(row.since).where(row.user_id == user_id)).scalar_one_or_none()

    def agree(self, user_id: int, *, now: datetime) -> bool:
        """Note that a person agrees from now on; return whether that is new. The demo person never does."""
        somebody = select(users.c.id, literal(now)).where(users.c.id == user_id, users.c.role != "demo")
        made = insert(community_consents).from_select(["user_id", "since"], somebody).on_conflict_do_nothing()
        with self._db.begin() as connection:
            return connection.execute(made.returning(community_consents.c.user_id)).first() is not None

    def leave(self, user_id: int) -> bool:
        """Take a person's consent away; return whether there was one."""
        with self._db.begin() as connection:
            gone = delete(community_consents).where(community_consents.c.user_id == user_id)
            return connection.execute(gone).rowcount == 1

    def first(self) -> datetime | None:
        """Return the earliest consent that stands, None for none."""
        with self._db.read() as connection:
            found: datetime | None = connection.execute(select(func.min(community_consents.c.since))).scalar_one()
        return found

    def hours(self, begins: datetime) -> list[tuple[int, str, list[int]]]:
        """Return (person, timezone, local hours they leave out) of the members of a window."""
        with self._db.driver() as connection:
            rows = connection.execute(_HOURS, _window(begins)).fetchall()
        return [(user_id, timezone, list(hours)) for user_id, timezone, hours in rows]

    def plays(self, begins: datetime, ends: datetime, *, hidden: Sequence[tuple[int, int]]) -> Counted:
        """Return what the active members of a window played in it, from sources that may be shared alone.

        ``hidden``: quarters of an hour (since 1970) of people in which nothing counts.
        """
        standard = Lens()
        given: dict[str, object] = _window(begins) | {
            "ends": ends,
            "sources": sorted(map(int, SHARED)),
            "kinds": sorted(map(int, standard.kinds)),
            "least": standard.minimum_ms,
            "private": int(Flag.INCOGNITO),
            "days": DAYS,
            "hidden_of": [user_id for user_id, _ in hidden],
            "hidden": [quarter for _, quarter in hidden],
        }
        with self._db.driver() as connection:
            row = connection.cursor(binary=True).execute(_PLAYS, given).fetchone()
        if row is None or row[0] is None:
            return Counted(*(np.zeros(0, dtype=np.int64) for _ in range(3)))
        return Counted(*(integers(sent, 4) for sent in row))

    def tracks(self, ids: Sequence[int]) -> list[Named]:
        """Return what tracks are called, by id; those of nobody are left out."""
        with self._db.driver() as connection:
            rows = connection.execute(_TRACKS, {"ids": list(ids)}).fetchall()
        return [Named(*row) for row in rows]


def _window(begins: datetime) -> dict[str, object]:
    """Return what decides who is a member of a window."""
    return {"begins": begins, "settled": begins - SETTLED_IN}
