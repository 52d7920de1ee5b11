"""Small lives with a known truth: weeks of plays drawn from given shares, and lives whose music is shuffled."""

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.analytics.building import build, to_rows
from core.analytics.library import Library
from core.analytics.selecting import select
from core.analytics.stored import Rows
from core.analytics.view import View
from core.domain.lens import Lens
from core.domain.listen import Kind, Source

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BEGIN = date(2023, 1, 2)  # a Monday
ARTISTS, SITTINGS, LONGEST = 30, 12, 8
_SMALL = ("reason_start", "reason_end", "platform", "country", "kind", "source", "flags")


def shares(rng: np.random.Generator, artists: int = ARTISTS) -> Floats:
    """Return the shares of artists in a taste, few of them large: the n-th of them has about 1/n of the first."""
    drawn = rng.permutation(1 / np.arange(1, artists + 1)) * np.exp(rng.normal(0, 0.3, artists))
    return np.asarray(drawn / drawn.sum())


def turned(before: Floats, rng: np.random.Generator) -> Floats:
    """Return the shares after half of the artists gave way to as many others: those not heard before come last."""
    gone = rng.permutation(len(before))[: len(before) // 2]
    after = np.concatenate([before, before[gone]])
    after[gone] = 0
    return after


def weeks_of(tastes: list[Floats], rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Return week and artist of every play: each week holds some 12 sittings, each a few plays of one artist."""
    week, artist = [], []
    for number, taste in enumerate(tastes):
        who = rng.choice(len(taste), rng.poisson(SITTINGS), p=taste)
        plays = rng.integers(1, LONGEST + 1, len(who))
        artist.append(np.repeat(who, plays))
        week.append(np.full(plays.sum(), number))
    return np.concatenate(week), np.concatenate(artist)


def life(week: Ints, artist: Ints) -> View:
    """Return the view of plays of three minutes, spread over their weeks in order; every artist has one track."""
    place = np.arange(len(week)) - np.searchsorted(week, week)
    spread = place / np.bincount(week)[week]
    hours = (7 * 24 * week + 6.5 * 24 * spread + 9).round(3)
    ended = np.datetime64(BEGIN, "us") + (hours * 3_600_000_000).astype("timedelta64[us]")
    count = int(artist.max()) + 1
    listens = pl.DataFrame(
        {"ended": ended, "track_id": artist + 1, "ms_played": np.full(len(week), 180_000)}
        | dict.fromkeys(_SMALL, np.zeros(len(week), dtype=np.int16))
    ).with_columns(
        pl.col("ended").dt.replace_time_zone("UTC"),
        began=pl.col("ended") - pl.duration(minutes=3),
        kind=pl.lit(Kind.MUSIC.value),
        source=pl.lit(Source.SPOTIFY_EXPORT.value),
    )
    ids = np.arange(1, count + 1)
    names = [f"Artist {id}" for id in ids]
    tracks = {"id": ids, "name": names, "uri": names, "artist_id": ids, "album_id": None, "recording_id": ids}
    return select(
        build(
            Rows(
                listens,
                pl.DataFrame(tracks, schema_overrides={"album_id": pl.Int32}).with_columns(kind=pl.lit(1)),
                pl.DataFrame(schema={"id": pl.Int64, "name": pl.String, "artist_id": pl.Int64}),
                pl.DataFrame({"id": ids, "name": names}),
                pl.DataFrame(schema={"id": pl.Int16, "name": pl.String}),
            ),
            version=1,
        ),
        Lens(),
    )


def shuffled(library: Library, seed: int) -> Library:
    """Return a life with the same moments and the same tracks, which of them when left to chance."""
    rows, rng = to_rows(library), np.random.default_rng(seed)
    track = rows.listens["track_id"].to_numpy().copy()
    music = np.flatnonzero(rows.listens["kind"].is_in([Kind.MUSIC.value, Kind.VIDEO.value]).to_numpy())
    track[music] = rng.permutation(track[music])
    listens = rows.listens.with_columns(pl.Series("track_id", track))
    return build(Rows(listens, rows.tracks, rows.albums, rows.artists, rows.reasons, rows.credits), version=1)
