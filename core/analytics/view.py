"""A view: the listens of a library one lens, period and filters let through, and which of them are plays."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Floats, Ints, array, table
from core.analytics.library import By, Items, Library
from core.analytics.localtime import LocalTime
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.period import Period


@dataclass(frozen=True, eq=False)
class View:
    """The visible listens, in order of their end. Every metric is a function of a view.

    ``rows`` is the stretch of the library's listens the view looks at and ``picked`` the places of the visible ones
    in the library (``None``: the whole stretch). Columns are taken one by one with ``values``: no metric pays for a
    column it does not use.
    """

    library: Library
    lens: Lens
    period: Period
    filters: Filters
    local: LocalTime
    rows: slice
    picked: Ints | None
    _taken: dict[str, Any] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return self.rows.stop - self.rows.start if self.picked is None else len(self.picked)

    def _take(self, name: str, column: Any) -> Any:
        """Return the visible part of a column of the library, kept for the next metric of this view."""
        if name not in self._taken:
            self._taken[name] = column[self.rows] if self.picked is None else column.take(self.picked)
        return self._taken[name]

    def kept(self, name: str, make: Callable[[], Ints]) -> Ints:
        """Return what ``make`` gives, made once for this view."""
        if name not in self._taken:
            self._taken[name] = make()
        found: Ints = self._taken[name]
        return found

    def values(self, name: str) -> Ints:
        """Return a column of the visible listens; also ``day``, ``hour``, ``weekday`` in the lens's timezone."""
        local = name in ("day", "hour", "weekday")
        column: Ints = self._take(name, getattr(self.local, name) if local else self.library.column(name))
        return column

    @cached_property
    def ms(self) -> Floats:
        """Return ms_played of the visible listens as floats."""
        ms: Floats = self._take("ms", self.library.ms)
        return ms

    @cached_property
    def play(self) -> Bools:
        """Return which visible listens count as a play under the lens's rule."""
        return self._counts(self.values("ms_played"), self.values)

    def plays_at(self, places: Ints) -> Bools:
        """Return which listens at some places of the library count as a play."""
        return self._counts(self.library.column("ms_played")[places], lambda name: self.library.column(name)[places])

    def _counts(self, ms: Ints, values: Callable[[str], Ints]) -> Bools:
        """Return which listens of these lengths count as a play; ``values`` gives their other columns."""
        if self.lens.rule == "start":
            return np.ones(len(ms), dtype=np.bool_)
        if self.lens.rule == "seconds":
            return ms >= self.lens.minimum_ms
        half = np.nan_to_num(self.library.half_lengths, nan=self.lens.minimum_ms)
        return ms >= half.take(values("track"))

    @cached_property
    def plays(self) -> int:
        """Return how many visible listens are plays."""
        return int(np.count_nonzero(self.play))

    @cached_property
    def _played(self) -> Ints:
        """Return the places of the plays among the visible listens."""
        return np.flatnonzero(self.play)

    def played(self, name: str) -> Ints:
        """Return a column of the plays among the visible listens."""
        key = f"played.{name}"
        if key not in self._taken:
            column = self.values(name)
            self._taken[key] = column if self.plays == len(self) else column.take(self._played)
        played: Ints = self._taken[key]
        return played

    @cached_property
    def skipped(self) -> tuple[Bools, Bools]:
        """Return (skipped, known) of the visible listens."""
        skipped, known = self.library.skipped
        return self._take("skipped", skipped), self._take("skip_known", known)

    def code_column(self, by: By) -> str:
        """Return the column that holds the codes of ``by``: tracks are recordings when the lens merges them."""
        return "recording" if by == "track" and self.lens.merge_recordings else by

    def items(self, by: By) -> Items:
        """Return what ``by`` ranks under this lens."""
        return self.library.items(by, merged=self.lens.merge_recordings)

    @cached_property
    def credits(self) -> tuple[Ints, Ints]:
        """Return (track, artist) codes of who else is on which track, as far as the lens credits them.

        Artists the lens leaves out are not credited on the tracks of others.
        """
        library = self.library
        track, artist = array(library.credits["track"]), array(library.credits["artist"])
        if not self.lens.featured or not len(track):
            return track[:0], artist[:0]
        out = [library.code("artist", e.value) for e in self.lens.exclusions if e.kind == "artist"]
        kept = ~np.isin(artist, out)
        return (track, artist) if kept.all() else (track[kept], artist[kept])

    def code(self, by: By, id: int) -> int:
        """Return the code of an artist, album or track (or its recording) under this lens; -1 when never heard."""
        code = self.library.code(by, id)
        if code < 0 or self.code_column(by) != "recording":
            return code
        return int(self.library.tracks["recording"][code])

    def only(self, by: By, code: int) -> "View":
        """Return the part of this view that belongs to one code of ``by``; an artist's guest plays too if credited."""
        inside = self.values(self.code_column(by)) == code
        if by == "artist" and len(self.credits[0]):
            track, artist = self.credits
            inside |= table(len(self.library.tracks), track[artist == code]).take(self.values("track"))
        return self.where(inside)

    def where(self, inside: Bools) -> "View":
        """Return the part of this view that is true in a mask of its listens."""
        return replace(self, picked=self.positions.take(np.flatnonzero(inside)), _taken={})

    @property
    def positions(self) -> Ints:
        """Return the places of the visible listens among the library's listens."""
        return np.arange(self.rows.start, self.rows.stop) if self.picked is None else self.picked

    @property
    def played_positions(self) -> Ints:
        """Return the places of the plays among the library's listens."""
        return self._played + self.rows.start if self.picked is None else self.picked.take(self._played)

    @property
    def edges(self) -> tuple[int, int]:
        """Return the places of the first and the last visible listen; meaningless in an empty view."""
        if self.picked is None:
            return self.rows.start, self.rows.stop - 1
        return (int(self.picked[0]), int(self.picked[-1])) if len(self.picked) else (0, 0)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """Return the visible listens: the columns of ``Library.listens``, ``play``, ``day``, ``hour``, ``weekday``."""
        listens = self.library.listens
        part = listens[self.rows] if self.picked is None else listens[self.picked]
        return part.with_columns(
            pl.Series("play", self.play),
            pl.Series("day", self.values("day")).cast(pl.Date),
            pl.Series("hour", self.values("hour")),
            pl.Series("weekday", self.values("weekday")),
        )
