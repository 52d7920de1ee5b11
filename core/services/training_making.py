"""Makes the models: what people played, what that is worth, and what is stored of it."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime

from core.domain.recommending import KINDS, Kind
from core.domain.training import Card
from core.recommend.holding_out import quality
from core.recommend.model import Recipe, Recommender
from core.repositories.database import Database
from core.services.training_reading import Material, read_material
from core.services.training_tags import tags_of


class Making:
    """One round of making models; ``check`` is called between its steps and may raise to end it."""

    def __init__(
        self,
        db: Database,
        *,
        genre_tags: bool,
        people: int,
        listeners: int,
        recipe: Recipe | None,
        check: Callable[[], None],
        now: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        """See ``core.services.training.Training``."""
        self._db, self._tags, self._people, self._listeners = db, genre_tags, people, listeners
        self._recipe, self._check, self._now, self._clock = recipe or Recipe(), check, now, clock

    def models(self, people: Sequence[int]) -> list[tuple[Card, bytes]]:
        """Return the models learned from people, as stored, each with its card; none for kinds with too little."""
        material = read_material(self._db, people, listeners=self._listeners, check=self._check)
        return [one for kind in KINDS if (one := self._made(kind, material))]

    def _made(self, kind: Kind, material: Material) -> tuple[Card, bytes] | None:
        """Return the model of a kind with its card, None with too few people or nothing enough of them play."""
        begun, learned = self._clock(), material.of[kind]
        if learned.counts.shape[0] < self._people:
            return None
        self._check()
        tags = tags_of(self._db, material.artist_of[kind], material.names, told=self._tags)
        worth = quality(learned, tags=tags, recipe=self._recipe, check=self._check)
        self._check()
        model = Recommender.fit(learned, tags=tags, recipe=self._recipe)
        card = Card(
            kind,
            self._now(),
            people=model.people,
            items=len(model.items),
            rows_by_source=material.rows_by_source,
            recipe=asdict(model.recipe) | {"l2": model.recipe.strength(model.people)},
            quality=asdict(worth),
            took_s=round(self._clock() - begun, 1),
            least_listeners=self._listeners,
        )
        return card, model.save()
