"""The same chart in many countries at one time."""

from datetime import date

import numpy as np
import polars as pl

from core.analytics.chart_courses import leading, likeness
from core.domain.trends import WORLD, Kind, Series, Window
from core.services.trend_keeping import Keeping

_FOUND = {
    "region": pl.String,
    "id": pl.Int64,
    "likeness": pl.Float64,
    "size": pl.Int64,
    "first": pl.Date,
}
COUNTRIES = {
    "region": pl.String,
    "id": pl.Int64,
    "name": pl.String,
    "artist": pl.String,
    "likeness": pl.Float64,
    "size": pl.Int64,
    "first": pl.Date,
}
PLACE = {"region": pl.String, "rank": pl.Int64, "value": pl.Int64, "first": pl.Date}


class Regions:
    """Charts of countries beside each other."""

    def __init__(self, keeping: Keeping) -> None:
        self._keeping = keeping

    def countries(self, source: str, kind: Kind, window: Window, day: date) -> pl.DataFrame:
        """Return the chart of each country at a time: its first place, and how like the world's it is."""
        series = self._of(source, kind, window)
        found = self._keeping.then(series, day)
        world = next((found.get(id) for id, each in series.items() if each.key.region == WORLD), None)
        rows = [
            (
                series[id].key.region,
                int(leading(history, at=0, n=1)[0]),
                likeness(history, world) if world else None,
                len(history.thing),
                history.starts[0],
            )
            for id, history in found.items()
            if series[id].key.region != WORLD and len(history.thing)
        ]
        frame = pl.DataFrame(rows, schema=_FOUND, orient="row").sort("region")
        things = self._keeping.rows.things(frame["id"].unique().to_list()).select("id", "name", "artist")
        named = frame.join(things, on="id", how="left", maintain_order="left")
        return named.select(*COUNTRIES)

    def place(self, source: str, kind: Kind, window: Window, day: date, thing: int) -> pl.DataFrame:
        """Return where one thing stands in each country at a time, the world included; best rank first."""
        series = self._of(source, kind, window)
        rows = [
            (series[id].key.region, int(history.rank[at]), int(history.value[at]), history.starts[0])
            for id, history in self._keeping.then(series, day).items()
            for at in np.flatnonzero(history.thing == thing)[:1]
        ]
        frame = pl.DataFrame(rows, schema=PLACE, orient="row").sort("rank", "region")
        return frame.with_columns(pl.when(pl.col("value") >= 0).then("value").alias("value"))

    def _of(self, source: str, kind: Kind, window: Window) -> dict[int, Series]:
        """Return the charts of a kind and window of a source, by id."""
        return {
            each.id: each
            for each in self._keeping.series()
            if (each.key.source, each.key.kind, each.key.window) == (source, kind, window)
        }
