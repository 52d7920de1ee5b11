"""Enriching: what open sources know about the music people here listen to, asked in rounds that any worker may run.

Nothing waits for it and no page needs it. What leaves is names of artists, titles and albums, and public ids; nothing
says who listens, or that anybody does.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from core.asking.http import Asker, agent
from core.domain.facts import Due, Kind, Outcome, Round, Standing
from core.facts.listenbrainz import ListenBrainz
from core.facts.musicbrainz import MusicBrainz
from core.logs import logger
from core.repositories.database import Database
from core.repositories.fact_list import FactList
from core.repositories.fact_rounds import FactRounds
from core.repositories.facts import FactRows
from core.repositories.locks import Work, trying_alone
from core.services.fact_asking import Asking, Stopped
from core.services.fact_finding import Finding
from core.services.fact_gate import FactGate
from core.services.fact_songs import Sources

ROUND_SECONDS = 60.0
CALLS_A_DAY = 5_000
# MusicBrainz wants one call a second; what ListenBrainz wants its headers say, and more than this we never need.
PACES = {"musicbrainz": timedelta(seconds=1), "listenbrainz": timedelta(milliseconds=400)}
_STEP = 0.2  # seconds between two looks at whether to stop
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the sources are, how they can reach whoever runs this instance, and the token for ListenBrainz."""

    musicbrainz: str
    listenbrainz: str
    contact: str = ""
    token: str = ""


class Enriching:
    """The facts of one instance; any number of processes may have one."""

    def __init__(
        self,
        db: Database,
        places: Places,
        *,
        enabled: bool = True,
        most: int = CALLS_A_DAY,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``most`` calls go to each source in 24 hours; ``sleep`` waits for so many seconds."""
        self._db, self._places, self._enabled, self._most = db, places, enabled, most
        self._now, self._sleep = now, sleep
        self._rows, self._rounds, self._list = FactRows(db), FactRounds(db), FactList(db)

    def run(
        self,
        *,
        seconds: float = ROUND_SECONDS,
        stop: Callable[[], bool] = lambda: False,
        make_way: bool = False,
        list_now: bool = False,
    ) -> Round:
        """Ask about what is due, most played first, for so many seconds, and return how it went.

        A handful of things is asked about together and stored at once: a round cut off loses one handful. Where
        another process asks already, or the operator wants no asking, nothing happens. ``make_way`` ends the round
        when an import waits for a worker, ``list_now`` looks for new listens however lately that was done.

        Raises:
            Unavailable: the database cannot be reached, or went away meanwhile.
        """
        began = self._now()
        if not self._enabled:
            return Round(began, began, "off")
        with trying_alone(self._db, Work.FACTS) as alone:
            if not alone:
                return Round(began, self._now(), "busy")
            started = time.monotonic()
            self._rounds.begin(began)
            self._list.refresh(now=began, at_once=list_now)
            outcome = self._ask(began + timedelta(seconds=seconds), stop, make_way)
            self._rounds.end(self._now(), outcome=outcome)
            done = self._rounds.last() or Round(began, self._now(), outcome)
        took = round((time.monotonic() - started) * 1000)
        counts = {"found": done.found, "missing": done.missing, "failed": done.failed}
        log.info("facts.round", outcome=outcome, **counts, took_ms=took)
        return done

    def standing(self) -> Standing:
        """Return how far the facts are, how the last round went, and what was asked in the last 24 hours."""
        gates = self._gates(lambda: False)
        calls = [gate.standing() for gate in gates.values()]
        return Standing(self._enabled, self._rounds.counts(), self._rounds.last(), calls)

    def _ask(self, until: datetime, stop: Callable[[], bool], make_way: bool) -> Outcome:
        """Ask until the time is over, nothing is due or nobody wants to be asked; return which it was."""
        gates = self._gates(stop)
        asking = Asking(gates, has_token=bool(self._places.token), now=self._now, until=until, stop=stop)
        with self._sources(gates) as sources:
            return self._work(asking, Finding(sources, asking), make_way)

    def _work(self, asking: Asking, finding: Finding, make_way: bool) -> Outcome:
        """Ask about one handful after another."""
        turns: Sequence[Kind] = ("artist", "album", "track")
        while asking.going():
            if make_way and self._rounds.imports_wait():
                return "stopped"
            kind, due = self._next(turns, finding)
            if not due:
                return "done"
            findings = finding.find(kind, due)
            if findings:
                self._rows.settle(kind, findings, due=due, now=self._now())
            elif asking.going():
                return "trouble"  # no answer and no reason: asking the same again would go on for ever
            if kind != "artist":  # albums and tracks take turns; artists always go first
                turns = ("artist", *(each for each in turns[1:] if each != kind), kind)
        return asking.outcome

    def _next(self, turns: Sequence[Kind], finding: Finding) -> tuple[Kind, list[Due]]:
        """Return what to ask about next: the most played of a kind, and with it what failed as often as that."""
        for kind in turns:
            due = self._rows.due(kind, now=self._now(), limit=finding.together(kind, tries=0))
            if due:
                alike = [each for each in due if each.tries == due[0].tries]
                return kind, alike[: finding.together(kind, tries=due[0].tries)]
        return turns[0], []

    def _gates(self, stop: Callable[[], bool]) -> dict[str, FactGate]:
        """Return the gates, whose waits end when it is time to stop."""

        def wait(seconds: float) -> None:
            while seconds > 0:
                if stop():
                    raise Stopped
                self._sleep(min(seconds, _STEP))
                seconds -= _STEP

        return {
            service: FactGate(self._db, service, pace=pace, most=self._most, now=self._now, sleep=wait)
            for service, pace in PACES.items()
        }

    @contextmanager
    def _sources(self, gates: dict[str, FactGate]) -> Iterator[Sources]:
        """Yield the clients behind the gates."""
        who = agent(version("playprint"), self._places.contact)
        music = Asker("MusicBrainz", self._places.musicbrainz, agent=who, gate=gates["musicbrainz"], now=self._now)
        listen = Asker(
            "ListenBrainz",
            self._places.listenbrainz,
            agent=who,
            gate=gates["listenbrainz"],
            now=self._now,
            token=self._places.token,
        )
        with closing(music), closing(listen):
            yield Sources(MusicBrainz(music), ListenBrainz(listen))
