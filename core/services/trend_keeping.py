"""Stored charts as the public pages read them: once per version, then from memory or Redis."""

import threading
from collections.abc import Callable, Hashable, Iterable
from datetime import date
from typing import Any, TypeVar

import numpy as np
import polars as pl

from core.analytics.charted import History
from core.cache import Cache
from core.domain.errors import Unavailable
from core.domain.trends import ChartKey, Series
from core.repositories.chart_moments import ChartMoments
from core.repositories.chart_rows import ChartRows
from core.repositories.database import Database
from core.services.memory import Memory

LOOKED_EVERY = 10.0  # seconds between two looks at whether charts changed
KEPT = 86_400.0  # seconds answers stay in Redis
_R = TypeVar("_R")
Maker = Callable[..., Any]


class Keeping:
    """Charts of one database and answers about them; safe to share between threads.

    Answers hang on the version of what is stored, which is looked at every ten seconds at most: a visitor whose answers
    are known asks the database nothing.
    """

    def __init__(self, db: Database, cache: Cache, *, memory_bytes: int, code: str, clock: Callable[[], float]) -> None:
        """``code`` differs whenever answers would be made in another way; ``clock`` counts seconds."""
        self.rows, self.beside = ChartRows(db), ChartMoments(db)
        self._memory, self._code, self._clock = Memory(memory_bytes), code, clock
        self._makers: dict[str, Maker] = {}
        self._guard, self._loading = threading.Lock(), threading.RLock()
        self._version, self._looked_at = -1, -LOOKED_EVERY
        self._made = cache.cached(ttl=KEPT, name="trends")(self._make)

    @property
    def version(self) -> int:
        """The version of what is stored, at most ten seconds old."""
        with self._guard:
            if self._version < 0 or self._clock() - self._looked_at >= LOOKED_EVERY:
                found = self._look()
                if found != self._version:
                    self._memory.clear()
                self._version, self._looked_at = found, self._clock()
            return self._version

    def _look(self) -> int:
        """Return the version; while the database is away, the last one seen: what is kept stays good."""
        try:
            return self.rows.version()
        except Unavailable:
            if self._version < 0:
                raise
            return self._version

    def answering(self, **makers: Maker) -> None:
        """Name functions whose results (frames, or what JSON holds) ``answer`` gives."""
        self._makers.update(makers)

    def answer(self, name: str, *asked: Any) -> Any:
        """Return what a named function gives for its arguments: from this process, from Redis, else computed once."""
        version = f"{self.version}.{self._code}"
        return self._memory.remember(
            (version, name, asked), lambda: self._made(name=name, asked=asked, data_version=version)
        )

    def remember(self, question: Hashable, make: Callable[[], _R]) -> _R:
        """Return what ``make`` gives, kept in this process alone."""
        return self._memory.remember((self.version, question), make)

    def series(self) -> tuple[Series, ...]:
        """Return every chart stored."""
        return self.remember("series", lambda: tuple(map(_series, self.answer("series").iter_rows(named=True))))

    def moments(self, series_id: int) -> pl.DataFrame:
        """Return when a chart's snapshots were (``ChartMoments.of``)."""
        found: pl.DataFrame = self.answer("moments", series_id)
        return found

    def history(self, series_id: int) -> History:
        """Return all of a chart through time; of two who ask at once, one waits for the other's."""
        with self._loading:
            return self.remember(("history", series_id), lambda: self.rows.history(series_id))

    def then(self, series_ids: Iterable[int], day: date) -> dict[int, History]:
        """Return the snapshots of several charts that hold a day (``ChartRows.at``); they are not kept."""
        return self.rows.at(list(series_ids), day)

    def things(self, ids: "np.ndarray[Any, np.dtype[Any]]") -> pl.DataFrame:
        """Return what things are (``ChartRows.things``)."""
        return self.rows.things(np.unique(ids).tolist())

    def _make(self, name: str, asked: tuple[Any, ...], data_version: str) -> Any:
        """Return what a named function gives; ``data_version`` is part of the key it is kept under."""
        if name == "series":
            return _series_frame(self.rows.series())
        return self.beside.of(*asked) if name == "moments" else self._makers[name](*asked)


def _series_frame(series: list[Series]) -> pl.DataFrame:
    """Return charts as rows, so that they can be kept."""
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "id": pl.Int64,
        "source": pl.String,
        "kind": pl.String,
        "window": pl.String,
        "region": pl.String,
        "first": pl.Date,
        "last": pl.Date,
        "snapshots": pl.Int64,
        "computed_at": pl.Datetime("us", "UTC"),
    }
    rows = [
        (s.id, s.key.source, s.key.kind, s.key.window, s.key.region, s.first, s.last, s.snapshots, s.computed_at)
        for s in series
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _series(row: dict[str, Any]) -> Series:
    """Return the chart of a row."""
    key = ChartKey(row["source"], row["kind"], row["window"], row["region"])
    return Series(row["id"], key, row["first"], row["last"], row["snapshots"], row["computed_at"])
