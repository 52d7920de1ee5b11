"""Puts together what a person said is one thing, and keeps apart what they said is not, before a library is built."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from core.analytics.stored import MOVED, Rows
from core.domain.names import is_various
from core.domain.rules import ends, groups

ALONE = 2**30  # recordings of tracks that stand alone: this and the track's id
Moves = Mapping[int, int]


def resolved(rows: Rows) -> Rows:
    """Return the rows as their rules want them, without ids that are nobody's any more.

    Doing it twice changes nothing, as long as no rule leads to "Various Artists" (none can be made).

    Tracks get their artist, album and recording, albums their artist. "Various Artists" is nobody: a track of theirs
    belongs to whom its metadata names first (a credit with place 0), else to no artist; an album of theirs keeps the
    words in ``various``. ``rules`` of the kind ``recording`` hold recordings, not tracks. ``moved`` says where merged
    artists and albums went.
    """
    artists, albums = (ends(_pairs(rows.rules, kind)) for kind in ("artist", "album"))
    nobody = [id for id, name in rows.artists.select("id", "name").iter_rows() if is_various(name)]
    guests = rows.credits.with_columns(_moved("artist_id", artists))
    tracks = _tracks(rows, artists, albums)
    tracks, guests = _crediting(tracks, guests, nobody)
    kept = _albums(rows, artists, albums, nobody).filter(pl.col("id").is_in(tracks["album_id"].drop_nulls().implode()))
    used = pl.concat([frame["artist_id"].cast(pl.Int64) for frame in (tracks, kept, guests)]).drop_nulls().unique()
    return replace(
        rows,
        tracks=tracks.select(rows.tracks.columns).cast(rows.tracks.schema),
        albums=kept,
        artists=rows.artists.filter(pl.col("id").is_in(used.implode())),
        credits=guests,
        rules=rows.rules,
        moved=_union(rows.moved, artists, albums),
    )


def _pairs(rules: pl.DataFrame, kind: str) -> list[tuple[int, int]]:
    """Return (from, to) of the rules of a kind."""
    return list(rules.filter(pl.col("kind") == kind).select("from_id", "to_id").iter_rows())


def _moved(column: str, moves: Moves) -> pl.Expr:
    """Return a column of ids with each that went somewhere replaced."""
    if not moves:
        return pl.col(column)
    return pl.col(column).replace(list(moves), list(moves.values()))


def _tracks(rows: Rows, artists: Moves, albums: Moves) -> pl.DataFrame:
    """Return the tracks with artist, album and recording as the rules want them.

    The artist given to a track goes before the one given to its album; merges of artists come last.
    """
    own, on_album = dict(_pairs(rows.rules, "track-artist")), _album_artists(rows, albums)
    alone = dict.fromkeys((id for id, _ in _pairs(rows.rules, "alone")))
    ids = [pl.col(name).cast(pl.Int64) for name in ("artist_id", "album_id", "recording_id")]
    tracks = rows.tracks.with_columns(ids).with_columns(_moved("album_id", albums))
    if on_album:
        given = pl.col("album_id").replace_strict(on_album, default=None, return_dtype=pl.Int64)
        tracks = tracks.with_columns(artist_id=pl.coalesce(given, "artist_id"))
    if own:
        given = pl.col("id").replace_strict(own, default=None, return_dtype=pl.Int64)
        tracks = tracks.with_columns(artist_id=pl.coalesce(given, "artist_id"))
    if alone:
        single = pl.col("id").is_in(list(alone))
        apart = pl.col("id").cast(pl.Int64) + ALONE
        tracks = tracks.with_columns(recording_id=pl.when(single).then(apart).otherwise("recording_id"))
    return tracks.with_columns(
        _moved("artist_id", artists), _moved("recording_id", groups(_pairs(rows.rules, "recording")))
    )


def _album_artists(rows: Rows, albums: Moves) -> dict[int, int]:
    """Return the artist given to each album; one given to a merged-away album holds for where it went.

    An album's own comes first, then that of the oldest merged into it.
    """
    given = dict(sorted(_pairs(rows.rules, "album-artist"), reverse=True))
    return {albums.get(id, id): artist for id, artist in given.items() if id in albums} | {
        id: artist for id, artist in given.items() if id not in albums
    }


def _crediting(tracks: pl.DataFrame, guests: pl.DataFrame, nobody: list[int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return tracks without "Various Artists" and credits without it and without a track's own artist."""
    guests = guests.filter(~pl.col("artist_id").is_in(nobody)) if nobody else guests
    if nobody:
        leads = dict(guests.filter(pl.col("place") == 0).select("track_id", "artist_id").iter_rows())
        lead = pl.col("id").cast(pl.Int64).replace_strict(leads, default=None, return_dtype=pl.Int64)
        lead = lead if leads else pl.lit(None, pl.Int64)
        various = pl.col("artist_id").is_in(nobody)
        tracks = tracks.with_columns(artist_id=pl.when(various).then(lead).otherwise("artist_id"))
    if guests.is_empty():
        return tracks, guests
    own = tracks.select(track_id=pl.col("id").cast(pl.Int64), own="artist_id")
    guests = guests.join(own, on="track_id", how="inner")
    guests = guests.filter(pl.col("artist_id").ne_missing(pl.col("own"))).drop("own")
    return tracks, guests.unique(["track_id", "artist_id"], keep="first", maintain_order=True)


def _albums(rows: Rows, artists: Moves, albums: Moves, nobody: list[int]) -> pl.DataFrame:
    """Return the albums with their artists as the rules want them, and which are of various artists."""
    given = _album_artists(rows, albums)
    frame = rows.albums if "various" in rows.albums.columns else rows.albums.with_columns(various=pl.lit(value=False))
    frame = frame.with_columns(pl.col("artist_id").cast(pl.Int64))
    if given:
        artist = pl.col("id").replace_strict(given, default=None, return_dtype=pl.Int64)
        frame = frame.with_columns(
            artist_id=pl.coalesce(artist, "artist_id"), various=pl.col("various") & artist.is_null()
        )
    frame = frame.with_columns(_moved("artist_id", artists))
    if nobody:
        various = pl.col("artist_id").is_in(nobody).fill_null(value=False)
        frame = frame.with_columns(artist_id=pl.when(~various).then("artist_id"), various=pl.col("various") | various)
    return frame.select("id", "name", "artist_id", "various")


def _union(moved: pl.DataFrame, artists: Moves, albums: Moves) -> pl.DataFrame:
    """Return where merged ids went, those known before included."""
    new = [("artist", a, b) for a, b in artists.items()] + [("album", a, b) for a, b in albums.items()]
    frame = pl.DataFrame(new, schema=MOVED, orient="row")
    return pl.concat([moved.join(frame, on=["kind", "from_id"], how="anti"), frame]).sort("kind", "from_id")
