"""Builds a library from rows, and adds rows to one: both give the same library."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from core.analytics.arrays import Ints, array
from core.analytics.identity import resolved
from core.analytics.library import ROWS, Library
from core.analytics.stored import Rows

ORDER = ["ended", "track", "ms_played", "began"]


def build(rows: Rows, *, version: int) -> Library:
    """Return the library of all of a person's rows, in any order, put together as their rules say."""
    return _built(resolved(rows), version)


def _built(rows: Rows, version: int) -> Library:
    """Return the library of rows whose rules are applied."""
    artists, albums, tracks, recording_ids = _lookups(rows)
    listens = _coded(rows.listens, "track_id", "track", tracks.select("id"))
    listens = listens.select(pl.col(name).cast(kind) for name, kind in ROWS.items())
    listens = listens if _in_order(listens) else listens.sort(ORDER)
    tracks = tracks.with_columns(_lengths(listens, rows, tracks.height).alias("length_ms"))
    recordings = _recordings(recording_ids, tracks, listens)
    guests = _credits(rows.credits, tracks, artists)
    return assemble(version, listens, tracks, recordings, artists, albums, rows.reasons.sort("id"), guests, rows.moved)


def supposing(library: Library, rules: pl.DataFrame, *, named: Mapping[int, str]) -> Library:
    """Return the library as it would be with more rules; ``named``: artists by id that it does not hold yet."""
    rows = to_rows(library, listens=False)
    more = pl.DataFrame({"id": list(named), "name": list(named.values())}, schema=rows.artists.schema)
    rows = resolved(replace(rows, artists=pl.concat([rows.artists, more]), rules=rules))
    artists, albums, tracks, recording_ids = _lookups(rows)
    tracks = tracks.with_columns(library.tracks["length_ms"])
    recordings, guests = _recordings(recording_ids, tracks, library.listens), _credits(rows.credits, tracks, artists)
    made = assemble(
        library.version, library.listens, tracks, recordings, artists, albums, library.reasons, guests, rows.moved
    )
    return made.at_the_same_times(library)


def _lookups(rows: Rows) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return artists, albums, tracks (without lengths) and the ids of recordings, each sorted by id, in codes."""
    artists = _lookup(rows.artists.select("id", "name"))
    albums = _coded(_lookup(rows.albums), "artist_id", "artist", artists)
    albums = albums.select("id", "name", "artist", pl.col("various").fill_null(value=False))
    tracks = rows.tracks.sort("id").with_columns(pl.coalesce("name", "uri", pl.lit("")).alias("name"))
    tracks = _coded(_coded(tracks, "artist_id", "artist", artists), "album_id", "album", albums)
    recording_ids = tracks.select(id="recording_id").unique().sort("id")
    tracks = _coded(tracks, "recording_id", "recording", recording_ids)
    tracks = tracks.select("id", "name", "uri", "artist", "album", "recording", "kind")
    return artists, albums, tracks, recording_ids


def _credits(guests: pl.DataFrame, tracks: pl.DataFrame, artists: pl.DataFrame) -> pl.DataFrame:
    """Return who else is on which track, in codes, by track and place."""
    guests = guests.sort("track_id", "place", "artist_id")
    coded = _coded(_coded(guests, "track_id", "track", tracks.select("id")), "artist_id", "artist", artists)
    return coded.select("track", "artist", "place")


def assemble(
    version: int,
    listens: pl.DataFrame,
    tracks: pl.DataFrame,
    recordings: pl.DataFrame,
    artists: pl.DataFrame,
    albums: pl.DataFrame,
    reasons: pl.DataFrame,
    guests: pl.DataFrame,
    moved: pl.DataFrame,
) -> Library:
    """Return a library from its frames; the codes a listen inherits from its track are filled in."""
    track = listens["track"]
    inherited = [tracks[name].gather(track).alias(name) for name in ("artist", "album", "recording")]
    complete = listens.select(list(ROWS)).with_columns(inherited).rechunk()
    return Library(version, complete, tracks.rechunk(), recordings, artists, albums, reasons, guests, moved)


def append(library: Library, rows: Rows, *, version: int) -> Library:
    """Return the library with ``rows`` added; rows it holds already change nothing.

    The rules of ``rows`` are those the library was built with: a change of rules means building it anew.
    """
    old, rows = to_rows(library), resolved(rows)
    listens = pl.concat([old.listens, rows.listens.select(old.listens.columns)], how="vertical_relaxed")
    key = ["ended", "track_id", "ms_played", "began"]
    merged = Rows(
        listens=listens.unique(key, keep="first") if _overlap(old.listens, rows.listens) else listens,
        tracks=_union(old.tracks, rows.tracks),
        albums=_union(old.albums, rows.albums),
        artists=_union(old.artists, rows.artists),
        reasons=_union(old.reasons, rows.reasons),
        credits=pl.concat([rows.credits, old.credits]).unique(["track_id", "artist_id"], keep="first"),
        rules=rows.rules,
        moved=rows.moved,
    )
    return _built(merged, version)


def to_rows(library: Library, *, listens: bool = True) -> Rows:
    """Return the rows a library was built from; without ``listens`` only the look-ups."""
    artist_ids, album_ids = library.artists["id"], library.albums["id"]
    recording_ids = library.recordings["id"]
    tracks = library.tracks.select(
        "id",
        "name",
        "uri",
        artist_ids.gather(library.tracks["artist"]).alias("artist_id"),
        album_ids.gather(library.tracks["album"]).alias("album_id"),
        recording_ids.gather(library.tracks["recording"]).alias("recording_id"),
        "kind",
    )
    own = artist_ids.gather(library.albums["artist"]).cast(pl.Int64).alias("artist_id")
    albums = library.albums.select("id", "name", own, "various")
    guests = library.credits.select(
        library.tracks["id"].gather(library.credits["track"]).cast(pl.Int64).alias("track_id"),
        artist_ids.gather(library.credits["artist"]).cast(pl.Int64).alias("artist_id"),
        "place",
    )
    heard = library.listens if listens else library.listens.clear()
    track_ids = library.tracks["id"].gather(heard["track"]).alias("track_id")
    return Rows(
        heard.select(track_ids, *(name for name in ROWS if name != "track")),
        tracks,
        albums.slice(1),
        library.artists.slice(1),
        library.reasons,
        credits=guests,
        moved=library.moved,
    )


def _lookup(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a look-up sorted by id with the "none" entry (id 0) as its first row."""
    none = pl.DataFrame({"id": [0], "name": [""]}, schema={"id": frame.schema["id"], "name": pl.String})
    return pl.concat([none, frame], how="diagonal").sort("id")


