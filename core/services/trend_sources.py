"""The open sources of charts put together: their clients, each behind its gate."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

from core.asking.http import Asker, agent
from core.domain.trends import SOURCES, Source
from core.facts.listenbrainz import ListenBrainz
from core.repositories.database import Database
from core.services import trend_places
from core.services.enriching import CALLS_A_DAY, PACES
from core.services.fact_gate import FactGate
from core.trends.apple import Apple
from core.trends.deezer import Deezer
from core.trends.lastfm import Lastfm
from core.trends.listenbrainz import ListenBrainzCharts

# How far apart calls are, and how many there may be in 24 hours. Facts and charts of ListenBrainz share one gate.
_PACES = {
    "listenbrainz": (PACES["listenbrainz"], CALLS_A_DAY),
    "lastfm": (timedelta(milliseconds=500), 1_500),
    "deezer": (timedelta(milliseconds=500), 100),
    "apple": (timedelta(seconds=1), 1_500),
}


@dataclass(frozen=True)
class Places:
    """Which sources are asked, where they are, and how they can reach whoever runs this instance.

    ``addresses`` by source; ``countries`` are two letters each.
    """

    sources: tuple[str, ...]
    addresses: Mapping[str, str]
    countries: tuple[str, ...] = ()
    contact: str = ""
    lastfm_key: str = ""

    def __repr__(self) -> str:
        """Return what may be seen by anybody: no key."""
        return f"Places({', '.join(self.sources)})"


class TrendSources:
    """The sources of one run; each is made when first asked for."""

    def __init__(
        self,
        db: Database,
        places: Places,
        stack: ExitStack,
        *,
        now: Callable[[], datetime],
        wait: Callable[[float], None],
    ) -> None:
        self._db, self._places, self._stack, self._now, self._wait = db, places, stack, now, wait

    def source(self, id: str) -> Source:
        """Return a source of charts."""
        gate, now, places = self._gate(id), self._now, self._places
        asker = self._asker(id, gate)
        match id:
            case "listenbrainz":
                return ListenBrainzCharts(asker, now=now, letters=trend_places.letters())
            case "lastfm":
                names = {each: trend_places.names()[each] for each in places.countries if each in trend_places.names()}
                return Lastfm(asker, gate, key=places.lastfm_key, countries=names, now=now)
            case "deezer":
                return Deezer(asker, gate, now=now)
            case "apple":
                return Apple(asker, countries=places.countries, now=now)
        raise ValueError(f"{id} is no source that can be asked.")

    def facts(self) -> ListenBrainz:
        """Return what tells genres of artists."""
        return ListenBrainz(self._asker("listenbrainz", self._gate("listenbrainz")))

    def _gate(self, id: str) -> FactGate:
        pace, most = _PACES[id]
        return FactGate(self._db, id, pace=pace, most=most, now=self._now, sleep=self._wait)

    def _asker(self, id: str, gate: FactGate) -> Asker:
        who = agent(version("playprint"), self._places.contact)
        asker = Asker(SOURCES[id].title, self._places.addresses[id], agent=who, gate=gate, now=self._now)
        return self._stack.enter_context(closing(asker))


@contextmanager
def trend_sources(
    db: Database, places: Places, *, now: Callable[[], datetime], wait: Callable[[float], None]
) -> Iterator[TrendSources]:
    """Yield the sources; their connections are let go of at the end."""
    with ExitStack() as stack:
        yield TrendSources(db, places, stack, now=now, wait=wait)
