"""Refreshing public charts: each source is asked for what is due, once a day, and what it tells is stored at once.

No visitor ever waits for it: pages read what is stored. What leaves is the name of a chart and a country.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zlib import crc32

from core.logs import logger
from core.repositories.chart_rows import ChartRows
from core.repositories.chart_upkeep import ChartUpkeep
from core.repositories.database import Database
from core.repositories.fact_rounds import FactRounds
from core.repositories.locks import Work, trying_alone
from core.repositories.migrating import instance_id
from core.services.fact_asking import Stopped
from core.services.trend_round import SourceReport, SourceRound
from core.services.trend_sources import Places, trend_sources

SECONDS = 300.0
# Sources whose terms want what they told forgotten, and after how long.
KEPT = {"lastfm": timedelta(days=90)}
FRESH_KEPT = timedelta(days=30)  # what came out a month ago is not new
_STEP = 0.2  # seconds between two looks at whether to stop
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How a round went: by source, in the order they were asked.

    ``outcome``: done; stopped (told to, or its time was over: the next one goes on); busy: another process is at it;
    off: nobody is to be asked.
    """

    began_at: datetime
    ended_at: datetime
    outcome: Literal["done", "stopped", "busy", "off"]
    sources: tuple[SourceReport, ...] = ()


class TrendRefreshing:
    """The charts of one instance from sources outside; any number of processes may have one."""

    def __init__(
        self,
        db: Database,
        places: Places,
        *,
        genre_tags: bool = True,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``genre_tags``: ask for genres of artists too; ``sleep`` waits for so many seconds."""
        self._db, self._places, self._genre_tags = db, places, genre_tags
        self._now, self._sleep = now, sleep
        self._rows, self._upkeep = ChartRows(db), ChartUpkeep(db)

    @property
    def asked(self) -> tuple[str, ...]:
        """The sources that are asked."""
        return self._places.sources

    def run(
        self,
        *,
        stop: Callable[[], bool] = lambda: False,
        now: datetime | None = None,
        seconds: float = SECONDS,
        make_way: bool = False,
    ) -> Refreshed:
        """Ask every source for what is due and return how it went; where another process is at it, nothing happens.

        Each chart is stored before the next is asked for. A source that fails keeps what it told before, and says why
        in ``chart_sources``. ``now``: begin as if it were then. ``make_way`` ends the round when an import waits for a
        worker.

        Raises:
            Unavailable: the database cannot be reached, or went away meanwhile.
        """
        ahead = timedelta(0) if now is None else now - self._now()

        def clock() -> datetime:
            return self._now() + ahead

        began = clock()
        with trying_alone(self._db, Work.TRENDS) as alone:
            if not alone:
                return Refreshed(began, clock(), "busy")
            self._tidy(began)
            if not self._places.sources:
                return Refreshed(began, clock(), "off")
            return self._ask(clock, _Going(began, time.monotonic() + seconds, self._enough(stop, make_way)))

    def _enough(self, stop: Callable[[], bool], make_way: bool) -> Callable[[], bool]:
        """Return what says whether to end early."""
        rounds = FactRounds(self._db)
        return lambda: stop() or (make_way and rounds.imports_wait())

    def _ask(self, clock: Callable[[], datetime], going: "_Going") -> Refreshed:
        """Ask one source after another."""
        reports: list[SourceReport] = []
        spread = timedelta(minutes=crc32(instance_id(self._db).encode()) % 120)

        def wait(seconds: float) -> None:
            while seconds > 0:
                if going.over():
                    raise Stopped
                self._sleep(min(seconds, _STEP))
                seconds -= _STEP

        with trend_sources(self._db, self._places, now=clock, wait=wait) as sources:
            for id in self._places.sources:
                facts = sources.facts() if id == "listenbrainz" and self._genre_tags else None
                asking = SourceRound(
                    sources.source(id),
                    facts,
                    rows=self._rows,
                    upkeep=self._upkeep,
                    now=clock,
                    going=lambda: not going.over(),
                    spread=spread,
                )
                reports.append(asking.run())
                log.info("trends.asked", **reports[-1].counts())
        return Refreshed(going.began, clock(), "stopped" if going.over() else "done", tuple(reports))

    def _tidy(self, now: datetime) -> None:
        """Close running charts whose time is over; forget what must not be kept."""
        today = now.astimezone(UTC).date()
        self._upkeep.close_over("lastfm", today)
        for source, kept in KEPT.items():
            self._upkeep.forget_before(source, today - kept)
        self._upkeep.forget_extras("listenbrainz", "fresh", today - FRESH_KEPT)


class _Going:
    """Whether a round goes on: told to end, or out of time, it stays ended."""

    def __init__(self, began: datetime, deadline: float, enough: Callable[[], bool]) -> None:
        self.began, self._deadline, self._enough, self._over = began, deadline, enough, False

    def over(self) -> bool:
        """Return whether the round ends."""
        self._over = self._over or time.monotonic() > self._deadline or self._enough()
        return self._over
