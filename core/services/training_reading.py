"""Reads what a model is made of, some people at a time, so that memory does not grow with how much they listened."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Ints
from core.analytics.localtime import local_time
from core.domain.errors import InvalidInput
from core.domain.listen import Source
from core.domain.names import is_various
from core.domain.recommending import KINDS, Kind
from core.recommend.gathering import Plays, interactions, joined, most_played
from core.recommend.interactions import Interactions
from core.recommend.leaving_out import with_merged
from core.repositories.database import Database
from core.repositories.trainable import QUARTER, Played, Tracks, TrainableRows

PEOPLE_AT_ONCE = 100


@dataclass(frozen=True, eq=False)
class Material:
    """What models are made of: plays by kind, listens by source, the artist of each thing, artists by name."""

    of: dict[Kind, Interactions]
    rows_by_source: dict[str, int]
    artist_of: dict[Kind, Ints]
    names: dict[int, str]


def read_material(db: Database, people: Sequence[int], *, listeners: int, check: Callable[[], None]) -> Material:
    """Return what people played as far as a model may learn from it; ``check`` is called between parts."""
    rows, counted = TrainableRows(db), Counter[str]()
    parts: dict[Kind, list[Plays]] = {kind: [] for kind in KINDS}
    whose: dict[Kind, dict[int, int]] = {kind: {} for kind in KINDS}
    for start in range(0, len(people), PEOPLE_AT_ONCE):
        check()
        played = _shown(rows, people[start : start + PEOPLE_AT_ONCE])
        for source in np.unique(played.source).tolist():
            counted[Source(source).name.lower()] += int(played.plays[played.source == source].sum())
        tracks = rows.tracks(np.unique(played.track))
        for kind, plays in _by_kind(played, tracks).items():
            parts[kind].append(plays)
        for kind, (ids, artists) in _things(tracks).items():
            whose[kind] |= dict(zip(ids.tolist(), artists.tolist(), strict=True))
    names = rows.artists(np.array(sorted({id for known in whose.values() for id in known.values()}), dtype=np.int64))
    nobody = {id for id, name in names.items() if is_various(name)}
    made: dict[Kind, Interactions] = {}
    for kind in KINDS:
        out = np.array([id for id, artist in whose[kind].items() if artist in nobody], dtype=np.int64)
        made[kind] = interactions(joined(parts[kind]), listeners=listeners, without=out)
    artist_of = {kind: _looked_up(whose[kind], made[kind].items) for kind in KINDS}
    return Material(made, dict(sorted(counted.items())), artist_of, names)


def _shown(rows: TrainableRows, people: Sequence[int]) -> Played:
    """Return what people played without everything they leave out."""
    hidden = with_merged(*rows.left_out(people))
    hours = [each for each in hidden if each.kind == "hour"]
    hiding = sorted({each.person for each in hours})
    played = rows.played(people, hidden=[each for each in hidden if each.kind != "hour"], hiding=hiding)
    if not hiding:
        return played
    kept = np.ones(len(played.person), dtype=np.bool_)
    for person, zone in rows.zones(hiding).items():
        theirs = [each.id for each in hours if each.person == person]
        kept &= ~_in_hours(played, person, zone, theirs)
    columns = (played.person, played.track, played.source, played.quarter, played.plays)
    return Played(*(column[kept] for column in columns))


def _in_hours(played: Played, person: int, zone: str, hours: Sequence[int]) -> Bools:
    """Return which rows are a person's in hours of the day they leave out; all of theirs where the zone is unknown."""
    mine: Bools = played.person == person
    moments = pl.Series(played.quarter[mine] * QUARTER * 1_000_000).cast(pl.Datetime("us", "UTC"))
    try:
        inside = np.isin(local_time(moments, zone).hour, hours)
    except InvalidInput:
        return mine
    found: Bools = mine.copy()
    found[mine] = inside
    return found


def _by_kind(played: Played, tracks: Tracks) -> dict[Kind, Plays]:
    """Return the plays by artist, album and recording."""
    place = np.searchsorted(tracks.id, played.track)
    return {kind: most_played(played.person, ids[place], played.plays) for kind, (ids, _) in _things(tracks).items()}


def _things(tracks: Tracks) -> dict[Kind, tuple[Ints, Ints]]:
    """Return what each track counts for, and its artist."""
    return {
        "artist": (tracks.artist, tracks.artist),
        "album": (tracks.album, tracks.album_artist),
        "track": (tracks.recording, tracks.recording_artist),
    }


def _looked_up(whose: dict[int, int], items: Ints) -> Ints:
    """Return the artists of items."""
    return np.array([whose[id] for id in items.tolist()], dtype=np.int64)
