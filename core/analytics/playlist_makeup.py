"""What a playlist is made of: artists, genres, years, growth; beside what somebody plays."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from core.analytics.arrays import Floats, Ints, array, counts
from core.analytics.genres import UNKNOWN, groups
from core.analytics.listed import Listed
from core.analytics.playlist_songs import inside, songs
from core.analytics.view import View

MUSIC = ("track", "local")


@dataclass(frozen=True, slots=True)
class Facts:
    """A playlist in figures. ``entries`` of any kind; ``songs`` different recordings, ``artists`` different artists.

    ``heard``: songs ever started in the view; ``played``: entries played; ``known_ms``: length of the ``lengths``
    songs whose length is known; ``effective``: how many artists with equally many songs would be as varied;
    ``plays``: of its songs, ``share``: of all plays (0..1).
    """

    entries: int
    songs: int
    artists: int
    heard: int
    played: int
    known_ms: int
    lengths: int
    effective: float
    plays: int
    share: float


def facts(view: View, listed: Listed) -> Facts:
    """Return a playlist in figures: entries, songs, artists, length, and how much of it is played in the view.

    Songs are different recordings; ``heard`` counts those ever started, ``known_ms`` adds the lengths that are known,
    ``share`` is that of all plays that are of its songs.
    Source: effective number of artists exp(-sum p ln p) of the entries' artists (Shannon 1948).
    """
    music = listed.frame.filter(pl.col("kind").is_in(MUSIC)).unique("same", maintain_order=True)
    names = music.select(pl.col("artist").str.to_lowercase().str.strip_chars()).filter(pl.col("artist") != "")
    share = array(names["artist"].value_counts()["count"]) / max(names.height, 1)
    made, heard = songs(view, listed), music.filter(pl.col("track") >= 0)
    lengths = view.library.tracks["length_ms"].gather(heard["track"]).drop_nulls()
    plays = int(np.count_nonzero(inside(view, listed)[view.play]))
    return Facts(
        entries=len(listed),
        songs=music.height,
        artists=names["artist"].n_unique(),
        heard=heard.height,
        played=int((made["plays"] > 0).sum()),
        known_ms=int(lengths.sum() or 0),
        lengths=len(lengths),
        effective=float(np.exp(-(share * np.log(share)).sum())) if len(share) else 0.0,
        plays=plays,
        share=plays / max(view.plays, 1),
    )


def artists(view: View, listed: Listed) -> pl.DataFrame:
    """Return the artists of a playlist: id (i64, 0 never heard), name (str), songs (i64), share (f64), plays (i64).

    ``songs``: entries, ``share`` of all entries that are music; ``plays``: of everything by the artist in the view.
    Most songs first, then plays, then name.
    Source: counts; artists are told apart by their names without regard to capitals.
    """
    music = listed.frame.filter(pl.col("kind").is_in(MUSIC))
    table = music.filter(pl.col("artist") != "").with_columns(
        pl.col("artist").str.to_lowercase().str.strip_chars().alias("key")
    )
    rows = table.group_by("key").agg(
        pl.col("artist").first().alias("name"), pl.len().cast(pl.Int64).alias("songs"), pl.col("artist_code").max()
    )
    codes = array(rows["artist_code"])
    every = counts(view.played("artist"), len(view.library.artists))
    ids = array(view.library.artists["id"]).astype(np.int64)
    known = codes >= 0
    return (
        rows.with_columns(
            id=pl.Series(np.where(known, ids[np.maximum(codes, 0)], 0)),
            plays=pl.Series(np.where(known, every[np.maximum(codes, 0)], 0)),
            share=pl.col("songs") / max(music.height, 1),
        )
        .select("id", "name", "songs", "share", "plays")
        .sort(["songs", "plays", "name"], descending=[True, True, False])
    )


def families(view: View, listed: Listed) -> pl.DataFrame:
    """Return the families of genres of a playlist beside those of somebody's plays.

    Columns: name (str, ``Unknown`` where nobody knows), share (f64, 0..1 of the entries that are music, each by its
    artist's genres), own (f64, 0..1 of the plays of the view). Largest share first; all of both sum to 1.
    Source: each entry and each play counts to its artist's families of genres by their weights.
    """
    known, size = groups(view.library.knowledge.genres, "family"), len(view.library.artists)
    music = listed.frame.filter(pl.col("kind").is_in(MUSIC))
    codes = array(music["artist_code"])
    entries = counts(codes[codes >= 0], size)
    plays = counts(view.played("artist"), size)
    names = [*known.names, UNKNOWN]
    here = _spread(known.artist, known.group, known.weight, entries, len(known.names))
    own = _spread(known.artist, known.group, known.weight, plays, len(known.names))
    strange = int((codes < 0).sum())
    rest = (music.height - strange - float(here.sum())) + strange
    whole, all_plays = max(music.height, 1), max(int(plays.sum()), 1)
    frame = pl.DataFrame(
        {
            "name": names,
            "share": np.append(here, max(rest, 0.0)) / whole,
            "own": np.append(own, max(float(plays.sum()) - float(own.sum()), 0.0)) / all_plays,
        }
    )
    kept = (pl.col("share") > 1e-9) | (pl.col("own") > 1e-9)
    return frame.filter(kept).sort(["share", "own", "name"], descending=[True, True, False])


def _spread(artist: Ints, group: Ints, weight: Floats, amount: Ints, size: int) -> Floats:
    """Return amounts per artist as amounts per group."""
    found: Floats = np.bincount(group, weights=amount[artist] * weight, minlength=size).astype(np.float64)
    return found


def closeness(view: View, listed: Listed) -> float | None:
    """Return how close the genres of a playlist are to those of somebody's plays, 0..1; None where too few are known.

    Source: 1 - Jensen-Shannon divergence (Lin 1991, in bits) of the families' shares without the unknown.
    """
    frame = families(view, listed).filter(pl.col("name") != UNKNOWN)
    one, other = frame["share"].to_numpy(), frame["own"].to_numpy()
    if one.sum() < 0.3 or other.sum() < 0.3:
        return None
    one, other = one / one.sum(), other / other.sum()
    middle = (one + other) / 2

    def against(part: Floats) -> float:
        there = part > 0
        return float((part[there] * np.log2(part[there] / middle[there])).sum())

    return 1 - (against(one) + against(other)) / 2


def years(view: View, listed: Listed) -> pl.DataFrame:
    """Return when the albums of a playlist came out: decade (i64, its first year; null unknown), songs (i64).

    Only entries that were heard have an album that is known here. Earliest first, unknown last.
    Source: counts by the year an album first came out, as open sources know it.
    """
    music = listed.frame.filter(pl.col("kind").is_in(MUSIC))
    tracks = array(music["track"])
    albums = np.full(len(tracks), 0, dtype=np.int64)
    albums[tracks >= 0] = array(view.library.tracks["album"])[tracks[tracks >= 0]]
    known = view.library.knowledge.years
    year = np.array([int(known[code]) if 0 < code < len(known) else 0 for code in albums], dtype=np.int64)
    decade = pl.Series("decade", year // 10 * 10).set(pl.Series(year == 0), None)
    counted = decade.to_frame().group_by("decade").agg(pl.len().cast(pl.Int64).alias("songs"))
    return counted.sort("decade", nulls_last=True)


def growth(listed: Listed) -> pl.DataFrame:
    """Return when what is on a playlist was added: start (date, of a month), added (i64), total (i64, so far).

    Every month from the first to the last; entries without a day count to none of them.
    Source: counts of the days an export or Spotify gives.
    """
    months = listed.frame["added"].drop_nulls().dt.month_start()
    if months.is_empty():
        return pl.DataFrame(schema={"start": pl.Date, "added": pl.Int64, "total": pl.Int64})
    first, last = (int(edge.year * 12 + edge.month - 1) for edge in (months.min(), months.max()))  # type: ignore[union-attr]
    starts = [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1)]
    counted = months.alias("start").to_frame().group_by("start").agg(pl.len().cast(pl.Int64).alias("added"))
    every = pl.DataFrame({"start": starts}, schema={"start": pl.Date}).join(counted, on="start", how="left")
    filled = every.sort("start").with_columns(pl.col("added").fill_null(0))
    return filled.with_columns(total=pl.col("added").cum_sum())
