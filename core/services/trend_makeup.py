"""What charts are made of: genres through time, artists of a genre, where artists come from."""

from datetime import date

import numpy as np
import polars as pl

from core.analytics.arrays import Ints
from core.analytics.chart_makeup import Parts, genre_shares, origins
from core.services.trend_artists import ArtistBook, Artists
from core.services.trend_charts import Charts
from core.services.trend_keeping import Keeping

COUNTS_FROM = 0.25  # an artist counts to a genre with a quarter of what is known of them or more
GENRES = {
    "name": pl.String,
    "family": pl.String,
    "share": pl.Float64,
    "change": pl.Float64,
    "artists": pl.Int64,
}


class Makeup:
    """Genres and countries of what stands on a chart of artists (or of tracks, by their artists)."""

    def __init__(self, keeping: Keeping, artists: ArtistBook, charts: Charts) -> None:
        self._keeping, self._artists, self._charts = keeping, artists, charts

    def genres(self, series: int, first: date, snapshots: int) -> pl.DataFrame:
        """Return the shares of families of genres through time: first, name, share."""
        history = self._keeping.history(series)
        at = history.position(first)
        ids = history.thing[history.places(max(at - snapshots + 1, 0), at)]
        return genre_shares(history, self._artists.of(ids).families(), at=at, snapshots=snapshots)

    def genre_list(self, series: int, first: date) -> pl.DataFrame:
        """Return the genres of one snapshot: name, family, share, change, artists; the unknown last."""
        history = self._keeping.history(series)
        at = history.position(first)
        if at < 0:
            return pl.DataFrame(schema=GENRES)
        ids = history.thing[history.places(at, at)]
        artists = self._artists.of(history.thing[history.places(max(at - 1, 0), at)])
        parts = artists.genres()
        now = genre_shares(history, parts, at=at, snapshots=1).drop("first")
        comparable = history.follows(at) and history.complete[at] and history.complete[at - 1]
        before = genre_shares(history, parts, at=at - 1, snapshots=1).drop("first") if comparable else now.clear()
        change = (pl.col("share") - pl.col("share_before").fill_null(0.0)) * 100
        return (
            now.join(before, on="name", how="left", suffix="_before")
            .join(_counted(artists, parts, ids), on="name", how="left")
            .with_columns(
                change=change if comparable else pl.lit(None, dtype=pl.Float64), artists=pl.col("artists").fill_null(0)
            )
            .select(*GENRES)
            .sort(pl.col("name") == "", -pl.col("share"), "name")
        )

    def genre_artists(self, series: int, first: date, name: str) -> pl.DataFrame:
        """Return the chart of artists (or tracks) of one genre or family; "" is those of no known genre."""
        frame = self._charts.chart(series, first, False)
        artists = self._artists.of(frame["id"].to_numpy())
        return frame.filter(pl.col("id").is_in(members(artists, name, frame["id"].to_list())))

    def curve(self, series: int, name: str) -> pl.DataFrame:
        """Return the share of one genre or family through all snapshots: first, share."""
        history = self._keeping.history(series)
        last = len(history.starts)
        artists = self._artists.of(history.thing)
        parts = artists.families() if name in artists.tree.families else artists.genres()
        found = genre_shares(history, parts.one(name), at=last - 1, snapshots=last)
        return found.filter(name=name).select("first", "share")

    def origins(self, series: int, first: date) -> pl.DataFrame:
        """Return where artists come from: country, share, artists, first (the name of the best)."""
        history = self._keeping.history(series)
        at = history.position(first)
        ids = history.thing[history.places(at, at)]
        found = origins(history, self._artists.of(ids).countries(), at=at)
        called = self._keeping.rows.things(found["id"].to_list())
        artist = pl.when(pl.col("kind") == "artist").then("name").otherwise("artist")
        best = found.join(called.select("id", first=artist), on="id", how="left", maintain_order="left")
        return best.select("country", "share", "artists", pl.col("first").fill_null(""))


def members(artists: Artists, name: str, ids: list[int]) -> list[int]:
    """Return the things whose artist counts to a genre or a family; "" those of whom nothing is known."""
    if not name:
        return [id for id in ids if not artists.names(id)]
    parts = artists.families() if name in artists.tree.families else artists.genres()
    if name not in parts.names:
        return []
    inside = (parts.group == parts.names.index(name)) & (parts.weight >= COUNTS_FROM - 1e-9)
    wanted = set(parts.thing[inside].tolist())
    return [id for id in ids if id in wanted]


def _counted(artists: Artists, parts: Parts, ids: Ints) -> pl.DataFrame:
    """Return by genre its family and how many of the artists count to it; "" for those of whom nothing is known."""
    there = np.isin(parts.thing, ids) & (parts.weight >= COUNTS_FROM - 1e-9)
    counts = np.bincount(parts.group[there], minlength=len(parts.names))
    unknown = len(np.setdiff1d(ids, parts.thing))
    families = [artists.tree.families[at] for at in artists.tree.family.tolist()]
    return pl.DataFrame(
        {
            "name": [*parts.names, ""],
            "family": [*families, ""],
            "artists": np.append(counts, unknown).astype(np.int64),
        },
        schema={"name": pl.String, "family": pl.String, "artists": pl.Int64},
    )
