"""Artists, tracks and albums on public charts: their lives, their kin, and finding them."""

from collections.abc import Callable

import numpy as np
import polars as pl

from core.analytics.chart_courses import company
from core.domain.trends import Kind, Series
from core.services.trend_answers import Thing
from core.services.trend_artists import ArtistBook
from core.services.trend_keeping import Keeping

MOST_FOUND = 30
MOST_RELATED = 12
_ABOUT = ("source", "kind", "window", "region")
_THING = {"id": pl.Int64, "kind": pl.String, "name": pl.String, "artist": pl.String}
RELATED = _THING | {"why": pl.String}


class Things:
    """Single things; only charts that can be seen (``visible``) count."""

    def __init__(self, keeping: Keeping, artists: ArtistBook, visible: Callable[[], tuple[Series, ...]]) -> None:
        self._keeping, self._artists, self._visible = keeping, artists, visible

    def places(self, id: int) -> pl.DataFrame:
        """Return every place of a thing: series, source, kind, window, region, first, rank, value; oldest first."""
        return (
            self._keeping.rows.of_things([id])
            .join(self._series(), left_on="series_id", right_on="series")
            .select(pl.col("series_id").alias("series"), *_ABOUT, pl.col("starts_on").alias("first"), "rank", "value")
            .sort("source", "kind", "window", "region", "first")
        )

    def told(self, id: int) -> pl.DataFrame:
        """Return what sources tell of a thing where it stood last: series, told_peak, told_weeks (i64, null: none)."""
        last = self.places(id).group_by("series").agg(pl.col("first").max()).sort("series")
        found = self._keeping.rows.told(id, last.rows())
        said = (pl.when(pl.col(name) > 0).then(name).alias(f"told_{name}") for name in ("peak", "weeks"))
        return found.select(pl.col("series_id").alias("series"), *said)

    def facts(self, id: int) -> pl.DataFrame:
        """Return one row about a thing with its genres, country and artist; none if nobody ever stood there."""
        row = self._keeping.rows.things([id])
        if row.is_empty():
            return row
        known = self._artists.of(np.array([id]))
        kind, name, artist = row.select("kind", "name", "artist").row(0)
        by = self._keeping.rows.thing_of("artist", artist) if kind != "artist" and artist else None
        genres = (name,) if kind == "genre" else known.names(id)
        country = known.countries().get(id, "")
        return row.with_columns(
            country=pl.lit(country), genres=pl.lit("\n".join(genres)), by=pl.lit(by, dtype=pl.Int64)
        )

    def kin(self, id: int) -> pl.DataFrame:
        """Return what belongs to a thing: id, kind, name, artist, why."""
        places, about = self.places(id), self._keeping.rows.things([id])
        if places.is_empty():
            return pl.DataFrame(schema=RELATED)
        kind, name, artist = about.select("kind", "name", "artist").row(0)
        works = self._keeping.beside.works_of(name if kind == "artist" else artist, without=id)
        best = self._peaks(works).head(MOST_RELATED)["id"].to_list() if kind != "genre" else []
        near = [each for each in self._near(id, places) if each not in best]
        why = [(each, "Also by them") for each in best] + [(each, "On the same charts") for each in near]
        found = pl.DataFrame(why, schema={"id": pl.Int64, "why": pl.String}, orient="row")
        things = self._keeping.rows.things(found["id"].to_list()).select(*_THING)
        return found.join(things, on="id", maintain_order="left").select(*RELATED)

    def _near(self, id: int, places: pl.DataFrame) -> list[int]:
        """Return what stood beside a thing on the chart it stood on most."""
        often = places.group_by("series").len().sort("len", -pl.col("series"), descending=True)["series"][0]
        history = self._keeping.history(often)
        at = int(history.snapshot[history.thing == id].max(initial=-1))
        return list(map(int, company(history, thing=id, at=at, n=MOST_RELATED)))

    def search(self, words: str, kind: Kind | None) -> pl.DataFrame:
        """Return what is called so: id, kind, name, artist, peak_rank; best match first."""
        found = self._keeping.rows.find(words, kind=kind, limit=MOST_FOUND).select(*_THING)
        return found.join(self._peaks(found["id"].to_list()), on="id", maintain_order="left")

    def _peaks(self, ids: list[int]) -> pl.DataFrame:
        """Return the best rank of things on charts that can be seen: id, peak_rank; the best first."""
        places = self._keeping.rows.of_things(ids).join(self._series(), left_on="series_id", right_on="series")
        return (
            places.group_by(pl.col("thing").alias("id"))
            .agg(peak_rank=pl.col("rank").min(), often=pl.len())
            .sort("peak_rank", -pl.col("often").cast(pl.Int64), "id")
            .select("id", "peak_rank")
        )

    def _series(self) -> pl.DataFrame:
        """Return the charts that can be seen: series, source, kind, window, region."""
        rows = [(s.id, s.key.source, s.key.kind, s.key.window, s.key.region) for s in self._visible()]
        return pl.DataFrame(rows, schema={"series": pl.Int64} | dict.fromkeys(_ABOUT, pl.String), orient="row")


def lives(places: pl.DataFrame, told: pl.DataFrame, series: tuple[Series, ...]) -> pl.DataFrame:
    """Return the charts of a thing from its places (``Things.places``) and what is told: columns as ``Thing.charts``.

    As on the charts themselves the better and the more of what is stored and told counts.
    """
    newest = pl.DataFrame([(s.id, s.last) for s in series], schema={"series": pl.Int64, "last": pl.Date}, orient="row")
    best = pl.col("rank") == pl.col("rank").min()
    return (
        places.rename({"first": "on"})
        .join(newest, on="series")
        .group_by("series", *_ABOUT, maintain_order=True)
        .agg(
            peak_rank=pl.col("rank").min(),
            peak_on=pl.col("on").filter(best).min(),
            weeks=pl.len().cast(pl.Int64),
            first=pl.col("on").min(),
            last=pl.col("on").max(),
            now_rank=pl.col("rank").filter(pl.col("on") == pl.col("last")).min(),
        )
        .join(told, on="series", how="left", maintain_order="left")
        .with_columns(
            peak_rank=pl.min_horizontal("peak_rank", "told_peak"),
            peak_on=pl.when(pl.col("told_peak").fill_null(pl.col("peak_rank")) >= pl.col("peak_rank")).then("peak_on"),
            weeks=pl.max_horizontal("weeks", "told_weeks"),
        )
        .drop("series", "told_peak", "told_weeks")
    )


def thing_of(facts: pl.DataFrame, charts: pl.DataFrame) -> Thing:
    """Return a thing of its row and its charts."""
    row = facts.row(0, named=True)
    genres = tuple(row["genres"].split("\n")) if row["genres"] else ()
    return Thing(
        id=row["id"],
        kind=row["kind"],
        name=row["name"],
        artist=row["artist"],
        mbid=row["mbid"],
        uri=row["uri"],
        country=row["country"],
        genres=genres,
        artist_id=row["by"],
        charts=charts,
    )
