"""One round of asking for open lists: lists that are due, then how many people listen to whom is on them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from core.domain.facts import Outcome, retry_after
from core.facts.labs import ARTISTS_AT_ONCE, Labs, Popularity
from core.repositories.database import Database
from core.repositories.similar import SimilarRows
from core.repositories.similar_due import SimilarDue
from core.services.fact_asking import Asking, No

LASTS = timedelta(days=7)  # as often as they are worked out there
MISSING_LASTS = timedelta(days=30)
# Lists that were not asked for in so long are of artists nobody here plays any more.
RENEWED_WITHIN = timedelta(days=60)
_AT_ONCE = 20  # lists to ask for between two looks at what is due


class CrowdRound:
    """A round and what came of it: ``lists`` that were told (or are not known), ``failed`` ones, ``listeners``."""

    def __init__(
        self, db: Database, asking: Asking, labs: Labs, popularity: Popularity, *, now: Callable[[], datetime]
    ) -> None:
        self.lists, self.failed, self.listeners = 0, 0, 0
        self._rows, self._due = SimilarRows(db), SimilarDue(db)
        self._asking, self._labs, self._popularity, self._now = asking, labs, popularity, now
        self._refused = False

    @property
    def outcome(self) -> Outcome:
        """How the round ended; where a source answers this to nobody like us, there is nothing left to ask."""
        return self._asking.outcome or "done"

    def run(self, artists: Sequence[int]) -> None:
        """Ask about artists in this order as far as they are due, until all is told or nobody wants to be asked."""
        while self._asking.going() and not self._refused:
            due = self._due.lists(artists, now=self._now(), limit=_AT_ONCE)
            if not due:
                break
            for mbid, tries in due:
                if not self._asking.going() or self._refused:
                    break
                self._list(mbid, tries)
        while self._asking.going() and self._count():
            pass

    def _list(self, mbid: UUID, tries: int) -> None:
        """Ask for one list and keep it."""
        now, found = self._now(), self._asking.ask_listenbrainz("similar", lambda: self._labs.similar(mbid))
        if found is No.FAILED:
            self.failed += 1
            self._rows.keep(mbid, "failed", (), now=now, again=now + retry_after(tries + 1))
        elif isinstance(found, No):
            self._refused = found is No.REFUSED
        else:
            self.lists += 1
            again = now + (LASTS if found else MISSING_LASTS)
            self._rows.keep(mbid, "found" if found else "missing", found, now=now, again=again)

    def _count(self) -> bool:
        """Ask how many people listen to some artists; return whether to go on."""
        now = self._now()
        due = self._due.listeners(renewed=now - RENEWED_WITHIN, old=now - LASTS, limit=ARTISTS_AT_ONCE)
        if not due:
            return False
        counts = self._asking.ask_listenbrainz("popularity", lambda: self._popularity.listeners(due))
        if isinstance(counts, No):
            return False
        self.listeners += len(counts)
        self._rows.keep_listeners(counts, now=now)
        return True
