"""Charts as they stand: what is on them, how it moved, and its way through time."""

from datetime import date

import numpy as np
import polars as pl

from core.analytics.chart_courses import courses, leading
from core.analytics.chart_makeup import genre_ranks
from core.analytics.chart_standing import SCHEMA as STANDING
from core.analytics.chart_standing import standing
from core.analytics.charted import History
from core.services.trend_artists import ArtistBook
from core.services.trend_keeping import Keeping

ORDER = (
    "rank",
    "id",
    "name",
    "artist",
    "value",
    "previous_rank",
    "change",
    "entry",
    "peak_rank",
    "weeks_on_chart",
    "streak",
    "momentum",
    "velocity",
    "burst",
    "ranks",
    "values",
    "uri",
    "mbid",
)
_NAMES = dict.fromkeys(("name", "artist", "uri", "mbid"), pl.String)
SCHEMA = {name: (STANDING | _NAMES)[name] for name in ORDER}


class Charts:
    """Charts of things, and those of genres that are taken from them."""

    def __init__(self, keeping: Keeping, artists: ArtistBook) -> None:
        self._keeping, self._artists = keeping, artists

    def chart(self, series: int, first: date, derived: bool) -> pl.DataFrame:
        """Return a snapshot of a chart with names; ``derived``: of the genres of what stands on it."""
        if derived:
            history, names = self.of_genres(series)
            found = standing(history, at=history.position(first))
            blank = pl.lit(None, dtype=pl.String)
            return _genres_named(found, names).with_columns(artist=pl.lit(""), uri=blank, mbid=blank).select(ORDER)
        history = self._keeping.history(series)
        found = standing(history, at=history.position(first))
        return self.named(found, ("name", "artist", "uri", "mbid")).select(ORDER)

    def courses(
        self, series: int, first: date, derived: bool, ids: tuple[int, ...], n: int, snapshots: int
    ) -> pl.DataFrame:
        """Return the way of some things, or of the first ``n``, through the snapshots up to one."""
        history, names = self.of_genres(series) if derived else (self._keeping.history(series), ())
        at = history.position(first)
        things = np.array(ids, dtype=np.int64) if ids and not derived else leading(history, at=at, n=n)
        found = courses(history, at=at, things=things, snapshots=snapshots)
        columns = ("first", "id", "name", "artist", "rank", "value")
        if derived:
            return _genres_named(found, names).with_columns(artist=pl.lit("")).select(columns)
        return self.named(found, ("name", "artist")).select(columns)

    def of_genres(self, series: int) -> tuple[History, tuple[str, ...]]:
        """Return the genres of what stands on a chart as a chart, and their names by id."""

        def make() -> History:
            history = self._keeping.history(series)
            return genre_ranks(history, self._artists.of(history.thing).genres())

        return self._keeping.remember(("genres", series), make), self._artists.genre_names

    def named(self, frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
        """Return rows with what their things are called; order is kept."""
        things = self._keeping.rows.things(frame["id"].unique().to_list()).select("id", *columns)
        return frame.join(things, on="id", how="left", maintain_order="left").with_columns(
            pl.col(each).fill_null("") for each in columns if each in ("name", "artist")
        )


def _genres_named(frame: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """Return rows of genres with their names; they are no stored things, so their id is 0."""
    called = pl.Series(names, dtype=pl.String).gather(frame["id"])
    return frame.with_columns(name=called, id=pl.lit(0, dtype=pl.Int64))
