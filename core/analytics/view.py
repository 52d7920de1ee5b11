"""A view: the listens of a library one lens, period and filters let through, and which of them are plays."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from core.analytics.arrays import Bools, Floats, Ints
from core.analytics.library import By, Items, Library
from core.analytics.localtime import LocalTime
from core.domain.filters import Filters
from core.domain.lens import Lens
from core.domain.period import Period


@dataclass(frozen=True, eq=False)
class View:
    """The visible listens, in order of their end. Every metric is a function of a view.

    ``rows`` is the stretch of the library's listens the view looks at and ``mask`` what is visible of it
    (``None``: all). Columns are taken one by one with ``values``: no metric pays for a column it does not use.
    """

    library: Library
    lens: Lens
    period: Period
    filters: Filters
    local: LocalTime
    rows: slice
    mask: Bools | None
    _taken: dict[str, Any] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return self.rows.stop - self.rows.start if self.mask is None else self._visible

    @cached_property
    def _visible(self) -> int:
        return 0 if self.mask is None else int(np.count_nonzero(self.mask))

    def _take(self, name: str, column: Any) -> Any:
        """Return the visible part of a column of the library, kept for the next metric of this view."""
        if name not in self._taken:
            part = column[self.rows]
            self._taken[name] = part if self.mask is None else part[self.mask]
        return self._taken[name]

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
        if self.lens.rule == "start":
            return np.ones(len(self), dtype=np.bool_)
        if self.lens.rule == "seconds":
            return self.values("ms_played") >= self.lens.minimum_ms
        half = np.nan_to_num(self.library.half_lengths, nan=self.lens.minimum_ms)
        return self.ms >= half[self.values("track")]

    @cached_property
    def all_play(self) -> bool:
        """Return whether every visible listen is a play."""
        return bool(self.play.all())

    def played(self, name: str) -> Ints:
        """Return a column of the plays among the visible listens."""
        key = f"played.{name}"
        if key not in self._taken:
            self._taken[key] = self.values(name)[self.play]
        column: Ints = self._taken[key]
        return column

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

    def code(self, by: By, id: int) -> int:
        """Return the code of an artist, album or track (or its recording) under this lens; -1 when never heard."""
        code = self.library.code(by, id)
        if code < 0 or self.code_column(by) != "recording":
            return code
        return int(self.library.tracks["recording"][code])

    @property
    def positions(self) -> Ints:
        """Return the places of the visible listens among the library's listens."""
        start = self.rows.start
        return np.arange(start, self.rows.stop) if self.mask is None else np.flatnonzero(self.mask) + start

    @cached_property
    def frame(self) -> pl.DataFrame:
        """Return the visible listens: the columns of ``Library.listens``, ``play``, ``day``, ``hour``, ``weekday``."""
        part = self.library.listens[self.rows]
        part = part if self.mask is None else part.filter(pl.Series(self.mask))
        return part.with_columns(
            pl.Series("play", self.play),
            pl.Series("day", self.values("day")).cast(pl.Date),
            pl.Series("hour", self.values("hour")),
            pl.Series("weekday", self.values("weekday")),
        )
