"""Models from the listening of people who agreed: who does, when one is due, and how it is made."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from core.domain.errors import InvalidInput, NotFound
from core.domain.recommending import LEAST_LISTENERS, LEAST_PEOPLE, Kind
from core.domain.training import Card as Card
from core.domain.training import Consent
from core.logs import logger
from core.repositories.database import Database
from core.repositories.locks import Work, trying_alone
from core.repositories.models import ModelRows
from core.repositories.trainable import TRAINABLE
from core.repositories.training import Agreed, TrainingRows
from core.services.events import Events

if TYPE_CHECKING:
    import polars as pl

    from core.recommend.model import Recipe, Recommender
    from core.services.training_making import Making

LASTS = timedelta(days=7)  # then a model is made anew: what people deleted or left out meanwhile is gone from it
AGAIN = timedelta(hours=6)  # after a try that made nothing, with the same people
LOOKED_EVERY = 10.0  # seconds between two looks at whether there is another model
log = logger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A model ready to be asked, and its card."""

    recommender: "Recommender"
    card: Card


class _Stopped(Exception):
    """The process ends; nothing was stored."""


class Training:
    """Consents and models; safe to share between threads. No method tells one person about another."""

    def __init__(
        self,
        db: Database,
        events: Events,
        *,
        genre_tags: bool = True,
        people: int = LEAST_PEOPLE,
        listeners: int = LEAST_LISTENERS,
        recipe: "Recipe | None" = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``people``: fewest a model learns from; ``listeners``: fewest behind a thing; ``clock`` counts seconds."""
        self._db, self._events, self._now, self._clock = db, events, now, clock
        self._rows, self._models, self._tags = TrainingRows(db), ModelRows(db), genre_tags
        self.people, self.listeners, self._recipe = people, listeners, recipe
        self._guard, self._held = threading.Lock(), {}  # type: threading.Lock, dict[Kind, tuple[float, Loaded | None]]
        self._tried: tuple[tuple[Agreed, ...], datetime] | None = None

    def standing(self, user_id: int) -> Consent | None:
        """Return a person's consent, None where there is none; it counts while it ``stands``."""
        return self._rows.of(user_id)

    def agree(self, user_id: int, *, address: str = "") -> None:
        """Let models learn from a person from the next one on; who agrees already goes on as before.

        Raises:
            NotFound: there is no such person, or it is the demo's.
        """
        if self._rows.agree(user_id, now=self._now()):
            self._events.note(user_id, "training-joined", place=address)
        elif self._rows.of(user_id) is None:
            raise NotFound("There is no such profile; sign in again.")

    def leave(self, user_id: int, *, address: str = "") -> None:
        """Let no model learn from a person; those there are go at once, the next ones are made without them."""
        if self._rows.leave(user_id):
            with self._guard:
                self._held.clear()
            self._events.note(user_id, "training-left", place=address)

    def cards(self) -> tuple[Card, ...]:
        """Return the cards of the models there are, by kind."""
        return self._models.cards()

    def model(self, kind: Kind) -> Loaded | None:
        """Return the model of a kind, None where there is none: nobody is suggested anything from others then.

        It is kept in the process; whether there is another is looked up every ten seconds.
        """
        with self._guard:
            looked_at, held = self._held.get(kind, (-LOOKED_EVERY, None))
            if self._clock() - looked_at < LOOKED_EVERY:
                return held
            made_at = self._models.made_at(kind)
            if (held.card.made_at if held else None) != made_at:
                held = self._loaded(kind)
            self._held[kind] = (self._clock(), held)
            return held

    def _loaded(self, kind: Kind) -> Loaded | None:
        from core.recommend.model import Recommender

        found = self._models.load(kind)
        if not found:
            return None
        card, content = found
        try:
            return Loaded(Recommender.load(content), card)
        except InvalidInput:  # of an earlier version of Playprint
            log.warning("training.unreadable", kind=kind)
            self._models.forget(made_at=card.made_at)
            return None

    def stands_for(self, recordings: Sequence[int]) -> dict[int, int]:
        """Return recording → the track that stands for it in models of songs; those of nobody are left out."""
        return self._models.oldest(recordings)

    def ids(self, kind: Kind, names: Sequence[tuple[str, str]]) -> list[int]:
        """Return the ids models have for things by name and artist; things nobody ever played are left out."""
        return self._models.named(kind, names)

    def names(self, kind: Kind, ids: Sequence[int]) -> "pl.DataFrame":
        """Return what things of a model are called, by id.

        Columns: id (i64), name, artist (str, blank for artists), artist_id (i64), album, uri, mbid (str, blank: none).
        """
        import polars as pl

        found = self._models.names(kind, ids)
        rows = [{**asdict(each), "mbid": str(each.mbid or "")} for each in found]
        words = dict.fromkeys(("album", "uri", "mbid"), pl.String)
        schema = {"id": pl.Int64, "name": pl.String, "artist": pl.String, "artist_id": pl.Int64} | words
        return pl.DataFrame(rows, schema=schema)

    def due(self) -> bool:
        """Return whether models are to be made: enough people agree, and there are none, or they are a week old.

        What cannot be made is tried again after hours only, unless others agree.
        """
        newest, now = self._rows.newest(), self._now()
        if newest is not None and now - newest < LASTS:
            return False
        if newest is None and not self._rows.ready(enough=self.people, sources=sorted(map(int, TRAINABLE))):
            return False
        return not self._tried or now - self._tried[1] >= AGAIN or self._tried[0] != self._rows.agreed()

    def run(self, *, stop: Callable[[], bool] = lambda: False) -> dict[Kind, Card] | None:
        """Make the models that are due and return their cards; None: nothing was due, or it came to nothing.

        Of several processes that ask at once, one makes them. Nothing is stored by halves, nor of people who left
        meanwhile: the next round begins again.

        Raises:
            Unavailable: PostgreSQL cannot be reached.
        """
        with trying_alone(self._db, Work.TRAINING) as mine:
            if not mine or not self.due():
                return None
            try:
                return self._train(_ender(stop))
            except _Stopped:
                log.info("training.stopped")
                return None

    def _train(self, check: Callable[[], None]) -> dict[Kind, Card] | None:
        """Make and store the models; models that can no longer be made go."""
        agreed = self._rows.agreed()
        made = self._maker(check).models([each.user_id for each in agreed])
        check()
        if not self._models.store(made, learned_from=agreed):
            log.info("training.outdated")  # somebody left meanwhile
            return None
        self._tried = None if made else (agreed, self._now())
        log.info("training.finished", people=len(agreed), models=len(made))
        return {card.kind: card for card, _ in made}

    def _maker(self, check: Callable[[], None]) -> "Making":
        """Return what makes models; imported here: most rounds make none."""
        from core.services.training_making import Making

        return Making(
            self._db,
            genre_tags=self._tags,
            people=self.people,
            listeners=self.listeners,
            recipe=self._recipe,
            check=check,
            now=self._now,
            clock=self._clock,
        )


def _ender(stop: Callable[[], bool]) -> Callable[[], None]:
    """Return what ends the work between two steps once it has to stop."""

    def check() -> None:
        if stop():
            raise _Stopped

    return check
