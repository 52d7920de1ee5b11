"""What people who agreed played, as far as a model may learn from it; when they played is not read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from core.analytics.arrays import Ints
from core.domain.lens import Lens
from core.domain.listen import SHARED, Flag, Source
from core.recommend.leaving_out import LeftOut, Rule
from core.repositories.arrays import integers
from core.repositories.database import Database

# What a model may learn from. Spotify's terms forbid it for what its API reports: no source of it may ever be here.
TRAINABLE = SHARED - {Source.SPOTIFY_API}
QUARTER = 900  # seconds: local hours begin and end on quarters of an hour of UTC
# What some people left out of their figures; of a track, its recording.
_LEFT_OUT = """
select e.user_id, e.kind, case when e.kind = 'track' then t.recording_id else e.value end
from exclusions e left join tracks t on e.kind = 'track' and t.id = e.value
where e.user_id = any(%(ids)s) and (e.kind <> 'track' or t.id is not null) order by 1, 2, 3
"""
# What those of them who left something out put together or moved; rules about recordings name these.
_RULES = """
select r.user_id, r.kind,
  case when r.kind = 'recording' then f.recording_id else r.from_id end,
  case when r.kind = 'recording' then g.recording_id else r.to_id end
from identity_rules r
left join tracks f on r.kind = 'recording' and f.id = r.from_id
left join tracks g on r.kind = 'recording' and g.id = r.to_id
where r.user_id = any(%(ids)s) and (r.kind <> 'recording' or (f.id is not null and g.id is not null)) order by 1, 2, 3
"""
# How often some people played each track, by the standard lens, from sources a model may learn from, without private
# sessions and what they left out. ``quarter``: of those who leave hours out, the quarter of an hour since 1970, else 0.
_PLAYED = f"""
with hidden as materialized (
    select * from unnest(%(who)s::int[], %(what)s::text[], %(which)s::int[]) as hidden (user_id, kind, id)
),
counted as (
    select l.user_id, l.track_id, l.source::int as source,
      case when l.user_id = any(%(hiding)s) then floor(extract(epoch from l.ended_at) / {QUARTER})::int else 0 end
        as quarter
    from listens l join tracks t on t.id = l.track_id
    where l.user_id = any(%(ids)s) and t.artist_id is not null
      and l.source = any(%(sources)s) and l.kind = any(%(kinds)s)
      and l.ms_played >= %(least)s and l.flags & %(private)s = 0
      and not exists (select from hidden h where h.user_id = l.user_id and h.kind = 'artist' and h.id = t.artist_id)
      and not exists (select from hidden h where h.user_id = l.user_id and h.kind = 'album' and h.id = t.album_id)
      and not exists (select from hidden h where h.user_id = l.user_id and h.kind = 'track' and h.id = t.recording_id)
      and not exists (select from hidden h where h.user_id = l.user_id and h.kind = 'only' and h.id = l.track_id)
      and not exists (select from hidden h where h.user_id = l.user_id and h.kind = 'platform' and h.id = l.platform)
      and not exists (select from hidden h where h.user_id = l.user_id and h.kind = 'country' and h.id = l.country)
),
summed as (select user_id, track_id, source, quarter, count(*)::int as plays from counted group by 1, 2, 3, 4)
select array_send(array_agg(user_id)), array_send(array_agg(track_id)), array_send(array_agg(source)),
  array_send(array_agg(quarter)), array_send(array_agg(plays)) from summed
"""  # noqa: S608 - a number of this program
# Whose tracks are, on which album (0: none), and the oldest track of their recording: no id tells an edition.
_TRACKS = """
with played as (
    select id, artist_id, album_id, recording_id from tracks where id = any(%(ids)s) and artist_id is not null
),
oldest as (
    select distinct on (recording_id) recording_id, id, artist_id from tracks
    where recording_id in (select recording_id from played) and artist_id is not null order by recording_id, id
)
select array_send(array_agg(p.id order by p.id)), array_send(array_agg(p.artist_id order by p.id)),
  array_send(array_agg(coalesce(p.album_id, 0) order by p.id)),
  array_send(array_agg(coalesce(l.artist_id, 0) order by p.id)),
  array_send(array_agg(o.id order by p.id)), array_send(array_agg(o.artist_id order by p.id))
from played p join oldest o using (recording_id) left join albums l on l.id = p.album_id
"""
# Where people who leave hours of the day out live.
_ZONES = "select id, timezone from users where id = any(%(ids)s)"
_ARTISTS = "select id, name from artists where id = any(%(ids)s)"


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """A row for each person, track, source and quarter of an hour, with its plays; see ``_PLAYED``."""

    person: Ints
    track: Ints
    source: Ints
    quarter: Ints
    plays: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """Tracks by id, ascending; artist, album (0: none), the oldest track of the recording, and whose those are."""

    id: Ints
    artist: Ints
    album: Ints
    album_artist: Ints
    recording: Ints
    recording_artist: Ints


class TrainableRows:
    """What is read for a model."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def left_out(self, ids: Sequence[int]) -> tuple[list[LeftOut], list[Rule]]:
        """Return what people left out, and what they decided belongs together."""
        with self._db.driver() as connection:
            out = [LeftOut(*row) for row in connection.execute(_LEFT_OUT, {"ids": list(ids)})]
            those = sorted({each.person for each in out})
            return out, [Rule(*row) for row in connection.execute(_RULES, {"ids": those})]

    def zones(self, ids: Sequence[int]) -> dict[int, str]:
        """Return the timezones of people."""
        with self._db.driver() as connection:
            return dict(connection.execute(_ZONES, {"ids": list(ids)}).fetchall())

    def played(self, ids: Sequence[int], *, hidden: Iterable[LeftOut], hiding: Sequence[int]) -> Played:
        """Return what people played without what is ``hidden``; ``hiding``: those whose quarters are told apart."""
        out, standard = list(hidden), Lens()
        given: dict[str, object] = {
            "ids": list(ids),
            "hiding": list(hiding),
            "who": [each.person for each in out],
            "what": [each.kind for each in out],
            "which": [each.id for each in out],
            "sources": sorted(map(int, TRAINABLE)),
            "kinds": sorted(map(int, standard.kinds)),
            "least": standard.minimum_ms,
            "private": int(Flag.INCOGNITO),
        }
        return Played(*self._columns(_PLAYED, given, 5))

    def tracks(self, ids: Ints) -> Tracks:
        """Return whose and what tracks are; those of nobody are left out."""
        return Tracks(*self._columns(_TRACKS, {"ids": ids.tolist()}, 6))

    def artists(self, ids: Ints) -> dict[int, str]:
        """Return the names of artists."""
        with self._db.driver() as connection:
            return dict(connection.execute(_ARTISTS, {"ids": ids.tolist()}).fetchall())

    def _columns(self, query: str, given: dict[str, object], columns: int) -> list[Ints]:
        """Return the one row of arrays a query gives, as columns."""
        with self._db.driver() as connection:
            row = connection.cursor(binary=True).execute(query, given).fetchone()
        if row is None or row[0] is None:
            return [np.zeros(0, dtype=np.int64) for _ in range(columns)]
        return [integers(sent, 4) for sent in row]
