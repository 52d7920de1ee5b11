"""What stands on charts, looked up: by id, by words, by names; and what was learned about it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import polars as pl
from sqlalchemy import Connection, Row, text

from core.domain.names import name_key
from core.domain.trends import Kind
from core.repositories.chart_things import keys_of

Found = Mapping[int, tuple[Sequence[tuple[str, int]], str | None]]  # id → genres with their counts, country
_MOST_WORDS = 8
_LOOKED_AT = 1_000  # of so many the most charted are looked for
_TEXT = "t.id, t.kind, t.name, t.artist, t.mbid::text as mbid, t.uri, t.country, t.tags::text as tags"
SCHEMA = {"id": pl.Int64} | dict.fromkeys(("kind", "name", "artist", "mbid", "uri", "country", "tags"), pl.String)
_THINGS = text(f"select {_TEXT} from chart_things t where t.id = any(:ids) order by t.id")  # noqa: S608
# Things that hold all the words: those called just so, then those that begin so, then the others; the most charted
# first. ``strpos`` knows no wildcards.
_FIND = f"""
with fitting as materialized (
    select t.id, case
        when strpos(t.folded, :line) = 1 then 0
        when strpos(t.folded, :beginning) = 1 then 1
        when strpos(t.folded, :line) > 0 then 2
        when strpos(t.folded, :whole) > 0 then 3
        else 4
    end as place, length(t.folded) as size
    from chart_things t
    where {{conditions}}
    order by place, size, t.id limit {_LOOKED_AT}
)
select {_TEXT} from fitting f join chart_things t on t.id = f.id
left join lateral (select count(*) as stood from chart_places p where p.thing_id = t.id) p on true
order by f.place, p.stood desc, f.size, t.id limit :limit
"""  # noqa: S608
_BY_KEY = text("select id from chart_things where key = cast(:key as uuid)")
# Things nobody was asked about, most charted first.
_UNTAGGED = text(
    """
    select t.id, t.mbid from chart_things t
    cross join lateral (select count(*) as stood from chart_places p where p.thing_id = t.id) p
    where t.kind = :kind and t.mbid is not null and t.asked_at is null and p.stood > 0
    order by p.stood desc, t.id limit :limit
    """
)
_TAG = text(
    """
    update chart_things t set tags = cast(:tags as jsonb), country = coalesce(:country, t.country), asked_at = :now
    where t.id = :id
    """
)
_RAISE_ALL = text("update chart_sources set version = version + 1")


def frame(rows: Sequence[Row[Any]]) -> pl.DataFrame:
    """Return rows of things as a frame."""
    return pl.DataFrame([(*row,) for row in rows], schema=SCHEMA, orient="row")


def things(connection: Connection, ids: Sequence[int]) -> pl.DataFrame:
    """Return things by their ids, in the order of these."""
    return frame(connection.execute(_THINGS, {"ids": list(ids)}).all())


def find(connection: Connection, words: str, kind: Kind | None, limit: int) -> pl.DataFrame:
    """Return things whose names hold the words, best first."""
    whole = name_key(words)
    if not whole:
        return frame([])
    each = list(dict.fromkeys(whole.split()))[:_MOST_WORDS]
    given: dict[str, object] = {f"word{n}": word for n, word in enumerate(each)}
    conditions = [f"strpos(t.folded, :{name}) > 0" for name in given] + ["t.kind = :kind"] * (kind is not None)
    given |= {"line": f"\n{whole}\n", "beginning": f"\n{whole}", "whole": whole, "limit": limit}
    given |= {"kind": kind} if kind else {}
    return frame(connection.execute(text(_FIND.format(conditions=" and ".join(conditions))), given).all())


def thing_of(connection: Connection, kind: Kind, name: str, artist: str) -> int | None:
    """Return the thing of these names."""
    found = connection.execute(_BY_KEY, {"key": keys_of(kind, name, artist).plain.hex()}).scalar_one_or_none()
    return None if found is None else int(found)


def untagged(connection: Connection, kind: Kind, limit: int) -> list[tuple[int, UUID]]:
    """Return things with an id of MusicBrainz that nobody was asked about, most charted first."""
    return [(row.id, row.mbid) for row in connection.execute(_UNTAGGED, {"kind": kind, "limit": limit})]


def tag(connection: Connection, found: Found, now: datetime) -> None:
    """Store genres and countries."""
    rows = [
        {"id": id, "tags": json.dumps([[name, count] for name, count in tags]), "country": country, "now": now}
        for id, (tags, country) in sorted(found.items())
    ]
    if rows:
        connection.execute(_TAG, rows)
        connection.execute(_RAISE_ALL)
