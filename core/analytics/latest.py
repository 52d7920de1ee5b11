"""The listens themselves, newest first, a page at a time."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from core.analytics.arrays import Ints
from core.analytics.view import View
from core.domain.listen import Flag, Platform, Source, country_letters

PLATFORMS = {int(p): p.name.lower() for p in Platform}
SOURCES = {int(s): s.name.lower() for s in Source}


@dataclass(frozen=True, eq=False)
class Page:
    """Some listens and how many there are in all."""

    rows: pl.DataFrame
    total: int


def latest(view: View, *, limit: int = 50, offset: int = 0, api: bool = True) -> Page:
    """Return visible listens, newest first, from ``offset``; without ``api`` none the API reported is a play.

    Columns: ended (datetime, in the lens's timezone), name, artist, album (str), track_id, artist_id, album_id (i64,
    0: none), ms_played (i32), estimated (bool: the source does not say how long it lasted), play (bool), skipped (bool,
    null: unknown), platform, source (str), country (str, null: unknown).
    """
    total = len(view)
    stop = max(0, total - max(0, offset))
    within = np.arange(stop - 1, max(0, stop - max(0, limit)) - 1, -1)
    places = within + view.rows.start if view.picked is None else view.picked[within]
    return Page(_rows(view, places, api=api), total)


def _rows(view: View, places: Ints, *, api: bool) -> pl.DataFrame:
    """Return the readable columns of some listens."""
    library, part = view.library, view.library.listens[places]
    skipped, known = (column[places] for column in library.skipped)
    return readable(view, part).select(
        *("ended", "name", "artist", "album"),
        library.tracks["id"].gather(part["track"]).cast(pl.Int64).alias("track_id"),
        library.artists["id"].gather(part["artist"]).cast(pl.Int64).alias("artist_id"),
        library.albums["id"].gather(part["album"]).cast(pl.Int64).alias("album_id"),
        "ms_played",
        estimated(part["flags"]),
        pl.Series("play", view.plays_at(places)) & _counts(part, api=api),
        pl.Series("skipped", skipped).set(pl.Series(~(known | skipped)), None),
        *("platform", "source", "country"),
    )


def estimated(flags: pl.Series) -> pl.Series:
    """Return which listens lasted as long as their source lets them have lasted, not as long as it measured."""
    return ((flags & Flag.ESTIMATED.value) != 0).alias("estimated")


def _counts(part: pl.DataFrame, *, api: bool) -> pl.Series:
    """Return which listens may be plays: without ``api`` those the API did not report."""
    return (part["source"] != Source.SPOTIFY_API.value) | api


def readable(view: View, part: pl.DataFrame) -> pl.DataFrame:
    """Return listens with names and words in place of codes; ``ended`` and ``began`` in the lens's timezone."""
    library = view.library
    countries = {code: country_letters(code) for code in library.present("country")}
    return part.select(
        pl.col("ended", "began").dt.convert_time_zone(view.lens.timezone),
        "ms_played",
        library.tracks["name"].gather(part["track"]).alias("name"),
        library.artists["name"].gather(part["artist"]).alias("artist"),
        library.albums["name"].gather(part["album"]).alias("album"),
        pl.col("platform").replace_strict(PLATFORMS, default="unknown", return_dtype=pl.String),
        pl.col("source").replace_strict(SOURCES, default="unknown", return_dtype=pl.String),
        pl.col("country").replace_strict(countries or {0: None}, default=None, return_dtype=pl.String),
    )


def export(view: View, *, api: bool = True) -> pl.DataFrame:
    """Return all visible listens, oldest first, with every stored fact; without ``api`` none the API told is a play.

    Columns: ended_utc, began_utc (datetime UTC; began is null where the source does not know it), ended_local (datetime
    in the lens's timezone), ms_played (i32), estimated, play (bool), track, artist, album (str), track_uri (str or
    null), kind, platform, source (str), country (str or null), reason_start, reason_end (str or null), skipped,
    shuffle, offline, incognito (bool, null: unknown).
    """
    library, part = view.library, view.frame
    words = readable(view, part)
    reasons = dict(library.reasons.iter_rows())
    kinds = {1: "music", 2: "podcast", 3: "audiobook", 4: "video"}

    def flag(name: str) -> pl.Expr:
        known = (pl.col("flags") & Flag[f"{name}_KNOWN"].value) != 0
        return pl.when(known).then((pl.col("flags") & Flag[name].value) != 0).alias(name.lower())

    def reason(name: str) -> pl.Expr:
        return (
            pl.col(name).replace_strict(reasons, default=None, return_dtype=pl.String)
            if reasons
            else pl.lit(None, pl.String).alias(name)
        )

    started = (pl.col("flags") & Flag.START_KNOWN.value) != 0
    return part.select(
        pl.col("ended").alias("ended_utc"),
        pl.when(started).then("began").alias("began_utc"),
        words["ended"].alias("ended_local"),
        "ms_played",
        estimated(part["flags"]),
        part["play"] & _counts(part, api=api),
        words["name"].alias("track"),
        words["artist"],
        words["album"],
        library.tracks["uri"].gather(part["track"]).alias("track_uri"),
        pl.col("kind").replace_strict(kinds, default="unknown", return_dtype=pl.String),
        words["platform"],
        words["source"],
        words["country"],
        reason("reason_start"),
        reason("reason_end"),
        *(flag(name) for name in ("SKIPPED", "SHUFFLE", "OFFLINE", "INCOGNITO")),
    )
