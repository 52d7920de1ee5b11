"""Public charts as they are stored: every snapshot of every source, what stood there, what else sources said."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import cast
from uuid import UUID

import polars as pl
import psycopg
from sqlalchemy import Connection

from core.analytics.charted import History
from core.domain.errors import Unavailable
from core.domain.trends import Extra, ExtraName, Kind, Series, Snapshot, Window
from core.repositories import chart_histories, chart_names, chart_notes
from core.repositories.chart_names import Found
from core.repositories.chart_notes import Noted
from core.repositories.chart_writing import LOCK, ChartWriting, Stored
from core.repositories.database import UNREACHABLE, Database

__all__ = ["ChartRows", "Found", "Noted", "Stored"]


class ChartRows:
    """The charts; each call is one transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _reaching(), self._db.read() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with _reaching(), self._db.begin() as connection:
            yield connection

    def version(self) -> int:
        """Return a number that grows with every change of what is stored."""
        with self._reading() as connection:
            return int(connection.execute(chart_notes.VERSION).scalar_one())

    def series(self) -> list[Series]:
        """Return every chart stored, by source, kind, window and region; those without snapshots are left out."""
        with self._reading() as connection:
            return chart_histories.series(connection)

    def history(self, series_id: int, *, until: date | None = None, last: int | None = None) -> History:
        """Return a chart's snapshots that begin on ``until`` or before, the ``last`` ones of them (None: all)."""
        with self._reading() as connection:
            return chart_histories.history(connection, series_id, until, last)

    def at(self, series_ids: Sequence[int], day: date) -> dict[int, History]:
        """Return each chart's one snapshot that holds a day, else its last that begins before it.

        Charts without one, or whose last ended more than five weeks before, are left out.
        """
        with self._reading() as connection:
            return chart_histories.at(connection, series_ids, day)

    def of_things(self, ids: Sequence[int]) -> pl.DataFrame:
        """Return every place of things, by thing, chart and day.

        Columns: series_id i64, starts_on date, ends_on date (the first day after), thing i64, rank i64, value i64
        (null: none).
        """
        with self._reading() as connection:
            return chart_histories.of_things(connection, ids)

    def told(self, id: int, snapshots: Sequence[tuple[int, date]]) -> pl.DataFrame:
        """Return what sources tell of a thing in some snapshots, each of a series and a first day.

        Columns: series_id i64, peak i64 (its best rank until then), weeks i64 (how often it was there); 0, null: none.
        """
        with self._reading() as connection:
            return chart_histories.told(connection, id, snapshots)

    def things(self, ids: Sequence[int]) -> pl.DataFrame:
        """Return things by id: id i64, kind, name, artist, mbid, uri, country, tags (JSON), each text or null."""
        with self._reading() as connection:
            return chart_names.things(connection, ids)

    def find(self, words: str, *, kind: Kind | None = None, limit: int = 20) -> pl.DataFrame:
        """Return things whose names hold all the words, columns as ``things``; case and composition do not matter.

        Best first: called just so, beginning so, an artist called so, holding the words as they are, in any order;
        of each the most charted first.
        """
        with self._reading() as connection:
            return chart_names.find(connection, words, kind, limit)

    def thing_of(self, kind: Kind, name: str, artist: str = "") -> int | None:
        """Return the id of the thing of these names; the first where there are several."""
        with self._reading() as connection:
            return chart_names.thing_of(connection, kind, name, artist)

    def extra(self, source: str, name: ExtraName, window: Window, *, at: date | None = None) -> Extra | None:
        """Return the newest of what a source says beside charts that begins on ``at`` or before."""
        with self._reading() as connection:
            return chart_notes.newest(connection, source, name, window, at)

    def extras(self) -> list[tuple[str, ExtraName, Window, datetime]]:
        """Return what there is beside charts: source, name, window, when the newest was computed."""
        with self._reading() as connection:
            return chart_notes.extras(connection)

    def store(self, snapshots: Iterable[Snapshot]) -> Stored:
        """Store snapshots, all or none, and return what came of them.

        Complete ones are never replaced, running ones by newer ones, in one call as over several. They are taken some
        hundred at a time: hand over many in one call, from a generator; one by one costs ten times as much.

        Raises:
            InvalidInput: a rank is not within 1..10000, a count is negative, or a snapshot ends before it begins.
        """
        with self._writing() as connection:
            return ChartWriting(cast(psycopg.Connection, connection.connection.driver_connection)).store(snapshots)

    def store_extra(self, extra: Extra) -> None:
        """Store what a source says beside charts, unless what is there is as new."""
        with self._writing() as connection:
            chart_notes.store_extra(connection, extra)

    def note(self, source: str, *, ok: bool, message: str = "", now: datetime) -> None:
        """Store how asking a source went."""
        with self._writing() as connection:
            chart_notes.note(connection, source, ok, message, now)

    def notes(self) -> dict[str, Noted]:
        """Return source → how asking it went last."""
        with self._reading() as connection:
            return chart_notes.notes(connection)

    def forget(self, source: str) -> None:
        """Delete all of a source: charts, extras, what only it ranked, and how it was."""
        with self._writing() as connection:
            chart_notes.forget(connection, source)

    def untagged(self, kind: Kind, *, limit: int) -> list[tuple[int, UUID]]:
        """Return things with an id of MusicBrainz that stand on a chart and were never asked about."""
        with self._reading() as connection:
            return chart_names.untagged(connection, kind, limit)

    def tag(self, found: Found, *, now: datetime) -> None:
        """Store id → genres with their counts, and country; what has none counts as asked about too."""
        with self._writing() as connection:
            connection.execute(chart_notes.ALONE, {"lock": LOCK})
            chart_names.tag(connection, found, now)


@contextmanager
def _reaching() -> Iterator[None]:
    """Turn a connection lost under the driver's own cursors into ``Unavailable``; the others are already."""
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise Unavailable(UNREACHABLE) from error
