"""Listening: every figure of a person's own pages, one method a panel."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import polars as pl
import pyarrow as pa

from core.analytics import clock, counting, discovery, latest, skipping, streaks, timeline
from core.analytics.buckets import Step, span
from core.analytics.counting import Metric, Totals
from core.analytics.items import Choices, Found, ItemFacts, choices, find, item
from core.analytics.latest import Page
from core.analytics.library import By, Library
from core.analytics.selecting import ALL_TIME, UNFILTERED, select
from core.analytics.streaks import Streaks
from core.analytics.view import View
from core.cache import Cache
from core.domain.errors import NotFound
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.period import Period
from core.repositories.database import Database
from core.services.knowledge import Knowing
from core.services.library import Libraries
from core.services.memory import Memory
from core.services.trend_answers import Reference

VIEW_ROW_BYTES = 48  # what a view takes for a listen once all its panels are computed, roughly
VIEW_LEAST_ROWS = 500  # what the smallest view counts for: an empty one takes its place too


@dataclass(frozen=True, slots=True)
class Compared:
    """The totals of a period and of the one before (``None``: the period is open, or nothing lies before it)."""

    now: Totals
    before: Totals | None


_P = ParamSpec("_P")
_R = TypeVar("_R")


def remembered(
    method: "Callable[Concatenate[Listening, int, _P], _R]",
) -> "Callable[Concatenate[Listening, int, _P], _R]":
    """Return a method of ``Listening`` that keeps its results for the data version they were computed at."""

    @wraps(method)
    def call(self: "Listening", user_id: int, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        with self.reading():
            version = self._libraries.get(user_id).stamp
            asked = tuple((name, _hashable(value)) for name, value in sorted(kwargs.items()))
            question = (method.__name__, user_id, version, args, asked)
            return self._memory.remember(question, lambda: method(self, user_id, *args, **kwargs))

    return call  # type: ignore[return-value]  # wraps() loses that self and user_id go by place


def _rows(view: View) -> int:
    """Return how many listens a kept view counts for."""
    return max(len(view), VIEW_LEAST_ROWS)


def _hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


class Listening:
    """The figures of one person's listening; each method returns frames and plain values for one panel.

    Every method takes ``user_id`` first and raises ``NotFound`` when there is no such person. ``lens``, ``period`` and
    ``filters`` are keyword-only; a period left out is all time.
    """

    def __init__(
        self,
        db: Database,
        cache: Cache,
        *,
        memory_bytes: int,
        genre_tags: bool = True,
        public: Callable[[], Reference | None] = lambda: None,
    ) -> None:
        """Compute from ``db`` through ``cache``; libraries and views take at most ``memory_bytes`` in this process.

        ``genre_tags``: whether genres come from the tags of MusicBrainz's users. ``public``: what everybody plays.
        """
        self.public = public
        knowing = Knowing(db, tags=genre_tags)
        self._libraries = Libraries(db, cache, memory_bytes=memory_bytes * 5 // 8, knowing=knowing)
        self._view_rows = memory_bytes // 4 // VIEW_ROW_BYTES
        self._views: OrderedDict[tuple[int, Lens, Period, Filters], View] = OrderedDict()
        self._guard = threading.Lock()
        self._memory = Memory(memory_bytes // 8)

    def reading(self) -> AbstractContextManager[None]:
        """Return a block within which every method answers from one data version, looked up once."""
        return self._libraries.reading()

    def expect(self, user_id: int, *, version: int) -> None:
        """Within ``reading``, take this for the person's data version instead of asking for it."""
        self._libraries.expect(user_id, version)

    def kept(self, user_id: int, question: Hashable, make: Callable[[], _R]) -> _R:
        """Return what ``make`` gives, kept while the person's data stays as it is: for what is drawn from figures.

        ``question`` names what is made, and everything it depends on but the data.
        """
        with self.reading():
            version = self._libraries.get(user_id).stamp
            return self._memory.remember((user_id, version, question), make)

    def ask(
        self,
        user_id: int,
        metric: Callable[..., _R],
        /,
        *,
        lens: Lens,
        period: Period = ALL_TIME,
        filters: Filters = UNFILTERED,
        **more: Hashable,
    ) -> _R:
        """Return a metric of ``core.analytics`` over the selection, kept while the data stays as it is.

        ``metric`` takes a view and ``more``; it is a function of a module, so that its name says what was asked.
        """

        def answer() -> _R:
            return metric(self.view(user_id, lens=lens, period=period, filters=filters), **more)

        return self._asked(user_id, metric, (lens, period, filters, *sorted(more.items())), answer)

    def ask_ever(
        self,
        user_id: int,
        metric: Callable[..., _R],
        /,
        *,
        lens: Lens,
        period: Period = ALL_TIME,
        filters: Filters = UNFILTERED,
        **more: Hashable,
    ) -> _R:
        """Return a metric that takes two views: all time without filters, and the selection (see ``ask``)."""

        def answer() -> _R:
            return metric(*self._in_all(user_id, lens, period, filters), **more)

        return self._asked(user_id, metric, (lens, period, filters, *sorted(more.items())), answer)

    def _asked(
        self, user_id: int, metric: Callable[..., _R], question: tuple[Hashable, ...], answer: Callable[[], _R]
    ) -> _R:
        name = f"{metric.__module__}.{metric.__qualname__}"
        return self.kept(user_id, ("metric", name, *question), answer)

    def library(self, user_id: int) -> Library:
        """Return the person's library at their current data version."""
        return self._libraries.get(user_id)

    def view(self, user_id: int, *, lens: Lens, period: Period = ALL_TIME, filters: Filters = UNFILTERED) -> View:
        """Return the view every panel of a page is computed from; the last few are kept for the next panel."""
        return self._view(user_id, self._libraries.get(user_id), lens, period, filters)

    def _view(self, user_id: int, library: Library, lens: Lens, period: Period, filters: Filters) -> View:
        """Return a view of this very library, kept or made. One call of the service asks for its library once."""
        key = (user_id, lens, period, filters)
        with self._guard:
            known = self._views.get(key)
            if known is not None and known.library is library:
                self._views.move_to_end(key)
                return known
        made = select(library, lens, period=period, filters=filters)
        self._keep(key, made)
        return made

    def _keep(self, key: tuple[int, Lens, Period, Filters], made: View) -> None:
        """Keep a view, drop those of libraries that are gone, and the least recently used until the rest fits."""
        with self._guard:
            self._views[key] = made
            self._views.move_to_end(key)
            gone = [old for old, view in self._views.items() if not self._libraries.holds(old[0], view.library)]
            for old in gone:
                del self._views[old]
            while len(self._views) > 1 and sum(map(_rows, self._views.values())) > self._view_rows:
                self._views.popitem(last=False)

    def forget_views(self) -> None:
        """Drop the kept views and results; libraries stay."""
        with self._guard:
            self._views.clear()
        self._memory.clear()

    def _compared(
        self, user_id: int, lens: Lens, period: Period, filters: Filters, versus: Period | None
    ) -> tuple[View, View | None]:
        """Return a view and the one to compare with: ``versus``, or the period before if it was lived through."""
        library = self._libraries.get(user_id)
        view = self._view(user_id, library, lens, period, filters)
        if versus is not None:
            return view, self._view(user_id, library, lens, versus, filters)
        earlier, days = period.before(), span(view)
        if earlier is None or earlier.start is None or days is None or earlier.start < days[0]:
            return view, None
        return view, self._view(user_id, library, lens, earlier, filters)

    def _in_all(self, user_id: int, lens: Lens, period: Period, filters: Filters) -> tuple[View, View]:
        """Return the view of all time without filters, and the selected one."""
        library = self._libraries.get(user_id)
        everything = self._view(user_id, library, lens, ALL_TIME, UNFILTERED)
        return everything, self._view(user_id, library, lens, period, filters)

    @remembered
    def span(self, user_id: int, *, lens: Lens) -> tuple[date, date] | None:
        """Return the local days of the first and the last listen; ``None`` for a person without listens."""
        return span(self.view(user_id, lens=lens))

    def until(self, user_id: int, *, lens: Lens, today: date) -> date:
        """Return the day up to which the history tells of anything: its last one; ``today`` where it has no listens."""
        told = self.span(user_id, lens=lens)
        return min(today, told[1]) if told else today

    @remembered
    def totals(
        self,
        user_id: int,
        *,
        lens: Lens,
        period: Period = ALL_TIME,
        filters: Filters = UNFILTERED,
        versus: Period | None = None,
    ) -> Compared:
        """Return the sums of the selection and of ``versus``, or else the period before."""
        view, before = self._compared(user_id, lens, period, filters, versus)
        return Compared(counting.totals(view), counting.totals(before) if before is not None else None)

    @remembered
    def top(
        self,
        user_id: int,
        *,
        by: By,
        metric: Metric = "plays",
        lens: Lens,
        period: Period = ALL_TIME,
        filters: Filters = UNFILTERED,
        limit: int | None = None,
        versus: Period | None = None,
    ) -> pl.DataFrame:
        """Return the ranked things with their rank in ``versus``, or else the period before (see ``counting.top``)."""
        view, before = self._compared(user_id, lens, period, filters, versus)
        return counting.top(view, by, metric, before=before, limit=limit)

    @remembered
    def sparklines(
        self,
        user_id: int,
        *,
        by: By,
        ids: list[int],
        unit: Step = "month",
        lens: Lens,
        period: Period = ALL_TIME,
        filters: Filters = UNFILTERED,
    ) -> pl.DataFrame:
        """Return plays per bucket as a list for each id (see ``timeline.sparklines``)."""
        return timeline.sparklines(self.view(user_id, lens=lens, period=period, filters=filters), by, ids, unit)

    @remembered
    def series(
        self,
        user_id: int,
        *,
        by: By,
        ids: list[int],
        unit: Step = "month",
        lens: Lens,
        period: Period = ALL_TIME,
        filters: Filters = UNFILTERED,
    ) -> pl.DataFrame:
        """Return plays and time per bucket for each id, one row a bucket (see ``timeline.series``)."""
        return timeline.series(self.view(user_id, lens=lens, period=period, filters=filters), by, ids, unit)

    @remembered
    def rank_history(
        self,
        user_id: int,
        *,
        by: By,
        n: int = 10,
        unit: Step = "month",
        metric: Metric = "plays",
        lens: Lens,
        period: Period = ALL_TIME,
        filters: Filters = UNFILTERED,
    ) -> pl.DataFrame:
        """Return the ranks of the top ``n`` per bucket (see ``timeline.rank_history``)."""
        view = self.view(user_id, lens=lens, period=period, filters=filters)
        return timeline.rank_history(view, by, n=n, unit=unit, metric=metric)

    @remembered
    def timeline(
        self,
        user_id: int,
        *,
        unit: Step = "day",
        lens: Lens,
        period: Period = ALL_TIME,
        filters: Filters = UNFILTERED,
        compare: bool = True,
        versus: Period | None = None,
    ) -> pl.DataFrame:
        """Return plays and time along the period, beside ``versus`` or the one before (see ``timeline.timeline``)."""
        view, before = self._compared(user_id, lens, period, filters, versus)
        return timeline.timeline(view, unit, before=before if compare else None)

    @remembered
    def weekday_hours(
        self, user_id: int, *, lens: Lens, period: Period = ALL_TIME, filters: Filters = UNFILTERED
    ) -> pl.DataFrame:
        """Return plays and time per weekday and hour (see ``clock.weekday_hours``)."""
        return clock.weekday_hours(self.view(user_id, lens=lens, period=period, filters=filters))

    @remembered
    def hours(
        self, user_id: int, *, lens: Lens, period: Period = ALL_TIME, filters: Filters = UNFILTERED
    ) -> pl.DataFrame:
        """Return plays and time per hour of the day (see ``clock.hours``)."""
        return clock.hours(self.view(user_id, lens=lens, period=period, filters=filters))

    @remembered
    def discoveries(
        self, user_id: int, *, by: By, lens: Lens, period: Period = ALL_TIME, filters: Filters = UNFILTERED
    ) -> pl.DataFrame:
        """Return what was heard for the first time ever in the period (see ``discovery.discoveries``)."""
        return discovery.discoveries(*self._in_all(user_id, lens, period, filters), by)

    @remembered
    def novelty(
        self,
        user_id: int,
        *,
        by: By,
        unit: Step = "month",
        lens: Lens,
        period: Period = ALL_TIME,
        filters: Filters = UNFILTERED,
    ) -> pl.DataFrame:
        """Return the new and the known per bucket (see ``discovery.novelty``)."""
        return discovery.novelty(*self._in_all(user_id, lens, period, filters), by, unit)

    @remembered
    def streaks(
        self,
        user_id: int,
        *,
        today: date,
        lens: Lens,
        period: Period = ALL_TIME,
        filters: Filters = UNFILTERED,
        limit: int = 10,
    ) -> Streaks:
        """Return the longest and the current streak and the longest few (see ``streaks.streaks``)."""
        view = self.view(user_id, lens=lens, period=period, filters=filters)
        return streaks.streaks(view, today=today, limit=limit)

    @remembered
    def skips(
        self, user_id: int, *, by: By, lens: Lens, period: Period = ALL_TIME, filters: Filters = UNFILTERED
    ) -> pl.DataFrame:
        """Return skip shares with their intervals (see ``skipping.skip_shares``)."""
        return skipping.skip_shares(self.view(user_id, lens=lens, period=period, filters=filters), by)

    @remembered
    def page(
        self,
        user_id: int,
        *,
        lens: Lens,
        period: Period = ALL_TIME,
        filters: Filters = UNFILTERED,
        limit: int = 50,
        offset: int = 0,
    ) -> Page:
        """Return ``limit`` listens, newest first, from ``offset``, and how many there are (see ``latest.latest``).

        The list shows plays the API reported also where they do not count.
        """
        view = self.view(user_id, lens=replace(lens, api=True), period=period, filters=filters)
        return latest.latest(view, limit=limit, offset=offset, api=lens.api)

    @remembered
    def item(
        self,
        user_id: int,
        *,
        kind: By,
        id: int,
        lens: Lens,
        period: Period = ALL_TIME,
        filters: Filters = UNFILTERED,
    ) -> ItemFacts:
        """Return what an artist's, album's or track's page begins with (see ``items.item``).

        Raises:
            NotFound: this person never heard it.
        """
        facts = item(*self._in_all(user_id, lens, period, filters), kind, id)
        if facts is None:
            raise NotFound(f"This {kind} is not in your listening history; look it up on the History page.")
        return facts

    def search(self, user_id: int, text: str, *, lens: Lens, limit: int = 20) -> list[Found]:
        """Return artists, albums and tracks with ``text`` in their name, the most played first."""
        return find(self.view(user_id, lens=lens), text, limit=limit)

    def export(self, user_id: int, *, lens: Lens, period: Period = ALL_TIME, filters: Filters = UNFILTERED) -> pa.Table:
        """Return the selected listens, oldest first, as a readable Arrow table (see ``latest.export``)."""
        view = self.view(user_id, lens=replace(lens, api=True), period=period, filters=filters)
        return latest.export(view, api=lens.api).to_arrow()

    @remembered
    def choices(self, user_id: int, *, lens: Lens) -> Choices:
        """Return what there is to filter by: countries, platforms, sources and local years of this person's listens."""
        return choices(self.view(user_id, lens=replace(lens, api=True)))

    def summary(
        self, user_id: int, *, lens: Lens, period: Period = ALL_TIME, filters: Filters = UNFILTERED
    ) -> dict[str, int | datetime | None]:
        """Return the totals by name: listens, plays, ms_played, artists, albums, tracks, first, last."""
        found = counting.totals(self.view(user_id, lens=lens, period=period, filters=filters))
        names = ("listens", "plays", "ms_played", "artists", "albums", "tracks", "first", "last")
        return {name: getattr(found, name) for name in names}
