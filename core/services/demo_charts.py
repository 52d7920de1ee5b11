"""The demo's charts: invented ones of four years, there as long as no real source has any."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.domain.trends import COMMUNITY, DEMO, ChartKey, Series
from core.logs import logger
from core.repositories.chart_rows import ChartRows
from core.repositories.database import Database
from core.repositories.locks import Work, alone
from core.settings import ROOT

CATALOGUE = ROOT / "data" / "demo" / "catalogue"
_LEADING = ChartKey(DEMO, "track", "week")

log = logger(__name__)


class DemoCharts:
    """The invented charts of an instance, made once, extended week by week, gone when there are real ones."""

    def __init__(self, db: Database, *, enabled: bool = True, catalogue: Path = CATALOGUE) -> None:
        """``catalogue`` is the folder of the music that stands on them; not ``enabled``: there are none."""
        self._db, self._rows = db, ChartRows(db)
        self._enabled, self._catalogue = enabled, catalogue

    def refresh(self, now: datetime) -> bool:
        """Make or extend the charts up to a moment, or take them away; return whether anything changed.

        Weeks that are over stay as they are, the running one is made anew once a day. Of several processes that ask
        at once one does the work, the others wait for it.

        Raises:
            InvalidInput: the catalogue cannot be read.
            Unavailable: the database cannot be reached.
        """
        if not self._due(now):
            return False
        with alone(self._db, Work.DEMO_CHARTS):
            if not self._due(now):
                return False
            if not self._wanted(self._rows.series()):
                return self._remove()
            self._extend(now)
            if not self._wanted(self._rows.series()):  # a real source came meanwhile
                self._remove()
        return True

    def _due(self, now: datetime) -> bool:
        """Return whether there is anything to do."""
        stored = self._rows.series()
        leading = _leading(stored)
        if not self._wanted(stored):
            return any(each.key.source == DEMO for each in stored)
        if leading is None or leading.computed_at.astimezone(UTC).date() < now.astimezone(UTC).date():
            return True
        return _ahead(leading, now) or not self._current()

    def _wanted(self, stored: list[Series]) -> bool:
        """Return whether the charts should be there: switched on, and nothing real to show."""
        return self._enabled and all(each.key.source in (DEMO, COMMUNITY) for each in stored)

    def _current(self) -> bool:
        """Return whether what is stored was made whole, by this version of the simulator."""
        noted = self._rows.notes().get(DEMO)
        return noted is not None and noted.message == _message()

    def _remove(self) -> bool:
        self._rows.forget(DEMO)
        log.info("demo_charts.removed")
        return True

    def _extend(self, now: datetime) -> None:
        """Store what is missing and the running week anew."""
        from core.demo.catalogue import read_catalogue
        from core.demo.chart_extras import chart_extras
        from core.demo.charts import Charts, beginning

        started = time.monotonic()
        catalogue = read_catalogue(self._catalogue)
        charts, rows = Charts(catalogue), self._rows
        there = _leading(rows.series())
        if (there and _ahead(there, now)) or not self._current():
            rows.forget(DEMO)
            there = None
        begin, since = (there.first, there.last) if there else 2 * (beginning(now.astimezone(UTC).date()),)
        stored = rows.store(charts.snapshots(since, now, begin=begin))
        for extra in chart_extras(charts, catalogue, begin, since, now):
            rows.store_extra(extra)
        rows.note(DEMO, ok=True, message=_message(), now=now)
        took = round((time.monotonic() - started) * 1000)
        log.info("demo_charts.stored", new=stored.new, replaced=stored.replaced, took_ms=took)


def _leading(stored: list[Series]) -> Series | None:
    """Return the chart that is there whenever any of the demo's is."""
    return next((each for each in stored if each.key == _LEADING), None)


def _ahead(leading: Series, now: datetime) -> bool:
    """Return whether charts were made in the future, by a clock that was wrong then."""
    return leading.computed_at - now > timedelta(days=1)


def _message() -> str:
    from core.demo.charts import VERSION

    return f"Invented charts, version {VERSION}"
