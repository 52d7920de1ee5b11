"""Builds a library from rows, and adds rows to one: both give the same library."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from core.analytics.arrays import array
from core.analytics.library import ROWS, Library

ORDER = ["ended", "track", "ms_played", "began"]


@dataclass(frozen=True)
class Rows:
    """What a library is built from, keyed by database ids.

    ``listens``: track_id and the columns of ``ROWS`` but ``track``; ``tracks``: id, name, uri, artist_id, album_id,
    recording_id, kind; ``albums``: id, name, artist_id; ``artists``: id, name; ``reasons``: id, name.
    """

    listens: pl.DataFrame
    tracks: pl.DataFrame
    albums: pl.DataFrame
    artists: pl.DataFrame
    reasons: pl.DataFrame


def build(rows: Rows, *, version: int) -> Library:
    """Return the library of all of a person's rows, in any order."""
    artists = _lookup(rows.artists.select("id", "name"))
    albums = _coded(_lookup(rows.albums), "artist_id", "artist", artists).select("id", "name", "artist")
    tracks = rows.tracks.sort("id").with_columns(pl.coalesce("name", "uri", pl.lit("")).alias("name"))
    tracks = _coded(_coded(tracks, "artist_id", "artist", artists), "album_id", "album", albums)
    recording_ids = tracks.select(id="recording_id").unique().sort("id")
    tracks = _coded(tracks, "recording_id", "recording", recording_ids)
    listens = _coded(rows.listens, "track_id", "track", tracks.select("id"))
    listens = listens.select(pl.col(name).cast(kind) for name, kind in ROWS.items()).sort(ORDER)
    tracks = tracks.select(
        "id", "name", "uri", "artist", "album", "recording", "kind", length_ms=_lengths(listens, rows, tracks)
    )
    recordings = _recordings(recording_ids, tracks, listens)
    return assemble(version, listens, tracks, recordings, artists, albums, rows.reasons.sort("id"))


def assemble(
    version: int,
    listens: pl.DataFrame,
    tracks: pl.DataFrame,
    recordings: pl.DataFrame,
    artists: pl.DataFrame,
    albums: pl.DataFrame,
    reasons: pl.DataFrame,
) -> Library:
    """Return a library from its frames; the codes a listen inherits from its track are filled in."""
    track = listens["track"]
    inherited = [tracks[name].gather(track).alias(name) for name in ("artist", "album", "recording")]
    complete = listens.select(list(ROWS)).with_columns(inherited).rechunk()
    return Library(version, complete, tracks.rechunk(), recordings, artists, albums, reasons)


def append(library: Library, rows: Rows, *, version: int) -> Library:
    """Return the library with ``rows`` added; rows it holds already change nothing."""
    old = to_rows(library)
    listens = pl.concat([old.listens, rows.listens.select(old.listens.columns)], how="vertical_relaxed")
    key = ["ended", "track_id", "ms_played", "began"]
    merged = Rows(
        listens=listens.unique(key, keep="first") if _overlap(old.listens, rows.listens, key) else listens,
        tracks=_union(old.tracks, rows.tracks),
        albums=_union(old.albums, rows.albums),
        artists=_union(old.artists, rows.artists),
        reasons=_union(old.reasons, rows.reasons),
    )
    return build(merged, version=version)


def to_rows(library: Library) -> Rows:
    """Return the rows a library was built from."""
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
    albums = library.albums.select("id", "name", artist_ids.gather(library.albums["artist"]).alias("artist_id"))
    track_ids = library.tracks["id"].gather(library.listens["track"]).alias("track_id")
    listens = library.listens.select(track_ids, *(name for name in ROWS if name != "track"))
    return Rows(listens, tracks, albums.slice(1), library.artists.slice(1), library.reasons)


def _lookup(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a look-up sorted by id with the "none" entry (id 0) as its first row."""
    none = pl.DataFrame({"id": [0], "name": [""]}, schema={"id": frame.schema["id"], "name": pl.String})
    return pl.concat([none, frame], how="diagonal").sort("id")


def _coded(frame: pl.DataFrame, id_column: str, name: str, lookup: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with ids replaced by row numbers of ``lookup`` (sorted by id); null becomes 0, "none"."""
    ids = array(frame[id_column].fill_null(0))
    codes = np.searchsorted(array(lookup["id"]), ids).astype(np.uint32)
    return frame.drop(id_column).with_columns(pl.Series(name, codes))


def _lengths(listens: pl.DataFrame, rows: Rows, tracks: pl.DataFrame) -> pl.Series:
    """Return each track's usual length in ms (i32): the median of listens played to the end, else the longest."""
    ended = rows.reasons.filter(pl.col("name") == "trackdone")["id"]
    done = (pl.col("reason_end") == int(ended[0])) if len(ended) else pl.lit(value=False)
    whole = (
        listens.lazy()
        .filter(done & (pl.col("ms_played") > 0))
        .group_by("track")
        .agg(whole=pl.col("ms_played").median())
    )
    longest = listens.lazy().group_by("track").agg(longest=pl.col("ms_played").max())
    known = longest.join(whole, on="track", how="left").select(
        "track", length=pl.coalesce(pl.col("whole").round(), "longest").cast(pl.Int32)
    )
    every = pl.LazyFrame({"track": pl.Series(range(tracks.height), dtype=pl.UInt32)})
    length = every.join(known, on="track", how="left", maintain_order="left").collect()["length"]
    return length.set(length == 0, None)


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


def _overlap(old: pl.DataFrame, new: pl.DataFrame, key: list[str]) -> bool:
    """Return whether a row of ``new`` is in ``old`` already."""
    return not new.join(old, on=key, how="semi").is_empty()
