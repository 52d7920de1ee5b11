"""Asking for open lists: whom listeners elsewhere play beside the artists people here play, renewed once a week.

What leaves is public ids of artists; what comes back is kept by artist. Neither says who listens, or that anybody does.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from core.asking.http import Asker, agent
from core.domain.facts import Outcome
from core.facts.labs import Labs, Popularity
from core.logs import logger
from core.repositories.database import Database
from core.repositories.fact_rounds import FactRounds
from core.repositories.locks import Work, trying_alone
from core.repositories.similar_due import SimilarDue
from core.services.crowd_round import CrowdRound
from core.services.enriching import CALLS_A_DAY as LISTENBRAINZ_CALLS
from core.services.enriching import PACES
from core.services.fact_asking import Asking, Stopped
from core.services.fact_gate import FactGate

SECONDS = 120.0
MOST_ARTISTS = 200  # of each person
CALLS_A_DAY = 5_000  # to the lists; numbers of listeners go by the calls to ListenBrainz
PACE = timedelta(seconds=1)
# Counting plays is not done more often than this, and takes a fiftieth of the time at the most.
COUNT_EVERY, REST_PER_SECOND = timedelta(minutes=10), 50
_STEP = 0.2  # seconds between two looks at whether to stop
log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the lists and ListenBrainz are, how they can reach whoever runs this instance, the token for both."""

    labs: str
    listenbrainz: str
    contact: str = ""
    token: str = ""


class CrowdAsking:
    """The asking of one instance; any number of processes may have one, one of them asks at a time."""

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
        """``most`` calls go to the lists in 24 hours; ``sleep`` waits for so many seconds."""
        self._db, self._places, self._enabled, self._most = db, places, enabled, most
        self._now, self._sleep = now, sleep
        self._due, self._wished = SimilarDue(db), _Wished("", datetime.min.replace(tzinfo=UTC), [])

    def run(
        self, *, seconds: float = SECONDS, stop: Callable[[], bool] = lambda: False, make_way: bool = False
    ) -> Outcome:
        """Ask for what is due, for so many seconds, and return how the round ended.

        Each answer is stored before the next is asked for. Where another process asks already, or the operator wants
        no asking, nothing happens. ``make_way`` ends the round when an import waits for a worker.

        Raises:
            Unavailable: the database cannot be reached, or went away meanwhile.
        """
        if not self._enabled:
            return "off"
        with trying_alone(self._db, Work.CROWD) as alone:
            if not alone:
                return "busy"
            began = time.monotonic()
            done = self._ask(self._now() + timedelta(seconds=seconds), stop, make_way)
        counts = {"lists": done.lists, "failed": done.failed, "listeners": done.listeners}
        log.info("crowd.round", outcome=done.outcome, **counts, took_ms=round((time.monotonic() - began) * 1000))
        return done.outcome

    def standing(self) -> dict[str, int]:
        """Return how many ``lists`` are known, ``missing`` and ``failed``, and ``listeners``: of how many artists."""
        return self._due.counts()

    def _ask(self, until: datetime, stop: Callable[[], bool], make_way: bool) -> CrowdRound:
        rounds, artists = FactRounds(self._db), self._artists()

        def enough() -> bool:
            return stop() or (make_way and rounds.imports_wait())

        gates = self._gates(enough)
        asking = Asking(gates, has_token=bool(self._places.token), now=self._now, until=until, stop=enough)
        with self._sources(gates) as (labs, popularity):
            done = CrowdRound(self._db, asking, labs, popularity, now=self._now)
            done.run(artists)
        return done

    def _artists(self) -> list[int]:
        """Return whom people here play most: counted when listens have changed, else once a day."""
        state, now, rested = self._due.state(), self._now(), self._now() - self._wished.again_at
        if rested >= timedelta(days=state == self._wished.state):
            began = time.monotonic()
            artists = self._due.wished(now=now, most=MOST_ARTISTS)
            rest = timedelta(seconds=REST_PER_SECOND * (time.monotonic() - began))
            self._wished = _Wished(state, now + max(COUNT_EVERY, rest), artists)
        return self._wished.artists

    def _gates(self, stop: Callable[[], bool]) -> dict[str, FactGate]:
        """Return the gates, whose waits end when it is time to stop; ListenBrainz's is shared with the facts."""

        def wait(seconds: float) -> None:
            while seconds > 0:
                if stop():
                    raise Stopped
                self._sleep(min(seconds, _STEP))
                seconds -= _STEP

        paces = {"labs": (PACE, self._most), "listenbrainz": (PACES["listenbrainz"], LISTENBRAINZ_CALLS)}
        return {
            service: FactGate(self._db, service, pace=pace, most=most, now=self._now, sleep=wait)
            for service, (pace, most) in paces.items()
        }

    @contextmanager
    def _sources(self, gates: dict[str, FactGate]) -> Iterator[tuple[Labs, Popularity]]:
        """Yield the clients behind the gates."""
        who, token = agent(version("playprint"), self._places.contact), self._places.token
        labs = Asker("Labs", self._places.labs, agent=who, gate=gates["labs"], now=self._now, token=token)
        listen = Asker(
            "ListenBrainz",
            self._places.listenbrainz,
            agent=who,
            gate=gates["listenbrainz"],
            now=self._now,
            token=token,
        )
        with closing(labs), closing(listen):
            yield Labs(labs), Popularity(listen)


@dataclass(frozen=True, slots=True)
class _Wished:
    """Whom people play most, as of some listens, and when that may be counted again."""

    state: str
    again_at: datetime
    artists: list[int]