def _coded(frame: pl.DataFrame, id_column: str, name: str, lookup: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with ids replaced by row numbers of ``lookup`` (sorted by id); null becomes 0, "none"."""
    ids = array(frame[id_column].fill_null(0))
    return frame.drop(id_column).with_columns(pl.Series(name, _codes(array(lookup["id"]), ids)))


def _codes(known: Ints, ids: Ints) -> Ints:
    """Return the place of each id among the known ones (rising): by a table where ids are dense, else by searching."""
    highest = int(known[-1]) if len(known) else 0
    if highest > 1_000_000 + 16 * len(ids):
        return np.searchsorted(known, ids).astype(np.uint32)
    places = np.zeros(highest + 1, dtype=np.uint32)
    places[known] = np.arange(len(known), dtype=np.uint32)
    return places.take(ids)


def _lengths(listens: pl.DataFrame, rows: Rows, tracks: int) -> pl.Series:
    """Return each track's usual length in ms (i32): the median of listens played to the end, else the longest."""
    ended = rows.reasons.filter(pl.col("name") == "trackdone")["id"]
    track, ms = array(listens["track"]), array(listens["ms_played"])
    whole = (array(listens["reason_end"]) == (int(ended[0]) if len(ended) else -1)) & (ms > 0)
    length = _middles(track, ms, tracks, last=True)
    median = _middles(track[whole], ms[whole], tracks, last=False)
    length = np.where(median > 0, median, length).astype(np.int32)
    return pl.Series(length).set(pl.Series(length <= 0), None)


def _middles(track: Ints, ms: Ints, tracks: int, *, last: bool) -> Ints:
    """Return the longest (``last``) or the median listen per track, rounded half up; 0 for a track without one."""
    inside = np.sort((track.astype(np.int64) << 32) + ms)  # one sort of numbers instead of a group per track
    ends = np.cumsum(np.bincount(track, minlength=tracks))
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]]) if tracks else ends
    found = np.zeros(tracks, dtype=np.int64)
    some = ends > starts
    low, high = (starts + ends - 1)[some] // 2, (starts + ends)[some] // 2
    places = (ends[some] - 1, ends[some] - 1) if last else (low, high)
    first, second = ((inside[place].astype(np.int32)).astype(np.int64) for place in places)
    found[some] = (first + second + 1) // 2
    return found


def _recordings(ids: pl.DataFrame, tracks: pl.DataFrame, listens: pl.DataFrame) -> pl.DataFrame:
    """Return one row a recording: id, the track most heard (by time, then the older id), its name and artist."""
    heard = np.bincount(array(listens["track"]), weights=array(listens["ms_played"]), minlength=tracks.height)
    recording = array(tracks["recording"])
    best = np.lexsort((np.arange(tracks.height), -heard, recording))
    first = np.searchsorted(recording[best], np.arange(ids.height))
    track = best[first].astype(np.uint32) if ids.height else np.empty(0, np.uint32)
    return ids.with_columns(
        pl.Series("track", track),
        tracks["name"].gather(track).alias("name"),
        tracks["artist"].gather(track).alias("artist"),
    )


def _union(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Return both look-ups, the newer row where both know an id."""
    new = new.select(old.columns).cast(old.schema)
    return pl.concat([old.join(new, on="id", how="anti"), new])


def _in_order(listens: pl.DataFrame) -> bool:
    """Return whether each listen ended after the one before: then there is nothing to sort."""
    ended = array(listens["ended"].to_physical())
    return bool(np.all(ended[1:] > ended[:-1]))


def _overlap(old: pl.DataFrame, new: pl.DataFrame) -> bool:
    """Return whether a row of ``new`` may be in ``old`` (sorted by its end) already: one ended at the same moment."""
    held, added = array(old["ended"].to_physical()), array(new["ended"].to_physical())
    return bool(np.any(np.searchsorted(held, added, side="left") < np.searchsorted(held, added, side="right")))
